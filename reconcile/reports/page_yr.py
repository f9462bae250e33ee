"""Ydelsesrefusion on the page: the newest quarter beside the year before, the staircase, quarters and months.

Chooses and lays out; every figure stands in ``yr_maal`` and ``yr_trappe``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from reconcile.domain.periods import Quarter
from reconcile.i18n import _, fixed
from reconcile.reports import labels
from reconcile.reports.charts import Spark, spark
from reconcile.reports.page_eight import whole
from reconcile.results.rows import RunResult
from reconcile.results.yr import YrMeasure, YrPeriodKind, YrStaircase

QUARTERS = 8
MONTHS = 12
_TOTAL = "I alt"
#: The kinds of financing with a percentage of their own.
_FINANCED = ("refusion", "medfinansiering", "ukendt")
_STEPS = ("trin_1", "trin_2", "trin_3", "trin_4")


@dataclass(frozen=True)
class Figure:
    """A figure and, small under it, what it was the year before."""

    text: str
    before: str = ""


@dataclass(frozen=True)
class Row:
    """A ydelse, or a month, with its figures; ``total`` when it is every ydelse of its financing.

    ``curve`` draws the figures as a course in time, and ``course`` says it.
    """

    name: str
    figures: tuple[Figure, ...]
    total: bool = False
    curve: Spark | None = None
    course: str = ""


@dataclass(frozen=True)
class Group:
    """The rows of one kind of financing; ``note`` says which percentage each step has."""

    name: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Grid:
    """A table of the section: headings over the figures, and its rows by financing; ``inside`` is what a fold says of it."""

    id: str
    title: str
    intro: str
    first: str
    headings: tuple[str, ...]
    groups: tuple[Group, ...]
    inside: str = ""

    @property
    def drawn(self) -> bool:
        """Whether its rows have curves."""
        return any(row.curve for group in self.groups for row in group.rows)


@dataclass(frozen=True)
class YrPage:
    """The section: what its quarter is compared with, what to beware of, and its tables."""

    intro: str
    warning: str
    grids: tuple[Grid, ...]


def yr_page(result: RunResult) -> YrPage | None:
    """The section of a run with Ydelsesrefusion; None without. A quarter that is all there goes before a newer part."""
    measures: Sequence[YrMeasure] = [m for m in _rows(result, "yr_maal") if m.finansiering in _FINANCED]
    months_of = {m.periode: m.maaneder for m in measures if m.periodetype is YrPeriodKind.QUARTER}
    if not months_of:
        return None
    quarter = max(months_of, key=lambda name: (months_of[name] == 3, name))
    now = [m for m in measures if m.periode == quarter and m.trin == "alle"]
    stairs = [row for row in _rows(result, "yr_trappe") if row.periode == quarter]
    grids = (_money(now), _staircase(stairs), _percents(measures, months_of), _months(measures))
    return YrPage(_intro(now[0]), _warning(now[0]), tuple(grid for grid in grids if grid))


def _rows(result: RunResult, name: str) -> Sequence[Any]:
    table = result.table(name)
    return table.rows if table else ()


def _intro(now: YrMeasure) -> str:
    if now.maaneder_aaret_foer is None:
        return _("{periode}. Kilden har intet fra året før at sammenligne med.").format(periode=now.periode)
    text = _("{periode}. Det lille tal er samme periode året før, og ændringen i procent hvor den kan regnes.")
    return text.format(periode=now.periode)


def _warning(now: YrMeasure) -> str:
    """What to say of a quarter that is not all there, now or a year earlier."""
    if now.maaneder == 3 and now.maaneder_aaret_foer in (3, None):
        return ""
    text = _(
        "Kilden har {nu} af {periode}s tre måneder og {foer} af de samme året før; beløbene er ikke sammenlignelige."
    )
    return text.format(nu=now.maaneder, periode=now.periode, foer=now.maaneder_aaret_foer or 0)


def grouped(rows: Iterable[tuple[str, Row]], note: Callable[[str], str] = lambda _financing: "") -> tuple[Group, ...]:
    """Rows by kind of financing: refusion, then medfinansiering, then the rest."""
    groups: dict[str, list[Row]] = {}
    for financing, row in rows:
        groups.setdefault(financing, []).append(row)
    first = ("refusion", "medfinansiering")
    order = sorted(groups, key=lambda name: (first.index(name) if name in first else len(first), name))
    return tuple(Group(labels.word(name).capitalize(), note(name), tuple(groups[name])) for name in order)


def _money(now: Sequence[YrMeasure]) -> Grid:
    rows = ((m.finansiering, Row(labels.word(m.ydelse), _amounts(m), m.ydelse == _TOTAL)) for m in now)
    return Grid(
        "yr-udgift", _("Udgift og personer"), "", _("Ydelse"), _amount_headings(), grouped(rows),
    )  # fmt: skip


def _amount_headings() -> tuple[str, ...]:
    return (_("Bruttoudgift, kr."), _("Finansieret, kr."), _("Pct. af bruttoudgift"), _("Personer pr. måned"))


def _amounts(m: YrMeasure) -> tuple[Figure, ...]:
    """Gross, the financed amount with its percentage (refusion or medfinansiering, as the row is), and persons."""
    other = m.finansiering == "medfinansiering"
    amount, before = (m.medfinansiering, m.medfinansiering_aaret_foer) if other else (m.refusion, m.refusion_aaret_foer)
    share, share_before = _share(m)
    return (
        _figure(m.bruttoudgift, m.bruttoudgift_aaret_foer, whole, m.bruttoudgift_aendring_pct),
        _figure(amount, before, whole) if amount is not None else Figure(_("mangler")),
        _figure(share, share_before, fixed),
        _figure(m.personer_pr_maaned, m.personer_aaret_foer, fixed, m.personer_aendring_pct),
    )


def _share(m: YrMeasure) -> tuple[Decimal | None, Decimal | None]:
    if m.finansiering == "medfinansiering":
        return m.medfinansieringspct, m.medfinansieringspct_aaret_foer
    return m.refusionspct, m.refusionspct_aaret_foer


def _figure(
    now: Decimal | None, before: Decimal | None, say: Callable[[Decimal], str], change: Decimal | None = None
) -> Figure:
    """A figure as text; zero is a quiet dash, and so is a percentage of nothing."""
    text, earlier = (say(value) if value else "–" for value in (now, before))
    if before is None:
        return Figure(text)
    sign = "" if not change else "−" if change < 0 else "+"
    grown = "" if change is None else f" · {sign}{fixed(abs(change))}\N{NO-BREAK SPACE}%"
    return Figure(text, _("før {tal}").format(tal=earlier) + grown)


def _staircase(stairs: Sequence[YrStaircase]) -> Grid | None:
    if not stairs:
        return None
    columns = [*_STEPS, *(["ingen"] if any(row.ingen or row.ingen_aaret_foer for row in stairs) else []), "i_alt"]
    rows = (
        (
            row.finansiering,
            Row(
                labels.word(row.ydelse),
                tuple(_figure(getattr(row, name), getattr(row, f"{name}_aaret_foer"), fixed) for name in columns),
                row.ydelse == _TOTAL,
            ),
        )
        for row in stairs
    )
    steps = steps_of(stairs[0].periode)
    headings = [
        _("Trin {nr}, uge {uger}").format(nr=name[-1], uger=steps[name[-1]]["uger"])
        if name[-1] in steps
        else labels.column(name)
        for name in columns
    ]
    intro = _("Personer pr. måned på hvert trin. Den, der skifter trin i en måned, tæller på begge og én gang i I alt.")
    return Grid("yr-trappe", _("Trappen"), intro, _("Ydelse"), tuple(headings), grouped(rows, partial(rates, steps)))


def steps_of(periode: str) -> Mapping[str, Mapping[str, str]]:
    """The steps in force at the end of a quarter, by number."""
    from reconcile.reference import rows

    quarter = Quarter.parse(periode)
    day = quarter.last.isoformat() if quarter else "9999-12-31"
    valid = [row for row in rows("yr_trappe") if row["gyldig_fra"] <= day <= (row["gyldig_til"] or "9999-12-31")]
    return {
        row["trin"]: {**row, "uger": f"{row['fra_uge']}–{row['til_uge']}" if row["til_uge"] else f"{row['fra_uge']}+"}
        for row in valid
    }


def rates(steps: Mapping[str, Mapping[str, str]], financing: str) -> str:
    """``80, 40, 30 og 20 pct. på trin 1–4``."""
    column = {"refusion": "refusionssats", "medfinansiering": "medfinansieringssats"}.get(financing)
    if column is None or not steps:
        return ""
    rates = labels.enumerated([step[column] for _nr, step in sorted(steps.items())])
    return _("{satser} pct. på trin 1–4").format(satser=rates)


def _percents(measures: Sequence[YrMeasure], months_of: Mapping[str, int]) -> Grid | None:
    """The percentage of each ydelse, quarter by quarter; of one quarter it stands above already."""
    quarters = sorted(months_of)[-QUARTERS:]
    if len(quarters) < 2:
        return None
    found = {(m.finansiering, m.ydelse, m.periode): _share(m)[0] for m in measures if m.trin == "alle"}
    levels = dict.fromkeys((m.finansiering, m.ydelse) for m in measures if m.periode in quarters)
    rows = (
        (financing, _course(ydelse, quarters, [found.get((financing, ydelse, quarter)) for quarter in quarters]))
        for financing, ydelse in sorted(levels, key=lambda level: (level[0], level[1] == _TOTAL, level[1]))
    )
    part = _("{periode} ({antal} md.)")
    headings = [q if months_of[q] == 3 else part.format(periode=q, antal=months_of[q]) for q in quarters]
    intro = _("Refusion og medfinansiering i procent af bruttoudgiften.")
    return Grid("yr-procent", _("Procent kvartal for kvartal"), intro, _("Ydelse"), tuple(headings), grouped(rows))


def _course(ydelse: str, quarters: Sequence[str], shares: Sequence[Decimal | None]) -> Row:
    """A row of percentages in time, also drawn; a hundredth of a percent is a step of the curve."""
    drawn = [None if share is None else int(share * 100) for share in shares]
    told = "; ".join(f"{q} {fixed(share)}" for q, share in zip(quarters, shares, strict=True) if share is not None)
    figures = tuple(_figure(share, None, fixed) for share in shares)
    return Row(labels.word(ydelse), figures, ydelse == _TOTAL, spark(drawn, [None] * len(drawn)), told)


def _months(measures: Sequence[YrMeasure]) -> Grid:
    total = [m for m in measures if m.periodetype is YrPeriodKind.MONTH and (m.ydelse, m.trin) == (_TOTAL, "alle")]
    shown = sorted({m.periode for m in total})[-MONTHS:]
    rows = (
        (m.finansiering, Row(m.periode, _amounts(m)))
        for m in sorted(total, key=lambda m: m.periode, reverse=True)
        if m.periode in shown
    )
    intro = _("Alle ydelser under et. Hver ydelse og hvert trin måned for måned står i rapport.xlsx.")
    return Grid("yr-maaned", _("Måned for måned"), intro, _("Måned"), _amount_headings(), grouped(rows))
