"""Nøgletal on the page: the flow of the newest quarters, how long § 107 has been open, and why spending changed.

Chooses and lays out; every figure stands in ``flow``, ``varighed`` and ``pris``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconcile.domain.exact import rounded
from reconcile.i18n import _, number
from reconcile.reports import labels
from reconcile.reports.charts import Columns, Level, Waterfall, bars, columns, waterfall
from reconcile.results.noegletal import Duration, Flow
from reconcile.results.pris import Price
from reconcile.results.rows import RunResult

QUARTERS = 8
PRICES = 3
#: The ydelse whose length is looked at first: it is meant to be temporary.
_TEMPORARY = "1.8.2"
_PARTS = ("volumen", "pris", "kommet", "gaaet", "mellemkommunal", "uden_cpr")


@dataclass(frozen=True)
class Picture:
    """A drawing with what it shows, in words for those who cannot see it; ``drawing`` is bars or columns of periods."""

    id: str
    title: str
    note: str
    drawing: Waterfall | Columns
    text: str

    @property
    def flow(self) -> bool:
        """Whether the drawing is periods side by side."""
        return isinstance(self.drawing, Columns)


def pictures(result: RunResult) -> tuple[Picture, ...]:
    """The drawings of a run with nøgletal; none without."""
    return (*_flow(result), *_durations(result), *_prices(result))


def _flow(result: RunResult) -> Iterator[Picture]:
    table = result.table("flow")
    found: Sequence[Flow] = table.rows if table else ()
    rows = [row for row in found if row.niveau == "alle" and row.periodetype == "kvartal"][-QUARTERS:]
    shown = [
        (row.periode, row.tilgang, row.afgang, row.ultimo)
        for row in rows
        if row.tilgang is not None and row.afgang is not None and row.ultimo is not None
    ]
    if shown:
        told = _("{periode}: {tilgang} kom til, {afgang} gik fra, {ultimo} til sidst")
        names = ("periode", "tilgang", "afgang", "ultimo")
        text = "; ".join(told.format(**dict(zip(names, row, strict=True))) for row in shown)
        drawing = columns(shown)
        note = _("Borgere, der kommer til (op) og går fra (ned); øverst dem, der er der på den sidste dag.")
        yield Picture("noegletal-flow", _("Flow, alle ydelser"), note, drawing, text)


def _durations(result: RunResult) -> Iterator[Picture]:
    table = result.table("varighed")
    found: Sequence[Duration] = table.rows if table else ()
    newest = max((row.periode for row in found if row.dst_kode == _TEMPORARY), default=None)
    rows = [row for row in found if (row.dst_kode, row.periode) == (_TEMPORARY, newest)]
    counts = [(_("{interval} dage").format(interval=r.interval), r.ydelser) for r in rows if r.ydelser is not None]
    if counts:
        drawing = bars([(label, number(count), count) for label, count in counts])
        title = _("{kode}: åbne forløb efter varighed, {periode}").format(kode=_TEMPORARY, periode=newest)
        text = "; ".join(f"{bar.label} {bar.figure}" for bar in drawing.bars)
        yield Picture("noegletal-varighed", title, labels.code_name(_TEMPORARY), drawing, text)


def _prices(result: RunResult) -> Iterator[Picture]:
    table = result.table("pris")
    found: Sequence[Price] = [row for row in table.rows if row.aendring is not None] if table else []
    kind = "aar" if any(row.periodetype == "aar" for row in found) else "kvartal"
    newest = max((row.periode for row in found if row.periodetype == kind), default=None)
    rows = [row for row in found if row.periode == newest]
    for row in sorted(rows, key=_largest_first)[:PRICES]:
        levels = list(_levels(row))
        title = _("{kode}: hvorfor udgiften ændrede sig, {periode}").format(kode=row.dst_kode, periode=row.periode)
        text = "; ".join(f"{level.label} {level.figure}" for level in levels)
        anchor = f"noegletal-pris-{row.dst_kode.replace('.', '-')}"
        yield Picture(
            anchor, title, _("{navn}; kr.").format(navn=labels.code_name(row.dst_kode)), waterfall(levels), text
        )


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
