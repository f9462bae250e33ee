"""A workbook in the house style: real tables with filters, frozen headings, Danish formats, nothing run as a formula.

LibreOffice does not draw Excel's table styles, so the headings carry their own fill. No time is written anywhere: the
same result gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

from reconcile.i18n import _
from reconcile.reports import labels

#: The colour of a tab by what its sheet is for: finding one's way, working, reading, or looking up.
KINDS = {"guide": "#2F3E50", "work": "#D79A2B", "read": "#2A7F54", "evidence": "#A9B3BE"}
#: How many rows of a sheet stand in a print of the whole workbook.
PRINTED_ROWS = 200
#: Excel has 1,048,576 rows; the heading is one of them.
ROWS_PER_SHEET = 1_000_000
#: A table with so many rows is written a row at a time; but those that charts read cell by cell.
AT_ONCE, _CHARTED = 100, frozenset({"diagramtal"})
_LONGEST_TEXT = 32_767
_SAMPLED = 400
_UNSAFE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_COUNT = '#,##0;-#,##0;"–"'
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "text": {},
    "wrap": {"text_wrap": True},
    "count": {"num_format": _COUNT, "align": "right", "indent": 1},
    "plain": {"num_format": "0", "align": "right", "indent": 1},
    "signed": {"num_format": '+#,##0;-#,##0;"–"', "align": "right", "indent": 1},
    "signed_kr": {"num_format": '+#,##0.00;-#,##0.00;"–"', "align": "right", "indent": 1},
    "kr": {"num_format": '#,##0.00;-#,##0.00;"–"', "align": "right", "indent": 1},
    "share": {"num_format": '#,##0.0000;-#,##0.0000;"–"', "align": "right", "indent": 1},
    "signed_share": {"num_format": '+#,##0.0000;-#,##0.0000;"–"', "align": "right", "indent": 1},
    "date": {"num_format": "dd-mm-yyyy", "align": "left"},
    "missing": {"bg_color": "#F1F3F5"},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#2F3E50", "text_wrap": True, "valign": "vcenter"},
    "head_right": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": "#2F3E50",
        "text_wrap": True,
        "valign": "vcenter",
        "align": "right",
        "indent": 1,
    },
    "status": {"align": "left", "indent": 1},
    "title": {"bold": True, "font_size": 18},
    "verdict": {"font_size": 14, "text_wrap": True},
    "soft": {"font_color": "#55616F", "text_wrap": True},
    "section": {"bold": True, "font_size": 13},
    "warning": {"bold": True, "font_color": "#7A4D00", "bg_color": "#FBF1DD", "text_wrap": True},
    "link": {"font_color": "#1B5794", "underline": 1},
}
_DECIMAL_KINDS = {"signed": "signed_kr", "share": "share"}
#: What is nearer zero than this would be shown as 0,00, which zero is not: it is shown with four decimals.
_TOO_SMALL, _SMALL_KINDS = Decimal("0.005"), {"signed": "signed_share"}
#: The height of a line of text in points, and how many lines a row may take.
_LINE, _MOST_LINES = 14.5, 12
_TEXT_KINDS = {"wrap": "wrap", "status": "status", "severity": "status"}
_TONES = {
    "ok": {"font_color": "#1C6F46", "bg_color": "#E6F3EC"},
    "why": {"font_color": "#1B5794", "bg_color": "#E6EFF9"},
    "warn": {"font_color": "#7A4D00", "bg_color": "#FBF1DD"},
    "bad": {"font_color": "#AB231B", "bg_color": "#FBE9E7", "bold": True},
    "na": {"font_color": "#55616F"},
}


@dataclass(frozen=True)
class Link:
    """A cell that leads to another place in the workbook."""

    text: str
    sheet: str
    row: int = 0


@dataclass(frozen=True)
class Column:
    """A column: heading, kind (empty: by the value), the widest it may be, and the values to choose among (empty: any)."""

    heading: str
    kind: str = ""
    widest: int = 60
    choices: tuple[str, ...] = ()


class Book:
    """An open workbook; leaving the ``with`` writes it. One that is written to memory never touches the disk."""

    def __init__(self, target: Path | BytesIO, *, with_cpr: bool = False) -> None:
        import xlsxwriter

        in_memory = isinstance(target, BytesIO)
        self._with_cpr = with_cpr  # the encrypted sagsliste alone
        self._book = xlsxwriter.Workbook(
            target if in_memory else str(target),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": in_memory,
            },
        )
        self._book.set_properties({"created": datetime(2000, 1, 1), "author": "reconcile"})  # noqa: DTZ001 - no zone
        self.formats = {name: self._book.add_format({**_FONT, **given}) for name, given in _FORMATS.items()}
        self._tones = {name: self._book.add_format(given) for name, given in _TONES.items()}
        self._tables = 0

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._book.close()

    def sheet(self, name: str, kind: str = "evidence") -> Any:
        """A new sheet, set up to print on A4 across its width; ``kind`` (``KINDS``) decides the colour of its tab."""
        from reconcile.reports.worksheet import Sheet

        sheet = self._book.add_worksheet(name, Sheet)
        sheet.masked = not self._with_cpr
        sheet.set_tab_color(KINDS[kind])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.hide_gridlines(2)
        return sheet

    def name(self, name: str, sheet: str, row: int, column: int) -> None:
        """A defined name for one cell, which formulas and links of other workbooks can rely on."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        place = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        quoted = sheet.replace("'", "''")
        self._book.define_name(name, f"='{quoted}'!{place}")

    def chart(self, kind: str, *, stacked: bool = False) -> Any:
        """A native chart to be placed on a sheet."""
        return self._book.add_chart({"type": kind, **({"subtype": "stacked"} if stacked else {})})

    def table_sheets(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        *,
        frozen: int = 1,
        table: str = "",
        kind: str = "evidence",
        printed: int = 0,
    ) -> None:
        """A table on a sheet of its own, on several where Excel's rows do not suffice; a sentence when it is empty. ``table`` is
        what the Excel table is called, so that links to it hold from run to run. A print of the whole workbook
        has the first rows of the sheets that are not evidence, and of them the first ``printed`` columns (0: all)."""
        if not rows:
            sheet = self.sheet(name, kind)
            sheet.write_string(0, 0, _("Ingen rækker."), self.formats["soft"])
            sheet.print_area(0, 1, 0, 1)
        for number, start in enumerate(range(0, len(rows), ROWS_PER_SHEET), start=1):
            sheet = self.sheet(name if number == 1 else f"{name[:24]} del {number}", kind)
            part = rows[start : start + ROWS_PER_SHEET]
            self.table(sheet, 0, columns, part, table if number == 1 else f"{table}_{number}" if table else "")
            fitting = widths(columns, part)
            for index, width in enumerate(fitting):
                sheet.set_column(index, index, width)
            for row, height in _heights(columns, part, fitting):
                sheet.set_row(row, height)
            sheet.set_row(0, 33)
            sheet.freeze_panes(1, frozen)
            sheet.repeat_rows(0)
            if kind == "evidence" or number > 1:
                sheet.print_area(0, len(columns) + 1, 0, len(columns) + 1)  # an empty cell: nothing is printed
            else:
                sheet.print_area(0, 0, min(len(part), PRINTED_ROWS), (printed or len(columns)) - 1)

    def table(
        self, sheet: Any, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Any]], name: str = ""
    ) -> None:
        """A real Excel table with its heading in row ``top``; there is at least one row. ``name`` is the table's own."""
        self._tables += 1
        last = top + len(rows)
        headings = _unique(column.heading for column in columns)
        head = [
            {"header": heading, "header_format": self.formats["head_right" if _numeric(rows, index) else "head"]}
            for index, heading in enumerate(headings)
        ]
        told = {
            "columns": head,
            "name": name or f"Tabel{self._tables}",
            "style": "Table Style Light 15",
            "banded_rows": False,
        }
        if len(rows) < AT_ONCE or name in _CHARTED:
            sheet.add_table(top, 0, last, len(columns) - 1, told)
            for number, row in enumerate(rows, start=top + 1):
                for index, value in enumerate(row):
                    self.write(sheet, number, index, value, columns[index].kind)
        else:
            sheet.add_long_table(top, last, len(columns) - 1, told)
            self._write_rows(sheet, top + 1, columns, rows)
        for index, column in enumerate(columns):
            if column.kind in {"status", "severity"}:
                self._colour(sheet, top + 1, index, last, column.kind)
            if column.choices:
                sheet.data_validation(top + 1, index, last, index, {"validate": "list", "source": list(column.choices)})

    def _write_rows(self, sheet: Any, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> None:
        """The rows of a large table. What stands before them is done: its formats come first."""
        from reconcile.reports.worksheet import Rows

        kinds, formats = [column.kind for column in columns], self.formats
        texts = [formats[_TEXT_KINDS.get(kind, "text")] for kind in kinds]
        for earlier in self._book.worksheets():
            earlier.number_formats()
        sheet.write_rows(
            top,
            rows,
            Rows(
                texts,
                lambda value, index: formats[_form(value, kinds[index])],
                _yes_or_no,
                lambda row, index, value: self.write(sheet, row, index, value, kinds[index]),
            ),
        )

    def write(self, sheet: Any, row: int, column: int, value: Any, kind: str = "") -> None:
        """One cell, typed by its value: text is only ever text, None is an empty grey cell, "" is nothing."""
        formats = self.formats
        match value:
            case "":
                return
            case str():
                sheet.write_string(row, column, clean(value), formats[_TEXT_KINDS.get(kind, "text")])
            case None:
                sheet.write_blank(row, column, None, formats[_form(value, kind)])
            case Link():
                sheet.write_url(row, column, f"internal:'{value.sheet}'!A{value.row + 1}", formats["link"], value.text)
            case bool():
                sheet.write_string(row, column, _yes_or_no(value), formats[_form(value, kind)])
            case int() | Decimal():
                sheet.write_number(row, column, value, formats[_form(value, kind)])
            case date():
                sheet.write_datetime(row, column, value, formats[_form(value, kind)])
            case _other:
                sheet.write_string(row, column, clean(str(value)), formats[_TEXT_KINDS.get(kind, "text")])

    def _colour(self, sheet: Any, top: int, column: int, bottom: int, kind: str) -> None:
        names = labels.IMPORTANCE if kind == "status" else labels.SEVERITIES
        for name in names:
            label = labels.status(name) if kind == "status" else labels.severity(name)
            rule = {"type": "cell", "criteria": "==", "value": f'"{label.text}"', "format": self._tones[label.tone]}
            sheet.conditional_format(top, column, bottom, column, rule)

    def colour_statuses(self, sheet: Any, top: int, left: int, bottom: int, right: int) -> None:
        """Colour a block of status words."""
        for column in range(left, right + 1):
            self._colour(sheet, top, column, bottom, "status")


def _form(value: Decimal | date | bool | int | None, kind: str) -> str:
    """The format of a value that is no text in a column of a kind."""
    match value:
        case Decimal():
            small = value and -_TOO_SMALL < value < _TOO_SMALL
            return _SMALL_KINDS.get(kind, "share") if small else _DECIMAL_KINDS.get(kind, "kr")
        case bool():
            return "text"
        case int():
            return kind if kind in _FORMATS else "count"
        case None:
            return "missing"
        case _day:
            return "date"


def _yes_or_no(value: bool) -> str:
    return _("ja") if value else _("nej")


def clean(text: str) -> str:
    """Text that a cell can hold: at most Excel's 32,767 characters, and no halves of characters."""
    if _UNSAFE.search(text):
        text = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 2]} …"


