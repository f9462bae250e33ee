"""The counter rules YR02–YR08, one boundary at a time; MONDAY is 2020-U10."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from support.yr import BO, MONDAY, Hit, career, found, monday, row, week, weeks_found

COUNTER_RULES = ("YR02", "YR03", "YR04", "YR05", "YR06", "YR07", "YR08")


def counter_hits(rows: list[dict[str, object]]) -> list[tuple[str, str]]:
    return [(hit.rule, hit.week) for hit in found(rows, *COUNTER_RULES)]


def test_no_rows_no_findings() -> None:
    assert found([]) == []


def test_a_counter_that_goes_up_by_one_is_right() -> None:
    assert counter_hits(career(4, 5, 6, 7)) == []


def test_the_same_counter_two_weeks_running_stands_still() -> None:
    assert counter_hits(career(6, 7, 7, 8)) == [("YR02", "2020-U12")]


def test_two_to_four_is_a_gap() -> None:
    assert counter_hits(career(1, 2, 4, 5)) == [("YR03", "2020-U12")]


def test_a_lower_counter_without_a_pause_goes_back() -> None:
    assert counter_hits(career(12, 11, 12)) == [("YR04", "2020-U11")]


def test_one_without_a_pause_goes_back_and_is_no_reset() -> None:
    assert counter_hits(career(12, 1)) == [("YR04", "2020-U11")]


def test_counters_of_two_people_are_apart() -> None:
    assert counter_hits([*career(6), *career(6, first=1, cpr=BO)]) == []


def test_after_a_pause_the_counter_goes_on() -> None:
    assert counter_hits(career(6, None, None, 7)) == []


def test_after_a_pause_any_other_counter_is_a_jump() -> None:
    assert counter_hits(career(6, None, 9)) == [("YR05", "2020-U12")]
    assert counter_hits(career(6, None, 6)) == [("YR05", "2020-U12")]


def test_week_53_is_the_week_before_week_1() -> None:
    rows = [row(date(2020, 12, 28), 7), row(date(2021, 1, 4), 8)]
    assert counter_hits(rows) == []
    rows = [row(date(2020, 12, 28), 7), row(date(2021, 1, 4), 7)]
    assert counter_hits(rows) == [("YR02", "2021-U01")]
    assert week(date(2020, 12, 28)) == "2020-U53"


def test_a_week_split_by_the_year_is_one_week() -> None:
    rows = [row(date(2020, 12, 28), 7), row(date(2021, 1, 1), 7), row(date(2021, 1, 4), 8)]
    assert counter_hits(rows) == []


@pytest.mark.parametrize(("pause", "hit"), [(51, []), (52, ["YR07"])])
def test_going_on_after_52_weeks_is_no_reset(pause: int, hit: list[str]) -> None:
    rows = [row(MONDAY, 10), row(monday(pause + 1), 11)]
    assert [h.rule for h in found(rows, *COUNTER_RULES)] == hit


@pytest.mark.parametrize(("pause", "hit"), [(51, ["YR06"]), (52, [])])
def test_a_reset_needs_52_weeks_without_counter(pause: int, hit: list[str]) -> None:
    rows = [row(MONDAY, 10), row(monday(pause + 1), 1)]
    assert [h.rule for h in found(rows, *COUNTER_RULES)] == hit


def test_pauses_add_up_within_156_weeks() -> None:
    rows = [row(MONDAY, 10), row(monday(27), 11), row(monday(54), 1)]
    assert found(rows, "YR06") == []
    rows = [row(MONDAY, 10), row(monday(26), 11), row(monday(53), 1)]
    assert [hit.value for hit in found(rows, "YR06")] == [51]


def test_a_pause_before_the_156_weeks_no_longer_counts() -> None:
    # 60 free weeks, 155 weeks of payments, one free week: the 156 weeks hold one free week only.
    rows = [row(MONDAY, 10), *career(*range(11, 166), first=61), row(monday(217), 1)]
    hit = found(rows, "YR06")
    assert [(h.severity, h.value) for h in hit] == [("fejl", 1)]
    # One payment fewer, and the last week of the long pause is among the 156.
    rows = [row(MONDAY, 10), *career(*range(11, 165), first=61), row(monday(216), 1)]
    assert [h.value for h in found(rows, "YR06")] == [2]


def test_a_reset_near_the_start_of_the_source_is_a_warning() -> None:
    def severity(weeks_of_source: int) -> list[str]:
        rows = [row(MONDAY, 1, cpr=BO), *career(10, None, 1, first=weeks_of_source - 2)]
        return [hit.severity for hit in found(rows, "YR06")]

    assert severity(155) == ["advarsel"]
    assert severity(156) == ["fejl"]


def test_two_ydelser_with_different_counters_disagree() -> None:
    rows = [row(MONDAY, 14), row(MONDAY, 3, ydelse="Uddannelseshjælp")]
    assert found(rows, "YR08") == [Hit("YR08", "advarsel", rows[0]["cpr"], None, "2020-U10", 14)]
    rows = [row(MONDAY, 14), row(MONDAY, 14, ydelse="Uddannelseshjælp")]
    assert found(rows, "YR08") == []


def test_the_largest_counter_of_the_week_is_the_one_that_counts() -> None:
    rows = [row(MONDAY, 14), row(MONDAY, 3, ydelse="Uddannelseshjælp"), row(monday(1), 15)]
    assert found(rows, "YR03", "YR04", "YR02") == []


def test_a_later_run_decides_the_counter() -> None:
    rows = [*career(6, 9), row(monday(1), 7, "500.00", koerselsperiode=date(2020, 6, 1)), row(monday(2), 8)]
    assert counter_hits(rows) == []


def test_without_koerselsperiode_the_last_file_by_name_decides() -> None:
    rows = [
        *career(6, 9, fil="yr-1.csv"),
        row(monday(1), 7, "500.00", fil="yr-2.csv"),
        row(monday(2), 8, fil="yr-1.csv"),
    ]
    rows = [{**r, "koerselsperiode": None} for r in rows]
    lacks = ["koerselsperiode"]
    assert found(rows, "YR02", "YR03", "YR04", "YR08", lacks=lacks) == []
    rows = [{**r, "fil": "yr-3.csv" if r["ydelsestaeller"] == 9 else r["fil"]} for r in rows]
    assert weeks_found(rows, "YR03", lacks=lacks) == ["2020-U11"]


def test_a_reversed_week_has_no_counter() -> None:
    rows = career(6, 7, 7)
    back = {**rows[1], "bruttoudgift": Decimal("-1000.00"), "koerselsperiode": date(2020, 6, 1)}
    assert counter_hits([*rows, back]) == []


def test_a_reversal_and_a_zero_row_carry_no_counter() -> None:
    rows = [*career(6, 7), row(monday(1), 3, "-200.00", koerselsperiode=date(2020, 6, 1)), row(monday(1), 9, "0.00")]
    assert counter_hits(rows) == []


def test_fleksbidrag_carries_no_counter() -> None:
    assert counter_hits([*career(6, 7), row(monday(2), 30, ydelse="Fleksbidrag fra staten")]) == []


@pytest.mark.parametrize("distance", [155, 156, 157])
def test_the_first_counter_is_no_week_to_count_from_wherever_it_lies(distance: int) -> None:
    def reset_after(free: int) -> list[object]:
        return [
            hit.value for hit in found([*career(*range(10, 10 + distance - free)), row(monday(distance), 1)], "YR06")
        ]

    assert reset_after(51) == [51]
    assert reset_after(52) == []
