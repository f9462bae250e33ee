"""Printed or pasted tables: a file a person made, read into a grid of cells.

Comes in: CSV (``;``, ``,`` or tab), Excel's "Unicode text", or XLSX. Goes out: every cell as it was written, and the
number it holds when it is a Danish number. What is header, label and total is decided elsewhere.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from reconcile.domain.cpr import mask
from reconcile.errors import InputError, Problem
from reconcile.i18n import _
from reconcile.results.footing import DASHES, Cell, Grid
from reconcile.sources.guarded import guarded
from reconcile.sources.sheet_look import look_at, parts

MAX_BYTES = 100_000_000
#: A longer cell is a quote that was never closed.
_LONGEST_CELL = 131_072
MAX_ROWS = 250_000
MAX_COLUMNS = 1_000
MAX_UNPACKED = 500_000_000
_NUMBER = re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|0|[1-9][0-9]*)(?:,[0-9]+)?")
# Thousands parted by blanks, as StatBank's pages print them: 1 234 567.
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:,[0-9]+)?")
_LIKE_NUMBER = re.compile(r"[-+−–(]?\s?[0-9][0-9.,'\s]*[-−–)]?")
# Dates and codes (01.07.2020, 1.12.0.2) have points and digits and are still no attempt at a number.
_CODE = re.compile(
    r"0[0-9]+|[0-9]{1,2}(?:[./-][0-9]{1,2}){2,}\.?|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}|[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}"
)
_UNIT = re.compile(r"\s*(?:kr\.?|dkk|%)$", re.IGNORECASE)
_UNIT_FIRST = re.compile(r"^(?:kr\.?|dkk)\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MAGIC = {b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "XLS", b"PAR1": "Parquet", b"{\\rt": "RTF", b"\x1f\x8b": "GZIP"}


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """The table file at ``path``; ``sheet`` names the sheet of a workbook. Raises InputError with a Danish sentence."""
    data = _bytes(path)
    if data[:4] == b"PK\x03\x04":
        return _workbook(path.name, data, sheet)
    if sheet is not None:
        raise _refused(path.name, _("--ark gælder kun Excel-filer (.xlsx); udelad den her."))
    return Grid(path.name, _even(_text_rows(path.name, data)))


def cell_from_text(raw: str) -> Cell:
    """A cell from text: ``1.234,50``, ``1 234``, ``(5)``, ``5-``, ``20,4 %``, ``9 kr.`` are numbers, ``1234.5`` is not."""
    if _NUMBER.fullmatch(raw):  # most cells of a long table
        return Cell(raw, Decimal(raw.replace(".", "").replace(",", ".")))
    text = " ".join(raw.split())
    if not text or text in DASHES:
        return Cell(text)
    indent = len(raw) - len(raw.lstrip())
    bare = _UNIT_FIRST.sub("", _UNIT.sub("", text))
    number = _danish(bare)
    if number is not None:
        return Cell(text, number, percent=text.endswith("%"), indent=indent)
    like = bool(_LIKE_NUMBER.fullmatch(bare)) and not _CODE.fullmatch(bare)
    return Cell(text, malformed=like, indent=indent)


def _danish(text: str) -> Decimal | None:
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    elif text[:1] in DASHES or text[:1] == "+":
        negative, text = text[0] != "+", text[1:].strip()
    elif text[-1:] in DASHES:
        negative, text = True, text[:-1].strip()
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "")
    elif not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.replace(".", "").replace(",", "."))
    return -number if negative else number


def _cell_from_excel(value: object) -> Cell:
    match value:
        case bool():
            return Cell(_("SAND") if value else _("FALSK"))
        case int() | float():
            return _cell_from_number(Decimal(repr(value)))
        case dt.datetime() if value.time() == dt.time():
            return Cell(value.date().isoformat())
        case dt.date() | dt.time() | dt.timedelta():
            return Cell(str(value))
        case str():
            return cell_from_text(value)
        case _other:
            return Cell(str(value))


def _cell_from_number(number: Decimal) -> Cell:
    """Excel keeps binary floats: past ten decimals there is only noise."""
    if not number.is_finite():
        return Cell(str(number))
    if abs(number) < Decimal(10) ** 15:
        number = round(number, 10)
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Cell(plain.replace(".", ","), Decimal(plain))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _refused(path.name, _("det er en mappe; angiv selve filen."))
        if path.exists() and not path.is_file():  # a pipe would be waited for, for ever
            raise _refused(path.name, _("det er ikke en fil; gem tabellen som .csv eller .xlsx."))
        if path.stat().st_size > MAX_BYTES:
            raise _refused(path.name, _("filen er over 100 MB; fodkontrol er til trykte tabeller."))
        data = path.read_bytes()
    except FileNotFoundError:
        raise _refused(str(path), _("filen findes ikke; tjek sti og navn.")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise _refused(path.name, _("filen kan ikke læses ({reason}).").format(reason=reason)) from None
    if not data.strip():
        raise _refused(path.name, _("filen er tom; gem tabellen igen."))
    return data


def _refused(name: str, reason: str) -> InputError:
    return InputError(Problem.make(name, 0, "", "", reason).sentence())


def _text_rows(name: str, data: bytes) -> list[list[Cell]]:
    text = _decoded(name, data)
    delimiter = _delimiter(text)
    csv.field_size_limit(_LONGEST_CELL)  # the limit is the process's own; another reader may have raised it
    rows: list[list[Cell]] = []
    known: dict[str, Cell] = {}
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(record) > MAX_COLUMNS or len(rows) >= MAX_ROWS:
                raise _too_big(name)
            rows.append([known.get(t) or known.setdefault(t, cell_from_text(t)) for t in record])
    except csv.Error:
        reason = _("kan ikke deles i kolonner; er et anførselstegn ikke lukket? Ret det, og gem filen igen.")
        raise InputError(Problem.make(name, len(rows) + 1, "", "", reason).sentence()) from None
    return rows


def _too_big(name: str) -> InputError:
    reason = _("tabellen er over {rows} rækker eller {columns} kolonner; fodkontrol er til trykte tabeller.")
    return _refused(name, reason.format(rows=MAX_ROWS, columns=MAX_COLUMNS))


def _decoded(name: str, data: bytes) -> str:
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            reason = _("det er en {kind}-fil; gem tabellen som .xlsx eller .csv, og prøv igen.")
            raise _refused(name, reason.format(kind=kind))
    text = None
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or _CONTROL.search(text):
        raise _refused(name, _("det er ikke en teksttabel; gem tabellen som .csv (UTF-8) eller .xlsx, og prøv igen."))
    return text.removeprefix("\ufeff")


def _encodings(data: bytes) -> Sequence[str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    # Text in UTF-16 without its mark has a zero in every other byte; nothing else that is text has any.
    if data[1:200:2].count(0) > len(data[1:200:2]) // 2:
        return ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def _delimiter(text: str) -> str:
    """Tab, then semicolon, then comma: the first that stands in a third of the lines, for the comma is decimal too."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()]
    for delimiter in "\t;":
        if sum(delimiter in line for line in lines) * 3 >= len(lines):
            return delimiter
    return max(",;\t", key=lambda d: sum(d in line for line in lines))


