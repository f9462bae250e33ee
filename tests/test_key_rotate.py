"""A new key: what goes by the old one follows or is clearly renewed, and a crash leaves all of it or none."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.runs import call

from reconcile import files
from reconcile.approval.log import append, read_log
from reconcile.engine.duckdb import open_engine
from reconcile.files import finish_together, replace_together
from reconcile.history.accepted import Acceptance, read_accepted, record
from reconcile.history.register import read_register
from reconcile.history.remarks import Remark, Remarks, write_remarks
from reconcile.privacy.pseudonym import Pseudonymiser, key_id, read_key
from reconcile.settings.config import load_config

CPRS = ("0101501111", "0201501112", "0301501113")
ROWS = [
    f"{CPRS[0]};1.4;2020-07-01;2020-06-01;B-1",
    f"{CPRS[1]};1.4;2020-01-01;;{CPRS[1]}",
    f"{CPRS[2]};1.4;2020-01-01;;B-3",
]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def folder_with(path: Path) -> Path:
    """A working folder whose first course ends before it begins (VH03)."""
    path.mkdir(exist_ok=True)
    (path / "noegle.key").write_text("0f" * 32 + "\n")
    (path / "noegle.key").chmod(0o600)
    head = "cpr;dst_kode;start_dato;slut_dato;ydelse_id"
    (path / "f.csv").write_text("\n".join([head, *ROWS]) + "\n", encoding="utf-8")
    (path / "reconcile.toml").write_text('[kommune]\nkode = "665"\n[kilder.fagsystem]\nfiler = ["f.csv"]\n')
    return path


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run, accepted, a line in the log, the key changed, and run again; a person is gone from the sources meanwhile."""
    folder = folder_with(tmp_path_factory.mktemp("skift"))
    assert call("validate", "--config", folder / "reconcile.toml", "--out", folder / "ud" / "1") == 1
    found = {f["regel"]: f for f in json.loads((folder / "ud" / "1" / "resultat.json").read_bytes())["fund"]}
    size = "/".join(str(found["VH03"][name]) for name in ("vaerdi", "forventet") if found["VH03"][name])
    known = {found["VH03"]["fund_id"]: size, "CELLE:1.4:2020K3": "1", "VH03-000000000000": "2020-06-01"}
    acceptance = Acceptance(
        begrundelse="Rettes i fagsystemet", af="JH", indtil=date(2027, 6, 1), oprettet=date(2026, 11, 1), fund=known
    )
    record(folder, acceptance)
    (case,) = [
        c for c in json.loads((folder / "ud" / "1" / "resultat.json").read_bytes())["sager"] if c["regel"] == "VH03"
    ]
    record(folder, acceptance.model_copy(update={"fund": {case["sag_id"]: case["stoerrelse"]}}))
    write_remarks(folder, Remarks({case["sag_id"]: Remark(bemaerkning="Ringer mandag")}))
    append(folder, {"tid": NOW.isoformat(), "hvad": "beslutning"}, bytes.fromhex("0f" * 32))
    (folder / "f.csv").write_text("\n".join((folder / "f.csv").read_text().split("\n")[:-2]) + "\n")
    assert call("key", "rotate", "--config", folder / "reconcile.toml") == 0
    call("validate", "--config", folder / "reconcile.toml", "--out", folder / "ud" / "2")
    return folder


def result(folder: Path) -> dict[str, list[dict[str, str]]]:
    told: dict[str, list[dict[str, str]]] = json.loads((folder / "ud" / "2" / "resultat.json").read_bytes())
    return told


def test_the_key_is_new_private_and_named_in_the_manifest_by_its_id(rotated: Path) -> None:
    key = read_key(rotated / "noegle.key")
    assert key.hex() != "0f" * 32
    assert (rotated / "noegle.key").stat().st_mode & 0o777 == 0o600
    named = [json.loads((rotated / "ud" / n / "manifest.json").read_bytes())["noegle"] for n in "12"]
    assert named == [key_id(bytes.fromhex("0f" * 32)), key_id(key)]
    assert not any(key.hex().encode() in p.read_bytes() for p in (rotated / "ud").rglob("*") if p.is_file())


