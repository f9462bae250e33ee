"""Error cells and hidden rows of the workbooks that are no XLSX: ODS, XLS (BIFF8) and XLSB.

The workbook reader gives an error cell as empty, so that an end date of ``#N/A`` would be an open course. Here they are
found in the file itself; a file that cannot be seen through is left to the reader, which says what is wrong with it.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from reconcile.sources.sheet_look import Attributes, SheetLook, check_archive, parse, targets

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_ERROR_TEXT = re.compile(r"#[A-Z/0]+[!?]?|Err:[0-9]+")
#: How many rows or columns one element of an ODS is looked at as; the rest are the empty end of a sheet.
_REPEATED = 10_000


def looks(path: Path, label: str) -> Mapping[str, SheetLook]:
    """What is seen in each sheet, by its name.

    Raises:
        InputError: the file would unpack to more than a workbook has.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".xls":
            return dict(_xls(path))
        with zipfile.ZipFile(path) as archive:
            check_archive(archive, label)
            return dict(_xlsb(archive)) if suffix == ".xlsb" else _ods(archive)
    except (OSError, ValueError, KeyError, IndexError, struct.error, zipfile.BadZipFile):
        return {}


def _note(look: SheetLook, row: int, column: int, text: str) -> None:
    look.unread.setdefault(row, {})[column] = text


class _Sheets:
    """The tables of an ODS as they pass by."""

    def __init__(self) -> None:
        self.looks: dict[str, SheetLook] = {}
        self.look = SheetLook()
        self.row = self.column = self.rows = self.columns = 0
        self.error, self.formula, self.text_of = False, "", ""

    def start(self, name: str, given: Attributes) -> None:
        """An element begins: a table, a row or a cell, with its attributes."""
        said = {key.rpartition(" ")[2]: value for key, value in given.items()}
        match name.rpartition(" ")[2]:
            case "table":
                self.look = self.looks.setdefault(said.get("name", ""), SheetLook())
                self.row = self.rows = 0
            case "table-row":
                self.row, self.rows = self.row + max(self.rows, 1), int(said.get("number-rows-repeated", 1))
                self.column = self.columns = 0
                if said.get("visibility") in ("filter", "collapse"):
                    self.look.hidden |= set(range(self.row, self.row + min(self.rows, _REPEATED)))
            case "table-cell" | "covered-table-cell":
                self.column, self.columns = (
                    self.column + max(self.columns, 1),
                    int(said.get("number-columns-repeated", 1)),
                )
                kinds = [value for key, value in given.items() if key.endswith(" value-type")]
                self.error, self.formula, self.text_of = "error" in kinds, said.get("formula", ""), ""

    def text(self, text: str) -> None:
        """Text of a cell, piece by piece."""
        self.text_of += text

    def end(self, name: str) -> None:
        """An element ends: a cell's error or formula without a value is noted."""
        if name.rpartition(" ")[2] != "table-cell":
            return
        if self.error or (self.formula and (not self.text_of or _ERROR_TEXT.fullmatch(self.text_of))):
            for row in range(self.row, self.row + min(self.rows, _REPEATED)):
                for column in range(self.column, self.column + min(self.columns, _REPEATED)):
                    _note(self.look, row, column, self.text_of or self.formula)
        self.error, self.formula = False, ""


def _ods(archive: zipfile.ZipFile) -> dict[str, SheetLook]:
    sheets = _Sheets()
    with archive.open("content.xml") as handle:
        parse(handle, sheets.start, sheets.end, sheets.text)
    return sheets.looks


def _xls(path: Path) -> Iterator[tuple[str, SheetLook]]:
    import olefile

    with olefile.OleFileIO(str(path)) as book:
        data = book.openstream("Workbook").read()
    sheets = []
    for kind, body in _biff(data, 0):
        if kind == 0x2F:  # encrypted
            return
        if kind == 0x85:
            place, _state, length, wide = struct.unpack_from("<IHBB", body)
            name = body[8 : 8 + length * (2 if wide & 1 else 1)].decode("utf-16-le" if wide & 1 else "latin-1")
            sheets.append((name, place))
    for name, place in sheets:
        look = SheetLook()
        for kind, body in _biff(data, place):
            if kind == 0x208 and struct.unpack_from("<I", body, 12)[0] & 0x20:
                look.hidden.add(struct.unpack_from("<H", body)[0] + 1)
            elif kind == 0x205 and body[7]:
                _noted_error(look, body, body[6])
            elif kind == 0x06 and body[12:14] == b"\xff\xff" and body[6] == 2:
                _noted_error(look, body, body[8])
        yield name, look


def _noted_error(look: SheetLook, body: bytes, code: int) -> None:
    row, column = struct.unpack_from("<HH", body)
    _note(look, row + 1, column + 1, _ERRORS.get(code, "#N/A"))


def _biff(data: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of a substream; those of charts in it too."""
    depth = 0
    while place + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, place)
        depth += (kind == 0x809) - (kind == 0x0A)
        yield kind, data[place + 4 : place + 4 + length]
        place += 4 + length
        if depth == 0:
            return


def _xlsb(archive: zipfile.ZipFile) -> Iterator[tuple[str, SheetLook]]:
    parts = targets(archive, "xl/_rels/workbook.bin.rels")
    for kind, body in _records(archive.read("xl/workbook.bin")):
        if kind != 156:
            continue
        place, end = _wide(body, 8)
        name, _end = _wide(body, end)
        look, row = SheetLook(), 0
        for inner, cell in _records(archive.read(f"xl/{parts[place]}".replace("xl//xl/", "xl/"))):
            if inner == 0:
                row = struct.unpack_from("<I", cell)[0] + 1
            elif inner in (3, 11):
                _note(look, row, struct.unpack_from("<I", cell)[0] + 1, _ERRORS.get(cell[8], "#N/A"))
        yield name, look


def _wide(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part; kind and length are written seven bits a byte."""
    place = 0
    while place < len(data):
        kind, place = _seven_bits(data, place)
        length, place = _seven_bits(data, place)
        yield kind, data[place : place + length]
        place += length


def _seven_bits(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
