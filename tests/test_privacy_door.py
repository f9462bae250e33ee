"""No CPR number of a run passes the door, in whatever form it is written; everything else passes unharmed."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example as instance
from hypothesis import given
from hypothesis import strategies as st
from support.runs import call

import reconcile
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import open_engine, sweep
from reconcile.files import write_whole
from reconcile.privacy import door
from reconcile.privacy.known import MASKED, Known

CPR = "0105701121"
KNOWN = Known([int(CPR)])


@pytest.fixture(autouse=True)
def _no_run() -> Iterator[None]:
    door.forget()
    yield
    door.forget()


FORMS = [
    "0105701121", "010570-1121", "010570.1121", "010570/1121", "010570_1121", "010570:1121", "010570,1121",
    "010570*1121", "010570\\1121", "01 05 70 11 21", "01-05-70-1121", "010570\u00ad1121", "0105\u200b701121",
    "\u202a010570\u202c1121", "０１０５７０1121", "٠١٠٥٧٠١١٢١", "010570%201121", "010570&nbsp;1121", "01051970-1121",
    "01051970 1121", "01.05.1970-1121", "010570–1121", "105701121", "105701121,00",
]  # fmt: skip
ONLY_KNOWN = [
    "105.701.121", "105,701,121", "105.701.121,50", "99901057011219", "01-05-1970 1121", "0 1 0 5 7 0 1 1 2 1",
    "0.105.701.121", "19700501-1121",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_as_a_cpr_is_masked_without_a_run(form: str) -> None:
    assert MASKED in mask(f"x {form} y")


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["VH03", "S-FL01", "ÆBLE_1", "UD07"]))
def test_our_own_hashes_and_ids_are_never_taken_for_a_number(content: bytes, rule: str) -> None:
    """Shown whole, so that they can be compared and typed in again: on a screen, in a ledger, in a report without persons."""
    digest = content.hex()
    for own in (digest, digest[:16], f"{rule}-{digest[:12]}"):
        if any(sign in "abcdef" for sign in own[-12:]):
            assert door.typed(f"x {own}\ty {own}, {own}.") == f"x {own}\ty {own}, {own}."


@pytest.mark.parametrize(
    ("own", "number"),
    [
        ('{"tid": "2026-11-27T06:12:43+00:00"}', 612430000),  # 06-12-43 0000 is somebody's number
        ('{"tid": "2026-11-27T06:12:43.500000+01:00"}', 1243500000),
        ('{"time": "20261128T120530+0100"}', 1205300100),  # as ESS has it
        ("Rapport: ud/2026-10-01-101500/rapport.html", 1001101500),
        ("ud/2026-10-01-101500-2", 1001101500),
    ],
)
def test_a_moment_as_we_write_it_is_nobodys_number(own: str, number: int) -> None:
    door.learn([number])
    assert door.clean("manifest.json", own.encode()) == own.encode()
    assert door.text(own) == own


@pytest.mark.parametrize(
    "text",
    ["06:12:43+00:00", "061243-0000", "2026-11-27 06:12:43+00:00", "2026-11-27T061243-0000", "20261127 061243+0000"],
)
def test_a_number_beside_something_like_a_moment_is_found_all_the_same(text: str) -> None:
    door.learn([612430000])
    assert MASKED in door.text(text)


@pytest.mark.parametrize(
    "own", ["VH03-02116729f8d0", "VH03-c512838242e7", "808265733e27eca3", "bb86bb6106795553", "S-VH03-10d903493181"]
)
def test_ids_that_look_like_a_number_are_left_alone(own: str) -> None:
    assert mask(own) != own
    assert door.by_form(own) == own


@pytest.mark.parametrize(
    "form", ["B-010570112100", "0105701121abcdef0", "VH03-0105701121", "f0105701121", "VH03-010519701121"]
)
def test_what_is_no_id_of_ours_is_masked(form: str) -> None:
    assert door.by_form(form) == mask(form)


@pytest.mark.parametrize("form", FORMS + ONLY_KNOWN)
@pytest.mark.parametrize("place", ["{}", "kommune {} her", "flis_{}.csv", "«{}»", "<td>{}</td>"])
def test_a_number_of_the_run_is_found_in_every_form_and_place(form: str, place: str) -> None:
    assert MASKED in KNOWN.hide(place.format(form))


_PIECES = (
    "0101501111", "0101", "50", "1111", "-", " ", "\u00a0", "\u00ad", "&nbsp;", "%20", "\\u00a0",
    "٠١٠١٥٠١١١١", "⁰", "a", ";", "\n", "·", "\ud800", "æ",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join), st.integers(0, 2))
@instance("0101\n501111", 1)
def test_a_long_text_hides_what_each_of_its_lines_hides(text: str, where: int) -> None:
    """A long text is looked through in parts, and what can hold no number is passed over."""
    known, long = Known([101501111]), ["x" * 20_000 + "\n"] * 2
    long.insert(where, text + "\n")
    looked_through = known._hide("".join(long), None)
    assert known.hide("".join(long)) == looked_through
    assert known.hide(text) == known._hide(text, None)


def test_a_mistyped_day_is_masked_when_it_is_written_as_a_cpr() -> None:
    assert mask("320570-1121") == MASKED


@given(st.integers(min_value=0, max_value=10**10 - 1), st.text(max_size=8), st.text(max_size=8))
def test_only_the_runs_own_numbers_are_masked(number: int, before: str, after: str) -> None:
    text = f"{before}|{number:010d}|{after}"
    around = any(sign.isdigit() for sign in before + after)
    assert around or (MASKED in KNOWN.hide(text)) == (number == int(CPR))


@pytest.mark.parametrize(
    "text",
    ["538581001", "5.38.58-1-001", "1.234.567,50", "2020-07-01 2020-09-30", "2020-U27", "AGXNWGH6QZAJLT6D", "0.0105",
     f"3f{CPR}1210{CPR}".ljust(64, "a")],
)  # fmt: skip
def test_accounts_amounts_dates_pseudonyms_and_hashes_pass_unharmed(text: str) -> None:
    assert KNOWN.hide(text) == text


def test_a_number_that_is_a_cpr_does_not_leave_as_a_number() -> None:
    door.learn([int(CPR)])
    assert door.value(105701121) == door.value(Decimal("105701121.00")) == MASKED
    assert door.value(Decimal("1057011.21")) == Decimal("1057011.21")
    assert door.value(105701122) == 105701122
    assert door.value({"a": (CPR, 1, None, True)}) == {"a": (MASKED, 1, None, True)}


def test_json_stays_json_when_a_bare_number_is_masked(tmp_path: Path) -> None:
    door.learn([int(CPR)])
    told = {"vaerdi": 105701121, "tekst": f'"nr", {CPR}, 1', "liste": [1, 105701121, 3]}
    door.write(tmp_path / "a.json", json.dumps(told, indent=1).encode())
    read = json.loads((tmp_path / "a.json").read_bytes())
    assert read == {"vaerdi": MASKED, "tekst": f'"nr", {MASKED}, 1', "liste": [1, MASKED, 3]}


def test_what_a_terminal_acts_on_is_not_said() -> None:
    assert "\x1b" not in door.typed("\x1b]0;titel\x07 tekst")
    assert door.typed("010203\t1121") == "010203\t1121"


def test_no_module_prints_past_the_door() -> None:
    """Only ``privacy.screen`` echoes: everything else says what it says through it."""
    found = []
    for path in Path(reconcile.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if name in {"print", "click.echo", "click.secho"} and path.name != "screen.py":
                    found.append(f"{path.name}:{node.lineno} {name}")
    assert found == []


#: The modules that open a file for writing, and why each may. Everything else writes through the door.
WRITERS = {
    "privacy/door.py": "the door itself",
    "files.py": "what the door writes whole files with",
    "privacy/pseudonym.py": "the key, which nothing else may hold",
    "approval/log.py": "a line is appended with one write; its texts are masked as it is made",
    "engine/duckdb.py": "rows on their way in",
    "engine/spark_session.py": "the settings of its log, without a value",
    "sources/readers.py": "rows on their way in",
    "sources/postgres.py": "rows on their way in",
    "sources/sqlserver.py": "rows on their way in",
    "runs/workspace.py": "copies of the sample, which is ours",
    "runs/readback.py": "the user's own workbook, kept as it is before a report takes its place",
    "runs/rekey.py": "a copy of the log in the run's folder",
    "api.py": "a copy of a published report",
}


def test_no_module_writes_a_file_past_the_door() -> None:
    """By what a call is called: ``write_text``, ``open`` for writing, ``copyfile`` …, but not the door's own functions."""
    found = set()
    package = Path(reconcile.__file__).parent
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                last = name.rpartition(".")[2]
                words = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
                writes = last == "open" and any(word in {"w", "wb", "a", "ab", "w+", "x"} for word in words)
                if writes or last in {
                    "write_text",
                    "write_bytes",
                    "copyfile",
                    "copytree",
                    "copy2",
                    "mkstemp",
                    "fdopen",
                }:
                    found.add(path.relative_to(package).as_posix())
                if name in {"files.write_whole", "write_whole"}:
                    found.add(path.relative_to(package).as_posix())
    assert found - {"privacy/ending.py"} <= set(WRITERS)


