"""What a sheet of an XLSX is, seen in one pass over its XML before anything is allocated for it.

The workbook reader gives error cells and formulas that were never calculated as empty, and makes room for every cell
from the first to the last. So the used range, those cells, hidden rows and merged ranges are read here first, by
namespace, whatever its prefix. A document type is refused: no workbook has one, and entities can grow without end.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate

from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _

#: The namespaces of sheets: as Excel saves them, and «strict».
_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",
)
_OPEN = 5_000_000  # places that are made room for without a look at how many are filled
_MOST = 100_000_000
_MOST_PER_CELL = 50
_ODD_COLUMN = 1_000
_BIG, _RATIO = 100_000_000, 300
_UNPACKED = 4 * 10**9
_CHUNK = 1 << 20
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})")

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


@dataclass
class SheetLook:
    """A sheet: cells that would be read as empty (row → column → what stands there), hidden rows, merged ranges.

    Rows and columns count from 1; a range is (top, left, bottom, right). ``last``: its furthest row and column.
    """

    unread: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    cells: int = 0
    last: tuple[int, int] = (0, 0)
    furthest: tuple[str, str] = ("", "")


def look_at(archive: zipfile.ZipFile, sheet: str, label: str) -> SheetLook:
    """One sheet of a workbook; ``label`` is the file in messages.

    Raises:
        InputError: it would take too much room, or it cannot be seen what stands in it.
    """
    check_archive(archive, label)
    part = parts(archive).get(sheet)
    if part is None:
        text = _("{fil}: arket «{ark}» kan ikke læses i projektmappen. Åbn den i Excel, og gem den igen som .xlsx.")
        raise InputError(text.format(fil=label, ark=mask(sheet)))
    reading = _Reading(SheetLook())
    with archive.open(part) as handle:
        parse(handle, reading.start, reading.end, reading.text)
    look = reading.look
    _check_room(look, sheet, label)
    return look


def check_archive(archive: zipfile.ZipFile, label: str) -> None:
    """Raises InputError where the parts would unpack to more than a workbook has."""
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > _UNPACKED:
        text = _("{fil}: projektmappen fylder over 4 GB pakket ud. Gem den som CSV.")
        raise InputError(text.format(fil=label))
    if any(i.file_size > _BIG and i.file_size > _RATIO * max(i.compress_size, 1) for i in infos):
        text = _("{fil}: projektmappen er pakket tættere, end et regneark kan være. Åbn den i Excel, og gem den igen.")
        raise InputError(text.format(fil=label))


def parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The name of each sheet and the part of the archive that holds it."""
    there = {name.casefold(): name for name in archive.namelist()}
    sheets: list[tuple[str, str]] = []

    def sheet(name: str, given: Attributes) -> None:
        """Note a sheet's name and the relationship it is found by."""
        if name.removeprefix(_space(name)) == "sheet":
            place = next((value for key, value in given.items() if key.endswith("/relationships id")), "")
            sheets.append((given.get("name", ""), place))

    where = targets(archive, there.get("xl/_rels/workbook.xml.rels", ""))
    if "xl/workbook.xml" in there:
        with archive.open(there["xl/workbook.xml"]) as handle:
            parse(handle, sheet)
    paths = {name: _path(where[place]) for name, place in sheets if place in where}
    return {name: there[path] for name, path in paths.items() if path in there}


def targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """What the relations of a part name, by their ids; nothing where there are none."""
    found: dict[str, str] = {}

    def relation(name: str, given: Attributes) -> None:
        """Note what a relationship points to."""
        if name.endswith(" Relationship"):
            found[given.get("Id", "")] = given.get("Target", "")

    if part in archive.namelist():
        with archive.open(part) as handle:
            parse(handle, relation)
    return found


