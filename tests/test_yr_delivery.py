"""The monthly files of Ydelsesrefusion, from the folder they lie in to the reports, through the command line."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.runs import call, working_folder

HEADER = (
    "Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
    "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb"
)
#: Anna is paid 10.000 kr. in the two halves of 2024-U05, then corrected; Bo's 12.000 kr. are taken back by a later file.
JANUARY = (
    "2024-01-29;101801234;Kontanthjælp;Lemvig;4.000,00;4.000,00;40;1.600,00;;",
    "2024-01-29;202754321;Sygedagpenge;;12.000,00;12.000,00;20;2.400,00;;",
    "2024-01-08;202754321;Sygedagpenge;Lemvig;4.000,00;4.000,00;20;800,03;;",
)
FEBRUARY = (
    "2024-02-01;101801234;Kontanthjælp;Lemvig;6.000,00;6.000,00;40;2.400,00;;",
    "2024-01-29;202754321;Sygedagpenge;;-12.000,00;-12.000,00;20;-2.400,00;;",
    "2024-02-05;202754321;Sygedagpenge;Lemvig;4.000,00;4.000,00;20;800,00;;",
)
MARCH = (
    "2024-02-05;202754321;Fleksbidrag fra staten;Lemvig;99.000,00;99.000,00;;0,00;;",
    "2024-03-04;101801234;Førtidspension;Lemvig;3.000,00;3.000,00;0;0,00;80;2.400,00",
)
MONTHS = {"0050-2024-02-04": JANUARY, "0051-2024-03-03": FEBRUARY, "0052-2024-04-07": MARCH}


@dataclass(frozen=True)
class Run:
    """What a run left: its exit code, its result, its findings, and its weeks."""

    code: int
    result: Mapping[str, Any]
    findings: Sequence[tuple[str, str, str]]
    weeks: str

    def caveats(self, word: str) -> list[str]:
        return [text for text in self.result["forbehold"] if word in text]


def named(months: Mapping[str, Sequence[str]], kommune: str = "665") -> dict[str, bytes]:
    """Month → rows as the files they come in."""
    return {
        f"yr-ydelsesrefusion-beregning-{kommune}-{month}.csv": "\n".join((HEADER, *lines, "")).encode()
        for month, lines in months.items()
    }


def run(folder: Path, files: Mapping[str, bytes], *options: str, keys: str = "") -> Run:
    """Put the files in a new working folder, and run ``reconcile yr`` there; ``keys``: more of the source's section."""
    folder.mkdir()
    patterns = 'filer = ["ind/yr-ydelsesrefusion-*.csv"]'
    working_folder(folder, f"[kilder.yr]\n{patterns}\n{keys}\n")
    (folder / "noegle.key").write_text("00" * 32, encoding="ascii")
    (folder / "noegle.key").chmod(0o600)
    (folder / "ind").mkdir()
    for name, content in files.items():
        (folder / "ind" / name).write_bytes(content)
    out = folder / "rapport"
    code = call("yr", "--config", folder / "reconcile.toml", "--out", out, "--quiet", *options)
    if code not in (0, 1):
        return Run(code, {}, (), "")
    with (out / "fund.csv").open(encoding="utf-8-sig", newline="") as handle:
        findings = sorted((r["regel"], r["periode"], r["vaerdi"]) for r in csv.DictReader(handle, delimiter=";"))
    result = json.loads((out / "resultat.json").read_text(encoding="utf-8"))
    return Run(code, result, findings, (out / "yr_uge.csv").read_text(encoding="utf-8-sig"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("yr") / "a", named(MONTHS))


def test_a_delivery_has_the_amount_rules_and_names_the_others_with_what_they_lack(plain: Run) -> None:
    assert plain.code == 1
    assert plain.findings == [("YR01", "2024-U05", "10000,00"), ("YR10", "2024-U02", "800,03")]
    not_run = {item["regel"]: item["grund"] for item in plain.result["ikke_koert"]}
    counters = {f"YR0{n}" for n in range(2, 10)} | {"YR18", "YR19"}
    assert set(not_run) == counters | {"YR15", "YR20"}
    assert all("ydelsestaeller" in not_run[rule] for rule in counters)
    assert "bopaelskommune" in not_run["YR15"]


def test_the_weeks_are_net_of_later_corrections_and_as_the_dates_are_written(plain: Run) -> None:
    assert plain.weeks.splitlines() == [
        "uge;ydelse;kommune;antal;total;refusion;medfinansiering",
        "2024-01-08;Sygedagpenge;665;1;4000,00;800,03;",
        "2024-01-29;Kontanthjælp;665;1;4000,00;1600,00;",
        "2024-02-01;Kontanthjælp;665;1;6000,00;2400,00;",
        "2024-02-05;Sygedagpenge;665;1;4000,00;800,00;",
        "2024-03-04;Førtidspension;665;1;3000,00;0,00;2400,00",
    ]


def test_a_whole_series_of_files_has_nothing_to_remark(plain: Run) -> None:
    assert plain.caveats("løbenummer") == plain.caveats("samme rækker") == plain.caveats("filnavnet") == []
    assert len(plain.caveats("foranstillede nul")) == 3


def test_files_split_and_ordered_in_another_way_give_the_same(tmp_path: Path, plain: Run) -> None:
    lines = [*JANUARY, *FEBRUARY, *MARCH]
    random.Random(5).shuffle(lines)
    other = run(tmp_path / "b", named({"0050-2024-02-04": lines[:1], "0051-2024-03-03": lines[1:]}))
    assert (other.code, other.findings, other.weeks) == (plain.code, plain.findings, plain.weeks)
    tables = ("yr_maal", "yr_trappe", "yr_forloeb")
    assert [other.result[t] for t in tables] == [plain.result[t] for t in tables]


def test_encoding_byte_order_mark_and_line_ends_do_not_matter(tmp_path: Path, plain: Run) -> None:
    first, second, third = named(MONTHS).items()
    files = {
        first[0]: first[1].decode().encode("latin-1"),
        second[0]: b"\xef\xbb\xbf" + second[1].replace(b"\n", b"\r\n"),
        third[0]: third[1].rstrip(b"\n"),
    }
    other = run(tmp_path / "c", files)
    assert (other.findings, other.weeks) == (plain.findings, plain.weeks)


def test_a_missing_file_another_kommunes_and_a_number_that_came_twice_are_said(tmp_path: Path) -> None:
    months = {
        "0050-2024-02-04": JANUARY,
        "0052-2024-04-07": FEBRUARY,
        "0052-2024-04-14": MARCH,
        "0056-2024-05-05": (),
    }
    other = run(tmp_path / "d", named(months) | named({"0007-2024-02-04": JANUARY[:1]}, "671"))
    assert other.caveats("går fra løbenummer") == [
        "Leverancerne for kommune 665 går fra løbenummer 0050 til 0056, men 0051, 0053–0055 er der ikke; uger, som de retter,"
        " kan være forkerte."
    ]
    (twice,) = other.caveats("flere filer")
    assert "løbenummer 0052 i flere filer" in twice
    assert "0052-2024-04-07.csv" in twice
    assert "0052-2024-04-14.csv" in twice
    (stranger,) = other.caveats("filnavnet")
    assert stranger.startswith("yr-ydelsesrefusion-beregning-671-0007-2024-02-04.csv: filnavnet siger kommune 671")


COPY = "yr-ydelsesrefusion-beregning-665-0050-2024-02-04 (1).csv"


def twice() -> dict[str, bytes]:
    """January, and January again in another encoding and order."""
    again = "\r\n".join((HEADER, *JANUARY[::-1], "")).encode("latin-1")
    return named({"0050-2024-02-04": JANUARY}) | {COPY: again}


def test_a_file_delivered_twice_is_asked_about_and_nothing_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "e", twice()).code == 2
    said = capsys.readouterr().err
    assert f"{COPY} har de samme rækker som yr-ydelsesrefusion-beregning-665-0050-2024-02-04.csv" in said
    assert 'samme_levering = "en"' in said
    assert not (tmp_path / "e" / "rapport").exists()


