"""The measures of Ydelsesrefusion: amounts, percentages, persons and weeks per period × ydelse × step, and the staircase.

From the views ``yr_maal`` (amounts per month and level) and ``yr_personer`` (persons per month and level, and when they were
there last) in; rows per period out. Definitions after KOMBIT's webinar «FLIS data Ydelsesrefusion» (April 2022): refusionspct
is the financed amount of the bruttoudgift, persons per month are the persons of each month added up and divided by the months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from reconcile.controls.yr_periods import YrPeriod, between, chosen, periods_of
from reconcile.domain.cpr import mask
from reconcile.results.rows import ResultTable
from reconcile.results.yr import YrMeasure, YrPeriodKind, YrStaircase
from reconcile.world.context import Context

#: finansiering, ydelse, trin.
Level = tuple[str, str, str]


@dataclass(frozen=True)
class _Figures:
    """A level of a period: amounts in kr., persons of the months added up, distinct persons, and their distinct weeks."""

    bruttoudgift: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None
    fleksbidrag: Decimal | None
    udgift: Decimal
    maanedspersoner: int = 0
    personer: int = 0
    personuger: int = 0

    def __add__(self, other: _Figures) -> _Figures:
        return _Figures(
            self.bruttoudgift + other.bruttoudgift,
            _plus(self.refusion, other.refusion),
            _plus(self.medfinansiering, other.medfinansiering),
            _plus(self.fleksbidrag, other.fleksbidrag),
            self.udgift + other.udgift,
            self.maanedspersoner + other.maanedspersoner,
            self.personer + other.personer,
            self.personuger + other.personuger,
        )


#: Month → level → its figures; and period → level → its figures.
_ByMonth = Mapping[date, Mapping[Level, _Figures]]
_ByPeriod = Mapping[str, Mapping[Level, _Figures]]


@dataclass(frozen=True)
class _Seen:
    """Persons of a month at a level that were there last so many months before (None: never), and their weeks.

    ``delte`` of the weeks began in the month before, and are counted there too.
    """

    mellemrum: int | None
    personer: int
    personuger: int
    delte: int


def measures(context: Context) -> tuple[ResultTable, ResultTable]:
    """Tables ``yr_maal`` and ``yr_trappe`` for the chosen quarters (all when none is chosen) and what they are part of."""
    found = context.need(all_measures)
    rows = [row for period, levels in found.items() if chosen(period, context.chosen) for row in levels]
    return (
        ResultTable("yr_maal", YrMeasure, tuple(rows)),
        ResultTable("yr_trappe", YrStaircase, tuple(_staircase(rows))),
    )


def all_measures(context: Context) -> Mapping[YrPeriod, Sequence[YrMeasure]]:
    """Every period of the source with its levels in order."""
    return measures_of(context, "yr")


def measures_of(context: Context, views: str) -> Mapping[YrPeriod, Sequence[YrMeasure]]:
    """The same of the views ``<views>_maal`` and ``<views>_personer``."""
    amounts, seen = _amounts(context, f"{views}_maal"), _seen(context, f"{views}_personer")
    periods = periods_of(amounts.keys())
    figures = {name: _added(period, amounts, seen) for name, period in periods.items()}
    lacking = frozenset(name for name in ("refusion", "medfinansiering") if not context.has("yr", name))
    return {
        period: [
            _measure(period, periods.get(period.year_before), figures, level, lacking)
            for level in sorted({*figures[period.name], *figures.get(period.year_before, {})}, key=_level_order)
        ]
        for period in periods.values()
    }


def _amounts(context: Context, view: str) -> _ByMonth:
    months: dict[date, dict[Level, _Figures]] = defaultdict(dict)
    for r in context.engine.records(f"SELECT * FROM {view}"):
        amounts = (r[name] for name in ("bruttoudgift", "refusion", "medfinansiering", "fleksbidrag", "udgift"))
        months[r["maaned"]][r["finansiering"], mask(r["ydelse"]), r["trin"]] = _Figures(*amounts)
    return months


def _seen(context: Context, view: str) -> Mapping[tuple[date, Level], list[_Seen]]:
    seen: dict[tuple[date, Level], list[_Seen]] = defaultdict(list)
    for r in context.engine.records(f"SELECT * FROM {view}"):
        level = (r["finansiering"], mask(r["ydelse"]), r["trin"])
        counts = (int(r[name]) for name in ("personer", "personuger", "delte"))
        seen[r["maaned"], level].append(_Seen(r["mellemrum"], *counts))
    return seen


def _added(
    period: YrPeriod, amounts: _ByMonth, seen: Mapping[tuple[date, Level], list[_Seen]]
) -> Mapping[Level, _Figures]:
    """The months of a period added up; a person and a split week that an earlier month of it has are not counted again."""
    figures: dict[Level, _Figures] = {}
    for month in period.months:
        inside = between(period.months[0], month)
        for level, found in amounts[month].items():
            persons = seen.get((month, level), ())
            here = replace(
                found,
                maanedspersoner=sum(s.personer for s in persons),
                personer=sum(s.personer for s in persons if _new(s, period, inside)),
                personuger=sum(s.personuger - (s.delte if inside else 0) for s in persons),
            )
            figures[level] = figures[level] + here if level in figures else here
    return figures


def _new(seen: _Seen, period: YrPeriod, inside: int) -> bool:
    """Whether no earlier month of the period, of which there are ``inside``, has these persons."""
    return seen.mellemrum is None or (period.kind is not YrPeriodKind.ALL and seen.mellemrum > inside)


def _measure(
    period: YrPeriod, earlier: YrPeriod | None, figures: _ByPeriod, level: Level, lacking: frozenset[str]
) -> YrMeasure:
    """A level of a period beside the same a year earlier; a level that only one of the two has is 0 in the other."""
    found_now = figures[period.name].get(level)
    found_before = figures[earlier.name].get(level) if earlier else None
    now = found_now or _nothing_like(found_before)
    before = (found_before or _nothing_like(found_now)) if earlier else None
    persons = _per_month(now, period)
    persons_before = _per_month(before, earlier) if before and earlier else None
    alike = before is not None and earlier is not None and len(earlier.months) == len(period.months)
    spent = _spent(now, level, lacking, figures[period.name])
    finansiering, ydelse, trin = level
    return YrMeasure(
        periode=period.name,
        periodetype=period.kind,
        finansiering=finansiering,
        ydelse=ydelse,
        trin=trin,
        maaneder=len(period.months),
        bruttoudgift=now.bruttoudgift,
        refusion=now.refusion,
        medfinansiering=now.medfinansiering,
        fleksbidrag=now.fleksbidrag,
        refusionspct=_percent(now.refusion, now.bruttoudgift),
        medfinansieringspct=_percent(now.medfinansiering, now.bruttoudgift),
        kommunens_andel_pct=_share(now, level, spent),
        kommunens_udgift=spent,
        personer=now.personer,
        personer_pr_maaned=persons,
        personuger=now.personuger,
        fuldtidspersoner=_ratio(Decimal(now.personuger), Decimal(period.weeks), 4),
        bruttoudgift_pr_fuldtidsperson=_ratio(now.bruttoudgift * period.weeks, Decimal(now.personuger), 2)
        if now.personuger
        else None,
        maaneder_aaret_foer=len(earlier.months) if earlier else None,
        bruttoudgift_aaret_foer=before.bruttoudgift if before else None,
        refusion_aaret_foer=before.refusion if before else None,
        medfinansiering_aaret_foer=before.medfinansiering if before else None,
        refusionspct_aaret_foer=_percent(before.refusion, before.bruttoudgift) if before else None,
        medfinansieringspct_aaret_foer=_percent(before.medfinansiering, before.bruttoudgift) if before else None,
        personer_aaret_foer=persons_before,
        bruttoudgift_aendring_pct=_change(now.bruttoudgift, before.bruttoudgift) if before and alike else None,
        personer_aendring_pct=_change(persons, persons_before) if persons_before is not None and alike else None,
    )


def _spent(now: _Figures, level: Level, lacking: frozenset[str], levels: Mapping[Level, _Figures]) -> Decimal | None:
    """What the kommune itself pays, in kr.; unknown where the source does not have the amount it is known by."""
    match level[0]:
        case "fleksbidrag":
            return None
        case "medfinansiering":
            return None if now.medfinansiering is None else now.udgift
        case "alle":
            needed = {"refusion", *(["medfinansiering"] if ("medfinansiering", "I alt", "alle") in levels else [])}
            return None if needed & lacking else now.udgift
        case _:
            return None if now.refusion is None else now.udgift


def _share(now: _Figures, level: Level, spent: Decimal | None) -> Decimal | None:
    """Medfinansieringspct, else what refusionspct leaves of 100."""
    if level[0] in ("medfinansiering", "alle"):
        return _percent(spent, now.bruttoudgift)
    refusion = _percent(now.refusion, now.bruttoudgift)
    return None if refusion is None else 100 - refusion


def _nothing_like(other: _Figures | None) -> _Figures:
    """Nothing paid, in the columns the source has."""
    zero = Decimal("0.00")
    has_refusion = other is None or other.refusion is not None
    has_medfinansiering = other is None or other.medfinansiering is not None
    has_fleksbidrag = other is None or other.fleksbidrag is not None
    return _Figures(
        zero,
        zero if has_refusion else None,
        zero if has_medfinansiering else None,
        zero if has_fleksbidrag else None,
        zero,
    )


def _per_month(figures: _Figures, period: YrPeriod) -> Decimal:
    return _ratio(Decimal(figures.maanedspersoner), Decimal(len(period.months)), 4)


def _change(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many percent it grew; of nothing, or of a net repayment, there is no percentage."""
    return _ratio((now - before) * 100, before, 2) if before > 0 else None


