"""Writes tables as the systems do: CSV with their encodings, XLSX with fixed time stamps."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

STAMP = datetime(2021, 4, 6, 8, 0, 0)  # noqa: DTZ001 - openpyxl wants naive time stamps
Row = Sequence[object]


def write_csv(path: Path, header: Row, rows: Iterable[Row], encoding: str = "utf-8") -> None:
    """A semicolon-separated file with CRLF lines, as the Danish systems write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [";".join(_cell(v) for v in row) for row in [header, *rows]]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ';"\n') else text


def danish_date(day: date | None) -> str:
    """`dd-mm-yyyy`; empty for no date."""
    return f"{day:%d-%m-%Y}" if day else ""


def danish_amount(amount: Decimal) -> str:
    """`-1.234,50`."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def write_xlsx(path: Path, title: str, header: Row, rows: Iterable[Row]) -> None:
    """One sheet, byte-identical from run to run: fixed time stamps, stored without compression."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook always has a sheet
    sheet.title = title
    for row in [header, *rows]:
        sheet.append(list(row))
    for number in range(1, len(header) + 1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 22
    sheet.freeze_panes = "A2"
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if cell.is_date:
                cell.number_format = "dd-mm-yyyy"
    book.properties.creator = "Eksempelkommune"
    book.properties.created = STAMP
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_without_clock(buffer.getvalue()))


def _without_clock(content: bytes) -> bytes:
    """The same workbook with every time stamp set to `STAMP`."""
    result = io.BytesIO()
    stamp = f"{STAMP:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            info = zipfile.ZipInfo(entry.filename, STAMP.timetuple()[:6])
            info.external_attr = 0o644 << 16
            new.writestr(info, data)
    return result.getvalue()
