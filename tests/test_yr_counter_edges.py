"""What a counter may do from one week to the next, every value beside the right one; MONDAY is 2020-U10.

Each case is a person of its own, so that one look at the rules judges a whole table of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.yr import MONDAY, Hit, career, found, monday, percent, row

JUMPS = ("YR02", "YR03", "YR04", "YR05", "YR06", "YR07", "YR08")
#: A week so early that the look-back of 156 weeks lies within the source: a reset too early is then no mere warning.
LONG_AGO = row(monday(-300), 1, cpr="3112991234")

Rows = Sequence[Mapping[str, Any]]


def person(number: int) -> str:
    return f"010180{1000 + number}"


def judged(cases: Sequence[Rows], *rules: str, **options: Any) -> list[list[Hit]]:
    """The hits of each case, in the order of the cases; the rows of a case get a person of their own."""
    rows = [{**each, "cpr": person(number)} for number, case in enumerate(cases) for each in case]
    by_person: dict[str, list[Hit]] = defaultdict(list)
    for hit in found([LONG_AGO, *rows], *(rules or JUMPS), **options):
        by_person[hit.cpr].append(hit)
    return [by_person[person(number)] for number in range(len(cases))]


def told(hits: Sequence[Hit]) -> str:
    """``YR03=12``: the rule and its value, several with a comma between."""
    return ", ".join(f"{hit.rule}={hit.value}" for hit in hits)


#: The counter of a week, that of the next, and what is said of the next.
NEXT_WEEK = [
    (10, 9, "YR04=9"), (10, 10, "YR02=10"), (10, 11, ""), (10, 12, "YR03=12"), (10, 13, "YR03=13"), (10, 1, "YR04=1"),
    (10, 0, "YR04=0"), (1, 1, "YR02=1"), (1, 2, ""), (1, 3, "YR03=3"), (1, 0, "YR04=0"), (2, 1, "YR04=1"),
    (0, 0, "YR02=0"), (0, 1, ""), (0, 2, "YR03=2"), (52, 53, ""), (52, 52, "YR02=52"), (53, 1, "YR04=1"),
    (999, 1000, ""), (999, 1001, "YR03=1001"),
]  # fmt: skip


def test_the_next_week_is_one_more_and_anything_else_has_one_name() -> None:
    hits = judged([career(before, after) for before, after, _said in NEXT_WEEK])
    assert [told(hit) for hit in hits] == [said for _before, _after, said in NEXT_WEEK]
    assert {hit.week for each in hits for hit in each} == {"2020-U11"}


#: Weeks without a counter after a week on 10, the counter then, and what is said of it.
AFTER_A_PAUSE = [
    (1, 11, ""), (1, 12, "YR05=12"), (1, 10, "YR05=10"), (1, 9, "YR05=9"), (1, 2, "YR05=2"), (1, 0, "YR05=0"),
    (1, 1, "YR06=1"), (2, 1, "YR06=2"), (2, 11, ""), (51, 11, ""), (51, 12, "YR05=12"), (51, 1, "YR06=51"),
    (52, 11, "YR07=11"), (52, 12, "YR05=12"), (52, 10, "YR05=10"), (52, 2, "YR05=2"), (52, 1, ""), (53, 11, "YR07=11"),
    (53, 1, ""), (155, 1, ""), (156, 1, ""), (157, 1, ""), (200, 11, "YR07=11"), (200, 1, ""),
]  # fmt: skip


def test_after_a_pause_the_counter_goes_on_or_begins_again_as_the_pause_allows() -> None:
    hits = judged([[row(MONDAY, 10), row(monday(pause + 1), after)] for pause, after, _said in AFTER_A_PAUSE])
    assert [told(hit) for hit in hits] == [said for _pause, _after, said in AFTER_A_PAUSE]


@pytest.mark.parametrize(("rule", "severity"), [("YR02", "fejl"), ("YR05", "advarsel"), ("YR07", "advarsel")])
def test_each_rule_has_its_own_severity(rule: str, severity: str) -> None:
    cases = {"YR02": (0, 10), "YR05": (1, 12), "YR07": (52, 11)}
    pause, after = cases[rule]
    (hits,) = judged([[row(MONDAY, 10), row(monday(pause + 1), after)]])
    assert [(hit.rule, hit.severity, hit.ydelse) for hit in hits] == [(rule, severity, None)]


#: Weeks with a payment, in weeks from the person's first, before the one where the counter begins again; and the weeks
#: without a counter that the reset has then (None: they are enough).
RESETS = [
    ([0], 52, 51), ([0], 53, None),  # one pause of 51 and of 52 weeks
    ([0, 26], 53, 51), ([0, 26], 54, None), ([0, 1, 2], 54, 51), ([0, 1, 2], 55, None),
    ([0, 20, 40, 60], 61, None), ([0, 10, 20, 30, 40, 50], 57, 51), ([0, 10, 20, 30, 40, 50], 58, None),
]  # fmt: skip


def test_weeks_without_a_counter_add_up_over_several_pauses() -> None:
    """Of the weeks between the first counter and the reset, those without one: 52 are enough, 51 are not."""
    cases = []
    for paid, reset, _lacking in RESETS:
        assert paid[0] == 0
        cases.append([*(row(monday(week), 10 + n) for n, week in enumerate(paid)), row(monday(reset), 1)])
    hits = judged(cases, "YR06")
    assert [[hit.value for hit in each] for each in hits] == [
        [] if lacking is None else [lacking] for _paid, _reset, lacking in RESETS
    ]
    for paid, reset, lacking in RESETS:
        assert (reset - 1) - (len(paid) - 1) == (lacking or (reset - 1) - (len(paid) - 1))


def test_of_a_pause_that_began_before_the_look_back_only_the_weeks_within_it_count() -> None:
    """Week 0, then 103 weeks of payments that leave 52 or 51 of the 156 weeks before the reset without one."""
    enough = [row(MONDAY, 10), *(row(monday(200 + n), 11 + n) for n in range(103)), row(monday(304), 1)]
    # the 156 weeks before 304 are 148–303: 148–199 (52 weeks) and 303 have none
    almost = [row(MONDAY, 10), *(row(monday(200 + n), 11 + n) for n in range(103)), row(monday(307), 1)]
    # before 307 they are 151–306: 151–199 (49) and 303–306 (4) have none, 53 in all
    short = [row(MONDAY, 10), *(row(monday(200 + n), 11 + n) for n in range(105)), row(monday(306), 1)]
    # before 306 they are 150–305: 150–199 (50) and 305 have none, 51 in all
    hits = judged([enough, almost, short], "YR06")
    assert [[hit.value for hit in each] for each in hits] == [[], [], [51]]


def test_the_first_counter_of_a_person_is_never_a_jump() -> None:
    assert [told(hit) for hit in judged([[row(MONDAY, first)] for first in (0, 1, 2, 53, 900)])] == [""] * 5


def test_a_pause_counts_weeks_across_a_year_of_53_weeks() -> None:
    """2020 has 53 weeks: from 2020-U53 to 2021-U01 is one week on, to 2021-U02 a pause of one."""
    last = date(2020, 12, 28)
    cases = [[row(last, 7), row(day, counter)] for day, counter in ((date(2021, 1, 4), 8), (date(2021, 1, 11), 9))]
    assert [told(hit) for hit in judged(cases)] == ["", "YR05=9"]
    one = [row(date(2021, 12, 27), 7), row(date(2022, 1, 3), 9)]  # 2021 has 52
    assert [(hit.rule, hit.week) for hit in judged([one])[0]] == [("YR03", "2022-U01")]


#: A week after one on 10, as rows of (counter, bruttoudgift, ydelse, koerselsperiode), and what is said of it.
MAY, JUNE = date(2020, 5, 1), date(2020, 6, 1)
AID, SICK = "Kontanthjælp", "Sygedagpenge"
OF_SEVERAL: list[tuple[list[tuple[int | None, str, str, date | None]], str | None]] = [
    ([(11, "1.00", AID, MAY)], ""),
    ([(11, "1.00", AID, MAY), (12, "1.00", SICK, MAY)], "YR03=12, YR08=12"),
    ([(12, "1.00", AID, MAY), (11, "1.00", AID, JUNE)], ""),  # the later run decides
    ([(11, "1.00", AID, MAY), (12, "1.00", AID, JUNE)], "YR03=12"),
    ([(12, "1.00", AID, MAY), (11, "1.00", SICK, JUNE)], ""),  # over ydelser too
    ([(12, "1.00", AID, None), (11, "1.00", AID, MAY)], ""),  # a row without a run is the earliest
    ([(12, "0.00", SICK, JUNE), (11, "1.00", AID, MAY)], ""),  # no payment carries no counter
    ([(12, "-0.01", SICK, JUNE), (11, "1.00", AID, MAY)], ""),
    ([(12, "0.01", SICK, JUNE), (11, "1.00", AID, MAY)], "YR03=12"),
    ([(12, "5.00", SICK, MAY), (None, "-5.00", SICK, JUNE), (11, "1.00", AID, MAY)], ""),  # netted to nothing
    ([(12, "5.00", SICK, MAY), (None, "-4.99", SICK, JUNE), (11, "1.00", AID, MAY)], "YR03=12, YR08=12"),
    ([(11, "1.00", AID, MAY), (None, "1.00", SICK, MAY)], ""),  # without a counter it disagrees with nobody
    ([(11, "1.00", AID, MAY), (None, "1.00", SICK, JUNE)], None),  # the latest run has none: no counter that week
    ([(0, "1.00", AID, MAY), (11, "1.00", SICK, MAY)], "YR08=11"),  # 0 is a counter
    ([(11, "1.00", AID, MAY), (11, "2.00", SICK, MAY)], ""),
]  # fmt: skip


def test_the_counter_of_a_week_is_the_largest_of_the_latest_run_of_what_was_paid() -> None:
    cases = []
    for rows, _said in OF_SEVERAL:
        weeks = [row(MONDAY, 10, koerselsperiode=MAY)]
        for counter, amount, ydelse, run in rows:
            weeks.append(row(monday(1), counter, amount, ydelse=ydelse, koerselsperiode=run))
        cases.append([*weeks, row(monday(2), 12, koerselsperiode=MAY)])
    hits = judged(cases)
    of_that_week = [[hit for hit in each if hit.week == "2020-U11"] for each in hits]
    assert [told(each) for each in of_that_week] == [said or "" for _rows, said in OF_SEVERAL]
    # where the week has no counter, the next one comes after a pause: 12 is then a jump from 10
    assert [told(each) for each, (_rows, said) in zip(hits, OF_SEVERAL, strict=True) if said is None] == ["YR05=12"]


def test_a_counter_that_disagrees_says_the_largest_and_the_smallest() -> None:
    rows = [
        row(MONDAY, n, "10.00", ydelse=y, koerselsperiode=MAY) for n, y in ((3, AID), (14, SICK), (9, "Kontantydelse"))
    ]
    (hits,) = judged([rows], "YR08")
    assert hits == [Hit("YR08", "advarsel", person(0), None, "2020-U10", 14)]


def test_a_fortnight_has_no_week_between_and_three_weeks_have_two() -> None:
    cases = [[row(MONDAY, 10), row(monday(n), 1)] for n in (2, 3, 4)]
    assert [[hit.value for hit in each] for each in judged(cases, "YR06")] == [[1], [2], [3]]


def test_weeks_are_judged_by_their_monday_whatever_day_the_rows_say() -> None:
    """A row of the 1st of a month belongs to the week it lies in, so that 1 July (a Wednesday) goes on from 29 June's week."""
    first, second = date(2020, 6, 22), date(2020, 7, 1)  # U26 and U27
    assert [told(hit) for hit in judged([[row(first, 7), row(second, 8)], [row(first, 7), row(second, 7)]])] == [
        "",
        "YR02=7",
    ]
    sunday, next_monday = date(2020, 7, 5), date(2020, 7, 6)  # U27 and U28
    assert [told(hit) for hit in judged([[row(sunday, 7), row(next_monday, 8)], [row(sunday, 7), row(next_monday, 9)]])] == [
        "", "YR03=9",
    ]  # fmt: skip


