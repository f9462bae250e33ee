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

from reconcile.domain.cpr import mask
from reconcile.domain.periods import Quarter
from reconcile.results.rows import ResultTable
from reconcile.results.yr import YrMeasure, YrStaircase
from reconcile.world.context import Context

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
        for level in sorted({*figures[name], *figures[periods[name].year_before]}, key=_level_order)
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
    """A level of a period beside the same a year earlier; a level that only one of the two has is 0 in the other."""
    period = periods[name]
    earlier = periods.get(period.year_before)
    found_now, found_before = figures[name].get(level), figures[period.year_before].get(level)
    now = found_now or _nothing_like(found_before)
    before = (found_before or _nothing_like(found_now)) if earlier else None
    persons = _per_month(now, period)
    persons_before = _per_month(before, earlier) if before and earlier else None
    alike = before is not None and earlier is not None and earlier.months == period.months
    finansiering, ydelse, trin = level
    return YrMeasure(
        periode=name,
        finansiering=finansiering,
        ydelse=ydelse,
        trin=trin,
        maaneder=period.months,
        bruttoudgift=now.bruttoudgift,
        refusion=now.refusion,
        medfinansiering=now.medfinansiering,
        refusionspct=_percent(now.refusion, now.bruttoudgift),
        medfinansieringspct=_percent(now.medfinansiering, now.bruttoudgift),
        personer_pr_maaned=persons,
        maaneder_aaret_foer=earlier.months if earlier else None,
        bruttoudgift_aaret_foer=before.bruttoudgift if before else None,
        refusion_aaret_foer=before.refusion if before else None,
        medfinansiering_aaret_foer=before.medfinansiering if before else None,
        refusionspct_aaret_foer=_percent(before.refusion, before.bruttoudgift) if before else None,
        medfinansieringspct_aaret_foer=_percent(before.medfinansiering, before.bruttoudgift) if before else None,
        personer_aaret_foer=persons_before,
        bruttoudgift_aendring_pct=_change(now.bruttoudgift, before.bruttoudgift) if before and alike else None,
        personer_aendring_pct=_change(persons, persons_before) if persons_before is not None and alike else None,
    )


def _nothing_like(other: _Figures | None) -> _Figures:
    """Nothing paid, in the columns the source has."""
    zero = Decimal("0.00")
    has_refusion = other is None or other.refusion is not None
    has_medfinansiering = other is None or other.medfinansiering is not None
    return _Figures(zero, zero if has_refusion else None, zero if has_medfinansiering else None, 0)


def _per_month(figures: _Figures, period: _Period) -> Decimal:
    return _ratio(Decimal(figures.personer), Decimal(period.months), 4)


def _change(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many percent it grew; of nothing, or of a net repayment, there is no percentage."""
    return _ratio((now - before) * 100, before, 2) if before > 0 else None


def _staircase(rows: Iterable[YrMeasure]) -> Iterable[YrStaircase]:
    table: dict[tuple[str, str, str], dict[str, YrMeasure]] = defaultdict(dict)
    for row in rows:
        table[row.periode, row.finansiering, row.ydelse][row.trin] = row
    for (periode, finansiering, ydelse), levels in table.items():
        # The source has the year before for all of a period's levels or for none.
        compared = levels["alle"].personer_aaret_foer is not None
        found = [levels.get(trin) for trin in ("1", "2", "3", "4", "ingen", "alle")]
        now = [row.personer_pr_maaned if row else Decimal(0) for row in found]
        before = [(row.personer_aaret_foer if row else Decimal(0)) if compared else None for row in found]
        yield YrStaircase(periode, finansiering, ydelse, *now, *before)


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
