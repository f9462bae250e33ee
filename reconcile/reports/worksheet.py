"""A worksheet of XlsxWriter whose texts and numbers go through the door, in half the time and byte for byte as it has them.

A report has up to millions of cells. XlsxWriter reads each place as «A1» or as numbers, and makes a list of attributes for
each cell that it escapes one by one; ours are numbers, and have nothing to escape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from reconcile.privacy import door
from reconcile.reports.workbook import clean

_column = cache(xl_col_to_name)
#: How many texts of a sheet are kept, and the longest that XlsxWriter does not have to measure.
_MANY, _SHORT = 50_000, 16_000


class _Run(list[str]):
    """Cells beside each other in a row, as they stand in the file."""


class Rows(NamedTuple):
    """How the rows of a table are written: the format of each column's texts, that of another plain value in a column, what yes
    and no are called, and what writes any other value at a row and column."""

    texts: Sequence[Any]
    form: Callable[[Any, int], Any]
    said: Callable[[bool], str]
    other: Callable[[int, int, Any], None]


class _Column(dict[Any, str]):
    """The values of a column as they stand after the place of a cell; ``form`` is the format of its texts."""

    def __init__(self, form: Any) -> None:
        super().__init__()
        self.form = form


class Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet with a faster way in and out for text and numbers; every other kind of cell is XlsxWriter's own."""

    #: Whether CPR numbers are masked, whoever writes them. Only the encrypted sagsliste has them.
    masked = True

    def __init__(self) -> None:
        super().__init__()
        #: The cells of texts that stand in it already: codes, names and words come many times.
        self._kept: dict[tuple[str, Any], Any] = {}
        self._numbered = False

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
        if self.masked and door.is_known(value):
            return self._write_string(row, column, door.MASKED, form)
        return self._write_number(row, column, value, form)

    def write_url(self, row: int, column: int, to: str, form: Any = None, text: str | None = None) -> Any:
        """A link; its text through the door."""
        shown = text or to
        return super().write_url(row, column, to, form, door.text(shown) if self.masked else text)

    def add_long_table(self, top: int, last_row: int, last_column: int, options: Mapping[str, Any]) -> None:
        """A table from the first column on. XlsxWriter remembers each cell of a table, so that no two overlap: here its first
        two rows alone."""
        self.add_table(top, 0, top + 1, last_column, options)
        cells = xl_range(top, 0, last_row, last_column)
        self.tables[-1] |= dict.fromkeys(("range", "a_range", "autofilter"), cells)

    def write_rows(self, top: int, rows: Sequence[Sequence[Any]], how: Rows) -> None:
        """The rows of a table from row ``top`` on: plain values take no object for a cell. An empty text is no cell. The formats
        get their numbers in the order in which they stand in the sheet, as XlsxWriter gives them."""
        columns = [(number, f'<c r="{_column(number)}', _Column(form)) for number, form in enumerate(how.texts)]
        for place, row in enumerate(rows, start=top):
            cells, here, run, last = self.table[place], f'{place + 1}"', _Run(), -1
            for value, (column, start, known) in zip(row, columns, strict=True):
                kind = type(value)
                if kind is Decimal:
                    rest = None if self.masked and door.is_known(value) else _number(value, how.form(value, column))
                elif (rest := known.get(value if kind is not bool else (value,))) is None:
                    if value == "":
                        continue
                    rest = self._rest(value, column, known, how)
                elif isinstance(value, str) or kind is bool:
                    self.str_table.count += 1
                if rest is None:
                    how.other(place, column, value)
                    _number_of(cells[column])
                    run, last = _Run(), column
                    continue
                if not run:
                    cells[column] = run
                run.append(f"{start}{here}{rest}")
                last = column
            if cells:
                self._end_row(place, last)

    def _rest(self, value: Any, column: int, known: _Column, how: Rows) -> str | None:
        """A value as it stands after the place of its cell, remembered for its column; None where ``how.other`` must write it."""
        match value:
            case bool():
                made = self._text(how.said(value), how.form(value, column))
            case str() if len(value) < _SHORT:
                made = self._text(str(value), known.form)
            case None:
                made = f' s="{how.form(None, column)._get_xf_index()}"/>'
            case int() if not (self.masked and door.is_known(value)):
                made = _number(value, how.form(value, column))
            case date() if not isinstance(value, datetime):
                made = _number(self._convert_date_time(value), how.form(value, column))
            case _other:
                return None
        if len(known) < _MANY:
            known[(value,) if type(value) is bool else value] = made
        return made

    def _text(self, text: str, form: Any) -> str:
        said = door.text(clean(text)) if self.masked else clean(text)
        return f' s="{form._get_xf_index()}" t="s"><v>{self.str_table._get_shared_string_index(said)}</v></c>'

    def _end_row(self, row: int, last: int) -> None:
        """What XlsxWriter says of a row it learns from the first and the last of its cells."""
        cells = self.table[row]
        for cell in cells.values():
            if type(cell) is _Run:
                cell[:] = ["".join(cell)]
        self._check_dimensions(row, next(iter(cells)))
        self._check_dimensions(row, last)
        cells.setdefault(last, _Run())

    def number_formats(self) -> None:
        """Give the formats of the cells so far their numbers, in the order of rows and columns; once."""
        for row in () if self._numbered else sorted(self.table):
            for column in sorted(self.table[row]):
                _number_of(self.table[row][column])
        self._numbered = True

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell) is _Run:
            self.fh.writelines(cell)
            return
        kind = type(cell).__name__
        if not cell.format or self.constant_memory or kind not in {"String", "Number"}:
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{_column(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        else:
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")


def _number(value: Any, form: Any) -> str:
    """A number as it stands after the place of its cell."""
    return f' s="{form._get_xf_index()}"><v>{value:.16G}</v></c>'


def _number_of(cell: Any) -> None:
    """Give the format of a cell its number."""
    if form := getattr(cell, "format", None):
        form._get_xf_index()
