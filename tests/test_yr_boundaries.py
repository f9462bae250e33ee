"""The boundaries of ydelsesrefusion in the monthly files, through the command line and byte by byte."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from support.runs import call, working_folder
from support.yr import MONDAY, found, row

HEADER = "Uge;CPR nummer;Ydelse;Beregnet udbetalingsbeløb;Refusionssats;Refusionsbeløb"
#: Columns of fund.csv that say where the first row of a finding stands.
PLACE = ("fil", "raekke")


def paid(day: str, amount: str, *, cpr: str = "101801234", refusion: str = "") -> str:
    return f"{day};{cpr};Kontanthjælp;{amount};{'40' if refusion else ''};{refusion}"


def report(folder: Path, *files: Sequence[str]) -> Path:
    """Deliver files of these rows, one a month, and run ``reconcile yr``: the folder of the report."""
    (folder / "ind").mkdir(parents=True)
    working_folder(folder, '[kilder.yr]\nfiler = ["ind/yr-ydelsesrefusion-beregning-*.csv"]\n')
    (folder / "noegle.key").write_text("00" * 32, encoding="ascii")
    (folder / "noegle.key").chmod(0o600)
    for number, rows in enumerate(files, start=1):
        name = f"yr-ydelsesrefusion-beregning-665-{number:04d}-2024-{number:02d}-04.csv"
        (folder / "ind" / name).write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    call("yr", "--config", folder / "reconcile.toml", "--out", folder / "ud", "--quiet")
    return folder / "ud"


def findings(out: Path) -> list[Mapping[str, str]]:
    """The rows of fund.csv in their order, without the place of the first row."""
    with (out / "fund.csv").open(encoding="utf-8-sig", newline="") as handle:
        return [{k: v for k, v in r.items() if k not in PLACE} for r in csv.DictReader(handle, delimiter=";")]


def limit_hits(out: Path) -> list[tuple[str, str]]:
    return [(f["periode"], f["vaerdi"]) for f in findings(out) if f["regel"] == "YR01"]


@pytest.mark.parametrize(("amount", "hit"), [("9.999,99", []), ("10.000,00", [("2024-U02", "10000,00")])])
def test_ten_thousand_kroner_in_a_week(tmp_path: Path, amount: str, hit: list[tuple[str, str]]) -> None:
    assert limit_hits(report(tmp_path / "a", [paid("2024-01-08", amount)])) == hit


@pytest.mark.parametrize(("second", "hit"), [("5.999,99", []), ("6.000,00", [("2024-U05", "10000,00")])])
def test_two_halves_of_a_week_in_two_files(tmp_path: Path, second: str, hit: list[tuple[str, str]]) -> None:
    out = report(tmp_path / "a", [paid("2024-01-29", "4.000,00")], [paid("2024-02-01", second)])
    assert limit_hits(out) == hit


@pytest.mark.parametrize(("back", "hit"), [("-2.000,00", [("2024-U02", "10000,00")]), ("-2.000,01", [])])
def test_a_later_file_takes_a_week_below_the_limit(tmp_path: Path, back: str, hit: list[tuple[str, str]]) -> None:
    out = report(tmp_path / "a", [paid("2024-01-08", "12.000,00")], [paid("2024-01-08", back)])
    assert limit_hits(out) == hit


def test_a_payment_that_a_later_file_takes_back_whole_leaves_nothing(tmp_path: Path) -> None:
    out = report(tmp_path / "a", [paid("2024-01-08", "12.000,00")], [paid("2024-01-08", "-12.000,00")])
    assert findings(out) == []
    assert (out / "yr_uge.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == []


def test_week_53_of_2020_and_week_1_of_2021_do_not_add_up(tmp_path: Path) -> None:
    halves = [paid("2020-12-28", "4.000,00"), paid("2021-01-01", "4.000,00")]
    out = report(tmp_path / "a", halves, [paid("2021-01-04", "2.000,00")])
    assert limit_hits(out) == []
    out = report(tmp_path / "b", halves, [paid("2021-01-01", "2.000,00")])
    assert limit_hits(out) == [("2020-U53", "10000,00")]


@pytest.mark.parametrize("with_zero", ["0101801234", "010180-1234"])
def test_a_person_is_the_same_with_and_without_the_leading_zero(tmp_path: Path, with_zero: str) -> None:
    one = report(tmp_path / "a", [paid("2024-01-08", "4.000,00")], [paid("2024-01-08", "6.000,00", cpr=with_zero)])
    two = report(tmp_path / "b", [paid("2024-01-08", "4.000,00")], [paid("2024-01-08", "6.000,00")])
    assert limit_hits(one) == [("2024-U02", "10000,00")]
    assert findings(one) == findings(two)


@pytest.mark.parametrize(("year", "pause", "rules"), [(2019, 51, ["YR06"]), (2020, 52, [])])
def test_the_same_week_a_year_later_is_a_pause_of_52_weeks_only_across_week_53(
    year: int, pause: int, rules: list[str]
) -> None:
    before, after = date.fromisocalendar(year, 20, 1), date.fromisocalendar(year + 1, 20, 1)
    assert (after - before) // timedelta(weeks=1) - 1 == pause
    # Somebody else makes the source long enough for the look-back.
    start = row(date.fromisocalendar(year - 4, 1, 1), 1, cpr="0202754321")
    assert [hit.rule for hit in found([start, row(before, 10), row(after, 1)], "YR06")] == rules


def test_going_on_in_the_same_week_a_year_later_is_a_pause_of_52_weeks_only_across_week_53() -> None:
    for year, rules in ((2019, []), (2020, ["YR07"])):
        before, after = date.fromisocalendar(year, 20, 1), date.fromisocalendar(year + 1, 20, 1)
        assert [hit.rule for hit in found([row(before, 10), row(after, 11)], "YR05", "YR06", "YR07")] == rules


@pytest.mark.parametrize("seed", range(4))
def test_files_split_and_ordered_at_random_give_the_same_findings_and_figures(tmp_path: Path, seed: int) -> None:
    """Every finding with its id, pseudonym, sentence and order; every figure of the weeks byte by byte."""
    rng = random.Random(seed)
    rows = [
        paid(
            f"{MONDAY + timedelta(weeks=rng.randrange(4))}",
            f"{rng.choice((4000, 6000, 12000, -12000))},{n:02d}",
            cpr=rng.choice(("101801234", "202754321", "303901111")),
            refusion=rng.choice(("", "1600,00", "2400,00")),
        )
        for n in range(40)
    ]
    whole = report(tmp_path / "whole", rows)
    rng.shuffle(rows)
    cuts = sorted(rng.sample(range(1, 40), 3))
    parts = [rows[a:b] for a, b in zip((0, *cuts), (*cuts, 40), strict=True)]
    split = report(tmp_path / "split", *parts)
    assert {f["regel"] for f in findings(whole)} >= {"YR01", "YR10", "YR13"}
    assert findings(split) == findings(whole)
    assert (split / "yr_uge.csv").read_bytes() == (whole / "yr_uge.csv").read_bytes()


def test_a_last_line_cut_to_something_that_is_no_amount_stops_the_run(tmp_path: Path) -> None:
    assert not report(tmp_path / "a", [paid("2024-01-08", "4.000,00", refusion="1.6")]).exists()


def test_a_last_line_cut_to_another_amount_does_not_agree_with_its_percentage(tmp_path: Path) -> None:
    out = report(tmp_path / "a", [paid("2024-01-08", "4.000,00", refusion="1")])
    assert [(f["regel"], f["vaerdi"]) for f in findings(out)] == [("YR10", "1,00")]