def _staircase(rows: Iterable[YrMeasure]) -> Iterable[YrStaircase]:
    table: dict[tuple[str, str, str], dict[str, YrMeasure]] = defaultdict(dict)
    for row in rows:
        if row.periodetype in (YrPeriodKind.MONTH, YrPeriodKind.QUARTER) and row.finansiering not in (
            "alle",
            "fleksbidrag",
        ):
            table[row.periode, row.finansiering, row.ydelse][row.trin] = row
    for (periode, finansiering, ydelse), levels in table.items():
        # The source has the year before for all of a period's levels or for none.
        compared = levels["alle"].personer_aaret_foer is not None
        found = [levels.get(trin) for trin in ("1", "2", "3", "4", "ingen", "alle")]
        now = [row.personer_pr_maaned if row else Decimal(0) for row in found]
        before = [(row.personer_aaret_foer if row else Decimal(0)) if compared else None for row in found]
        yield YrStaircase(periode, finansiering, ydelse, *now, *before)


def _level_order(level: Level) -> tuple[bool, str, bool, str, str]:
    """By financing with everything last, then the ydelser by name with their total last."""
    finansiering, ydelse, trin = level
    return finansiering == "alle", finansiering, ydelse == "I alt", ydelse, trin


def _percent(part: Decimal | None, whole: Decimal) -> Decimal | None:
    return None if part is None or whole == 0 else _ratio(part * 100, whole, 2)


def _ratio(part: Decimal, whole: Decimal, places: int) -> Decimal:
    """Rounded half up; sixty digits hold every tie exactly."""
    with localcontext(prec=60):
        return (part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other
