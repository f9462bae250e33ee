"""A table with quarters as columns, as FLIS and a pivot write it, as one row per quarter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconcile.periods import Quarter

_TOTALS = frozenset({"total", "i alt", "hovedtotal", "grand total"})

Row = tuple[int, list[str]]


def long_form(headers: Sequence[str], rows: Iterable[Row]) -> tuple[list[str], Iterable[Row]]:
    """Headers and rows with columns ``periode`` and ``antal`` in place of the quarters.

    A table without quarters among its headers is returned as it is. The first column holds the code, whatever its
    header («Rækkenavne», «Row Labels» or nothing). Total rows and columns are left out: persons are never summed.
    """
    quarters = [(i, str(q)) for i, header in enumerate(headers) if (q := Quarter.parse(header))]
    if not quarters:
        return list(headers), rows
    places = {i for i, _name in quarters}
    kept = [i for i, h in enumerate(headers) if i not in places and h.casefold() not in _TOTALS and (h or i == 0)]
    names = ["dst_kode" if i == 0 else headers[i] for i in kept]
    return [*names, "periode", "antal"], _long_rows(rows, kept, quarters)


def _long_rows(rows: Iterable[Row], kept: Sequence[int], quarters: Sequence[tuple[int, str]]) -> Iterator[Row]:
    for number, cells in rows:
        if cells[0].strip().casefold() in _TOTALS:
            continue
        for place, quarter in quarters:
            yield number, [*(cells[i] for i in kept), quarter, cells[place]]
