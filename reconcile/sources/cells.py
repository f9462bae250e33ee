"""What a cell and a header are, whatever file they stand in.

A number or date cell of a workbook or a Parquet file is what it is; its text carries a mark (``NUMBER``, ``DATE``) that
the conversion knows, so that one strict conversion serves all formats.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

#: Marks in front of the text of a cell that was a number or a date, from Unicode's private area.
NUMBER, DATE = "\ue000", "\ue001"
#: The mark of a cell that a merged cell further up covers; the text of that one follows it.
MERGED = "\ue002"

#: White space around a cell that holds nothing: no-break, figure and zero-width spaces and a stray BOM too.
BLANK = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\ufeff"

#: The number of a row as Excel shows it, and its cells as text.
Row = tuple[int, list[str]]


def bare(text: str) -> str:
    """The text without the mark of a number or date cell."""
    return text.lstrip(NUMBER + DATE)


def is_blank(cells: list[str]) -> bool:
    """Whether nothing stands in any of the cells."""
    return not any(cell.strip(BLANK) for cell in cells)


def header_text(cell: str) -> str:
    """A header as it is shown: without marks and outer white space, on one line."""
    return " ".join(cell.strip(BLANK + NUMBER + DATE + MERGED).split())


def fold(header: str) -> str:
    """What headers are compared by: case and white space do not count."""
    return header_text(header).casefold()


def cell_text(cell: object) -> str:
    """A workbook cell as text; 15 significant digits, as Excel itself stores and shows a number."""
    match cell:
        case bool():
            return "ja" if cell else "nej"
        case int() | float():
            plain = Decimal(format(cell, ".15g"))
            return NUMBER + format(plain.normalize() + 0, "f")
        case datetime() | date():
            return DATE + cell.isoformat()[:10]
        case time() | timedelta():
            return str(cell)
        case _other:
            return str(cell)