def test_each_row_of_a_payment_without_a_counter_is_found_and_nothing_else() -> None:
    cases = [
        [row(MONDAY, None, "0.01")], [row(MONDAY, None, "0.00")], [row(MONDAY, None, "-0.01")], [row(MONDAY, 0, "1.00")],
        [row(MONDAY, None, "5.00"), row(MONDAY, None, "-5.00")], [row(MONDAY, None, "5.00"), row(MONDAY, None, "-4.99")],
        [row(MONDAY, None, "5.00"), row(MONDAY, None, "6.00", beregning_id="2")],
        [row(MONDAY, None, "5.00", ydelse="Fleksbidrag fra staten")],
    ]  # fmt: skip
    assert [len(each) for each in judged(cases, "YR18")] == [1, 0, 0, 0, 0, 1, 2, 0]


def test_each_person_is_judged_by_the_own_counters_only() -> None:
    """A hundred careers beside each other, each with its mistake in a week of its own."""
    cases = []
    for number in range(40):
        counters = [5 + n for n in range(number % 8 + 2)]
        cases.append(career(*counters, counters[-1]))  # the last week stands still
    hits = judged(cases)
    assert [[(hit.rule, hit.week) for hit in each] for each in hits] == [
        [("YR02", f"2020-U{10 + number % 8 + 2:02d}")] for number in range(40)
    ]


