"""The nøgletal as native charts of the workbook: flow, § 107 by duration, combinations, prices, and each paragraf's trend."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.i18n import _
from reconcile.reports import figures_noegletal
from reconcile.reports.drawing import WATERFALL, Drawing, Points, waterfall_points
from reconcile.reports.figures_noegletal import TEMPORARY
from reconcile.results.noegletal import INTERVALS
from reconcile.results.rows import RunResult

#: The newest quarters of a chart.
QUARTERS = 12


def drawings(result: RunResult) -> Iterator[Drawing]:
    """The charts that a run has figures for."""
    if shown := figures_noegletal.flow(result, QUARTERS):
        points: Points = tuple((period, {"tilgang": came, "afgang": left}) for period, came, left, _after in shown)
        yield Drawing("column", _("Flow, alle ydelser"), ("tilgang", "afgang"), points)
    if quarters := figures_noegletal.durations(result, QUARTERS):
        points = tuple((period, {name: count for name, count in rows if count}) for period, rows in quarters.items())
        title = _("{kode}: åbne forløb efter dage siden start").format(kode=TEMPORARY)
        yield Drawing("column", title, INTERVALS, points, stacked=True)
    period, rows = figures_noegletal.combinations(result)
    if rows:
        points = tuple((name, {"borgere": count}) for name, count in rows)
        yield Drawing("bar", _("De hyppigste kombinationer, {periode}").format(periode=period), ("borgere",), points)
    for row, levels in figures_noegletal.prices(result):
        title = _("{kode}: hvorfor udgiften ændrede sig, {periode} ({pl}; {funktioner})").format(
            kode=row.dst_kode, periode=row.periode, pl=row.pl, funktioner=row.funktioner
        )
        yield Drawing("column", title, WATERFALL, tuple(waterfall_points(levels)), stacked=True)
    for name, course in figures_noegletal.trends(result, QUARTERS).items():
        points = tuple((when, {} if count is None else {"modtagere": count}) for when, count in course)
        title = _("{paragraf}: modtagere pr. kvartal").format(paragraf=name)
        yield Drawing("line", title, ("modtagere",), points)
