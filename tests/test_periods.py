"""Quarters, months and weeks, and how users write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.domain.periods import Quarter, between, iso_week, merge_choices, parse_choice, parse_month

QUARTERS = st.builds(Quarter, st.integers(1900, 2100), st.integers(1, 4))


@given(QUARTERS)
def test_a_quarter_reads_back_as_it_is_written(quarter: Quarter) -> None:
    assert Quarter.parse(str(quarter)) == quarter
    assert Quarter.parse(str(quarter).replace("K", "Q")) == quarter


@given(QUARTERS)
def test_quarters_follow_each_other_without_a_day_between(quarter: Quarter) -> None:
    assert quarter.next.first == quarter.last + timedelta(days=1)
    assert quarter.days == (quarter.next.first - quarter.first).days
    assert Quarter.of(quarter.first) == Quarter.of(quarter.last) == quarter


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 1, 1)))
def test_every_day_lies_in_its_quarter(day: date) -> None:
    assert Quarter.of(day).first <= day <= Quarter.of(day).last


@pytest.mark.parametrize("text", ["2020K3", " 2020k3 ", "2020Q3", "2020 K3"])
def test_a_quarter_may_be_written_in_danish_or_english(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2020, 3)


@pytest.mark.parametrize("text", ["", "2020", "2020K5", "2020K0", "20K3", "2020K33", "0000K1", "9999K4", "2020-07"])
def test_anything_else_is_no_quarter(text: str) -> None:
    assert Quarter.parse(text) is None


def test_a_year_is_four_quarters_and_a_span_includes_both_ends() -> None:
    assert parse_choice("2020") == tuple(Quarter(2020, n) for n in (1, 2, 3, 4))
    assert parse_choice("2019K4:2020K2") == (Quarter(2019, 4), Quarter(2020, 1), Quarter(2020, 2))
    assert parse_choice("2019:2020K1") == (*between(Quarter(2019, 1), Quarter(2019, 4)), Quarter(2020, 1))


@pytest.mark.parametrize(
    "text", ["", ":", "2020K1:", "2020K4:2020K1", "2020K1:2020K2:2020K3", "0000", "i fjor", "2020K1-2020K2"]
)
def test_a_period_that_cannot_be_is_none(text: str) -> None:
    assert parse_choice(text) is None


def test_several_periods_are_sorted_and_each_quarter_stands_once() -> None:
    chosen = merge_choices([(Quarter(2021, 1),), (Quarter(2020, 4), Quarter(2021, 1))])
    assert chosen == (Quarter(2020, 4), Quarter(2021, 1))


@pytest.mark.parametrize("text", ["2020-07", "2020M07", "2020m07", "202007", " 2020-07 "])
def test_a_month_is_its_first_day(text: str) -> None:
    assert parse_month(text) == date(2020, 7, 1)


@pytest.mark.parametrize(
    "text", ["", "2020-13", "2020-7", "07-2020", "000001", "0000-01", "2020-00", "2020K3", "2020-07-01"]
)
def test_anything_else_is_no_month(text: str) -> None:
    assert parse_month(text) is None


def test_an_iso_week_belongs_to_the_year_of_its_thursday() -> None:
    assert iso_week(date(2021, 1, 3)) == "2020-U53"
    assert iso_week(date(2019, 12, 30)) == "2020-U01"
    assert iso_week(date(2020, 7, 1)) == "2020-U27"