def test_genoptjening_at_52_decides_whatever_the_calendar_says() -> None:
    """Told in the pause by a row of 0,00 kr.; 52 weeks reset the counter, and no more weeks are re-earned than the pause has."""

    def after(weeks: int, pause: int, counter: int) -> Rows:
        zero = row(monday(pause), None, "0.00", genoptjening=weeks)
        return [row(MONDAY, 10), zero, row(monday(pause + 1), counter)]

    cases = [
        (after(52, 60, 1), ""), (after(51, 60, 1), "YR19=51"), (after(53, 60, 1), ""), (after(52, 60, 11), "YR19=52"),
        (after(51, 60, 11), ""), (after(60, 60, 1), ""), (after(61, 60, 1), "YR19=61"), (after(5, 4, 11), "YR19=5"),
        (after(4, 4, 11), ""), (after(4, 4, 12), "YR05=12"), (after(0, 60, 1), "YR19=0"), (after(0, 60, 11), ""),
    ]  # fmt: skip
    assert [told(hit) for hit in judged([rows for rows, _said in cases], *JUMPS, "YR19")] == [
        said for _rows, said in cases
    ]


def test_the_percentage_that_belongs_to_a_counter_is_known_by_the_tests_as_by_the_law() -> None:
    """80/40/30/20 for 1–4/5–26/27–52/53–: what the other tests build their rows with."""
    edges = {1: 80, 4: 80, 5: 40, 26: 40, 27: 30, 52: 30, 53: 20, 5000: 20}
    assert {counter: percent(counter) for counter in edges} == edges
    assert row(MONDAY, 27, "33.35")["refusion"] == Decimal("10.01")  # 10,005 half up
