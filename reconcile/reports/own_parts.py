"""The parts of somebody's own workbook as text: ranges, rows and cells, read and put back as they stand.

A library that reads a workbook and writes it anew loses what it does not know (shapes, slicers, pivots, macros, the looks of
charts). Here a part that nothing is changed in keeps its bytes, and one that is changed keeps every character around the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

_ROW = re.compile(r"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_DATA = re.compile(r"<sheetData\s*/>|<sheetData>(.*?)</sheetData>", re.DOTALL)
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)")


@dataclass(frozen=True)
class Area:
    """A range of cells; columns and rows count from 1."""

    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


@dataclass(frozen=True)
class Stretch:
    """A table that became longer or shorter: its columns, its heading's row, and its last row before and now."""

    sheet: str
    left: int
    right: int
    head: int
    before: int
    now: int


def area(text: str) -> Area:
    """``A1:C9``, or one cell."""
    first, _colon, last = text.replace("$", "").partition(":")
    (left, top), (right, bottom) = place(first), place(last or first)
    return Area(left, top, right, bottom)


def place(name: str) -> tuple[int, int]:
    """Column and row of ``C9``."""
    column = 0
    for sign in name.rstrip("0123456789"):
        column = column * 26 + ord(sign) - 64
    return column, int(name[len(name.rstrip("0123456789")) :])


def letters(column: int) -> str:
    """``C`` for 3."""
    made = ""
    while column:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag."""
    return {name: unescape(value) for name, value in re.findall(r'([\w:]+)="([^"]*)"', tag)}


def with_attribute(tag: str, name: str, value: str) -> str:
    """The tag with an attribute set."""
    if re.search(rf'\s{name}="', tag):
        return re.sub(rf'(\s{name}=")[^"]*"', rf'\g<1>{value}"', tag)
    return re.sub(r"\s*(/?>)$", rf' {name}="{value}"\1', tag)


Cells = dict[int, str]


def rows_of(sheet: str) -> dict[int, tuple[str, Cells]]:
    """Row → the attributes of its tag as they stand, and its cells by column, each as it stands."""
    found = _DATA.search(sheet)
    rows: dict[int, tuple[str, Cells]] = {}
    for tag, content in _ROW.findall(found[1] or "" if found else ""):
        number = int(attributes(tag).get("r") or max(rows, default=0) + 1)
        rows[number] = tag, dict(_cells(content))
    return rows


def _cells(content: str) -> Iterator[tuple[int, str]]:
    column = 0
    for found in _CELL.finditer(content):
        name = attributes(found[1]).get("r")
        column = place(name)[0] if name else column + 1
        yield column, found[0]


def with_rows(sheet: str, rows: Mapping[int, tuple[str, Cells]]) -> str:
    """The sheet with these rows. What a row said of its span no longer holds, and may be left out."""
    made = []
    for number in sorted(rows):
        tag, cells = rows[number]
        kept = re.sub(r'\sspans="[^"]*"', "", tag) if "r=" in tag else f' r="{number}"'
        made.append(f"<row{kept}>{''.join(cells[column] for column in sorted(cells))}</row>")
    data = f"<sheetData>{''.join(made)}</sheetData>"
    return _DATA.sub(lambda _found: data, sheet, count=1)


def says_something(cell: str) -> bool:
    """Whether a cell has a value or a formula."""
    return bool(re.search(r"<(?:v|f|is)\b", cell))


def moved(cell: str, row: int) -> str:
    """The cell in another row."""
    return re.sub(r'(<c\b[^>]*?\sr="[A-Z]+)\d+"', rf'\g<1>{row}"', cell, count=1)


def stretched(text: str, stretch: Stretch, *, own_sheet: bool) -> str:
    """A formula in which every range of exactly the table's rows follows the table. ``own_sheet``: it stands on its sheet, so
    that a range without a sheet's name is one of it."""
    quoted = "'" + stretch.sheet.replace("'", "''") + "'!"
    names = f"{re.escape(quoted)}|(?<![\\w'.]){re.escape(stretch.sheet)}!"
    before = f"({names}{'|(?<![!$A-Za-z0-9_:.])' if own_sheet else ''})"

    def followed(found: re.Match[str]) -> str:
        """A reference to the table's rows with its last row as it is now; any other as it was."""
        left, top, right, bottom = place(found[3] + "1")[0], int(found[5]), place(found[7] + "1")[0], int(found[9])
        inside = stretch.left <= left <= right <= stretch.right
        if not inside or top not in (stretch.head, stretch.head + 1) or bottom != stretch.before:
            return found[0]
        return f"{found[1]}{found[2]}{found[3]}{found[4]}{found[5]}:{found[6]}{found[7]}{found[8]}{stretch.now}"

    return re.sub(rf"{before}(\$?)([A-Z]{{1,3}})(\$?)(\d+):(\$?)([A-Z]{{1,3}})(\$?)(\d+)(?![\d(])", followed, text)


def stretched_squares(text: str, stretch: Stretch) -> str:
    """The same for lists of ranges without a sheet (``sqref``)."""

    def followed(found: re.Match[str]) -> str:
        """An area of the table's rows with its last row as it is now; any other as it was."""
        here = area(found[0])
        inside = stretch.left <= here.left <= here.right <= stretch.right
        if not inside or here.top not in (stretch.head, stretch.head + 1) or here.bottom != stretch.before:
            return found[0]
        return str(Area(here.left, here.top, here.right, stretch.now))

    return _AREA.sub(followed, text)
