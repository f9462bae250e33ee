"""What a wrong counter or percentage costs, worked out week by week; 1.000 kr. a week at 80, 40, 30 or 20 pct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.quick import quick_worlds
from support.yr import ANNA, BO, career, monday, row

from reconcile.controls import yr
from reconcile.results.rows import PartResult

Rows = Sequence[Mapping[str, Any]]
SICK, PENSION = "Sygedagpenge", "Førtidspension"


def run(rows: Rows, periods: str = "") -> PartResult:
    with quick_worlds() as make:
        return yr.run(make({"yr": rows}, periods=periods))


def table(result: PartResult, name: str) -> list[Any]:
    return next((list(t.rows) for t in result.tables if t.name == name), [])


def cost(rows: Rows, periods: str = "") -> list[tuple[str, str, int, Decimal]]:
    """Each finding that cost something: its rule, its week, how many weeks, and the kroner."""
    return [(r.regel, r.periode, r.uger, r.tab) for r in table(run(rows, periods), "yr_tab")]


def costs(cases: Sequence[Rows]) -> list[list[tuple[str, str, int, Decimal]]]:
    """The same of each case, worked out in one run: the rows of a case get a person of their own."""
    people = [f"010180{1000 + number}" for number in range(len(cases))]
    found: dict[str, list[tuple[str, str, int, Decimal]]] = {f"P-{cpr[::-1]}": [] for cpr in people}
    for r in table(run([{**r, "cpr": cpr} for cpr, case in zip(people, cases, strict=True) for r in case]), "yr_tab"):
        found[r.borger].append((r.regel, r.periode, r.uger, r.tab))
    return list(found.values())


def d(text: str) -> Decimal:
    return Decimal(text)


# --- a counter, and the weeks after it ----------------------------------------------------------------------------------


#: Counters week by week, how many weeks are on another percentage than the right one, and what that costs.
COUNTERS = [
    ((2, 3, 4, 5, 6), 0, "0.00"),
    ((2, 4, 5), 1, "400.00"),  # should be 2 3 4: the third week is on 5 (40) and should be on 4 (80)
    ((3, 5, 6), 1, "400.00"),  # should be 3 4 5: the second week is on 5 and should be on 4
    ((3, 4, 6, 7), 0, "0.00"),  # should be 3 4 5 6: all on the right step
    ((25, 27, 28), 1, "100.00"),  # should be 25 26 27: the second week is on 27 (30) and should be on 26 (40)
    ((51, 53, 54), 1, "100.00"),  # should be 51 52 53
    ((3, 27, 28), 2, "600.00"),  # 3 4 5: 80 − 30 and 40 − 30
    ((3, 53, 54, 55), 3, "1000.00"),  # 3 4 5 6: 60 + 20 + 20 pct.
    ((5, 5, 6), 0, "0.00"),
    ((4, 4, 5), 1, "-400.00"),  # 4 5 6: the second week is on 4 (80) and should be on 5 (40)
    ((26, 26, 27), 1, "-100.00"),
    ((52, 52, 53), 1, "-100.00"),
    ((30, 1, 2), 2, "-1000.00"),  # 30 31 32: 2 × (30 − 80)
]


def test_each_week_costs_the_percentage_of_the_right_counter_less_the_one_used() -> None:
    found = costs([career(*counters) for counters, _weeks, _lost in COUNTERS])
    for (counters, weeks, lost), told in zip(COUNTERS, found, strict=True):
        assert sum(uger for _rule, _week, uger, _tab in told) == weeks, counters
        assert sum((tab for *_rest, tab in told), Decimal(0)) == d(lost), counters


WRONG = row(monday(0), 7, sats=30)
EARLY = [row(monday(0), 30), row(monday(11), 1), row(monday(12), 2)]
MEDFINANCED: dict[str, Any] = {
    "sats": 0,
    "refusion": Decimal(0),
    "medfinansieringssats": d("70"),
    "medfinansiering": d("700.00"),
}
#: What happened to a person, the rows, and each finding with its week, how many weeks it cost, and kroner.
STORIES: dict[str, tuple[Rows, list[tuple[str, str, int, Decimal]]]] = {
    # right is 3 4 5 6: the gap costs the second week, and from the standstill on the counters are right again
    "a gap and then a standstill": (career(3, 5, 5, 6), [("YR03", "2020-U11", 1, d("400.00"))]),
    # right is 3 4 5 6: the two that stand still are on the right step
    "a gap and then two standstills": (career(3, 5, 5, 5), [("YR03", "2020-U11", 1, d("400.00"))]),
    # right is 3 4 5 6: the gap costs 400 kr., and going back to 4 (80) gives 400 kr. too much in the last week
    "a gap and then a step back": (
        career(3, 5, 6, 4),
        [("YR03", "2020-U11", 1, d("400.00")), ("YR04", "2020-U13", 1, d("-400.00"))],
    ),
    "two rows in the week that went wrong": (
        [row(monday(0), 3), row(monday(1), 5, "600.00"), row(monday(1), 5, "400.00", beregning_id="2")],
        [("YR03", "2020-U11", 1, d("400.00"))],
    ),
    # 33,33 × 40 pct. = 13,332 and 0,03 × 40 pct. = 0,012
    "a week of 33,33 kr.": ([row(monday(0), 3), row(monday(1), 5, "33.33")], [("YR03", "2020-U11", 1, d("13.33"))]),
    "a week of 3 øre": (
        [row(monday(0), 3), row(monday(1), 5, "0.03", refusion=d("0.01"))],
        [("YR03", "2020-U11", 1, d("0.01"))],
    ),
    # right is 31 and 32, on 30 pct., until after 52 weeks without a counter 1 is right
    "a reset too early": (EARLY, [("YR06", "2020-U21", 2, d("-1000.00"))]),
    "a reset too early and later a right one": (
        [*EARLY, row(monday(65), 1), row(monday(66), 2)],
        [("YR06", "2020-U21", 2, d("-1000.00"))],
    ),
    # right is 1 and 2 (80 pct.) in place of 11 and 12 (40 pct.)
    "going on where the count should begin again": (
        [row(monday(0), 10), row(monday(53), 11), row(monday(54), 12)],
        [("YR07", "2021-U10", 2, d("800.00"))],
    ),
    # right is 27 and 28, on the same step
    "a jump after a pause within a step": ([row(monday(0), 26), row(monday(2), 28), row(monday(3), 29)], []),
    # right is 25
    "a jump after a pause to another step": (
        [row(monday(0), 24), row(monday(2), 27)],
        [("YR05", "2020-U12", 1, d("100.00"))],
    ),
    # right is one more, 25 (40 pct.) in place of 30 (30 pct.)
    "a jump after a pause of a year": (
        [row(monday(0), 24), row(monday(53), 30)],
        [("YR05", "2021-U10", 1, d("100.00"))],
    ),
    "a gap in another kommune's week": (
        [row(monday(0), 3), row(monday(1), 5, finansieringskommune="671"), row(monday(2), 6)],
        [],
    ),
    # 70 pct. on step 2, where 60 is right: the kommune paid 100 kr. too much
    "too much medfinansiering": (
        [row(monday(0), 7, ydelse=PENSION, **MEDFINANCED)],
        [("YR09", "2020-U10", 1, d("100.00"))],
    ),
    "a wrong percentage of two ydelser": (
        [WRONG, row(monday(0), 7, "2000.00", sats=30, ydelse=SICK)],
        [("YR09", "2020-U10", 1, d("200.00")), ("YR09", "2020-U10", 1, d("100.00"))],
    ),
    "a wrong payment that was taken back": (
        [WRONG, {**WRONG, "bruttoudgift": d("-1000.00"), "refusion": d("-300.00")}],
        [],
    ),
    "a wrong payment of which half was taken back": (
        [WRONG, {**WRONG, "bruttoudgift": d("-500.00"), "refusion": d("-150.00")}],
        [("YR09", "2020-U10", 1, d("50.00"))],
    ),
}


@pytest.fixture(scope="module")
def told() -> dict[str, list[tuple[str, str, int, Decimal]]]:
    """What each story cost, worked out in one run."""
    return dict(zip(STORIES, costs([rows for rows, _cost in STORIES.values()]), strict=True))


@pytest.mark.parametrize("story", STORIES)
def test_what_happened_to_a_person_costs_what_it_should(
    told: dict[str, list[tuple[str, str, int, Decimal]]], story: str
) -> None:
    assert told[story] == STORIES[story][1]


def test_the_largest_cost_comes_first_and_equal_ones_by_rule() -> None:
    rows = [*career(3, 5, cpr=ANNA), *career(3, 27, cpr=BO), *career(4, 4, cpr="0303901111")]
    assert [(rule, tab) for rule, _week, _n, tab in cost(rows)] == [
        ("YR03", d("500.00")), ("YR02", d("-400.00")), ("YR03", d("400.00")),
    ]  # fmt: skip


# --- a percentage that its own counter does not have --------------------------------------------------------------------


def test_a_wrong_percentage_costs_its_distance_from_the_right_one() -> None:
    cases = [
        (30, 7, "100.00"),
        (80, 7, "-400.00"),
        (20, 3, "600.00"),
        (65, 30, "-350.00"),
        (39, 7, "10.00"),
        (41, 7, "-10.00"),
    ]
    found = costs([[row(monday(0), counter, sats=sats)] for sats, counter, _lost in cases])
    assert found == [[("YR09", "2020-U10", 1, d(lost))] for _sats, _counter, lost in cases]


def test_what_is_not_judged_costs_nothing() -> None:
    quiet = [
        row(monday(0), 7, refusionssats=None), row(monday(1), 8, refusionssats=d("0"), refusion=d("0")),
        row(monday(2), 9, sats=65, ydelse="Løntilskud"), row(monday(3), None, sats=30),
        row(monday(4), 10, sats=30, finansieringskommune="671"),
    ]  # fmt: skip
    assert costs([[only] for only in quiet]) == [[]] * len(quiet)


# --- years, persons and sentences ---------------------------------------------------------------------------------------


def yearly(rows: Rows, periods: str = "") -> dict[tuple[str, str], tuple[int, Decimal]]:
    return {(r.aar, r.regel): (r.borgere, r.tab) for r in table(run(rows, periods), "yr_tab_aar")}


def test_each_year_has_the_weeks_of_its_days_and_persons_count_once() -> None:
    """Counter 3 → 27 in the last week of 2020: right is 4 (2020-12-28) and 5 (2021-01-04): 500 kr. and 100 kr."""
    last, first = date(2020, 12, 28), date(2021, 1, 4)
    rows = [row(date(2020, 12, 21), 3), row(last, 27), row(first, 28), row(first, 8, sats=30, cpr=BO)]
    assert yearly(rows) == {
        ("2020", "YR03"): (1, d("500.00")), ("2020", "i alt"): (1, d("500.00")),
        ("2021", "YR03"): (1, d("100.00")), ("2021", "YR09"): (1, d("100.00")), ("2021", "i alt"): (2, d("200.00")),
        ("i alt", "YR03"): (1, d("600.00")), ("i alt", "YR09"): (1, d("100.00")), ("i alt", "i alt"): (2, d("700.00")),
    }  # fmt: skip


def test_a_chosen_quarter_has_the_weeks_whose_day_lies_in_it() -> None:
    rows = [row(date(2020, 3, 23), 3), row(date(2020, 3, 30), 53), row(date(2020, 4, 6), 54)]
    assert yearly(rows, "2020K1")["i alt", "i alt"] == (1, d("600.00"))
    assert yearly(rows)["i alt", "i alt"] == (1, d("800.00"))


def test_the_sentence_says_what_was_lost_or_won_and_nothing_where_it_evens_out() -> None:
    def said(*rows: Mapping[str, Any]) -> list[str]:
        return [text for text in run(rows).caveats if "refusion i 2020" in text]

    assert said(row(monday(0), 7, sats=30)) == ["Fejl i tæller og sats har kostet 100,00 kr. i refusion i 2020."]
    (won,) = said(row(monday(0), 7, sats=50))
    assert "har givet 100,00 kr. for meget i refusion i 2020" in won
    assert said(row(monday(0), 7, sats=30), row(monday(0), 7, sats=50, cpr=BO)) == []
    assert said(row(monday(0), 7)) == []


def test_other_kommuners_rows_are_listed_by_kommune_with_persons_counted_once() -> None:
    theirs = {"finansieringskommune": "671"}
    rows = [
        row(monday(0), 7, "10.00", **theirs), row(monday(1), 8, "20.00", **theirs), row(monday(0), 7, "5.00", cpr=BO, **theirs),
        row(monday(0), 7, "1.00", cpr=BO, finansieringskommune="101"), row(monday(0), 7, "2.00"),
        row(monday(0), None, "9.00", ydelse="Fleksbidrag fra staten", **theirs),
    ]  # fmt: skip
    result = run(rows)
    assert [(r.finansieringskommune, r.raekker, r.personer, r.bruttoudgift, r.refusion) for r in table(result, "yr_andre")] == [
        ("101", 1, 1, d("1.00"), d("0.40")), ("671", 3, 2, d("35.00"), d("14.00")),
    ]  # fmt: skip
    assert any("4 rækker er finansieret af andre kommuner (101, 671)" in text for text in result.caveats)
