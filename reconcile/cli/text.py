"""Tables on the terminal: columns that line up, and on a pipe one row a line with tabs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence


def table_lines(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """The lines of a table; ``right`` are the places of the columns with numbers."""
    if not rows:
        return []
    if not sys.stdout.isatty():
        return ["\t".join(row) for row in (headings, *rows)]
    return aligned((headings, *rows), right)


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """Rows whose cells stand under each other."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
