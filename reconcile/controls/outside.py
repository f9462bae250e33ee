"""What ``--period`` and ``--code`` leave out of sight: the cells of the same inputs that are open outside them.

A choice limits what is judged and shown, never what is read; a reader must still be told that there is more.
"""

from __future__ import annotations

from reconcile.controls import hand07
from reconcile.controls import redelivery_prints as prints
from reconcile.domain.codes import chosen
from reconcile.domain.periods import Quarter
from reconcile.results.cells import open_cells
from reconcile.results.rows import PartResult, ResultTable
from reconcile.results.survey import Outside
from reconcile.world.context import Context
from reconcile.world.prepare import default_periods, widened

TABLE = "udenfor"


def run(context: Context) -> PartResult:
    """The table ``udenfor``: open cells against Danmarks Statistik in the quarters and codes that were not chosen.

    The views are made again for the quarters that can have such cells; this is therefore the last control of a run.
    """
    if not (context.chosen or context.codes) or not (quarters := _published(context)):
        return PartResult()
    judged = {str(quarter) for quarter in context.perioder}
    cells = open_cells(hand07.judged(widened(context, quarters, same=[prints.take, prints.own_name]))).values()
    rows = tuple(
        Outside(cell.dst_kode, cell.periode, cell.status)
        for cell in cells
        if cell.periode not in judged or not chosen(cell.dst_kode, context.codes)
    )
    return PartResult(tables=(ResultTable(TABLE, Outside, rows),) if rows else ())


def _published(context: Context) -> tuple[Quarter, ...]:
    """The quarters with a figure of Danmarks Statistik, of which a cell may be out of sight: without one no cell is open."""
    query = "SELECT DISTINCT periode FROM offentliggjort WHERE kilde IN ('hand07', 'hand01') AND antal IS NOT NULL"
    there = {period for (period,) in context.engine.rows(query)}
    seen = set() if context.codes else set(context.perioder)
    return tuple(q for q in default_periods(context.driver.engine) if str(q) in there and q not in seen)
