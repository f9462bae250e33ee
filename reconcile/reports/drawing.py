"""A native chart of the workbook, before it is drawn: its points, and how a waterfall's bars float."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconcile.reports.charts import Level

#: A label and the values of the series at it.
Points = tuple[tuple[str, Mapping[str, int | Decimal]], ...]
#: The series of a waterfall; nobody sees the first.
WATERFALL = ("skjult", "niveau", "fald", "stigning", "rest")


@dataclass(frozen=True)
class Drawing:
    """A chart: its kind in Excel, its title, its points (a label and the values of its series), and where its axis begins."""

    kind: str
    title: str
    series: tuple[str, ...]
    points: Points
    stacked: bool = False
    least: int = 0


def waterfall_points(levels: Sequence[Level]) -> Iterator[tuple[str, Mapping[str, int | Decimal]]]:
    """The bars of a waterfall: a level stands on the axis, a change floats on what nobody sees."""
    for level in levels:
        if level.change is None:
            yield level.label, {"niveau": level.level}
            continue
        name = "rest" if level.kind == "rest" else "fald" if level.change < 0 else "stigning"
        yield level.label, {"skjult": min(level.level, level.level - level.change), name: abs(level.change)}