def a1(row: int, column: int) -> str:
    """«C5» for row 5, column 3."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _path(target: str) -> str:
    whole = target.removeprefix("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    return whole.replace("xl/../", "").casefold()


def _space(name: str) -> str:
    return next((space for space in _SPACES if name.startswith(space)), "-")


def parse(
    handle: IO[bytes],
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read XML as it passes by; names stand with their namespace and a space before them.

    Raises:
        ValueError: it is no XML, or has a document type.
    """
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        while chunk := handle.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except ExpatError as error:
        raise ValueError(str(error)) from None


def _no_doctype(*_given: object) -> None:
    raise ValueError("DOCTYPE")


def _check_room(look: SheetLook, sheet: str, label: str) -> None:
    rows, columns = look.last
    room = rows * columns
    if room <= _OPEN or (room <= _MOST and room <= _MOST_PER_CELL * look.cells):
        return
    place = look.furthest[1] if columns > _ODD_COLUMN else look.furthest[0]
    text = _(
        "{fil}: {ark}!{celle} ligger langt fra tabellen, så arket fylder {raekker} rækker og {kolonner} kolonner."
        " Slet cellen i Excel, og gem filen igen."
    )
    raise InputError(text.format(fil=label, ark=mask(sheet), celle=place, raekker=rows, kolonner=columns))


class _Reading:
    """The cells of a sheet as they pass by; nothing is kept of those that are read as they are."""

    def __init__(self, look: SheetLook) -> None:
        self.look = look
        self.row = self.column = 0
        self.kind, self.inside, self.value, self.formula = "", "", "", ""
        self.has_value = self.has_formula = False
        names = ("row", "c", "f", "v", "is", "mergeCell")
        self.names = {space + name: name for space in _SPACES for name in names}

    def start(self, name: str, given: Attributes) -> None:
        """An element begins: a cell, its value, its formula or its error, with its attributes."""
        match self.names.get(name):
            case "c":
                place = _PLACE.fullmatch(given.get("r", ""))
                self.column = _column(place[1]) if place else self.column + 1
                self.row = int(place[2]) if place else self.row
                self.kind = given.get("t", "")
                self.value = self.formula = ""
                self.has_value = self.has_formula = False
            case "v" | "is":
                self.has_value, self.inside = True, "v"
            case "f":
                self.has_formula, self.inside = True, "f"
            case "row":
                self.row = int(number) if (number := given.get("r", "")).isdigit() else self.row + 1
                self.column = 0
                if given.get("hidden") in ("1", "true"):
                    self.look.hidden.add(self.row)
            case "mergeCell":
                ends = [_PLACE.fullmatch(end) for end in given.get("ref", "").split(":")]
                if len(ends) == 2 and ends[0] and ends[1]:
                    (top, left), (bottom, right) = ((int(e[2]), _column(e[1])) for e in ends if e)
                    self.look.merged.append((top, left, bottom, right))

    def text(self, text: str) -> None:
        """Text of a value or a formula, piece by piece."""
        if self.inside == "v" and (self.has_formula or self.kind == "e"):
            self.value += text
        elif self.inside == "f":
            self.formula += text

    def end(self, name: str) -> None:
        """An element ends: a cell with a value or a formula is noted."""
        match self.names.get(name):
            case "v" | "is" | "f":
                self.inside = ""
            case "c" if self.has_value or self.has_formula:
                self._cell()

    def _cell(self) -> None:
        look, (rows, columns) = self.look, self.look.last
        look.cells += 1
        if self.row > rows or self.column > columns:
            here, (down, right) = a1(self.row, self.column), look.furthest
            look.furthest = (here if self.row > rows else down, here if self.column > columns else right)
            look.last = (max(rows, self.row), max(columns, self.column))
        never_saved = self.has_formula and not self.value.strip() and self.kind not in ("str", "s", "inlineStr")
        if self.kind == "e" or never_saved:
            said = self.value or f"={self.formula}"
            look.unread.setdefault(self.row, {})[self.column] = said


def _column(letters: str) -> int:
    """«B» is 2, «AA» is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
