"""The quarterly approval: deadlines, readiness, the ledger and what tampering does to it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.runs import KEY, call, cell, finding, publish, result, source, working_folder

import reconcile.approval.log
from reconcile.approval.log import append, key_changed, read_log
from reconcile.approval.readiness import readiness
from reconcile.domain.deadlines import deadline, next_working_day, public_holidays
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.history.accepted import Acceptance, apply_accepted, record
from reconcile.history.published import read_manifest
from reconcile.history.register import note_run, read_register, register_text
from reconcile.reports.tables import result_json
from reconcile.results.rows import ResultTable, Severity, Status
from reconcile.results.survey import Leniency
from reconcile.settings.config import Config, load_config

K3 = Quarter(2020, 3)
NOW = datetime(2020, 10, 6, 12, 0, tzinfo=UTC)
NO_OPEN = (cell(), cell("1.3"))
NOTE = "Tre sager er meldt til DST"
ONE_OPEN = (cell(), cell("1.12.0.2", rest=-3))


def config_of(folder: Path) -> Config:
    return load_config(working_folder(folder) / "reconcile.toml")


# --- deadlines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quarter", "day", "working_day"),
    [
        ("2020K3", date(2020, 10, 14), date(2020, 10, 14)),
        ("2020K4", date(2021, 1, 14), date(2021, 1, 14)),
        ("2023K4", date(2024, 1, 14), date(2024, 1, 15)),  # Sunday
        ("2022K1", date(2022, 4, 14), date(2022, 4, 19)),  # skærtorsdag to 2. påskedag
        ("2017K1", date(2017, 4, 14), date(2017, 4, 18)),  # langfredag
    ],
)
def test_the_deadline_is_the_14th_and_the_working_day_after_it_is_told(
    quarter: str, day: date, working_day: date
) -> None:
    parsed = Quarter.parse(quarter)
    assert parsed is not None
    due = deadline(parsed)
    assert (due.day, due.working_day, due.moved) == (day, working_day, day != working_day)


def test_the_holidays_of_a_year_are_the_ones_in_the_calendar() -> None:
    assert public_holidays(2023) == {
        date(2023, 1, 1), date(2023, 4, 6), date(2023, 4, 7), date(2023, 4, 9), date(2023, 4, 10), date(2023, 5, 5),
        date(2023, 5, 18), date(2023, 5, 28), date(2023, 5, 29), date(2023, 12, 25), date(2023, 12, 26),
    }  # fmt: skip
    assert date(2024, 4, 26) not in public_holidays(2024), "store bededag ended with 2023"


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_the_next_working_day_is_the_first_one_that_is_neither_weekend_nor_holiday(day: date) -> None:
    found = next_working_day(day)
    between = [date.fromordinal(n) for n in range(day.toordinal(), found.toordinal())]
    assert all(d.weekday() >= 5 or d in public_holidays(d.year) for d in between)
    assert found.weekday() < 5
    assert found not in public_holidays(found.year)


# --- readiness --------------------------------------------------------------------------------------------------------


def test_readiness_counts_open_findings_of_the_quarter_by_code_and_severity(tmp_path: Path) -> None:
    found = [
        finding("VH03-1", code="1.1", period=None),
        finding("OE01-1", code="1.1", period="2020-08"),
        finding("OE01-2", code="1.1", period="2020-10"),
        finding("YR02-1", code=None, period="2020-U30", grade=Severity.WARNING),
        finding("YR02-2", code=None, period="2020-U45", grade=Severity.WARNING),
    ]
    publish(result(cells=NO_OPEN, findings=found), tmp_path / "ud" / "1")
    ready = readiness(config_of(tmp_path), K3, NOW.date())
    assert {line.dst_kode: dict(line.cases) for line in ready.codes} == {"1.1": {"fejl": 2}, "1.3": {}}
    assert dict(ready.general) == {"advarsel": 1}
    assert ready.open_errors == 2
    assert [block.sentence for block in ready.blocks()] == ["åbne sager med fejl: 2"]
    assert ready.exit_code == 1


def test_a_quarter_with_nothing_open_is_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(result(cells=NO_OPEN), working_folder(tmp_path) / "ud" / "1")
    assert call("approve", "2020K3", "--config", tmp_path / "reconcile.toml") == 0
    said = capsys.readouterr().out
    assert said.startswith("JA: 2020K3 kan godkendes")
    for words in ("Intet blokerer", "Frist: 14-10-2020 (onsdag)", "ud/1", "Aktivitets- og samværstilbud"):
        assert words in said


def test_readiness_tells_of_old_sources_the_yearly_cut_off_and_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = [source("fagsystem"), source("oekonomi", date(2020, 8, 1), "b" * 64)]
    working_folder(tmp_path, "[godkendelse]\naarlig_frist = 2021-02-12\n")
    publish(result(cells=ONE_OPEN, sources=sources), tmp_path / "ud" / "1")
    assert call("approve", "2020K3", "--config", tmp_path / "reconcile.toml") == 1
    said = capsys.readouterr().out
    for words in (
        "Årlig frist: 12-02-2021",
        "Økonomi er 65 dage ældre end den nyeste kilde",
        "NEJ: 2020K3",
        "Blokerer: filer er ændret siden kørslen: oekonomi  → reconcile run --period 2020K3",
        "Blokerer: uforklarede celler: CELLE:1.12.0.2:2020K3",
    ):
        assert words in said


def test_the_newest_run_that_covers_the_quarter_is_taken(tmp_path: Path) -> None:
    for name, hour, periods in (("b", 8, ["2020K3"]), ("a", 9, ["2020K3"]), ("c", 10, ["2020K2"])):
        run = result(cells=NO_OPEN, periods=periods, started=NOW.replace(hour=hour))
        publish(run, tmp_path / "ud" / name)
    assert readiness(config_of(tmp_path), K3, NOW.date()).folder == "ud/a"


def test_a_run_that_does_not_match_its_manifest_is_refused_and_no_older_one_is_taken(tmp_path: Path) -> None:
    publish(result(cells=NO_OPEN), tmp_path / "ud" / "1")
    newest = publish(result(cells=NO_OPEN, started=NOW.replace(hour=20)), tmp_path / "ud" / "2")
    (newest / "resultat.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"resultat.json er ændret"):
        readiness(config_of(tmp_path), K3, NOW.date())


def test_a_run_without_the_quarter_is_refused(tmp_path: Path) -> None:
    folder = publish(result(cells=NO_OPEN), tmp_path / "rapport")
    with pytest.raises(InputError, match="2020K4"):
        readiness(config_of(tmp_path), K3.next, NOW.date(), folder)
    with pytest.raises(InputError, match="ingen kørsel"):
        readiness(config_of(tmp_path), K3, NOW.date())


@pytest.mark.parametrize(
    ("until", "blocks"),
    [
        (date(2020, 10, 6), "accepterede forskelle: 1.12.0.2:2020K3"),
        (date(2020, 10, 5), "uforklarede celler: CELLE:1.12.0.2:2020K3"),
    ],
)
def test_an_accepted_cell_is_a_difference_that_is_known_until_it_expires(
    tmp_path: Path, until: date, blocks: str
) -> None:
    given_ = Acceptance(
        begrundelse="kendt og meldt", af="JH", indtil=until, oprettet=NOW.date(), fund={"CELLE:1.12.0.2:2020K3": "-3"}
    )
    run = apply_accepted(result(cells=ONE_OPEN), [given_], date(2020, 10, 1))
    publish(run, tmp_path / "ud" / "1")
    config = config_of(tmp_path)
    record(tmp_path, given_.model_copy(update={"oprettet": date(2020, 10, 1)}))
    assert [block.sentence for block in readiness(config, K3, NOW.date()).blocks()] == [blocks]
    (tmp_path / "accepteret.toml").unlink()
    taken_back = [block.sentence for block in readiness(config, K3, NOW.date()).blocks()]
    assert taken_back == ["uforklarede celler: CELLE:1.12.0.2:2020K3"], (
        "an acceptance that is taken back holds no longer"
    )


def test_absent_not_approved_and_zero_are_three_different_cells_in_the_readiness(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    not_approved = replace(cell("1.4", dst=0, own=0), status=Status.NOT_APPROVED)
    cells = [cell("1.1", dst=0, own=0), cell("1.3", dst=None, rest=None), not_approved]
    publish(result(cells=cells), working_folder(tmp_path) / "ud" / "1")
    call("approve", "2020K3", "--config", tmp_path / "reconcile.toml")
    lines = {
        line.split("\t")[0]: line.split("\t")[2:5] for line in capsys.readouterr().out.splitlines() if "\t" in line
    }
    assert lines["1.1"] == ["Ens", "0", "0"]
    assert lines["1.3"] == ["DST mangler", "mangler", "10"]
    assert lines["1.4"] == ["Ikke godkendt", "0", "0"]


# --- the decision -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a run that leaves one cell unexplained."""
    publish(result(cells=ONE_OPEN), working_folder(tmp_path) / "ud" / "1")
    return tmp_path


