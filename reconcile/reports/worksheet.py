"""A worksheet of XlsxWriter whose texts and numbers go through the door, in half the time and byte for byte as it has them.

A report has up to millions of cells. XlsxWriter reads each place as «A1» or as numbers, and makes a list of attributes for
each cell that it escapes one by one; ours are numbers, and have nothing to escape.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reconcile.privacy import door

_column = cache(xl_col_to_name)
#: How many texts of a sheet are kept.
_MANY = 50_000


class Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet with a faster way in and out for text and numbers; every other kind of cell is XlsxWriter's own."""

    #: Whether CPR numbers are masked, whoever writes them. Only the encrypted sagsliste has them.
    masked = True

    def __init__(self) -> None:
        super().__init__()
        #: The cells of texts that stand in it already: codes, names and words come many times.
        self._kept: dict[tuple[str, Any], Any] = {}

    def write_string(self, row: int, column: int, text: str, form: Any = None) -> Any:
        """A text, through the door."""
        if (kept := self._kept.get((text, form))) is not None:
            if self._check_dimensions(row, column):
                return -1
            self.str_table.count += 1
            self.table[row][column] = kept
            return 0
        said = self._write_string(row, column, door.text(text) if self.masked else text, form)
        if said == 0 and not self.constant_memory and len(self._kept) < _MANY:
            self._kept[text, form] = self.table[row][column]
        return said

    def write_number(self, row: int, column: int, value: Any, form: Any = None) -> Any:
        """A number; one that is a CPR number of the run becomes the mask."""
        if self.masked and door.value(value) == door.MASKED:
            return self._write_string(row, column, door.MASKED, form)
        return self._write_number(row, column, value, form)

    def write_url(self, row: int, column: int, to: str, form: Any = None, text: str | None = None) -> Any:
        """A link; its text through the door."""
        shown = text or to
        return super().write_url(row, column, to, form, door.text(shown) if self.masked else text)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        if not cell.format or self.constant_memory or kind not in {"String", "Number"}:
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{_column(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        else:
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