def test_an_accepted_finding_follows_and_one_that_is_gone_keeps_its_name(rotated: Path) -> None:
    acceptance, about_case = read_accepted(rotated)
    (vh03,) = [f["fund_id"] for f in result(rotated)["fund"] if f["regel"] == "VH03"]
    assert list(acceptance.fund) == [vh03, "CELLE:1.4:2020K3", "VH03-000000000000"]
    states = {row["fund_id"]: row["tilstand"] for row in result(rotated)["accepterede"]}
    assert states[vh03] == "accepteret"
    (case,) = [c for c in result(rotated)["sager"] if c["regel"] == "VH03"]
    assert about_case.fund == {case["sag_id"]: case["stoerrelse"]}
    assert case["bemaerkning"] == "Ringer mandag"


def test_the_prints_follow_so_that_the_next_delivery_is_compared(rotated: Path) -> None:
    made = Pseudonymiser(read_key(rotated / "noegle.key"))
    (gone,) = result(rotated)["genlevering"]
    assert gone["aendring"] == "fjernet"
    with open_engine() as engine:
        first, second = sorted((rotated / "aftryk").glob("*.parquet"))
        rows = {
            path: engine.rows(f"SELECT borger, ydelse_id FROM '{path}' ORDER BY start_dato, borger")
            for path in (first, second)
        }
    known = {(made(CPRS[0]), "B-1"), (made(CPRS[1]), made(CPRS[1]))}
    assert set(rows[second]) == known
    ((renewed, name),) = set(rows[first]) - known
    assert name == "B-3"
    assert renewed not in {Pseudonymiser(bytes.fromhex("0f" * 32))(CPRS[2]), made(CPRS[2])}


def test_the_log_holds_with_the_new_key_and_says_that_it_was_changed(rotated: Path) -> None:
    log = read_log(rotated, read_key(rotated / "noegle.key"))
    assert log.faults == ()
    assert [line.record.get("hvad") for line in log.lines] == ["beslutning", "noegle_skiftet"]


def test_the_list_of_runs_holds_with_the_new_key(rotated: Path) -> None:
    known = read_register(rotated, read_key(rotated / "noegle.key"))
    assert (known.whole, [run["mappe"] for run in known.runs]) == (True, ["ud/1", "ud/2"])


def test_nothing_of_the_old_key_is_left(rotated: Path) -> None:
    """The pseudonyms of the old one stand in the first report alone."""
    old = Pseudonymiser(bytes.fromhex("0f" * 32))
    words = [old(cpr).encode() for cpr in CPRS] + [b"0f" * 32]
    outside = [p for p in rotated.rglob("*") if p.is_file() and "ud/1" not in p.as_posix()]
    assert len(outside) > 10
    assert not [p for p in outside if any(word in p.read_bytes() for word in words)]


def test_two_runs_under_two_keys_are_compared_with_a_warning(rotated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("compare", rotated / "ud" / "1", rotated / "ud" / "2") == 0
    assert "hver sin nøgle" in capsys.readouterr().err


def test_sources_that_cannot_be_read_change_nothing_and_forget_makes_everything_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_with(tmp_path)
    (folder / "aftryk").mkdir()
    (folder / "aftryk" / "0001-0123456789abcdef.parquet").write_bytes(b"PAR1")
    (folder / "f.csv").unlink()
    assert call("key", "rotate", "--config", folder / "reconcile.toml") == 2
    assert "--forget" in capsys.readouterr().err
    assert read_key(folder / "noegle.key").hex() == "0f" * 32
    assert call("key", "rotate", "--forget", "--config", folder / "reconcile.toml") == 0
    assert read_key(folder / "noegle.key").hex() != "0f" * 32
    assert not list((folder / "aftryk").glob("*.parquet"))


def test_files_are_replaced_together_or_not_at_all_wherever_it_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    ends, write = [], files.write_whole
    for steps in range(12):
        folder = tmp_path / str(steps)
        folder.mkdir()
        (folder / "a").write_text("1")
        (folder / "b").write_text("1")
        left = [steps]

        def write_until_killed(path: Path, content: bytes, *, mode: int = 0o666, left: list[int] = left) -> None:
            if not left[0]:
                raise Killed
            left[0] -= 1
            write(path, content, mode=mode)

        with monkeypatch.context() as patch:
            patch.setattr(files, "write_whole", write_until_killed)
            with suppress(Killed):
                replace_together(folder, {"a": b"2", "b": None, "c/d": b"2"})
            left[0] = 1  # the next start is killed too
            with suppress(Killed):
                finish_together(folder)
        finish_together(folder)
        ends.append({p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()})
    old, new = {"a": "1", "b": "1"}, {"a": "2", "c/d": "2"}
    assert ends == [old] * 4 + [new] * 8


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_key_that_others_can_read_is_said_in_the_report_and_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_with(tmp_path)
    (folder / "noegle.key").chmod(0o640)
    call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "ud")
    assert "chmod 600" in capsys.readouterr().out
    assert "0640" in (folder / "ud" / "resultat.json").read_text(encoding="utf-8")


