"""Cells of a workbook that hold no value that can be used: errors, formulas never calculated, amounts that are merged."""

from __future__ import annotations

from collections.abc import Mapping

from reconcile.domain.canonical import Kind, Table
from reconcile.errors import Problem
from reconcile.i18n import _
from reconcile.sources.readers import RawFile

#: Kinds of which a value that is merged over rows would count once a row.
_COUNTED = (Kind.MONEY, Kind.FIGURE, Kind.WHOLE)


def unread_problems(
    table: Table, raw: RawFile, places: Mapping[str, int], label: str, *, end: int | None, pivoted: bool
) -> list[Problem]:
    """A problem for each such cell in the columns that are read.

    ``places``: canonical column → its place; ``end``: the row where totals and notes begin; ``pivoted``: the columns
    of the file may be quarters, so that every cell is read.
    """
    if raw.seen is None or table.overview:
        return []
    kinds = {places[column.name]: column.kind for column in table.columns if column.name in places}
    problems = []
    for (row, place), (cell, text) in raw.seen.unread.items():
        if (pivoted or place in kinds) and row < (end or row + 1):
            reason = _("{celle} er en fejl eller en formel, der aldrig er beregnet; åbn i Excel, ret den, og gem igen")
            problems.append(Problem.make(label, row, _header(raw, place), text, reason.format(celle=cell)))
    for (row, place), cells in raw.seen.filled.items():
        counted = place > 0 if pivoted else kinds.get(place) in _COUNTED
        if counted and row < (end or row + 1):
            reason = _("{celler} er flettet, så tallet hører til flere rækker; ophæv fletningen i Excel, og gem igen")
            problems.append(Problem.make(label, row, _header(raw, place), "", reason.format(celler=cells)))
    return problems


def _header(raw: RawFile, place: int) -> str:
    return raw.headers[place] if place < len(raw.headers) else ""
