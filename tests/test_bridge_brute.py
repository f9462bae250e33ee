"""The bridge against a count by days, on random worlds (tests/brute_bridge.py)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import bridge as brute
from support.examples import examples
from support.quick import Quick, quick_worlds
from support.worlds import open_count

from reconcile.controls import hand07
from reconcile.domain.codes import code_order
from reconcile.domain.periods import Quarter, parse_choice
from reconcile.reports.tables import table_csv
from reconcile.results.rows import PartResult, ResultTable

PERIODS = "2019K4:2021K1"
QUARTERS = {str(q): (q.first, q.last) for q in parse_choice(PERIODS) or ()}
CODES = ("1.12.0.2", "1.12.0.1", "1.8.1", "1.12.0.2", "1.8.2", "1.18.2", "1.1", "9.9")
_FIRSTS = [date(2019 + (8 + n) // 12, (8 + n) % 12 + 1, 1) for n in range(1, 19)]
DAYS = sorted({first + timedelta(days=n) for first in _FIRSTS for n in (-1, 0, 1, 14)})
_NEW_YEARS = [date(year, 1, 1) for year in range(2001, 2006)]
BIRTHS = [day + timedelta(days=n) for day in _NEW_YEARS for n in (-1, 0, 1)] + [date(1950, 6, 1), date(2004, 2, 29)]


#: dst_kode, quarter, person → the days that are left.
Days = dict[tuple[str, str, str], set[date]]


@dataclass(frozen=True)
class Drawn:
    """A world as the engine and the brute force get it."""

    brute: brute.World
    fagsystem: list[dict[str, Any]]
    borger: list[dict[str, Any]]
    hand07: list[dict[str, Any]]
    hand01: list[dict[str, Any]]
    refused: frozenset[str]
    tolerance: int

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The canonical tables."""
        approvals = [{"kommune": "665", "periode": q, "godkendt": q not in self.refused} for q in QUARTERS]
        approvals += [{"kommune": "101", "periode": q, "godkendt": False} for q in QUARTERS]
        extract = "flis" if self.brute.from_flis else "fagsystem"
        return {
            extract: self.fagsystem,
            "borger": self.borger,
            "hand07": self.hand07,
            "hand01": self.hand01,
            "godkendt": approvals,
        }

    def options(self) -> dict[str, Any]:
        """What stands under [regler]."""
        return {
            "slutdato_inklusiv": self.brute.inclusive,
            "population": self.brute.population,
            "tolerance_antal": self.tolerance,
        }


@st.composite
def worlds(draw: st.DrawFn) -> Drawn:
    courses: list[brute.Course] = []
    born: dict[str, date] = {}
    died: dict[str, date] = {}
    borger: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        birth = draw(st.sampled_from(BIRTHS))
        known = draw(st.sampled_from(["borger", "cpr", "erstatningsnummer", "ukendt"]))
        cpr = _cpr(birth, number, known)
        if known != "ukendt":
            born[cpr] = birth
        death = draw(st.none() | st.sampled_from(DAYS))
        if death:
            died[cpr] = death
        if known == "borger" or death:
            borger.append({"cpr": cpr, "foedselsdato": birth if known == "borger" else None, "doedsdato": death})
        courses += draw(st.lists(_courses(cpr), min_size=1, max_size=6))
    world = brute.World(
        courses,
        born,
        died,
        QUARTERS,
        draw(st.booleans()),
        draw(st.sampled_from(["handlekommune", "betalingskommune"])),
        from_flis=draw(st.booleans()),
    )
    keys = st.tuples(st.sampled_from(sorted(brute.VALID)), st.sampled_from(sorted(QUARTERS)))
    figures = draw(st.dictionaries(keys, st.none() | st.integers(0, 4), max_size=30))
    volumes = draw(st.dictionaries(keys, st.none() | st.decimals(0, 4, places=1), max_size=30))
    return Drawn(
        world,
        [_row(course) for course in courses],
        borger,
        [{"dst_kode": code, "periode": q, "antal": figure} for (code, q), figure in figures.items()],
        [{"dst_kode": code, "periode": q, "antal": figure} for (code, q), figure in volumes.items()],
        draw(st.frozensets(st.sampled_from(sorted(QUARTERS)), max_size=1)),
        draw(st.integers(0, 1)),
    )