def test_the_configuration_finishes_a_change_that_was_broken_off(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    waiting = folder / ".reconcile-skift"
    waiting.mkdir()
    (waiting / "0").write_text("ab" * 32)
    (waiting / "alle").write_text('[["noegle.key", false]]')
    load_config(folder / "reconcile.toml")
    assert read_key(folder / "noegle.key").hex() == "ab" * 32
    assert not waiting.exists()


SEVERAL = """cpr;dst_kode;start_dato;slut_dato;ydelse_id;handlekommune
0101501111;1.4;2020-07-01;2020-06-01;B-1;665
0201501112;1.4;2020-08-01;2020-06-01;B-2;751
0301501113;1.4;2020-01-01;;0301501113;751
"""


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two kommuner, of each something accepted, a remark, a log and a print; and then the key is changed."""
    folder = folder_with(tmp_path_factory.mktemp("land"))
    (folder / "f.csv").write_text(SEVERAL, encoding="utf-8")
    (folder / "reconcile.toml").write_text('[kommune]\nkode = "alle"\n[kilder.fagsystem]\nfiler = ["f.csv"]\n')
    assert call("validate", "--config", folder / "reconcile.toml", "--out", folder / "ud" / "1", "--quiet") == 1
    for code in ("665", "751"):
        own = folder / "kommuner" / code
        told = json.loads((folder / "ud" / "1" / code / "resultat.json").read_bytes())
        (found,) = [row for row in told["fund"] if row["regel"] == "VH03"]
        (case,) = [row for row in told["sager"] if row["regel"] == "VH03"]
        acceptance = Acceptance(
            begrundelse="Rettes i fagsystemet", af="JH", indtil=date(2027, 6, 1), oprettet=date(2026, 11, 1),
            fund={found["fund_id"]: f"{found['vaerdi']}/{found['forventet']}"},
        )  # fmt: skip
        record(own, acceptance)
        write_remarks(own, Remarks({case["sag_id"]: Remark(bemaerkning=f"Ringer til {code}")}))
        append(own, {"tid": NOW.isoformat(), "hvad": "beslutning"}, bytes.fromhex("0f" * 32))
    assert call("key", "rotate", "--config", folder / "reconcile.toml", "--quiet") == 0
    call("validate", "--config", folder / "reconcile.toml", "--out", folder / "ud" / "2", "--quiet")
    return folder


@pytest.mark.parametrize("code", ["665", "751"])
def test_what_each_of_several_kommuner_has_follows(land: Path, code: str) -> None:
    told = json.loads((land / "ud" / "2" / code / "resultat.json").read_bytes())
    (found,) = [row for row in told["fund"] if row["regel"] == "VH03"]
    (acceptance,) = read_accepted(land / "kommuner" / code)
    assert list(acceptance.fund) == [found["fund_id"]]
    assert [row["tilstand"] for row in told["accepterede"]] == ["accepteret"]
    (case,) = [row for row in told["sager"] if row["regel"] == "VH03"]
    assert case["bemaerkning"] == f"Ringer til {code}"
    log = read_log(land / "kommuner" / code, read_key(land / "noegle.key"))
    assert log.faults == ()
    assert [line.record.get("hvad") for line in log.lines] == ["beslutning", "noegle_skiftet"]
    assert told.get("genlevering", []) == []  # the same delivery: the prints are known again


def test_nothing_of_the_old_key_is_left_with_any_kommune(land: Path) -> None:
    old = Pseudonymiser(bytes.fromhex("0f" * 32))
    words = [old(cpr).encode() for cpr in CPRS] + [b"0f" * 32]
    outside = [p for p in land.rglob("*") if p.is_file() and "ud/1" not in p.as_posix()]
    assert any("aftryk" in p.parts for p in outside)
    assert not [p for p in outside if any(word in p.read_bytes() for word in words)]


def test_the_key_of_several_kommuner_is_not_changed_from_one_of_them(
    land: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, key = land / "kommuner" / "665", (land / "noegle.key").read_bytes()
    (own / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[noegle]\nfil = "../../noegle.key"\n[kilder.fagsystem]\nfiler = ["../../f.csv"]\n'
    )
    assert call("key", "rotate", "--config", own / "reconcile.toml") == 2
    assert "fælles for flere" in capsys.readouterr().err
    assert (land / "noegle.key").read_bytes() == key