def widths(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> list[float]:
    """Column widths that fit the headings and the first rows."""
    made = []
    for index, column in enumerate(columns):
        fitting = _in_two_lines(column.heading) + 4  # room for the filter's button
        for row in rows[:_SAMPLED]:
            fitting = max(fitting, _length(row[index]) + 2)
        made.append(float(min(fitting, column.widest)))
    return made


def _heights(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], fitting: Sequence[float]
) -> Iterator[tuple[int, float]]:
    """The rows whose wrapped text takes more than a line, and the height it takes: no program measures it for the others."""
    wrapped = [
        (index, max(1, int(fitting[index]) - 2)) for index, column in enumerate(columns) if column.kind == "wrap"
    ]
    for number, row in enumerate(rows, start=1):
        if all(type(text := row[index]) is str and len(text) <= width for index, width in wrapped):
            continue
        lines = max((-(-_length(row[index]) // width) for index, width in wrapped), default=1)
        if lines > 1:
            yield number, _LINE * min(lines, _MOST_LINES)


def _in_two_lines(heading: str) -> int:
    """The width at which a heading takes no more than two lines: a row of headings is that tall."""
    words = heading.split()
    cuts = (max(len(" ".join(words[:n])), len(" ".join(words[n:]))) for n in range(1, len(words) + 1))
    return min(cuts, default=0)


def _numeric(rows: Sequence[Sequence[Any]], index: int) -> bool:
    """Whether a column's first value is a number: its heading then stands over the digits."""
    first = next((row[index] for row in rows[:_SAMPLED] if row[index] is not None and row[index] != ""), None)
    return isinstance(first, int | Decimal) and not isinstance(first, bool)


def _length(value: Any) -> int:
    match value:
        case None:
            return 0
        case Link():
            return len(value.text)
        case Decimal():
            return len(f"{value:,.2f}")
        case date():
            return 10
        case _other:
            return max((len(line) for line in str(value).splitlines()), default=0)


def _unique(headings: Iterable[str]) -> list[str]:
    """Excel repairs a table whose headings are alike; the second gets a number."""
    made: list[str] = []
    taken: set[str] = set()
    for heading in headings:
        name, number = heading, 1
        while name.casefold() in taken:
            number += 1
            name = f"{heading} {number}"
        taken.add(name.casefold())
        made.append(name)
    return made
