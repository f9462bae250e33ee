"""Known differences that were accepted: the file, what it does to a run, and when a finding comes back."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.runs import call, cell, finding, publish, result, working_folder

from reconcile.errors import ConfigError, InputError
from reconcile.history.accepted import Acceptance, apply_accepted, open_in, open_items, read_accepted, record
from reconcile.results.cells import size_text
from reconcile.results.followed import AcceptedRow
from reconcile.results.rows import OttetalCell, ResultTable, RunResult, Severity

TODAY = date(2020, 10, 6)
CELL = "CELLE:1.12.0.2:2020K3"


def acceptance(fund: dict[str, str], until: date = TODAY, **more: Any) -> Acceptance:
    return Acceptance(begrundelse="kendt og meldt", af="JH", indtil=until, oprettet=TODAY, fund=fund, **more)


def rows(run: RunResult) -> list[AcceptedRow]:
    table = run.table("accepterede")
    return list(table.rows) if table else []


def test_without_acceptances_a_run_is_as_it_was() -> None:
    run = result(findings=[finding()])
    assert apply_accepted(run, [], TODAY) is run


def test_an_accepted_error_is_counted_and_shown_apart_and_does_not_make_a_run_exit_1() -> None:
    run = apply_accepted(result(findings=[finding("VH03-1")]), [acceptance({"VH03-1": "5"})], TODAY)
    assert run.exit_code == 0
    assert [f.fund_id for f in run.findings] == ["VH03-1"]
    assert [(r.fund_id, r.tilstand, r.begrundelse, r.af) for r in rows(run)] == [
        ("VH03-1", "accepteret", "kendt og meldt", "JH")
    ]
    assert any("Accepteret i accepteret.toml: 1" in text for text in run.caveats)


def test_another_error_still_makes_it_exit_1() -> None:
    run = result(findings=[finding("VH03-1"), finding("VH03-2")])
    assert apply_accepted(run, [acceptance({"VH03-1": "5"})], TODAY).exit_code == 1


def test_rows_in_quarantine_cannot_be_accepted_away() -> None:
    run = result(findings=[finding("VH03-1")], quarantined=1)
    assert apply_accepted(run, [acceptance({"VH03-1": "5"})], TODAY).exit_code == 1


@pytest.mark.parametrize(
    ("until", "size", "state", "code"),
    [
        (TODAY, "5", "accepteret", 0),
        (date(2020, 10, 5), "5", "udløbet", 1),
        (TODAY, "6", "ændret", 1),
        (TODAY, "", "ændret", 1),
    ],
)
def test_a_finding_comes_back_when_it_expires_or_its_size_changes(
    until: date, size: str, state: str, code: int
) -> None:
    run = apply_accepted(result(findings=[finding("VH03-1")]), [acceptance({"VH03-1": size}, until)], TODAY)
    assert [r.tilstand for r in rows(run)] == [state]
    assert run.exit_code == code


def test_a_solved_finding_is_told_and_does_no_harm() -> None:
    run = apply_accepted(result(), [acceptance({"VH03-1": "5"}, regel="VH03", kode="1.1")], TODAY)
    assert [(r.regel, r.dst_kode, r.tilstand, r.vaerdi) for r in rows(run)] == [("VH03", "1.1", "ikke fundet", None)]
    assert run.exit_code == 0


def test_the_last_acceptance_of_a_finding_counts() -> None:
    old = acceptance({"VH03-1": "5"}, date(2020, 1, 1))
    new = acceptance({"VH03-1": "5"})
    run = result(findings=[finding("VH03-1")])
    assert apply_accepted(run, [old, new], TODAY).exit_code == 0
    assert apply_accepted(run, [new, old], TODAY).exit_code == 1


def eight(status: str = "uforklaret", own: int = 9) -> ResultTable:
    row = OttetalCell(
        "1.1",
        "2020K3",
        own,
        None,
        10,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        status,
        own,
        None,
        "ens",
        status,
    )
    return ResultTable("ottetal", OttetalCell, (row,))


def test_an_unexplained_cell_can_be_accepted_and_comes_back_when_its_rest_moves() -> None:
    run = result(cells=[cell("1.12.0.2", rest=-3)])
    assert apply_accepted(run, [acceptance({CELL: "-3"})], TODAY).exit_code == 0
    assert apply_accepted(run, [acceptance({CELL: "-2"})], TODAY).exit_code == 1


def test_a_cell_is_open_once_and_accepted_once_whichever_tables_left_it_open() -> None:
    run = result(cells=[cell("1.1", rest=-1)], tables=[eight()])
    assert [(item.id, item.size) for item in open_in(run).values()] == [("CELLE:1.1:2020K3", "-1 og 9x10xx")]
    assert run.open_cells == 1
    assert apply_accepted(run, [acceptance({"CELLE:1.1:2020K3": "-1 og 9x10xx"})], TODAY).exit_code == 0
    assert apply_accepted(run, [acceptance({"CELLE:1.1:2020K3": "-1"})], TODAY).exit_code == 1, "the økonomi loop grew"
    assert not open_in(result(cells=[cell("1.1")], tables=[eight("forklaret")]))


@pytest.mark.parametrize("before", ["HAND07", "OTTETAL", "HAND01"])
def test_an_acceptance_of_a_cell_under_an_earlier_name_still_holds(before: str) -> None:
    run = result(cells=[cell("1.12.0.2", rest=-3)])
    assert apply_accepted(run, [acceptance({f"{before}:1.12.0.2:2020K3": "-3"})], TODAY).exit_code == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (5, "5"), (Decimal("5.00"), "5"), (Decimal("1E+2"), "100"), (Decimal("0.50"), "0.5"), ("x", "x")],
)
def test_a_size_is_the_same_text_from_a_run_and_from_its_json(value: object, text: str) -> None:
    assert size_text(value) == text
    assert size_text(date(2020, 1, 2)) == "2020-01-02"


# --- the file ---------------------------------------------------------------------------------------------------------


def test_an_entry_is_added_and_what_stood_there_is_kept(tmp_path: Path) -> None:
    record(tmp_path, acceptance({CELL: "-3"}, regel="HAND07"))
    path = tmp_path / "accepteret.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# min egen bemærkning\n", encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    second = acceptance({"VH03-1": '"5"\n', "VH03-2": ""})
    record(tmp_path, second)
    assert path.read_text(encoding="utf-8").startswith(before)
    assert read_accepted(tmp_path) == (acceptance({CELL: "-3"}, regel="HAND07"), second)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[accepteret]]\naf = 3\n", ["accepteret.1.begrundelse: mangler", "accepteret.1.af: skal være tekst", "fund"]),
        (
            '[[accepteret]]\nbegrundelse=""\naf="x"\nindtil="snart"\noprettet=2020-01-01\nfund={}\n',
            ["tom", "2027-03-31"],
        ),
        ("[[accepterede]]\n", ["accepterede: kendes ikke"]),
        ("[[", ["ikke gyldig TOML"]),
    ],
)
def test_a_wrong_file_is_refused_with_every_mistake(tmp_path: Path, text: str, said: list[str]) -> None:
    (tmp_path / "accepteret.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_accepted(tmp_path)
    for words in said:
        assert words in str(error.value)
    with pytest.raises(ConfigError):
        record(tmp_path, acceptance({"VH03-1": "5"}))
    assert (tmp_path / "accepteret.toml").read_text(encoding="utf-8") == text


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(tmp_path, acceptance({"VH03-1": "5"}))
    before = (tmp_path / "accepteret.toml").read_bytes()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match="uændret"):
            record(tmp_path, acceptance({"VH03-2": "5"}))
    assert (tmp_path / "accepteret.toml").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"accepteret.toml", "accepteret.toml.lock"}


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a run of three findings and an unexplained cell."""
    found = [
        finding("VH03-1", period=None),
        finding("VH05-1", code="1.1", grade=Severity.WARNING, value=Decimal("2.50")),
        finding("VH05-2", code="1.3", grade=Severity.WARNING, value=None),
    ]
    publish(result(cells=[cell("1.12.0.2", rest=-3)], findings=found), working_folder(tmp_path) / "ud" / "1")
    return tmp_path


