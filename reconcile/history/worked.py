"""The sheet «Sager» of a workbook that was worked in, read with openpyxl: what stands in its columns, row by row.

The table is found by its headings, in Danish or English, on whatever sheet and row it is: it may have been sorted, filtered,
renamed, given more columns, or saved by another program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from reconcile.errors import InputError
from reconcile.history.remarks import Remark
from reconcile.i18n import _
from reconcile.sources.sheet_look import look_at, parts

#: Column → its headings, in Danish and English, and its name in the data.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sag_id": ("sag", "case", "sag_id"),
    "bemaerkning": ("bemærkning", "remark", "bemaerkning"),
    "ansvarlig": ("ansvarlig", "responsible"),
    "arbejdsstatus": ("arbejdsstatus", "work status"),
    "aarsag": ("årsag", "cause", "reason", "aarsag"),
    "initialer": ("initialer", "initials"),
    "gaelder_til": ("gælder til", "valid until", "gaelder_til"),
    "noegle": ("nøgle", "key", "noegle"),
}
_SEARCHED_ROWS = 30
_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")


@dataclass(frozen=True)
class Worked:
    """A row that was worked in: its case, what is written about it, the acceptance that is filled in, its key, and where each
    column stands (``Sager!Q7``)."""

    sag_id: str
    remark: Remark
    reason: str
    by: str
    until: date | str | None
    key: str
    where: Mapping[str, str]


def read_worked(path: Path) -> list[Worked]:
    """The rows of the sheet of cases, in the order they stand.

    Raises:
        InputError: the file is no workbook, or has no sheet with the columns that are worked in.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError, BadZipFile, InvalidFileException)
    try:
        _look(path)
        book = openpyxl.load_workbook(path, data_only=True)
    except FileNotFoundError:
        raise InputError(_("{fil} findes ikke.").format(fil=path)) from None
    except broken:
        raise InputError(_("{fil} kan ikke læses som en Excel-fil.").format(fil=path)) from None
    for sheet in book.worksheets:
        if (found := _heading_row(sheet)) is not None:
            return list(_rows(sheet, *found))
    text = _("{fil} har intet ark med kolonnerne Sag, Bemærkning og Nøgle; er det rapport.xlsx fra en kørsel?")
    raise InputError(text.format(fil=path.name))


def _look(path: Path) -> None:
    """Refuse a workbook that would take too much room, as for any source, before it is opened: one stray cell in the last row
    makes a sheet of a million.

    Raises:
        InputError: names the sheet and the cell.
    """
    with ZipFile(path) as archive:
        for sheet in parts(archive):
            look_at(archive, sheet, path.name)


def _heading_row(sheet: Any) -> tuple[int, Mapping[str, int]] | None:
    for number, row in enumerate(sheet.iter_rows(max_row=_SEARCHED_ROWS, values_only=True), start=1):
        texts = [str(value).strip().casefold() if value is not None else "" for value in row]
        columns = {name: texts.index(h) for name, known in HEADINGS.items() for h in known if h in texts}
        if {"sag_id", "bemaerkning", "noegle"} <= set(columns):
            return number, columns
    return None


def _rows(sheet: Any, heading: int, columns: Mapping[str, int]) -> Iterator[Worked]:
    for row in sheet.iter_rows(min_row=heading + 1):
        cells = {name: row[place] for name, place in columns.items() if place < len(row)}
        texts = {name: "" if cell.value is None else str(cell.value).strip() for name, cell in cells.items()}
        if not any(texts.get(name) for name in HEADINGS):
            continue
        yield Worked(
            sag_id=texts.get("sag_id", ""),
            remark=Remark(**{name: texts.get(name, "") for name in ("bemaerkning", "ansvarlig", "arbejdsstatus")}),
            reason=texts.get("aarsag", ""),
            by=texts.get("initialer", ""),
            until=_day(cells["gaelder_til"].value) if "gaelder_til" in cells else None,
            key=texts.get("noegle", ""),
            where={name: f"{sheet.title}!{cell.coordinate}" for name, cell in cells.items()},
        )


def _day(value: Any) -> date | str | None:
    """A day as a date; text that is none as it stands."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    text = str(value).strip()
    if found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
        text = f"{year:04d}-{month:02d}-{day:02d}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return str(value)