def _cpr(birth: date, number: int, known: str) -> str:
    """A CPR that says the birth date, another one where borger says it, or nothing."""
    if known == "ukendt":
        return f"UKENDT{number:04d}"
    if known == "borger":
        return f"010150{number:04d}"
    day = birth.day + (60 if known == "erstatningsnummer" else 0)
    return f"{day:02d}{birth:%m%y}{4 if birth.year >= 2000 else 1}{number:03d}"


def _courses(cpr: str) -> st.SearchStrategy[brute.Course]:
    kommune = st.sampled_from(["665", None, "665", "101"])
    return st.builds(
        brute.Course,
        cpr=st.just(cpr),
        code=st.sampled_from(CODES),
        start=st.sampled_from(DAYS),
        end=st.none() | st.sampled_from(DAYS),
        former=st.sampled_from([False, False, True]),
        acting=kommune,
        paying=kommune,
    )


def _row(course: brute.Course) -> dict[str, Any]:
    return {
        "cpr": course.cpr,
        "dst_kode": course.code,
        "start_dato": course.start,
        "slut_dato": course.end,
        "system": "tidligere" if course.former else "nuvaerende",
        "handlekommune": course.acting,
        "betalingskommune": course.paying,
    }


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def judged(quick: Quick, drawn: Drawn, tables: dict[str, list[dict[str, Any]]] | None = None) -> PartResult:
    return hand07.run(quick(tables or drawn.tables(), periods=PERIODS, regler=drawn.options()))


def rows(result: PartResult, name: str) -> Sequence[Any]:
    return next(table.rows for table in result.tables if table.name == name)


@given(drawn=worlds())
@examples(30)
def test_everything_agrees_with_a_count_by_days(quick: Quick, drawn: Drawn) -> None:
    """All that HAND07 tells of a world is looked at in one test: the worlds take the time, not the looking."""
    result = judged(quick, drawn)
    steps = brute.count(drawn.brute)
    days = {step: brute.person_days(drawn.brute, left) for step, left in steps.items()}
    recipients_agree(drawn, result, steps)
    fulltime_agrees(drawn, result, steps)
    those_whose_days_each_step_changes_agree(result, days)
    candidates_agree(drawn, result, steps)
    the_persons_of_open_cells_agree(result, days)


def recipients_agree(drawn: Drawn, result: PartResult, steps: dict[str, brute.Left]) -> None:
    counted = {step: brute.recipients(drawn.brute, left) for step, left in steps.items()}
    bridge, cells = expected_cells(drawn, counted)
    assert [(s.dst_kode, s.periode, s.trin, s.antal, s.aendring) for s in rows(result, "bro")] == bridge
    assert [
        (c.dst_kode, c.periode, c.dst, own(c), c.harmoniseret, own_difference(c), c.rest, c.status)
        for c in rows(result, "hand07_diff")
    ] == cells
    still_open = ("delvist_forklaret", "uforklaret")
    persons = {cell[:2] for cell in cells if cell[-1] in still_open}
    volume = {(c.dst_kode, c.periode) for c in rows(result, "hand01_diff") if c.status in still_open}
    assert open_count(result) == len(persons | volume)
    assert {(p.dst_kode, p.periode, p.trin, p.borger) for p in rows(result, "bro_borgere")} == expected_people(counted)
    assert {h.regel: (h.fjernet, h.aendret) for h in rows(result, "harmonisering")} == expected_rules(drawn, steps)
    whole = {(c.dst_kode, c.periode): own_difference(c) for c in rows(result, "hand07_diff") if c.dst is not None}
    assert {cell: added_up(result, cell) for cell in whole} == whole


def own(cell: Any) -> Any:
    """The figure the bridge starts from."""
    return cell.flis if cell.fagsystem is None else cell.fagsystem


def own_difference(cell: Any) -> Any:
    return cell.forskel_flis if cell.fagsystem is None else cell.forskel_fagsystem