NEXT_YEAR = datetime.now(UTC).date() + timedelta(days=365)


def accept(
    folder: Path, *words: object, until: str = f"{NEXT_YEAR}", reason: str = "meldt til DST", by: str = "JH"
) -> int:
    fixed = ("--config", folder / "reconcile.toml", "--begrundelse", reason, "--af", by, "--indtil", until)
    return call("accept", *words, *fixed)


def test_one_finding_is_accepted_with_its_size(folder: Path) -> None:
    assert accept(folder, "VH05-1") == 0
    (entry,) = read_accepted(folder)
    assert (dict(entry.fund), entry.regel, entry.indtil) == ({"VH05-1": "2.5"}, "VH05", NEXT_YEAR)


def test_all_findings_of_a_rule_or_of_a_rule_and_code(folder: Path) -> None:
    assert accept(folder, "--regel", "vh05", "--ja", until=f"{NEXT_YEAR:%d-%m-%Y}") == 0
    assert accept(folder, "--regel", "VH05", "--kode", "1.3") == 0
    first, second = read_accepted(folder)
    assert dict(first.fund) == {"VH05-1": "2.5", "VH05-2": ""}
    assert dict(second.fund) == {"VH05-2": ""}


def test_an_unexplained_cell_is_accepted_by_rule_code_and_period(folder: Path) -> None:
    assert accept(folder, "--regel", "HAND07", "--kode", "1.12.0.2", "--periode", "2020K3") == 0
    assert dict(read_accepted(folder)[0].fund) == {CELL: "-3"}


