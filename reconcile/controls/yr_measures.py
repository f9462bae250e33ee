"""The measures of Ydelsesrefusion: amounts, percentages and persons per month × ydelse × step, and the staircase.

From view ``yr_maal`` (one row per month and level) in; rows per month and per quarter out. Definitions after KOMBIT's
webinar «FLIS data Ydelsesrefusion» (April 2022): refusionspct is the financed amount of the bruttoudgift, persons per
month are the persons of each month added up and divided by the months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from reconcile.context import Context
from reconcile.cpr import mask
from reconcile.periods import Quarter
from reconcile.results import ResultTable
from reconcile.results_yr import YrMeasure, YrStaircase

#: finansiering, ydelse, trin.
Level = tuple[str, str, str]


@dataclass(frozen=True)
class _Figures:
    """The amounts of a period at a level, and the persons of its months added up."""

    bruttoudgift: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None
    personer: int

    def __add__(self, other: _Figures) -> _Figures:
        return _Figures(
            self.bruttoudgift + other.bruttoudgift,
            _plus(self.refusion, other.refusion),
            _plus(self.medfinansiering, other.medfinansiering),
            self.personer + other.personer,
        )


@dataclass(frozen=True)
class _Period:
    """A month or a quarter, as written; the same one a year earlier; and how many months of it the source has."""

    name: str
    year_before: str
    months: int


def measures(context: Context) -> tuple[ResultTable, ResultTable]:
    """Tables ``yr_maal`` and ``yr_trappe`` for the chosen quarters (all when none is chosen) and their months."""
    months: dict[date, dict[Level, _Figures]] = defaultdict(dict)
    for r in context.engine.records("SELECT * FROM yr_maal"):
        level = (r["finansiering"], mask(r["ydelse"]), r["trin"])
        months[r["maaned"]][level] = _Figures(
            r["bruttoudgift"], r["refusion"], r["medfinansiering"], int(r["personer"])
        )
    periods = _periods(months)
    figures = _by_period(months)
    shown = {
        name
        for month in months
        if not context.chosen or Quarter.of(month) in context.chosen
        for name in (f"{month:%Y-%m}", str(Quarter.of(month)))
    }
    rows = [
        _measure(periods, figures, name, level)
        for name in sorted(shown)
        for level in sorted(figures[name], key=_level_order)
    ]
    return (
        ResultTable("yr_maal", YrMeasure, tuple(rows)),
        ResultTable("yr_trappe", YrStaircase, tuple(_staircase(rows))),
    )


def _periods(months: Iterable[date]) -> Mapping[str, _Period]:
    periods: dict[str, _Period] = {}
    for month in months:
        periods[f"{month:%Y-%m}"] = _Period(f"{month:%Y-%m}", f"{month.year - 1}{month:-%m}", 1)
        quarter = Quarter.of(month)
        known = periods.get(str(quarter))
        before = str(Quarter(quarter.year - 1, quarter.number))
        periods[str(quarter)] = _Period(str(quarter), before, 1 + (known.months if known else 0))
    return periods


def _by_period(months: Mapping[date, Mapping[Level, _Figures]]) -> Mapping[str, dict[Level, _Figures]]:
    figures: dict[str, dict[Level, _Figures]] = defaultdict(dict)
    for month, levels in months.items():
        for level, value in levels.items():
            for name in (f"{month:%Y-%m}", str(Quarter.of(month))):
                figures[name][level] = figures[name][level] + value if level in figures[name] else value
    return figures


def _measure(
    periods: Mapping[str, _Period], figures: Mapping[str, Mapping[Level, _Figures]], name: str, level: Level
) -> YrMeasure:
    now = figures[name][level]
    before_name = periods[name].year_before
    before = figures[before_name].get(level) if before_name in periods else None
    finansiering, ydelse, trin = level
    return YrMeasure(
        periode=name,
        finansiering=finansiering,
        ydelse=ydelse,
        trin=trin,
        bruttoudgift=now.bruttoudgift,
        refusion=now.refusion,
        medfinansiering=now.medfinansiering,
        refusionspct=_percent(now.refusion, now.bruttoudgift),
        medfinansieringspct=_percent(now.medfinansiering, now.bruttoudgift),
        personer_pr_maaned=_ratio(Decimal(now.personer), Decimal(periods[name].months), 4),
        bruttoudgift_aaret_foer=before.bruttoudgift if before else None,
        refusionspct_aaret_foer=_percent(before.refusion, before.bruttoudgift) if before else None,
        personer_aaret_foer=_ratio(Decimal(before.personer), Decimal(periods[before_name].months), 4)
        if before
        else None,
    )


def _staircase(rows: Iterable[YrMeasure]) -> Iterable[YrStaircase]:
    table: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        table[row.periode, row.finansiering, row.ydelse][row.trin] = row.personer_pr_maaned
    for (periode, finansiering, ydelse), persons in table.items():
        steps = [persons.get(trin, Decimal(0)) for trin in ("1", "2", "3", "4", "ingen", "alle")]
        yield YrStaircase(periode, finansiering, ydelse, *steps)


def _level_order(level: Level) -> tuple[str, bool, str, str]:
    """By financing, then the ydelser by name with their total last."""
    finansiering, ydelse, trin = level
    return finansiering, ydelse == "I alt", ydelse, trin


def _percent(part: Decimal | None, whole: Decimal) -> Decimal | None:
    return None if part is None or whole == 0 else _ratio(part * 100, whole, 2)


def _ratio(part: Decimal, whole: Decimal, places: int) -> Decimal:
    """Rounded half up; sixty digits hold every tie exactly."""
    with localcontext(prec=60):
        return (part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other