def fulltime_agrees(drawn: Drawn, result: PartResult, steps: dict[str, brute.Left]) -> None:
    counted = {step: brute.fulltime(drawn.brute, left) for step, left in steps.items()}
    published = {(f["dst_kode"], f["periode"]): f["antal"] for f in drawn.hand01}
    bridge: list[tuple[Any, ...]] = []
    cells: list[tuple[Any, ...]] = []
    for code, quarter in sorted(set(published).union(*counted.values()), key=lambda c: (code_order(c[0]), c[1])):
        figures = [counted[step].get((code, quarter), Fraction(0)) for step in brute.STEPS]
        changes = [None, *(after - before for before, after in pairwise(figures))]
        bridge += [(code, quarter, *step) for step in zip(brute.STEPS, figures, changes, strict=True)]
        bridge.append((code, quarter, "harmoniseret", figures[-1], Fraction(0)))
        dst = published.get((code, quarter))
        rest = difference = None
        if dst is not None:
            dst = Fraction(dst)
            difference, rest = dst - figures[0], dst - figures[-1]
            bridge.append((code, quarter, "dst", dst, rest))
        approved = quarter not in drawn.refused
        status = brute.status(code, QUARTERS[quarter], approved, dst, figures[0], rest, Fraction(5, 100))
        cells.append((code, quarter, *map(four, (dst, figures[0], figures[-1], difference, rest)), status))
    assert [(s.dst_kode, s.periode, s.trin, s.antal, s.aendring) for s in rows(result, "bro_fuldtid")] == [
        (code, quarter, step, four(figure), four(change)) for code, quarter, step, figure, change in bridge
    ]
    assert [
        (c.dst_kode, c.periode, c.dst, own(c), c.harmoniseret, own_difference(c), c.rest, c.status)
        for c in rows(result, "hand01_diff")
    ] == cells


def those_whose_days_each_step_changes_agree(result: PartResult, days: dict[str, Days]) -> None:
    expected = {
        (code, quarter, step, f"P-{cpr[::-1]}", len(days[step].get((code, quarter, cpr), ())) - len(had))
        for before, step in pairwise(brute.STEPS)
        for (code, quarter, cpr), had in days[before].items()
        if days[step].get((code, quarter, cpr), set()) != had
    }
    found = [(p.dst_kode, p.periode, p.trin, p.borger, p.dage) for p in rows(result, "bro_fuldtid_borgere")]
    assert set(found) == expected
    assert len(found) == len(expected)


def candidates_agree(drawn: Drawn, result: PartResult, steps: dict[str, brute.Left]) -> None:
    tables = {table.name: table.rows for table in result.tables}
    tried = brute.candidates(drawn.brute, steps)
    rests = {(c.dst_kode, c.periode): c.rest for c in tables["hand07_diff"] if c.rest is not None and judged_cell(c)}
    expected = {}
    for name, cells in tried.items():
        gone = {cell: len(people) for cell, people in cells.items() if cell in rests}
        explains = {cell: max(abs(rests[cell]) - abs(rests[cell] + n), 0) for cell, n in gone.items()}
        useful = {cell: min(n, -rests[cell]) if rests[cell] < 0 else 0 for cell, n in gone.items()}
        assert all(useful[cell] >= explains[cell] for cell in gone)
        breaks = sum(n for cell, n in gone.items() if rests[cell] == 0)
        too_many = sum(n - useful[cell] for cell, n in gone.items() if rests[cell])
        expected[name] = (sum(useful.values()), breaks, too_many, sum(gone.values()))
    found = {c.kandidat: (c.forklarer, c.bryder, c.fjerner_for_mange, c.fjerner) for c in tables.get("kandidater", ())}
    assert found == (expected if rests else {})
    worth = [c.forklarer - c.bryder - c.fjerner_for_mange for c in tables.get("kandidater", ())]
    assert worth == sorted(worth, reverse=True)


def judged_cell(cell: Any) -> bool:
    return cell.status in ("ens", "forklaret", "inden_for_tolerance", "delvist_forklaret", "uforklaret")


def the_persons_of_open_cells_agree(result: PartResult, days: dict[str, Days]) -> None:
    tables = {table.name: table.rows for table in result.tables}
    is_open = {
        (c.dst_kode, c.periode)
        for name in ("hand07_diff", "hand01_diff")
        for c in tables[name]
        if c.status in ("delvist_forklaret", "uforklaret")
    }
    expected = {
        (code, quarter, f"P-{cpr[::-1]}", *((code, quarter, cpr) in days[s] for s in brute.STEPS[1:]),
         len(days["R2"].get((code, quarter, cpr), ())))
        for code, quarter, cpr in days["raa"]
        if (code, quarter) in is_open
    }  # fmt: skip
    found = [
        (p.dst_kode, p.periode, p.borger, p.indlaesning, p.gyldighed, p.r1, p.r3, p.r2, p.dage)
        for p in tables.get("celle_borgere", ())
    ]
    assert set(found) == expected
    assert len(found) == len(expected)


