"""The periods of the measures of Ydelsesrefusion: which there are, what each holds, and how many weeks it has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.controls.yr_periods import YrPeriod, between, chosen, earlier, name_of, periods_of, twelve
from reconcile.domain.periods import Quarter
from reconcile.results.yr import YrPeriodKind


def m(text: str) -> date:
    """``2020-03`` as the first day of the month."""
    year, month = text.split("-")
    return date(int(year), int(month), 1)


def months(first: str, count: int) -> list[date]:
    return [earlier(m(first), -n) for n in range(count)]


# --- the arithmetic of months -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "back", "then"),
    [
        ("2020-03", 0, "2020-03"), ("2020-03", 1, "2020-02"), ("2020-03", 2, "2020-01"), ("2020-03", 3, "2019-12"),
        ("2020-01", 1, "2019-12"), ("2020-01", 12, "2019-01"), ("2020-12", 11, "2020-01"), ("2020-12", 12, "2019-12"),
        ("2020-12", -1, "2021-01"), ("2020-12", -13, "2022-01"), ("2020-01", 13, "2018-12"),
    ],
)  # fmt: skip
def test_a_month_so_many_before(month: str, back: int, then: str) -> None:
    assert earlier(m(month), back) == m(then)
    assert between(m(then), m(month)) == back


def test_twelve_months_end_with_the_month_they_are_named_after() -> None:
    assert twelve(m("2020-12")) == "2020-01:2020-12"
    assert twelve(m("2020-03")) == "2019-04:2020-03"
    assert name_of(date(2020, 3, 1)) == "2020-03"


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(-400, 400))
def test_going_back_and_forth_ends_in_the_same_month(day: date, count: int) -> None:
    month = day.replace(day=1)
    there = earlier(month, count)
    assert there.day == 1
    assert earlier(there, -count) == month
    assert between(there, month) == count


# --- which periods there are --------------------------------------------------------------------------------------------


def test_a_source_without_months_has_no_periods() -> None:
    assert periods_of([]) == {}


def test_one_month_is_a_month_a_quarter_a_year_and_all() -> None:
    found = periods_of([m("2020-05")])
    assert {name: (p.kind, p.year_before) for name, p in found.items()} == {
        "2020-05": (YrPeriodKind.MONTH, "2019-05"),
        "2020K2": (YrPeriodKind.QUARTER, "2019K2"),
        "2020": (YrPeriodKind.YEAR, "2019"),
        "alle": (YrPeriodKind.ALL, ""),
    }
    assert {p.months for p in found.values()} == {(m("2020-05"),)}


def test_a_period_holds_the_months_the_source_has_in_order_whatever_order_they_come_in() -> None:
    given_ = [m("2020-07"), m("2020-05"), m("2019-12"), m("2020-04")]
    found = periods_of(given_)
    assert found["2020K2"].months == (m("2020-04"), m("2020-05"))
    assert found["2020K3"].months == (m("2020-07"),)
    assert found["2019K4"].months == (m("2019-12"),)
    assert found["2020"].months == (m("2020-04"), m("2020-05"), m("2020-07"))
    assert found["alle"].months == tuple(sorted(given_))
    assert "2020-06" not in found
    assert list(found) == [
        "2019-12",
        "2020-04",
        "2020-05",
        "2020-07",
        "2019K4",
        "2020K2",
        "2020K3",
        "2019",
        "2020",
        "alle",
    ]


@pytest.mark.parametrize(
    ("count", "rolling"),
    [(11, []), (12, ["2020-01:2020-12"]), (13, ["2020-01:2020-12", "2020-02:2021-01"]), (1, [])],
)
def test_twelve_months_are_a_period_from_the_twelfth_month_on(count: int, rolling: list[str]) -> None:
    found = periods_of(months("2020-01", count))
    assert [name for name, p in found.items() if p.kind is YrPeriodKind.ROLLING] == rolling


def test_twelve_months_with_a_hole_hold_the_months_that_are_there() -> None:
    there = [m("2020-01"), m("2020-06"), m("2020-12"), m("2021-01")]
    found = periods_of(there)
    rolling = {name: p for name, p in found.items() if p.kind is YrPeriodKind.ROLLING}
    assert {name: p.months for name, p in rolling.items()} == {
        "2020-01:2020-12": (m("2020-01"), m("2020-06"), m("2020-12")),
        "2020-02:2021-01": (m("2020-06"), m("2020-12"), m("2021-01")),
    }
    assert rolling["2020-02:2021-01"].year_before == "2019-02:2020-01"


def test_the_year_before_of_a_quarter_and_a_year_is_that_of_the_same_number() -> None:
    found = periods_of(months("2020-01", 12))
    assert [found[f"2020K{n}"].year_before for n in range(1, 5)] == [f"2019K{n}" for n in range(1, 5)]
    assert found["2020-01:2020-12"].year_before == "2019-01:2019-12"


# --- how many weeks a period has ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "weeks"),
    [
        ("2021-02", 4),  # Monday 1 to Sunday 28 February: the shortest there is
        ("2020-02", 5), ("2020-01", 5), ("2020-03", 6),  # Sunday 1 March to Tuesday 31
        ("2020-06", 5), ("2021-08", 6), ("2016-02", 5), ("2015-02", 5), ("2010-02", 4), ("2020-12", 5), ("2021-01", 5),
    ],
)  # fmt: skip
def test_a_month_has_the_iso_weeks_with_a_day_in_it(month: str, weeks: int) -> None:
    (only,) = [p for name, p in periods_of([m(month)]).items() if name == month]
    assert only.weeks == weeks


@pytest.mark.parametrize(
    ("first", "count", "weeks"),
    [
        ("2020-01", 3, 14),  # 30 December to 5 April: the week of 1 January and that of 31 March both count
        ("2020-04", 3, 14), ("2020-01", 12, 53), ("2021-01", 12, 53),  # 28 December 2020 to 2 January 2022
        ("2018-01", 12, 53), ("2018-01", 24, 105), ("2020-01", 2, 9),
    ],
)  # fmt: skip
def test_a_week_over_two_months_counts_once_in_what_holds_both(first: str, count: int, weeks: int) -> None:
    assert periods_of(months(first, count))["alle"].weeks == weeks


def test_a_week_over_two_months_that_are_in_two_periods_counts_in_both() -> None:
    """2020-U14 is 30 March to 5 April."""
    found = periods_of(months("2020-01", 6))
    assert found["2020K1"].weeks + found["2020K2"].weeks == found["2020"].weeks + 1


@given(st.sets(st.dates(date(2015, 1, 1), date(2026, 12, 31)).map(lambda d: d.replace(day=1)), min_size=1, max_size=6))
def test_the_weeks_of_a_period_are_those_of_its_days_counted_one_by_one(there: set[date]) -> None:
    for period in periods_of(there).values():
        days = [
            month + timedelta(days=n)
            for month in period.months
            for n in range(31)
            if (month + timedelta(days=n)).month == month.month
        ]
        assert period.weeks == len({day.isocalendar()[:2] for day in days})


# --- which periods are shown --------------------------------------------------------------------------------------------


def period(*there: str, kind: YrPeriodKind = YrPeriodKind.MONTH) -> YrPeriod:
    return YrPeriod("x", kind, "", tuple(map(m, there)))


@pytest.mark.parametrize(
    ("shown", "there", "kind"),
    [
        (True, ("2020-04",), YrPeriodKind.MONTH), (True, ("2020-06",), YrPeriodKind.MONTH),
        (False, ("2020-03",), YrPeriodKind.MONTH), (False, ("2020-07",), YrPeriodKind.MONTH),
        (False, ("2019-05",), YrPeriodKind.MONTH), (False, ("2021-05",), YrPeriodKind.MONTH),
        (True, ("2020-01", "2020-04"), YrPeriodKind.YEAR), (False, ("2020-01", "2020-07"), YrPeriodKind.YEAR),
        (True, ("2019-05", "2020-04"), YrPeriodKind.ROLLING), (False, ("2020-04", "2020-07"), YrPeriodKind.ROLLING),
        (True, ("1999-01",), YrPeriodKind.ALL),
    ],
)  # fmt: skip
def test_what_is_shown_of_the_second_quarter(shown: bool, there: tuple[str, ...], kind: YrPeriodKind) -> None:
    """Whatever has a month in it; of twelve months the last one, or every newer run would be shown too."""
    assert chosen(period(*there, kind=kind), [Quarter(2020, 2)]) is shown


def test_everything_is_shown_where_no_quarter_is_chosen() -> None:
    assert all(chosen(p, ()) for p in periods_of(months("2019-01", 15)).values())


def test_two_chosen_quarters_show_what_either_shows() -> None:
    quarters = [Quarter(2020, 1), Quarter(2020, 4)]
    found = periods_of(months("2020-01", 12))
    shown = {name for name, p in found.items() if chosen(p, quarters)}
    assert {"2020K1", "2020K4", "2020", "alle", "2020-01:2020-12", "2020-02", "2020-11"} <= shown
    assert not shown & {"2020K2", "2020K3", "2020-04", "2020-09"}
