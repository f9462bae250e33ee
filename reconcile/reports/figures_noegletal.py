"""The nøgletal that are drawn, on the page and in the workbook: which rows of the tables, in words and numbers.

Chooses only; every figure stands in ``noegletal_vh``, ``flow``, ``varighed``, ``kombinationer``, ``pris`` and ``sammenligning``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconcile.domain.exact import rounded
from reconcile.i18n import _, number
from reconcile.reports import labels
from reconcile.reports.charts import Level
from reconcile.results.flis import Comparison
from reconcile.results.noegletal import INTERVALS, Combination, Duration, Flow, NoegletalVh
from reconcile.results.pris import Price
from reconcile.results.rows import RunResult

#: The ydelse whose length is looked at first: it is meant to be temporary.
TEMPORARY = "1.8.2"
PRICES, COMBINATIONS, PARAGRAPHS = 3, 10, 12
_PARTS = ("volumen", "pris", "kommet", "gaaet", "mellemkommunal", "uden_cpr")
_COMPARED = ("egen", "gruppe_middel", "gruppe_samlet", "landet_middel", "landet_samlet")


def trends(result: RunResult, quarters: int) -> dict[str, list[tuple[str, int | None]]]:
    """Paragraf → its modtagere in each of the newest quarters (None: left out); those with most persons now come first."""
    table = result.table("noegletal_vh")
    found: Sequence[NoegletalVh] = table.rows if table else ()
    rows = [row for row in found if (row.niveau, row.periodetype) == ("paragraf", "kvartal")]
    periods = sorted({row.periode for row in rows})[-quarters:]
    counts = {(row.kategori, row.periode): row.modtagere for row in rows}
    newest = {name: counts.get((name, periods[-1]), 0) or 0 for name, _period in counts}
    names = sorted(newest, key=lambda name: (-newest[name], name))[:PARAGRAPHS] if len(periods) > 1 else []
    return {name: [(period, counts.get((name, period), 0)) for period in periods] for name in names}


def flow(result: RunResult, quarters: int) -> list[tuple[str, int, int, int]]:
    """The newest quarters of everything: who came, who left, and who is there at the end."""
    table = result.table("flow")
    found: Sequence[Flow] = table.rows if table else ()
    rows = [row for row in found if row.niveau == "alle" and row.periodetype == "kvartal"][-quarters:]
    return [
        (row.periode, row.tilgang, row.afgang, row.ultimo)
        for row in rows
        if row.tilgang is not None and row.afgang is not None and row.ultimo is not None
    ]


def durations(result: RunResult, quarters: int) -> dict[str, list[tuple[str, int]]]:
    """Each of the newest quarters → the open courses of ``TEMPORARY`` by how long ago they began; the oldest quarter first.

    An interval that nobody is in is 0; one that is not shown is left out.
    """
    table = result.table("varighed")
    found: Sequence[Duration] = [row for row in table.rows if row.dst_kode == TEMPORARY] if table else ()
    counts = {(row.periode, row.interval): row.ydelser for row in found}
    return {
        period: [(name, count) for name in INTERVALS if (count := counts.get((period, name), 0)) is not None]
        for period in sorted({row.periode for row in found})[-quarters:]
    }


def combinations(result: RunResult) -> tuple[str, list[tuple[str, int]]]:
    """The newest quarter, and its most frequent combinations of two ydelser or more."""
    table = result.table("kombinationer")
    found: Sequence[Combination] = [row for row in table.rows if row.koder > 1] if table else ()
    newest = max((row.periode for row in found), default="")
    rows = [(row.kombination, row.borgere) for row in found if row.periode == newest]
    return newest, rows[:COMBINATIONS]


def prices(result: RunResult) -> list[tuple[Price, list[Level]]]:
    """The ydelser whose spending changed most in the newest year (else quarter), each from last year's amount to this."""
    table = result.table("pris")
    found: Sequence[Price] = [row for row in table.rows if row.aendring is not None] if table else []
    kind = "aar" if any(row.periodetype == "aar" for row in found) else "kvartal"
    newest = max((row.periode for row in found if row.periodetype == kind), default=None)
    rows = [row for row in found if row.periode == newest]
    return [(row, list(_levels(row))) for row in sorted(rows, key=_largest_first)[:PRICES]]


def comparisons(result: RunResult) -> Iterator[tuple[Comparison, list[tuple[str, Decimal]]]]:
    """Each key figure × area of the newest year with the own figure and both averages of group and country; those there are."""
    table = result.table("sammenligning")
    found: Sequence[Comparison] = table.rows if table else ()
    newest = max((row.aar for row in found), default="")
    for row in found:
        values = [(labels.column(name), getattr(row, name)) for name in _COMPARED]
        shown = [(label, value) for label, value in values if value is not None]
        if row.aar == newest and row.egen is not None and len(shown) > 1:
            yield row, shown


def _largest_first(row: Price) -> tuple[Decimal, str]:
    return -abs(row.aendring or Decimal(0)), row.dst_kode


def _levels(row: Price) -> Iterator[Level]:
    """From last year's amount through the parts to this year's, in whole kroner; a part that is nothing is left out."""
    reached = row.beloeb_aaret_foer or Decimal(0)
    yield Level(_("Året før"), number(_whole(reached)), "total", _whole(reached), None)
    for name in _PARTS:
        before = _whole(reached)
        reached += getattr(row, name) or Decimal(0)
        if change := _whole(reached) - before:
            label = labels.column(name).removesuffix(" (kr.)")
            yield Level(label, labels.signed(change), "change", _whole(reached), change)
    yield Level(row.periode, number(_whole(reached)), "end", _whole(reached), None)


def _whole(amount: Decimal) -> int:
    return int(rounded(amount, 0))