def four(value: Fraction | None) -> Decimal | None:
    """Four decimals, half up, away from zero, by long division."""
    if value is None:
        return None
    whole, left = divmod(abs(value.numerator) * 10_000, value.denominator)
    whole += 2 * left >= value.denominator
    return Decimal(whole if value >= 0 else -whole) / 10_000


def expected_cells(
    drawn: Drawn, counted: dict[str, dict[tuple[str, str], set[str]]]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of bro.csv and the figures and statuses of hand07_diff.csv."""
    published = {(f["dst_kode"], f["periode"]): f["antal"] for f in drawn.hand07}
    bridge: list[tuple[Any, ...]] = []
    cells: list[tuple[Any, ...]] = []
    for code, quarter in sorted(set(published).union(*counted.values()), key=lambda c: (code_order(c[0]), c[1])):
        figures = [len(counted[step].get((code, quarter), ())) for step in brute.STEPS]
        changes = [None, *(after - before for before, after in pairwise(figures))]
        bridge += [(code, quarter, *step) for step in zip(brute.STEPS, figures, changes, strict=True)]
        bridge.append((code, quarter, "harmoniseret", figures[-1], 0))
        dst = published.get((code, quarter))
        rest = difference = None
        if dst is not None:
            difference, rest = dst - figures[0], dst - figures[-1]
            bridge.append((code, quarter, "dst", dst, rest))
        approved = quarter not in drawn.refused
        status = brute.status(code, QUARTERS[quarter], approved, dst, figures[0], rest, drawn.tolerance)
        cells.append((code, quarter, dst, figures[0], figures[-1], difference, rest, status))
    return bridge, cells


def expected_people(counted: dict[str, dict[tuple[str, str], set[str]]]) -> set[tuple[str, str, str, str]]:
    """Who leaves which cell at which step."""
    return {
        (code, quarter, step, f"P-{cpr[::-1]}")
        for before, step in pairwise(brute.STEPS)
        for (code, quarter), people in counted[before].items()
        for cpr in people - counted[step].get((code, quarter), set())
    }


def expected_rules(drawn: Drawn, steps: dict[str, brute.Left]) -> dict[str, tuple[int, int]]:
    """Rule → removed and changed courses, among those that touch the shown quarters when R1 begins."""
    shown = [
        n for n, days in steps["gyldighed"].items() if any(f <= d <= t for f, t in QUARTERS.values() for d in days)
    ]
    expected = {
        rule: brute.removed_and_changed(steps[before], steps[rule], shown)
        for before, rule in (("gyldighed", "R1"), ("R1", "R3"), ("R3", "R2"))
    }
    return expected | {"i alt": (sum(f for f, _c in expected.values()), sum(c for _f, c in expected.values()))}


def added_up(result: PartResult, cell: tuple[str, str]) -> int:
    """The sum of a cell's changes in bro.csv."""
    return sum(s.aendring or 0 for s in rows(result, "bro") if (s.dst_kode, s.periode) == cell)


@given(drawn=worlds(), seed=st.integers(0, 99))
@examples(10)
def test_row_order_and_file_split_change_no_byte(quick: Quick, drawn: Drawn, seed: int) -> None:
    before = [table_csv(without_rows(table)) for table in judged(quick, drawn).tables]
    chance = random.Random(seed)
    tables = {name: [dict(row) for row in rows] for name, rows in drawn.tables().items()}
    for name, moved in tables.items():
        chance.shuffle(moved)
        for number, row in enumerate(moved):
            row |= {"fil": f"{name}-{chance.choice('abc')}.csv", "raekke": number + 2}
    assert [table_csv(without_rows(table)) for table in judged(quick, drawn, tables).tables] == before


def without_rows(table: ResultTable) -> ResultTable:
    """The table without where its rows were read, which is all that may differ."""
    if table.name != "celle_borgere":
        return table
    return replace(table, rows=tuple(replace(row, fil="", raekke=0) for row in table.rows))


def test_the_worlds_are_about_what_they_should_be() -> None:
    assert Quarter(2020, 3).first in DAYS
    assert Quarter(2020, 2).last in DAYS
    assert date(2003, 1, 1) in BIRTHS
    assert date(2003, 1, 2) in BIRTHS
