"""A pivot printed from FLIS DAP against our own figures, cell by cell (source ``yr_tabel``).

A cell agrees where its printed digits can be a rounding of ours; nothing is rounded before that. Comes in: the cells as the
source has read them, and the measures. Goes out: table ``yr_tabel`` and what is said of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls.yr_measures import all_measures
from reconcile.controls.yr_periods import chosen
from reconcile.domain.cpr import mask
from reconcile.domain.exact import rounded
from reconcile.i18n import _, number
from reconcile.reference import rows as reference_rows
from reconcile.results.rows import PartResult, ResultTable
from reconcile.results.yr import PrintedStatus, YrMeasure, YrPeriodKind, YrPrinted
from reconcile.sources.cells import fold
from reconcile.sources.pivot import ALL_PRINTED
from reconcile.sources.pivot_words import LAST_TWELVE
from reconcile.sources.printed import cell_from_text
from reconcile.world.context import Context

_TOTAL, _ALL = "I alt", "alle"
#: How many cells that differ a sentence names.
_NAMED = 5
_AMOUNTS = ("bruttoudgift", "refusion", "medfinansiering", "fleksbidrag", "kommunens_udgift")
_PERCENTS = {
    "refusionspct": "refusion",
    "medfinansieringspct": "medfinansiering",
    "kommunens_andel_pct": "kommunens_udgift",
}
#: Persons of several ydelser or periods added up are not the distinct persons; months of persons are.
_MONTHLY = ("personer_pr_maaned", "personmaaneder")


@dataclass(frozen=True)
class _Ours:
    """Our figures: period → (financing, ydelse without case, step) → its measure; and what each ydelse is financed by."""

    levels: Mapping[str, Mapping[tuple[str, str, str], YrMeasure]]
    kinds: Mapping[str, YrPeriodKind]
    shown: frozenset[str]
    financed: Mapping[str, str]

    def newest_twelve(self) -> str:
        """The newest run of twelve months; without one everything there is."""
        found = [name for name, kind in self.kinds.items() if kind is YrPeriodKind.ROLLING]
        return max(found, default=_ALL)


def printed_tables(context: Context) -> PartResult:
    """Table ``yr_tabel``; nothing without the source."""
    if not context.has("yr_tabel"):
        return PartResult()
    ours = _ours(context)
    tables: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for cell in context.engine.records(
        "SELECT * FROM yr_tabel ORDER BY fil, tabel, raekke, maal, periode, trin, ydelse"
    ):
        tables[cell["fil"], cell["tabel"], cell["maal"]].append(cell)
    own = {row[0] for row in context.engine.rows("SELECT kommune FROM egen_kommune")}
    rows = tuple(row for cells in tables.values() for row in _Printed(ours, cells, own).compared())
    return PartResult(tables=(ResultTable("yr_tabel", YrPrinted, rows),), caveats=tuple(_sentences(rows)))


def _ours(context: Context) -> _Ours:
    found = context.need(all_measures)
    levels = {p.name: {(m.finansiering, fold_ydelse(m.ydelse), m.trin): m for m in ms} for p, ms in found.items()}
    kinds = {period.name: period.kind for period in found}
    shown = frozenset(period.name for period in found if chosen(period, context.chosen))
    financed = {fold_ydelse(row["ydelse"]): row["finansiering"] for row in reference_rows("yr_ydelse")}
    financed |= {y: f for each in levels.values() for f, y, _t in each if y != fold_ydelse(_TOTAL)}
    return _Ours(levels, kinds, shown, financed)


def fold_ydelse(name: str) -> str:
    """What ydelser are compared by: «Fleks løntilskud» is «Fleksløntilskud»."""
    return fold(name).replace(" ", "").replace("-", "")


@dataclass(frozen=True)
class _Printed:
    """The cells of one measure of a printed table."""

    ours: _Ours
    cells: Sequence[Mapping[str, Any]]
    own: set[str]

    def compared(self) -> Iterator[YrPrinted]:
        """Each cell beside ours; those of periods that were not chosen are left out."""
        scale = self._scale()
        for cell in self.cells:
            names = self._periods(cell["periode"])
            if not names or not set(names) <= self.ours.levels.keys() or set(names) & self.ours.shown:
                yield self._row(cell, names, scale)

    def _scale(self) -> int:
        """100 where percentages are written as parts of one, as an unformatted workbook has them."""
        numbers = [n for cell in self.cells if (n := cell_from_text(cell["celle"] or "").number) is not None]
        parts = self.cells[0]["maal"] in _PERCENTS and not self.cells[0]["procent"]
        return 100 if parts and numbers and all(abs(n) <= Decimal("1.5") for n in numbers) else 1

    def _periods(self, name: str) -> tuple[str, ...]:
        if name == LAST_TWELVE:
            return (self.ours.newest_twelve(),)
        if name != ALL_PRINTED:
            return (name,)
        told = {cell["periode"] for cell in self.cells} - {ALL_PRINTED, LAST_TWELVE}
        coarsest = min(map(len, told), default=0)  # 2021 is written shorter than 2021K1, and that than 2021-03
        return tuple(sorted(name for name in told if len(name) == coarsest))

    def _row(self, cell: Mapping[str, Any], periods: Sequence[str], scale: int) -> YrPrinted:
        text = cell["celle"] or ""
        figure = cell_from_text(text).number
        money = cell["maal"] in (*_AMOUNTS, "bruttoudgift_pr_fuldtidsperson")
        factor = Fraction(cell["enhed"] if money else scale)
        financing, trin = self._level(cell)
        status = self._not_compared(cell, periods, financing, trin)
        if status is None and text and figure is None:
            status = PrintedStatus.NO_FIGURE
        ours: Fraction | None = None
        if status is None:
            ours, status = self._judged(cell, periods, (financing or _ALL, trin or _ALL), figure, factor)
        printed = None if figure is None else rounded(Fraction(figure) * factor, 4)
        shown = None if ours is None else rounded(ours, 4)
        return YrPrinted(
            fil=cell["fil"],
            tabel=mask(cell["tabel"]),
            raekke=cell["raekke"],
            maal=cell["maal"],
            periode=":".join((periods[0], periods[-1])) if len(periods) > 1 else "".join(periods),
            finansiering=financing,
            ydelse=mask(cell["ydelse"]),
            trin=trin or cell["trin"],
            trykt=printed,
            vores=shown,
            forskel=None if printed is None or shown is None else printed - shown,
            status=status,
        )

    def _level(self, cell: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """The financing and the step of a cell; None where they are not known."""
        key = fold_ydelse(cell["ydelse"])
        if cell["ydelse"] == _TOTAL:
            told = {self.ours.financed.get(name) for name in self._ydelser()}
            known = {f for f in told if f}
            by_measure = {"refusionspct": "refusion", "medfinansieringspct": "medfinansiering"}.get(cell["maal"], _ALL)
            financing: str | None = known.pop() if len(known) == 1 else by_measure
        else:
            financing = self.ours.financed.get(key)
        return financing, _step(cell["trin"], financing)

    def _ydelser(self) -> set[str]:
        return {fold_ydelse(cell["ydelse"]) for cell in self.cells if cell["ydelse"] != _TOTAL}

    def _not_compared(
        self, cell: Mapping[str, Any], periods: Sequence[str], financing: str | None, trin: str | None
    ) -> PrintedStatus | None:
        if cell["kommune"] and cell["kommune"] not in self.own:
            return PrintedStatus.OTHER_KOMMUNE
        if financing is None:
            return PrintedStatus.UNKNOWN_YDELSE
        if not periods or not set(periods) <= self.ours.levels.keys():
            return PrintedStatus.NO_PERIOD
        return PrintedStatus.CANNOT_TELL if trin is None else None

    def _judged(
        self,
        cell: Mapping[str, Any],
        periods: Sequence[str],
        level: tuple[str, str],
        figure: Decimal | None,
        factor: Fraction,
    ) -> tuple[Fraction | None, PrintedStatus]:
        half = Fraction(1, 2 * 10 ** cell["decimaler"]) * factor
        about = Fraction(figure or 0) * factor

        def fits(value: Fraction | None) -> bool:
            """Whether a value lies within half of the last printed digit."""
            return abs(about - (value or 0)) <= half

        maal, (financing, trin) = cell["maal"], level
        if cell["ydelse"] != _TOTAL:
            ours = _value(self._found(periods, [(financing, fold_ydelse(cell["ydelse"]), trin)]), maal)
            return ours, PrintedStatus.EQUAL if fits(ours) else PrintedStatus.DIFFERENT
        whole = self._found(periods, [(financing, fold_ydelse(_TOTAL), trin)])
        parts = self._found(periods, [(self.ours.financed.get(y, ""), y, trin) for y in self._ydelser()])
        alone = self._ydelser() and not self._all_there(periods, level)
        distinct = None if alone else _value(whole, maal)
        summed = _value(parts, maal) if maal in (*_AMOUNTS, *_PERCENTS, *_MONTHLY) else None
        if not alone and fits(distinct):
            return distinct, PrintedStatus.EQUAL
        if parts and fits(summed):
            return summed, PrintedStatus.AS_SUM if maal in _MONTHLY else PrintedStatus.EQUAL
        if alone and (summed is None or maal in _MONTHLY):
            return None, PrintedStatus.CANNOT_TELL
        return (summed if alone else distinct), PrintedStatus.DIFFERENT

    def _all_there(self, periods: Sequence[str], level: tuple[str, str]) -> bool:
        """Whether the table has each of our ydelser at the level."""
        financing, trin = level
        ours = {
            y
            for period in periods
            for f, y, t in self.ours.levels[period]
            if financing in (f, _ALL) and t == trin and y != fold_ydelse(_TOTAL) and f != "fleksbidrag"
        }
        return ours <= self._ydelser()

    def _found(self, periods: Sequence[str], levels: Sequence[tuple[str, str, str]]) -> list[YrMeasure]:
        there = (self.ours.levels[period].get(level) for period in periods for level in levels)
        return [found for found in there if found]


def _step(text: str, financing: str | None) -> str | None:
    """``20 pct.`` is step 4 by refusion and step 1 by medfinansiering."""
    if not text.endswith("pct."):
        return text
    column = {"refusion": "refusionssats", "medfinansiering": "medfinansieringssats"}.get(financing or "")
    rates = {row[column]: row["trin"] for row in reference_rows("yr_trappe")} if column else {}
    return rates.get(text.split(maxsplit=1)[0])


def _value(found: Sequence[YrMeasure], maal: str) -> Fraction | None:
    """A measure of one level, or of several together where it can be told, as exactly as it is known."""
    if not found:
        return None
    if maal in _AMOUNTS:
        return _added(found, maal)
    if maal in _PERCENTS:
        part, whole = _added(found, _PERCENTS[maal]), _added(found, "bruttoudgift")
        return None if part is None or not whole else 100 * part / whole
    if maal in _MONTHLY:
        # The persons of the months are whole; their mean has four decimals.
        persons = sum(round(m.personer_pr_maaned * m.maaneder) for m in found)
        months = sum({m.periode: m.maaneder for m in found}.values())
        return Fraction(persons, months if maal == "personer_pr_maaned" else 1)
    single = getattr(found[0], maal) if len(found) == 1 else None
    return None if single is None else Fraction(single)


def _added(found: Sequence[YrMeasure], name: str) -> Fraction | None:
    values = [getattr(m, name) for m in found]
    return None if any(v is None for v in values) else sum((Fraction(v) for v in values), Fraction(0))


def _sentences(rows: Sequence[YrPrinted]) -> Iterator[str]:
    """Per file: how many cells agree, which do not, and how many were not compared."""
    agree = (PrintedStatus.EQUAL, PrintedStatus.AS_SUM)
    for file in dict.fromkeys(row.fil for row in rows):
        mine = [row for row in rows if row.fil == file]
        count = Counter(row.status for row in mine)
        fits, differ = sum(count[status] for status in agree), [r for r in mine if r.status is PrintedStatus.DIFFERENT]
        text = _("{fil}: {antal} af {alle} trykte celler passer med vores tal.")
        yield text.format(fil=file, antal=number(fits), alle=number(fits + len(differ)))
        if differ:
            named = "; ".join(_named(row) for row in differ[:_NAMED])
            more = _(" og {antal} mere").format(antal=number(len(differ) - _NAMED)) if len(differ) > _NAMED else ""
            yield _("{fil}: {antal} celler afviger: {liste}{mere}.").format(
                fil=file, antal=number(len(differ)), liste=named, mere=more
            )
        if left := len(mine) - fits - len(differ):
            text = _("{fil}: {antal} celler er ikke sammenlignet; tabellen yr_tabel siger hvorfor.")
            yield text.format(fil=file, antal=number(left))


def _named(row: YrPrinted) -> str:
    def plain(value: Decimal | None) -> str:
        """An amount as it is shown; a dash where there is none."""
        return "–" if value is None else number(value)

    step = "" if row.trin == _ALL else _(", trin {trin}").format(trin=row.trin)
    text = _("{ydelse}, {periode}{trin}, {maal}: trykt {trykt}, vores {vores}")
    values = {"trykt": plain(row.trykt), "vores": plain(row.vores)}
    return text.format(ydelse=row.ydelse, periode=row.periode, trin=step, maal=row.maal, **values)