def _workbook(name: str, data: bytes, wanted: str | None) -> Grid:
    # A workbook that cannot be opened is the user's matter, not ours, whatever the library calls it.
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_unreadable(name, data, wanted)
    try:
        with guarded():
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        if wanted is not None and wanted not in names:
            reason = _("arket «{sheet}» findes ikke; filen har: {names}.")
            raise _refused(name, reason.format(sheet=wanted, names=", ".join(names)))
        found: list[tuple[str, tuple[tuple[Cell, ...], ...]]] = []
        for title in [wanted] if wanted is not None else names:
            with guarded():
                sheet = book.get_sheet_by_name(title)
            if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
                raise _too_big(name)
            rows = [[_cell_from_excel(v) for v in row] for row in sheet.to_python(skip_empty_area=False)]
            if wanted is not None or _has_table(rows):
                found.append((title, _even(rows)))
    except (CalamineError, OSError, ValueError) as error:
        reason = _("Excel-filen kan ikke åbnes (beskyttet eller beskadiget?); gem den igen som .xlsx uden adgangskode.")
        raise _refused(name, reason) from error
    if not found:
        raise _refused(name, _("intet ark har en tabel med tal; gem tabellen igen, eller vælg et ark med --ark."))
    return Grid(name, found[0][1], mask(found[0][0]), tuple(mask(title) for title, _rows in found[1:]))


def _refuse_unreadable(name: str, data: bytes, wanted: str | None) -> None:
    """Stops at an archive that unpacks to too much, at a cell far from the table, and at formulas without values."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise _too_big(name)
            looks = {sheet: look_at(archive, sheet, name) for sheet in parts(archive) if wanted in (None, sheet)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        reason = _("Excel-filen er beskadiget; gem den igen som .xlsx.")
        raise _refused(name, reason) from None
    if any(text.startswith("=") for look in looks.values() for row in look.unread.values() for text in row.values()):
        raise _refused(name, _("filen har formler, der ikke er beregnet; åbn den i Excel, og gem den igen."))


def _has_table(rows: Iterable[Sequence[Cell]]) -> bool:
    """A table is a label with a number to its right, at least twice."""
    return sum(any(c.number is not None for c in row[1:]) for row in rows) >= 2


def _even(rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    listed = [tuple(row) for row in rows]
    width = max((len(row) for row in listed), default=0)
    blank = Cell("")
    return tuple(row + (blank,) * (width - len(row)) for row in listed)