def config(folder: Path) -> Path:
    """A working folder whose betalingskommune is the CPR of another person, in a form that no rule knows."""
    (folder / "noegle.key").write_text("0f" * 32 + "\n")
    (folder / "noegle.key").chmod(0o600)
    rows = [[CPR, "1.4", "2020-07-01", "", f"B-{CPR}", "999", "999", "1.1", "C"]]
    rows += [
        [f"01028{n:05d}", "1.4", "2020-07-01", "", "105.701.121", "999", "999", "010570:1121", CPR] for n in range(1, 9)
    ]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    head = "cpr dst_kode start_dato slut_dato ydelse_id handlekommune betalingskommune maalgruppe tilbud"
    writer.writerows([head.split(), *rows])
    (folder / "f.csv").write_text(text.getvalue(), encoding="utf-8")
    (folder / "reconcile.toml").write_text('[kommune]\nkode = "999"\n[kilder.fagsystem]\nfiler = ["f.csv"]\n')
    return folder / "reconcile.toml"


def every_byte(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in (
        p for p in folder.rglob("*") if p.is_file() and p.suffix not in {".key", ".toml"} and p.name != "f.csv"
    ):
        yield path.name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.name}/{name}", archive.read(name)


def test_a_run_on_cpr_in_many_columns_leaves_none_in_any_byte(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import duckdb

    words = ["run", "--config", config(tmp_path), "--export", "parquet", "-v", "--period", "2020K3"]
    code = call(*words)
    said = "".join(capfd.readouterr())
    assert code in {0, 1}, said
    told = [("terminal", said.encode()), *every_byte(tmp_path)]
    tables = list(tmp_path.rglob("*.parquet"))
    told += [(p.name, str(duckdb.sql(f"SELECT * FROM '{p}'").fetchall()).encode()) for p in tables]
    assert len(told) > 10
    for name, content in told:
        text = content.decode("utf-8", errors="replace")
        for form in (CPR, "105701121", "105.701.121", "010570:1121", "010570-1121"):
            assert form not in text, f"{form} in {name}"


def test_a_temporary_folder_that_a_killed_run_left_is_swept_and_one_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "reconcile-left"
    left.mkdir()
    (left / ".i-brug").touch()
    (left / "raa.csv").write_text(CPR)
    with open_engine() as engine:
        assert not left.exists()
        sweep()
        assert engine.folder.is_dir()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_run_that_is_told_to_end_leaves_no_temporary_folder_and_exits_130(tmp_path: Path) -> None:
    code = (
        "import time\nfrom reconcile import cli\nfrom reconcile.engine import duckdb\n"
        "from reconcile.runs import pipeline\n"
        "def wait(*a, **k):\n    print('klar', flush=True)\n    time.sleep(30)\n"
        "pipeline.load_sources = wait\ncli.main(['run', '--config', 'reconcile.toml'])\n"
    )
    config(tmp_path)
    (tmp_path / "temp").mkdir()
    here = {**os.environ, "TMPDIR": str(tmp_path / "temp"), "PYTHONPATH": str(Path(reconcile.__file__).parent.parent)}
    run = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=here, stdout=subprocess.PIPE)
    assert run.stdout
    assert run.stdout.readline() == b"klar\n"
    begun = time.monotonic()
    run.send_signal(signal.SIGTERM)
    assert run.wait(timeout=20) == 130
    assert time.monotonic() - begun < 5
    assert list((tmp_path / "temp").iterdir()) == []
    assert not (tmp_path / "ud").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_what_holds_persons_is_its_owners_alone(tmp_path: Path) -> None:
    """Also where the umask lets everybody read."""
    before = os.umask(0o022)
    try:
        door.write_whole(tmp_path / "kladde.eml", b"x", sealed=True, mode=0o600)
        door.write(tmp_path / "sagsliste.xlsx", b"x", sealed=True, mode=0o600)
    finally:
        os.umask(before)
    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_new_file_honours_the_users_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "kladde.eml", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "kladde.eml").stat().st_mode & 0o777 == 0o600
