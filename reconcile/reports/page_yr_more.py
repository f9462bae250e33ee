"""More of Ydelsesrefusion on the page: the steps of the last twelve months, and when a month is final.

Chooses and lays out; every figure stands in ``yr_maal``, ``yr_efterregulering`` and ``oekonomi_efterregulering``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from reconcile.i18n import _, fixed
from reconcile.reports import labels
from reconcile.reports.charts import bars
from reconcile.reports.page_eight import whole
from reconcile.reports.page_noegletal import Picture
from reconcile.reports.page_yr import Figure, Grid, Group, Row, grouped, rates, steps_of
from reconcile.results.rows import RunResult
from reconcile.results.yr import Settling, YrMeasure, YrPeriodKind

#: How many months of a triangle are shown, and how many periods after each.
MONTHS, AFTER = 18, 12
_TOTAL, _ALL = "I alt", "alle"
_STEPS = ("1", "2", "3", "4")
_FINANCED = ("refusion", "medfinansiering")
_RATE = {"refusion": "refusionssats", "medfinansiering": "medfinansieringssats"}


def grids(result: RunResult) -> tuple[Grid, ...]:
    """The tables under those of the newest quarter."""
    return (*_twelve(result), *_triangles(result))


def pictures(result: RunResult) -> tuple[Picture, ...]:
    """The persons on each step of the last twelve months, drawn for refusion and for medfinansiering."""
    rows = [m for m in _newest(result) if m.ydelse == _TOTAL and m.finansiering in _FINANCED]
    return tuple(
        _picture([m for m in rows if m.finansiering == f]) for f in _FINANCED if any(m.finansiering == f for m in rows)
    )


def _newest(result: RunResult) -> Sequence[YrMeasure]:
    """The measures of the newest twelve months, of those with a staircase."""
    table = result.table("yr_maal")
    found = [m for m in table.rows if m.periodetype is YrPeriodKind.ROLLING] if table else []
    newest = max((m.periode.split(":")[1] for m in found), default="")
    return [m for m in found if m.periode.endswith(newest)]


def _twelve(result: RunResult) -> Iterator[Grid]:
    """Persons per month on each step in the last twelve months, for each ydelse."""
    measures = [m for m in _newest(result) if m.finansiering in _FINANCED]
    found = {(m.finansiering, m.ydelse, m.trin): m for m in measures}
    levels = dict.fromkeys((m.finansiering, m.ydelse) for m in measures if m.trin in (*_STEPS, _ALL))
    if not levels:
        return
    rows = [
        (f, Row(labels.word(y), tuple(_persons(found.get((f, y, t))) for t in (*_STEPS, _ALL)), y == _TOTAL))
        for f, y in sorted(levels, key=lambda level: (level[0], level[1] == _TOTAL, level[1]))
    ]
    periode = measures[0].periode
    steps = steps_of(periode)
    headings = [_("Trin {nr}, uge {uger}").format(nr=nr, uger=steps[nr]["uger"]) for nr in _STEPS if nr in steps]
    intro = _("Personer pr. måned på hvert trin i de seneste tolv måneder, {periode}.").format(
        periode=labels.when(periode)
    )
    title, first = _("Trappen, tolv måneder"), _("Ydelse")
    yield Grid("yr-trappe-12", title, intro, first, (*headings, _("I alt")), grouped(rows, partial(rates, steps)))


def _persons(m: YrMeasure | None) -> Figure:
    return Figure(fixed(m.personer_pr_maaned) if m and m.personer_pr_maaned else "–")


def _picture(rows: Sequence[YrMeasure]) -> Picture:
    """The steps of one kind of financing as bars, named by their percentages; tenths of a person are drawn."""
    financing, steps = rows[0].finansiering, steps_of(rows[0].periode)
    by_step = {m.trin: m for m in rows}
    drawn = [
        (
            f"{step[_RATE[financing]]} pct.",
            _persons(by_step.get(nr)).text,
            int(by_step[nr].personer_pr_maaned * 10) if nr in by_step else 0,
        )
        for nr, step in sorted(steps.items())
    ]
    title = _("{finansiering}: personer pr. måned på hvert trin").format(
        finansiering=labels.word(financing).capitalize()
    )
    text = "; ".join(f"{label}: {figure}" for label, figure, _size in drawn)
    return Picture(f"yr-trin-{financing}", title, labels.when(rows[0].periode), bars(drawn), text)


def _triangles(result: RunResult) -> Iterator[Grid]:
    """When a month is final, after Ydelsesrefusion and after the ledger."""
    names = {
        "yr_efterregulering": _("Procent af månedens endelige refusion, der er kendt efter 1, 2, … kørselsperioder."),
        "oekonomi_efterregulering": _("Procent af månedens endelige udgift, der er bogført efter 1, 2, … måneder."),
    }
    for name, intro in names.items():
        table = result.table(name)
        if table and table.rows:
            yield _triangle(name, intro, table.rows)


def _triangle(name: str, intro: str, settled: Sequence[Settling]) -> Grid:
    months = sorted({row.maaned for row in settled}, reverse=True)[:MONTHS]
    most = min(max(row.efter for row in settled if row.maaned in months), AFTER)
    rows = []
    for month in months:
        mine = {row.efter: row for row in settled if row.maaned == month}
        shares = [_share(mine.get(after)) for after in range(1, most + 1)]
        change = next((row.forventet_aendring for row in mine.values() if row.forventet_aendring is not None), None)
        rows.append(Row(f"{month:%Y-%m}", (*shares, Figure(whole(change) if change else "–"))))
    headings = (*map(str, range(1, most + 1)), _("Ventes ændret, kr."))
    groups = (Group(_("Efter"), "", tuple(rows)),)
    inside = _("{foerste}–{sidste}, efter 1 til {antal} måneder").format(
        foerste=rows[-1].name, sidste=rows[0].name, antal=most
    )
    return Grid(name.replace("_", "-"), labels.table(name), intro, _("Måned"), headings, groups, inside)


def _share(row: Settling | None) -> Figure:
    """The share in percent; empty where the period has not come, a dash where the month has no final amount."""
    if row is None:
        return Figure("")
    return Figure("–" if row.andel is None else fixed(row.andel * 100))