def test_the_answer_counts_it_once_or_each_time(tmp_path: Path) -> None:
    once = run(tmp_path / "once", twice(), keys='samme_levering = "en"')
    each = run(tmp_path / "each", twice(), keys='samme_levering = "alle"')
    assert once.findings == [("YR01", "2024-U05", "12000,00"), ("YR10", "2024-U02", "800,03")]
    assert ("YR01", "2024-U05", "24000,00") in each.findings
    assert [COPY in text for text in once.caveats("samme rækker")] == [True]
    assert [text.startswith(COPY) for text in each.caveats("samme rækker")] == [True]
    assert once.caveats("flere filer") == each.caveats("flere filer") == []


def test_a_sibling_of_the_deliveries_is_told_from_them_and_not_read(plain: Run, tmp_path: Path) -> None:
    sibling = "yr-ydelsesrefusion-advisering-665-0050-2024-02-04.csv"
    other = run(tmp_path / "s", named(MONTHS) | {sibling: b"Advis;Dato\nNoget andet;2024-02-04\n"})
    assert (other.code, other.findings, other.weeks) == (plain.code, plain.findings, plain.weeks)
    assert [text.startswith(sibling) for text in other.caveats("advisering")] == [True]
    assert run(tmp_path / "t", {sibling: b"Advis;Dato\n"}).code == 2


def test_a_last_line_that_was_cut_off_stops_the_run_and_names_the_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = named(MONTHS)
    name = next(iter(files))
    assert run(tmp_path / "f", files | {name: files[name][:-20]}).code == 2
    said = capsys.readouterr().err
    assert f"{name}, række 4" in said
    assert not (tmp_path / "f" / "rapport").exists()
    aside = run(tmp_path / "g", files | {name: files[name][:-20]}, "--quarantine")
    assert ("YR01", "2024-U05", "10000,00") in aside.findings
    assert ("YR10", "2024-U02", "800,03") not in aside.findings


def test_an_amount_that_lost_its_last_digits_stops_the_run_where_the_line_ends_too_soon(tmp_path: Path) -> None:
    """``…;800,03;;`` cut to ``…;800,0`` reads as an amount, but the line has too few fields."""
    files = named(MONTHS)
    name = next(iter(files))
    assert run(tmp_path / "h", files | {name: files[name][:-4]}).code == 2
