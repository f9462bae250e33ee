"""The periods of the measures of Ydelsesrefusion: each month, quarter, year, run of twelve months, and all of the source."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from reconcile.domain.periods import Quarter
from reconcile.results.yr import YrPeriodKind

ALL = "alle"


@dataclass(frozen=True)
class YrPeriod:
    """A period as written, the same one a year earlier, and its months (their first days) that the source has rows for."""

    name: str
    kind: YrPeriodKind
    year_before: str
    months: tuple[date, ...]

    @cached_property
    def weeks(self) -> int:
        """The ISO weeks with a day in one of the months, a split week once."""
        return len({monday for month in self.months for monday in _mondays(month)})


def periods_of(months: Collection[date]) -> Mapping[str, YrPeriod]:
    """The periods of a source's months (first days) by name, each kind in order of time.

    Twelve months are a period when the source reaches back to the first of them.
    """
    if not months:
        return {}
    ordered = sorted(months)
    periods: dict[str, YrPeriod] = {}

    def add(name: str, kind: YrPeriodKind, year_before: str, within: tuple[date, ...]) -> None:
        """Note a period by its name, with its kind, the period a year before, and the months in it."""
        periods[name] = YrPeriod(name, kind, year_before, within)

    for month in ordered:
        add(name_of(month), YrPeriodKind.MONTH, name_of(earlier(month, 12)), (month,))
    for quarter in dict.fromkeys(Quarter.of(month) for month in ordered):
        within = tuple(month for month in ordered if Quarter.of(month) == quarter)
        add(str(quarter), YrPeriodKind.QUARTER, str(Quarter(quarter.year - 1, quarter.number)), within)
    for year in dict.fromkeys(month.year for month in ordered):
        add(str(year), YrPeriodKind.YEAR, str(year - 1), tuple(month for month in ordered if month.year == year))
    for last in ordered:
        if (first := earlier(last, 11)) >= ordered[0]:
            within = tuple(month for month in ordered if first <= month <= last)
            add(twelve(last), YrPeriodKind.ROLLING, twelve(earlier(last, 12)), within)
    add(ALL, YrPeriodKind.ALL, "", tuple(ordered))
    return periods


def chosen(period: YrPeriod, quarters: Collection[Quarter]) -> bool:
    """Whether a period is shown: one of its months (of twelve months the last) lies in a chosen quarter; «alle» always."""
    if not quarters or period.kind is YrPeriodKind.ALL:
        return True
    months = period.months[-1:] if period.kind is YrPeriodKind.ROLLING else period.months
    return any(Quarter.of(month) in quarters for month in months)


def name_of(month: date) -> str:
    """``2020-03``."""
    return f"{month:%Y-%m}"


def twelve(last: date) -> str:
    """The twelve months up to and with a month: ``2019-04:2020-03``."""
    return f"{name_of(earlier(last, 11))}:{name_of(last)}"


def earlier(month: date, months: int) -> date:
    """The first day of the month so many months before."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def between(first: date, last: date) -> int:
    """How many months lie from one month to another."""
    return (last.year - first.year) * 12 + last.month - first.month


def _mondays(month: date) -> list[date]:
    first = month - timedelta(days=month.weekday())
    days = (earlier(month, -1) - first).days
    return [first + timedelta(days=n) for n in range(0, days, 7)]
