"""A table with quarters as columns, as FLIS and a pivot write it, as one row per quarter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import Row, fold

_TOTALS = frozenset({"total", "i alt", "hovedtotal", "grand total"})


def is_total(label: str) -> bool:
    """Whether a row is called a total: «I alt», «Total: 18 konti»."""
    return any(re.match(rf"{word}(?![\w-])", fold(label)) for word in _TOTALS)


_NO_DATA = re.compile(
    r"(i alt|total|hovedtotal|grand total|sum|subtotal)\s*(:.*)?|(kilde|kilder|note|noter|anm|source)\.?\s*:.*",
    re.DOTALL,
)


def is_no_data(label: str) -> bool:
    """Whether a row that begins so is a total or a note: «I alt», «Kilde: Danmarks Statistik», «Anm.: …»."""
    return bool(_NO_DATA.fullmatch(fold(label)))


def without_totals(headers: Sequence[str], rows: Iterable[Row]) -> Iterable[Row]:
    """The rows of a table with quarters as columns but for its total rows: persons are never summed."""
    beside = [i for i, header in enumerate(headers) if not Quarter.parse(header)]
    if len(beside) == len(headers):
        return rows
    return (row for row in rows if not any(fold(row[1][i]) in _TOTALS for i in beside))


def long_form(
    label: str, headers: Sequence[str], rows: Iterable[Row], code_headers: Sequence[str]
) -> tuple[list[str], Iterable[Row]]:
    """Headers and rows with columns ``periode`` and ``antal`` in place of the quarters.

    A table without quarters among its headers is returned as it is. The code stands in the column with one of
    ``code_headers``, else in the first («Rækkenavne», «Row Labels» or nothing). Total columns are left out.

    Raises:
        InputError: a quarter stands in two columns, as on FLIS' page with the differences beside the figures.
    """
    quarters = {i: str(q) for i, header in enumerate(headers) if (q := Quarter.parse(header))}
    if not quarters:
        return list(headers), rows
    twice = sorted({name for name in quarters.values() if list(quarters.values()).count(name) > 1})
    if twice:
        text = _("{fil}: {kvartaler} står i flere kolonner. Slet den blok, der ikke skal bruges.")
        raise InputError(text.format(fil=label, kvartaler=", ".join(twice)))
    names = {i: h for i, h in enumerate(headers) if i not in quarters and fold(h) not in _TOTALS}
    known = {fold(header) for header in code_headers}
    code = next((i for i, name in names.items() if fold(name) in known), 0)
    names = {i: "dst_kode" if i == code else name for i, name in names.items() if name or i == code}
    return [*names.values(), "periode", "antal"], _long_rows(rows, list(names), quarters)


def _long_rows(rows: Iterable[Row], kept: Sequence[int], quarters: dict[int, str]) -> Iterator[Row]:
    for number, cells in rows:
        for place, quarter in quarters.items():
            yield number, [*(cells[i] for i in kept), quarter, cells[place]]
