"""Ydelsesrefusion in the page and the workbook: the figures beside the year before, and the weeks around findings."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from support import report_example as sample
from support.worlds import world
from support.yr import ALWAYS, BO, career, row

from reconcile.controls import yr
from reconcile.reports import page_yr_more
from reconcile.reports.html import render_html
from reconcile.reports.page_yr import Grid, yr_page
from reconcile.reports.page_yr_weeks import strips
from reconcile.reports.xlsx import write_xlsx
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import load_rules


def ran(rows: list[dict[str, Any]], periods: str = ALWAYS, **options: Any) -> RunResult:
    with world({"yr": rows}, periods=periods, **options) as context:
        part = yr.run(context)
    return sample.empty(tables=part.tables, findings=part.findings, rules_run=part.rules_run)


def year(number: int, counter: int, brutto: str = "1000.00", **given: Any) -> list[dict[str, Any]]:
    """A payment in the second week of each month of a year."""
    return [row(date(number, month, 8) - _weekday(number, month), counter, brutto, **given) for month in range(1, 13)]


def _weekday(number: int, month: int) -> timedelta:
    return timedelta(days=date(number, month, 8).weekday())


@pytest.fixture(scope="module")
def two_years() -> RunResult:
    pension: dict[str, Any] = {"ydelse": "Førtidspension", "sats": 0, "medfinansieringssats": 80, "cpr": BO}
    rows = [*year(2019, 30), *year(2020, 60, "1500.00"), *year(2020, 60, medfinansiering=800, refusion=0, **pension)]
    return ran(rows, "2020")


def grid(result: RunResult, name: str) -> Grid:
    page = yr_page(result)
    assert page is not None
    return next(grid for grid in page.grids if grid.id == name)


def figures(result: RunResult, name: str, group: str, ydelse: str) -> list[tuple[str, str]]:
    """The figures of a row with what they were the year before."""
    (rows,) = [g.rows for g in grid(result, name).groups if g.name == group]
    return [(figure.text, figure.before) for line in rows if line.name == ydelse for figure in line.figures]


def test_the_newest_quarter_stands_beside_the_year_before(two_years: RunResult) -> None:
    assert figures(two_years, "yr-udgift", "Refusion", "Kontanthjælp") == [
        ("4.500", "før 3.000 · +50,0\N{NO-BREAK SPACE}%"),
        ("900", "før 900"),
        ("20,0", "før 30,0"),
        ("1,0", "før 1,0 · 0,0\N{NO-BREAK SPACE}%"),
    ]
    assert figures(two_years, "yr-udgift", "Medfinansiering", "Førtidspension")[:3] == [
        ("3.000", "før –"),
        ("2.400", "før –"),
        ("80,0", ""),
    ]


def test_the_staircase_says_what_each_step_is(two_years: RunResult) -> None:
    stairs = grid(two_years, "yr-trappe")
    assert stairs.headings == ("Trin 1, uge 1–4", "Trin 2, uge 5–26", "Trin 3, uge 27–52", "Trin 4, uge 53+", "I alt")
    assert [group.note for group in stairs.groups] == [
        "80, 40, 30 og 20 pct. på trin 1–4",
        "20, 60, 70 og 80 pct. på trin 1–4",
    ]
    steps = figures(two_years, "yr-trappe", "Refusion", "Kontanthjælp")
    assert steps[2:] == [("–", "før 1,0"), ("1,0", "før –"), ("1,0", "før 1,0")]


def test_quarters_and_months_are_shown_over_time(two_years: RunResult) -> None:
    percents = grid(two_years, "yr-procent")
    assert percents.headings == ("2020K1", "2020K2", "2020K3", "2020K4")
    assert figures(two_years, "yr-procent", "Refusion", "I alt") == [("20,0", "")] * 4
    months = grid(two_years, "yr-maaned")
    assert [line.name for line in months.groups[0].rows] == [f"2020-{m:02d}" for m in range(12, 0, -1)]
    assert figures(two_years, "yr-maaned", "Refusion", "2020-12")[0] == (
        "1.500",
        "før 1.000 · +50,0\N{NO-BREAK SPACE}%",
    )


def test_a_whole_quarter_goes_before_a_newer_part_of_one_and_the_part_says_how_much() -> None:
    result = ran([*year(2020, 60), row(date(2021, 1, 4), 61)])
    page = yr_page(result)
    assert page is not None
    assert page.intro.startswith("2020K4")
    assert page.warning == ""
    assert grid(result, "yr-procent").headings[-1] == "2021K1 (1 md.)"


def test_a_quarter_compared_with_a_part_of_one_is_warned_of() -> None:
    page = yr_page(ran([row(date(2019, 11, 4), 30), *year(2020, 60)], "2020K4"))
    assert page is not None
    assert page.warning.startswith("Kilden har 3 af 2020K4s tre måneder og 1 af de samme året før")


def test_an_amount_the_source_does_not_have_is_missing_and_not_zero() -> None:
    rows = [row(date(2020, 1, 6), 60, refusion=None, refusionssats=None)]
    result = ran(rows, lacks={"yr": ["refusion", "refusionssats"]})
    assert figures(result, "yr-udgift", "Refusion", "Kontanthjælp")[1] == ("mangler", "")


def test_without_ydelsesrefusion_there_is_no_section() -> None:
    assert yr_page(sample.empty()) is None
    assert 'id="yr"' not in render_html(sample.empty(), sample.rules())


def test_the_page_shows_the_section_and_not_the_raw_tables(two_years: RunResult) -> None:
    page = render_html(two_years, load_rules())
    assert 'id="yr"' in page
    assert "Måned for måned" in page
    for name in ("yr-maal", "yr-trappe", "yr-forloeb"):
        assert f'id="tabel-{name}"' not in page


def test_each_finding_has_the_weeks_around_it_with_its_own_marked() -> None:
    result = ran([*career(8, 9), *career(15, 16, first=9)])
    page = render_html(result, load_rules())
    (strip,) = re.findall(r'<table class="weeks">.*?</table>', page, re.DOTALL)
    assert re.findall(r"U[0-9]{2}", strip) == ["U10", "U11", "U19", "U20"]
    assert re.findall(r"<b>([0-9]+)</b>", strip) == ["8", "9", "15", "16"]
    assert re.search(r'class="hit">U19<span class="unseen"> fundets uge', strip)
    assert "7 uger uden" in strip
    # Every row has as many columns as there are weeks and gaps.
    head, _name, cells = re.findall(r"<tr>.*?</tr>", strip, re.DOTALL)
    assert head.count("<th") + head.count("<td") == cells.count("<td") == 5
    assert "Se, om der mangler uger" in page


def test_a_strip_has_a_line_for_each_ydelse_and_a_dash_for_a_missing_counter() -> None:
    rows = [*career(3, 4), row(date(2020, 3, 9), None, "845.00", ydelse="Sygedagpenge")]
    result = ran(rows)
    (strip,) = strips(result, [f for f in result.findings if f.regel == "YR18"]).values()
    assert [line.name for line in strip.lines] == [
        "Kontanthjælp: ydelsestæller, og brutto i kr.",
        "Sygedagpenge: ydelsestæller, og brutto i kr.",
    ]
    assert strip.lines[1].cells == (None, ("–", "845"))
    assert [week.year for week in strip.weeks] == ["2020", ""]


def test_without_counters_a_strip_shows_the_amounts_alone() -> None:
    result = ran([row(date(2020, 3, 9), None, "12000.00")], lacks={"yr": ["ydelsestaeller"]})
    page = render_html(result, load_rules())
    assert "Kontanthjælp: brutto i kr." in page
    (strip,) = re.findall(r'<table class="weeks">.*?</table>', page, re.DOTALL)
    assert "<b>" not in strip
    assert "12.000" in strip


def test_only_the_findings_on_the_page_have_their_weeks_there() -> None:
    rows = [r for n in range(40) for r in career(5, 5, cpr=f"0101{n:02d}1234")]
    page = render_html(ran(rows), load_rules())
    assert page.count('<table class="weeks">') == 5


def test_a_finding_in_the_workbook_leads_to_its_weeks(tmp_path: Path) -> None:
    target = tmp_path / "r.xlsx"
    result = ran([*career(1, 2, 2), *career(5, 6, 8, cpr=BO)])
    write_xlsx(result, target, load_rules())
    book = load_workbook(target)
    for line in book["Fund"].iter_rows(min_row=2):
        (link,) = [cell.hyperlink.location for cell in line if cell.hyperlink]
        row_number = int(link.rsplit("A", 1)[1])
        assert book["YR forløb"].cell(row_number, 1).value == line[-1].value
        assert book["YR forløb"].cell(row_number - 1, 1).value != line[-1].value


def test_before_the_law_of_the_staircase_its_steps_have_no_weeks_and_no_percentages() -> None:
    stairs = grid(ran([row(date(2015, 11, 2), None)], "2015"), "yr-trappe")
    assert not any("uge" in heading for heading in stairs.headings)
    assert [group.note for group in stairs.groups] == [""]


def test_the_steps_of_the_last_twelve_months_stand_as_a_table_and_as_bars(two_years: RunResult) -> None:
    (twelve, *_rest) = page_yr_more.grids(two_years)
    assert twelve.intro == "Personer pr. måned på hvert trin i de seneste tolv måneder, januar 2020 – december 2020."
    rows = {(g.name, r.name): [f.text for f in r.figures] for g in twelve.groups for r in g.rows}
    assert rows["Refusion", "Kontanthjælp"] == ["–", "–", "–", "1,0", "1,0"]
    assert rows["Medfinansiering", "I alt"] == ["–", "–", "–", "1,0", "1,0"]
    assert twelve.groups[0].note == "80, 40, 30 og 20 pct. på trin 1–4"
    refusion, other = page_yr_more.pictures(two_years)
    assert refusion.text == "80 pct.: –; 40 pct.: –; 30 pct.: –; 20 pct.: 1,0"
    assert other.text == "20 pct.: –; 60 pct.: –; 70 pct.: –; 80 pct.: 1,0"
    page = render_html(two_years)
    assert 'id="yr-trin-refusion"' in page
    assert 'id="h-yr-trappe-12"' in page


def test_the_percentages_in_time_are_drawn_and_told(two_years: RunResult) -> None:
    percents = grid(two_years, "yr-procent")
    assert percents.drawn
    (total,) = [r for g in percents.groups if g.name == "Refusion" for r in g.rows if r.total]
    assert total.course == "; ".join(f"2020K{n} 20,0" for n in range(1, 5))
    assert total.course in render_html(two_years)


def test_when_a_month_is_final_is_a_triangle_of_months_and_runs() -> None:
    late = [row(date(2020, 1, 13), 7, "100.00", cpr=BO, koerselsperiode=date(2020, 3, 1))]
    rows = [*late, *year(2020, 30)]
    (triangle,) = [g for g in page_yr_more.grids(ran(rows)) if g.id == "yr-efterregulering"]
    lines = {r.name: [f.text for f in r.figures] for g in triangle.groups for r in g.rows}
    assert lines["2020-01"][:2] == ["88,2", "100,0"]
    assert lines["2020-11"][2:3] == [""]
    assert triangle.headings[:2] == ("1", "2")
    assert triangle.headings[-1] == "Ventes ændret, kr."