def test_what_is_accepted_from_a_published_run_holds_in_the_next_run(folder: Path) -> None:
    for words in (("VH03-1",), ("--regel", "VH05", "--ja"), ("--regel", "HAND07", "--ja")):
        assert accept(folder, *words) == 0
    found = [finding("VH03-1", period=None), finding("VH05-1", value=Decimal("2.5")), finding("VH05-2", value=None)]
    run = result(cells=[cell("1.12.0.2", rest=-3)], findings=found, started=datetime(2020, 10, 7, tzinfo=UTC))
    applied = apply_accepted(run, read_accepted(folder), TODAY)
    assert {r.tilstand for r in rows(applied)} == {"accepteret"}
    assert applied.exit_code == 0


def test_a_hand_written_acceptance_lasts_two_years_at_most(folder: Path) -> None:
    entry = (
        '[[accepteret]]\nbegrundelse="kendt og meldt"\naf="JH"\nindtil=9999-12-31\noprettet=2026-01-31\n'
        'fund={"VH05-1"="2.5"}\n'
    )
    (folder / "accepteret.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(ConfigError, match="sidste mulige dag er 2028-01-31"):
        read_accepted(folder)


def test_an_accepted_payment_that_grows_is_open_again_and_so_is_a_field_that_changes_again(folder: Path) -> None:
    small = finding("OE05-1", value=Decimal("1000.50"))
    known = {item.id: item.size for item in open_items([small], {}).values()}
    assert known == {"OE05-1": "1000.5"}
    for grown in (replace(small, vaerdi=Decimal("9876543.00")), replace(small, forventet="2020-03-31")):
        run = apply_accepted(result(findings=[grown]), [acceptance(known)], TODAY)
        assert run.accepted == frozenset()
        assert run.exit_code == 1


def test_what_is_accepted_twice_is_named() -> None:
    run = apply_accepted(
        result(findings=[finding("VH05-1")]), [acceptance({"VH05-1": "5"}), acceptance({"VH05-1": "5"})], TODAY
    )
    assert any("mere end én gang" in text and "VH05-1" in text for text in run.caveats)


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (("VH05-9",), {}, "Mente du «VH05-"),
        ((), {}, "FUND_ID eller --regel"),
        (("VH05-1", "--regel", "VH05"), {}, "FUND_ID eller --regel"),
        (("VH05-1", "--kode", "1.1"), {}, "--regel"),
        (("--regel", "VH99"), {}, "VH99"),
        (("VH05-1",), {"until": "2020-01-01"}, "passeret"),
        (("VH05-1",), {"until": "snart"}, "snart"),
        (("VH05-1",), {"reason": " "}, "mindst 10 bogstaver"),
        (("VH05-1",), {"reason": "123456789012345"}, "mindst 10 bogstaver"),
        (("VH05-1",), {"by": "2312556789"}, "2–5 bogstaver"),
        (("VH05-1",), {"until": "2099-12-31"}, "højst to år"),
        (("--regel", "VH05"), {}, "Skriv --ja"),
        (("VH05-1",), {"reason": "borger 010190-1234"}, "CPR-nummer"),
    ],
)
def test_bad_usage_exits_2_and_writes_nothing(
    folder: Path, words: tuple[str, ...], options: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(folder, *words, **options) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "010190" not in error
    assert not (folder / "accepteret.toml").exists()


def test_all_that_is_wrong_with_an_acceptance_is_said_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accept(folder, "VH05-1", reason="fint", by="2312556789", until="2099-12-31") == 2
    error = capsys.readouterr().err
    assert "Intet er registreret:" in error
    for said in ("2–5 bogstaver", "mindst 10 bogstaver", "--indtil 31-12-2099: en accept gælder højst to år"):
        assert error.count(said) == 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"begrundelse": '"."'}, "mindst ti bogstaver"),
        ({"af": '" "'}, "initialer"),
        ({"oprettet": "2098-01-01", "indtil": "2099-12-31"}, "frem i tiden"),
    ],
)
def test_a_hand_written_acceptance_says_why_by_whom_and_when(folder: Path, said: dict[str, str], problem: str) -> None:
    values = {"begrundelse": '"kendt og meldt"', "af": '"JH"', "oprettet": "2026-01-31", "indtil": "2026-12-31", **said}
    entry = "\n".join(
        ["[[accepteret]]", *(f"{key} = {value}" for key, value in values.items()), 'fund={"VH05-1"="2.5"}']
    )
    (folder / "accepteret.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        read_accepted(folder)