def decide(folder: Path, *more: object, decision: str = "godkend", period: str = "2020K3") -> int:
    config = folder / "reconcile.toml"
    return call("approve", period, "--config", config, "--decision", decision, "--by", "JH", *more)


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "approvals.jsonl").read_bytes().splitlines()


def test_approving_with_unexplained_cells_needs_a_note(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert decide(folder) == 2
    assert "CELLE:1.12.0.2:2020K3" in capsys.readouterr().err
    assert not (folder / "approvals.jsonl").exists()
    assert decide(folder, "--note", "   ") == 2
    assert decide(folder, decision="afvis") == 0
    assert decide(folder, "--note", "Tre sager er meldt til DST") == 0
    said = capsys.readouterr().out
    assert hashlib.sha256(lines_of(folder)[-1]).hexdigest() in said


def test_a_line_is_canonical_json_and_names_the_line_before_and_the_manifest(folder: Path) -> None:
    decide(folder, decision="afvis")
    decide(folder, "--note", NOTE)
    first, second = lines_of(folder)
    record = json.loads(second)
    assert json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == second
    assert record["forrige"] == hashlib.sha256(first).hexdigest()
    manifest = (folder / "ud" / "1" / "manifest.json").read_bytes()
    assert record["manifest_sha256"] == hashlib.sha256(manifest).hexdigest()
    assert (record["beslutning"], record["af"], record["note"], record["periode"]) == ("godkend", "JH", NOTE, "2020K3")
    assert record["antal"]["uforklarede"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("approve",),
        ("approve", "2020"),
        ("approve", "2020K3", "--decision", "godkend"),
        ("approve", "2020K3", "--decision", "godkend", "--by", "J H", "--note", "x"),
        ("approve", "2020K3", "--decision", "godkend", "--by", "JH", "--note", "se 010190-1234"),
        ("approve", "2020K3", "--decision", "måske", "--by", "JH"),
        ("approve", "2020K3", "--head", "x"),
        ("approve", "--verify", "--decision", "godkend"),
        ("approve", "2020K3", "--run", "findes-ikke"),
    ],
    ids=" ".join,
)
def test_bad_usage_exits_2_and_writes_nothing(
    folder: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert call(*arguments) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "010190" not in said
    assert not (folder / "approvals.jsonl").exists()


# --- verify -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def decided(folder: Path) -> Path:
    """Four decisions on the run."""
    for number in range(4):
        assert decide(folder, "--note", f"{NOTE} {number}") == 0
    assert verify(folder) == 0
    return folder


def verify(folder: Path, *more: object) -> int:
    return call("approve", "--verify", "--config", folder / "reconcile.toml", *more)


def rewrite(folder: Path, lines: list[bytes]) -> None:
    (folder / "approvals.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def forged(line: bytes, **changes: object) -> bytes:
    """A line rewritten by someone who knows the format: canonical, and with a fitting ``kontrol``."""
    record = {**json.loads(line), **changes}
    del record["kontrol"]
    record["kontrol"] = hashlib.sha256(reconcile.approval.log.canonical(record)).hexdigest()
    return reconcile.approval.log.canonical(record)


@pytest.mark.parametrize("place", range(4))
def test_an_edited_line_is_found_wherever_it_is(decided: Path, place: int, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(decided)
    lines[place] = lines[place].replace(b'"af":"JH"', b'"af":"XX"')
    rewrite(decided, lines)
    assert verify(decided) == 1
    assert f"linje {place + 1} er ændret" in capsys.readouterr().out
    assert decide(decided, "--note", NOTE) == 2, "nothing more is written to a broken chain"


@pytest.mark.parametrize("place", range(3))
def test_an_edited_line_with_a_fitting_checksum_breaks_the_chain(decided: Path, place: int) -> None:
    lines = lines_of(decided)
    lines[place] = forged(lines[place], note="en anden")
    rewrite(decided, lines)
    assert verify(decided) == 1


@pytest.mark.parametrize("place", range(3))
def test_a_removed_line_is_found(decided: Path, place: int) -> None:
    lines = lines_of(decided)
    del lines[place]
    rewrite(decided, lines)
    assert verify(decided) == 1


def test_a_line_that_is_no_decision_is_found(decided: Path) -> None:
    append(decided, {"note": "hvad som helst"}, KEY)
    assert verify(decided) == 1
    assert call("approve", "2020K3", "--config", decided / "reconcile.toml") == 1


def test_reordered_lines_are_found(decided: Path) -> None:
    lines = lines_of(decided)
    lines[1], lines[2] = lines[2], lines[1]
    rewrite(decided, lines)
    assert verify(decided) == 1


@pytest.mark.parametrize("left", range(4))
def test_lines_cut_off_at_the_end_are_found_by_the_hash_in_a_printed_report(decided: Path, left: int) -> None:
    lines = lines_of(decided)
    head = hashlib.sha256(lines[-1]).hexdigest()
    rewrite(decided, lines[:left])
    assert verify(decided, "--head", head) == 1


def test_a_rewritten_last_line_is_found_by_the_hash_that_a_later_report_knows(decided: Path) -> None:
    lines = lines_of(decided)
    head = hashlib.sha256(lines[-1]).hexdigest()
    publish(replace(result(cells=NO_OPEN), approval_head=head), decided / "ud" / "2")
    assert verify(decided) == 0
    rewrite(decided, [*lines[:-1], forged(lines[-1], af="XX")])
    assert verify(decided) == 1
    (decided / "approvals.jsonl").unlink()
    assert verify(decided) == 1


def test_a_report_that_is_not_the_approved_one_is_found(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(result(cells=NO_OPEN), decided / "ud" / "1")
    assert verify(decided) == 1
    assert "er ikke den, der blev besluttet på" in capsys.readouterr().out


def test_a_changed_or_missing_file_of_the_approved_report_is_found(decided: Path) -> None:
    target = decided / "ud" / "1" / "resultat.json"
    content = target.read_bytes()
    target.write_bytes(content + b" ")
    assert verify(decided) == 1
    target.unlink()
    assert verify(decided) == 1
    target.write_bytes(content)
    assert verify(decided) == 0


def test_a_report_of_a_decision_that_was_made_again_may_be_gone(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(result(cells=NO_OPEN, started=NOW.replace(hour=20)), decided / "ud" / "2")
    assert decide(decided) == 0
    (decided / "ud" / "1" / "manifest.json").unlink()
    assert verify(decided) == 0
    assert "besluttet igen senere" in capsys.readouterr().out


# --- crashes, two at once, a full disk --------------------------------------------------------------------------------


@given(st.integers(1, 400), st.booleans())
def test_a_torn_last_line_is_named_and_set_aside_and_never_dropped(
    tmp_path_factory: pytest.TempPathFactory, length: int, empty: bool
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    if not empty:
        append(folder, {"note": "hel"}, KEY)
    path = folder / "approvals.jsonl"
    before = path.read_bytes() if path.exists() else b""
    whole = append(folder, {"note": "x" * 400}, KEY)
    torn = path.read_bytes()[len(before) : -2][:length]
    path.write_bytes(before + torn)
    log = read_log(folder)
    assert (len(log.lines), log.faults, log.torn) == (0 if empty else 1, (), torn)
    assert str(len(torn)) in log.torn_sentence()
    done = append(folder, {"note": "igen"}, KEY)
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == torn
    after = read_log(folder)
    assert (after.faults, after.torn, after.head) == ((), b"", done.line.sha256)
    assert path.read_bytes().startswith(before)
    assert whole.set_aside is None


APPENDS = """
import sys
from pathlib import Path
from reconcile.approval.log import append
number = int(sys.argv[2])
for turn in range(number) if number else iter(int, 1):
    append(Path(sys.argv[1]), {"af": sys.argv[3], "note": "n" * 200, "tur": turn}, bytes(range(32)))
"""


def appender(folder: Path, number: int, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", APPENDS, str(folder), str(number), name])


def test_two_processes_at_once_both_write_whole_lines_in_one_chain(tmp_path: Path) -> None:
    running = [appender(tmp_path, 25, name) for name in ("A", "B")]
    assert [process.wait(60) for process in running] == [0, 0]
    log = read_log(tmp_path)
    assert (log.faults, log.torn, len(log.lines)) == ((), b"", 50)
    for name in ("A", "B"):
        assert [line.record["tur"] for line in log.lines if line.record["af"] == name] == list(range(25))


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_kill_9_at_random_points_leaves_the_earlier_lines_and_no_lock(tmp_path: Path) -> None:
    chance = random.Random(6)
    seen = b""
    path = tmp_path / "approvals.jsonl"
    for _turn in range(4):
        process = appender(tmp_path, 0, "K")
        size, until = len(seen), time.monotonic() + 30
        while (path.stat().st_size if path.exists() else 0) <= size and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        log = read_log(tmp_path)
        assert log.faults == ()
        assert path.read_bytes().startswith(seen)
        seen = path.read_bytes()[: len(path.read_bytes()) - len(log.torn)]
        assert len(seen) > size
    append(tmp_path, {"note": "bagefter"}, KEY)
    assert read_log(tmp_path).faults == ()


@pytest.mark.parametrize("fails", ["write", "half", "fsync"])
def test_a_full_disk_writes_nothing_and_says_so(
    decided: Path, fails: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (decided / "approvals.jsonl").read_bytes()
    real_write = os.write

    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def half(handle: int, data: bytes) -> int:
        return real_write(handle, data[: len(data) // 2])

    name, function = {"write": ("write", full), "half": ("write", half), "fsync": ("fsync", full)}[fails]
    with monkeypatch.context() as patch:
        patch.setattr(os, name, function)
        assert decide(decided, "--note", NOTE) == 2
    assert "ikke skrevet" in capsys.readouterr().err
    assert (decided / "approvals.jsonl").read_bytes() == before
    assert verify(decided) == 0


def test_a_held_lock_is_waited_for_and_then_named(
    decided: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import reconcile.files

    monkeypatch.setattr(reconcile.files, "PATIENCE", 0.05)
    with reconcile.files.locked(decided / "approvals.jsonl"):
        assert decide(decided, "--note", NOTE) == 2
    assert "En anden kørsel skriver" in capsys.readouterr().err
    assert decide(decided, "--note", NOTE) == 0


# --- ways to be talked into a yes -------------------------------------------------------------------------------------


def refused(folder: Path, capsys: pytest.CaptureFixture[str], period: str = "2020K3") -> str:
    """What stands in the way of a yes: said without a note and with one that says nothing, and kept with a real one."""
    assert decide(folder, period=period) == 2
    blocked = capsys.readouterr().err
    assert decide(folder, "--note", ". . . ok 12345", period=period) == 2
    assert decide(folder, "--note", "aaaaaaaaaa bbbbb", period=period) == 2
    capsys.readouterr()
    assert decide(folder, "--note", NOTE, period=period) == 0
    assert json.loads(lines_of(folder)[-1])["tilsidesat"], "the line keeps what the note overrode"
    return blocked


@pytest.fixture
def ready_folder(tmp_path: Path) -> Path:
    """A working folder with a run that has nothing open."""
    publish(result(cells=NO_OPEN), working_folder(tmp_path) / "ud" / "1")
    return tmp_path


def test_nothing_in_the_way_needs_no_note(ready_folder: Path) -> None:
    assert decide(ready_folder) == 0
    assert json.loads(lines_of(ready_folder)[-1])["tilsidesat"] == []


def test_inputs_replaced_since_the_run_need_a_note(ready_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (ready_folder / "forloeb.csv").write_bytes(b"cpr;dst_kode;start_dato\n\n")
    assert "filer er ændret siden kørslen: fagsystem" in refused(ready_folder, capsys)


def test_open_errors_need_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors = [finding(f"VH03-{number}") for number in range(16)]
    publish(result(cells=NO_OPEN, findings=errors), working_folder(tmp_path) / "ud" / "1")
    assert "åbne sager med fejl: 16" in refused(tmp_path, capsys)


def test_a_quarter_that_has_not_ended_needs_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = result(cells=[cell(period="2091K1")], periods=["2091K1"])
    publish(run, working_folder(tmp_path) / "ud" / "1")
    assert "kvartalet er ikke slut endnu" in refused(tmp_path, capsys, "2091K1")


@pytest.mark.parametrize("lost", ["dst", "own"])
def test_a_missing_figure_needs_a_note(tmp_path: Path, lost: str, capsys: pytest.CaptureFixture[str]) -> None:
    gone = cell("1.3", dst=None, rest=None) if lost == "dst" else replace(cell("1.3"), status=Status.MISSING_OWN)
    publish(result(cells=[cell(), gone]), working_folder(tmp_path) / "ud" / "1")
    assert "tal, der ikke kunne sammenlignes: 1.3" in refused(tmp_path, capsys)


def test_a_tolerance_that_hid_persons_needs_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = replace(cell("1.3", rest=-3), status=Status.TOLERATED)
    publish(result(cells=[cell(), hidden]), working_folder(tmp_path) / "ud" / "1")
    assert "inden for tolerancen: 1.3" in refused(tmp_path, capsys)


def test_an_older_run_is_not_approved_past_a_newer_one(ready_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(result(cells=ONE_OPEN, started=NOW.replace(hour=13)), ready_folder / "ud" / "2")
    call("approve", "2020K3", "--config", ready_folder / "reconcile.toml", "--run", ready_folder / "ud" / "1")
    said = capsys.readouterr().out
    assert said.startswith("NEJ")
    assert "en nyere kørsel dækker kvartalet: ud/2" in said


def test_a_clock_set_back_does_not_make_an_older_run_the_newest(tmp_path: Path) -> None:
    folder = working_folder(tmp_path)
    publish(result(cells=NO_OPEN), folder / "ud" / "god", number=1)
    publish(result(cells=ONE_OPEN, started=NOW.replace(hour=1)), folder / "ud" / "senere", number=2)
    assert readiness(config_of(tmp_path), K3, NOW.date()).folder == "ud/senere"


def test_a_quarter_of_which_nothing_was_compared_needs_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(result(cells=[]), working_folder(tmp_path) / "ud" / "1")
    assert "ingen celle er sammenlignet: 2020K3" in refused(tmp_path, capsys)


def test_a_narrower_command_than_run_needs_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(replace(result(cells=NO_OPEN), command="hand07"), working_folder(tmp_path) / "ud" / "1")
    assert "kørslen har ikke prøvet reglerne: hand07" in refused(tmp_path, capsys)


def test_the_run_of_another_kommune_is_refused(tmp_path: Path) -> None:
    publish(replace(result(cells=NO_OPEN), kommune="751"), working_folder(tmp_path) / "ud" / "1")
    with pytest.raises(InputError, match="er kommune 751; opsætningen er kommune 665"):
        readiness(config_of(tmp_path), K3, NOW.date())


def test_another_setup_a_new_source_and_one_more_file_need_a_note(
    ready_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = ready_folder / "reconcile.toml"
    shutil.copyfile(ready_folder / "forloeb.csv", ready_folder / "igen.csv")
    more = '[kilder.hand01]\nfiler = ["forloeb.csv"]\n'
    config.write_text(
        config.read_text(encoding="utf-8").replace('["forloeb.csv"]', '["*.csv"]') + more, encoding="utf-8"
    )
    said = refused(ready_folder, capsys)
    assert "reconcile.toml er ændret siden kørslen" in said
    assert "filer er ændret siden kørslen: fagsystem, hand01" in said


def test_accepted_errors_and_lenient_settings_need_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path)
    lenient = ResultTable("lempelser", Leniency, (Leniency("efterslip_maaneder", "24", "2"),))
    given_ = Acceptance(
        begrundelse="kendt og meldt",
        af="JH",
        indtil=date(2026, 12, 31),
        oprettet=date(2026, 1, 1),
        fund={"VH03-1": "5"},
    )
    record(folder, given_.model_copy(update={"indtil": datetime.now(UTC).date(), "oprettet": datetime.now(UTC).date()}))
    run = result(cells=NO_OPEN, findings=[finding()], tables=[lenient])
    publish(apply_accepted(run, [given_], date(2026, 10, 6)), folder / "ud" / "1")
    said = refused(tmp_path, capsys)
    assert "lempede indstillinger: efterslip_maaneder" in said


def test_a_number_that_was_changed_does_not_make_an_older_run_the_newest_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path)
    publish(result(cells=NO_OPEN), folder / "ud" / "a", number=99)
    publish(result(cells=ONE_OPEN, started=NOW.replace(hour=20)), folder / "ud" / "b", number=2)
    assert "en nyere kørsel dækker kvartalet: ud/b" in refused(tmp_path, capsys)


# --- the list of runs -------------------------------------------------------------------------------------------------


def good_then_bad(folder: Path) -> Path:
    """A run with nothing open, and a newer one with an open cell, which is then moved out of ``ud/``."""
    publish(result(cells=NO_OPEN), working_folder(folder) / "ud" / "1")
    publish(result(cells=ONE_OPEN, started=NOW.replace(hour=13)), folder / "ud" / "2")
    (folder / "ud" / "2").rename(folder / "gemt")
    return folder


def test_a_newer_run_that_was_moved_away_is_missed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "en nyere kørsel dækker kvartalet: ud/2" in refused(good_then_bad(tmp_path), capsys)


def test_a_newer_run_published_elsewhere_is_known_and_one_of_another_quarter_is_not_in_the_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(result(cells=NO_OPEN), working_folder(tmp_path) / "ud" / "1")
    away = publish(result(cells=ONE_OPEN, periods=["2020K2"]), tmp_path / "andet" / "1")
    note_run(tmp_path, read_manifest(away), KEY)
    assert call("approve", "2020K3", "--config", tmp_path / "reconcile.toml") == 0
    capsys.readouterr()
    away = publish(result(cells=ONE_OPEN), tmp_path / "andet" / "2")
    note_run(tmp_path, read_manifest(away), KEY)
    assert "en nyere kørsel dækker kvartalet: andet/2" in refused(tmp_path, capsys)


@pytest.mark.parametrize(
    "how", ["a line taken out", "a line of another run", "gone", "not JSON", "sealed with another key"]
)
def test_a_list_that_was_changed_vouches_for_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    path = good_then_bad(tmp_path) / "koersler.json"
    text = path.read_text(encoding="utf-8")
    known = json.loads(text)
    if how == "a line taken out":
        path.write_text(json.dumps({**known, "koersler": known["koersler"][:1]}), encoding="utf-8")
    elif how == "a line of another run":
        path.write_text(text.replace('"2020K3"', '"2020K1"'), encoding="utf-8")
    elif how == "gone":
        path.unlink()
    elif how == "not JSON":
        path.write_bytes(b"\xff{")
    else:
        path.write_bytes(register_text(known["koersler"][:1], b"\1" * 32))
    assert "rapporten er ikke på listen over kørsler: ud/1" in refused(tmp_path, capsys)
    if how != "gone":
        with pytest.raises(InputError, match="Flyt filen væk, og kør igen"):
            note_run(tmp_path, read_manifest(tmp_path / "ud" / "1"), KEY)


def test_an_older_copy_of_the_list_put_back_with_its_reports_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path)
    publish(result(cells=NO_OPEN), folder / "ud" / "1")
    older = (tmp_path / "koersler.json").read_bytes()
    publish(result(cells=ONE_OPEN, started=NOW.replace(hour=13)), folder / "ud" / "2")
    assert decide(tmp_path, "--note", NOTE) == 0
    publish(result(cells=NO_OPEN, started=NOW.replace(hour=14)), folder / "ud" / "3")
    assert verify(tmp_path) == 0  # a list that has grown holds what was known of it
    (tmp_path / "koersler.json").write_bytes(older)
    for name in ("2", "3"):
        shutil.rmtree(folder / "ud" / name)
    capsys.readouterr()
    assert verify(tmp_path) == 1
    assert "koersler.json mangler kørsler, som den sidste beslutning kendte" in capsys.readouterr().out
    assert "listen over kørsler er ældre end den sidste beslutning: koersler.json" in refused(tmp_path, capsys)


def test_a_report_that_was_written_anew_with_its_manifest_is_not_on_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = publish(result(cells=ONE_OPEN), working_folder(tmp_path) / "ud" / "1")
    forged = result_json(result(cells=NO_OPEN))
    (folder / "resultat.json").write_bytes(forged)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["output"]["resultat.json"]["sha256"] = hashlib.sha256(forged).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "rapporten er ikke på listen over kørsler: ud/1" in refused(tmp_path, capsys)


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_a_list_of_runs_holds_whole_and_with_any_byte_changed_it_does_not(
    tmp_path_factory: pytest.TempPathFactory, names: list[bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("liste")
    runs = [
        {"tid": "2020-10-06", "kommando": "run", "sammenlignet": ["2020K3"], "mappe": name.hex(), "manifest": "abc"}
        for name in names
    ]
    whole = register_text(runs, KEY)
    (folder / "koersler.json").write_bytes(whole)
    assert list(read_register(folder, KEY).runs) == runs
    place = data.draw(st.integers(0, len(whole) - 2).filter(lambda n: whole[n : n + 1] not in b"\n"))
    (folder / "koersler.json").write_bytes(whole[:place] + b"z" + whole[place + 1 :])
    assert read_register(folder, KEY).whole is (whole[place : place + 1] == b"z")


@pytest.mark.parametrize("by", ["J", "JHJHJH", "2312556789", "J H", "J1"])
def test_initials_are_two_to_five_letters(ready_folder: Path, by: str) -> None:
    assert (
        call("approve", "2020K3", "--config", ready_folder / "reconcile.toml", "--decision", "afvis", "--by", by) == 2
    )
    assert not (ready_folder / "approvals.jsonl").exists()


# --- ways to tamper ---------------------------------------------------------------------------------------------------


def test_a_line_forged_without_the_key_is_found_although_the_chain_is_whole(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = lines_of(decided)[-1]
    extra = forged(last, nr=5, forrige=hashlib.sha256(last).hexdigest(), periode="2019K4")
    rewrite(decided, [*lines_of(decided), extra])
    assert verify(decided) == 1
    assert "linje 5 er ikke skrevet med arbejdsmappens nøgle" in capsys.readouterr().out


def test_a_chain_written_anew_with_its_reports_is_found(decided: Path) -> None:
    before, lines = "0" * 64, []
    for line in lines_of(decided):
        lines.append(forged(line, forrige=before, note="en anden note"))
        before = hashlib.sha256(lines[-1]).hexdigest()
    rewrite(decided, lines)
    assert verify(decided) == 1


def test_a_seal_made_with_another_key_is_found(decided: Path) -> None:
    (decided / "noegle.key").write_text("11" * 32, encoding="ascii")
    assert verify(decided) == 1


def test_a_back_dated_line_is_refused_and_found(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="Uret på maskinen"):
        append(decided, {"tid": "2020-01-01T12:00:00+00:00"}, KEY)
    record = {**json.loads(lines_of(decided)[-1]), "tid": "2020-01-01T12:00:00+00:00"}
    rewrite(decided, [*lines_of(decided)[:-1], forged(lines_of(decided)[-1], tid=record["tid"])])
    assert verify(decided) == 1
    assert "skrevet før linjen før den" in capsys.readouterr().out


def test_a_file_added_to_the_approved_folder_is_found(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (decided / "ud" / "1" / "bilag.html").write_text("x", encoding="utf-8")
    assert verify(decided) == 1
    assert "bilag.html hører ikke til rapporten" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change", [lambda b: b.replace(b"\n", b"\r\n"), lambda b: b.rstrip(b"\n"), lambda b: b"\xef\xbb\xbf" + b]
)
def test_line_ends_a_missing_last_one_and_a_bom_do_not_matter(decided: Path, change: Callable[[bytes], bytes]) -> None:
    path = decided / "approvals.jsonl"
    path.write_bytes(change(path.read_bytes()))
    assert verify(decided) == 0
    assert decide(decided, "--note", NOTE) == 0
    assert verify(decided) == 0
    assert len(read_log(decided, KEY).lines) == 5


def test_a_changed_key_seals_what_the_earlier_one_sealed(decided: Path) -> None:
    new = bytes(range(1, 33))
    key_changed(decided, KEY, new, datetime.now(UTC))
    runs = read_register(decided, KEY).runs
    (decided / "koersler.json").write_bytes(register_text(runs, new))  # as «reconcile key rotate» does
    (decided / "noegle.key").write_text(new.hex(), encoding="ascii")
    assert verify(decided) == 0
    rewrite(decided, lines_of(decided)[:-1])
    assert verify(decided) == 1, "nobody vouches for the earlier lines any more"
