"""Tables on the terminal: columns that line up within its width, and on a pipe one row a line with tabs."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

#: The width of a terminal that does not tell it, and the least that a column of text is narrowed to.
_WIDTH, _NARROW = 100, 9
_GAP = "  "


def table_lines(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = (), spare: Sequence[int] = ()
) -> list[str]:
    """The lines of a table; ``right`` are the places of the columns with numbers, ``spare`` those a narrow one is without."""
    if not rows:
        return []
    if not sys.stdout.isatty():
        return ["\t".join(row) for row in (headings, *rows)]
    return aligned((headings, *rows), right, shutil.get_terminal_size((_WIDTH, 24)).columns, spare)


def fitted(lines: Iterable[str]) -> list[str]:
    """Sentences that go on in the line below where a terminal is too narrow for them; as they are on a pipe."""
    if not sys.stdout.isatty():
        return list(lines)
    within = shutil.get_terminal_size((_WIDTH, 24)).columns
    return [part for line in lines for part in ([line] if len(line) <= within else _wrapped(line, within))]


def _wrapped(line: str, within: int) -> list[str]:
    """A sentence on several lines; a path or an address in it stays whole, so that it can be copied, also a path with blanks."""
    _before, told, place = line.partition(": ")
    if told and Path(place).exists():
        return [line]
    indent = 2 * _GAP
    return textwrap.wrap(line, within, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def aligned(
    rows: Sequence[Sequence[str]], right: Collection[int] = (), within: int = 0, spare: Sequence[int] = ()
) -> list[str]:
    """Rows whose cells stand under each other. Where they do not fit in a width (0: any), the widest texts go on in the line
    below; where words would be broken, the columns of ``spare`` are left out first, from the last."""
    widths = _widths(rows, right, within)
    if spare and within and (_total(widths) > within or _broken(rows, widths)):
        out = spare[-1]
        kept = [place for place in range(len(widths)) if place != out]
        told = [[row[place] for place in kept] for row in rows]
        numbers, less = ([kept.index(place) for place in places if place != out] for places in (right, spare))
        return aligned(told, numbers, within, less)
    return [line for row in rows for line in _lines(row, widths, right)]


def _widths(rows: Sequence[Sequence[str]], right: Collection[int], within: int) -> list[int]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    while within and _total(widths) > within:
        widest = max(
            (place for place in range(len(widths)) if place not in right), key=widths.__getitem__, default=None
        )
        if widest is None or widths[widest] <= _NARROW:
            break
        widths[widest] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _broken(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    """Whether a word is longer than its column."""
    words = (
        (len(word), width)
        for row in rows
        for cell, width in zip(row, widths, strict=True)
        if len(cell) > width
        for word in re.findall(r"[^\s-]+-?", cell)
    )
    return any(length > width for length, width in words)


def _lines(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> Iterator[str]:
    parts = [textwrap.wrap(cell, width or 1) or [""] for cell, width in zip(row, widths, strict=True)]
    for cells in zip_longest(*parts, fillvalue=""):
        yield _GAP.join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
