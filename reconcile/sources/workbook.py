"""The rows of a workbook: which sheet, and what cannot be read from it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources import older_books
from reconcile.sources.cells import BLANK, MERGED, Row, cell_text, is_blank
from reconcile.sources.guarded import guarded
from reconcile.sources.sheet_look import SheetLook, a1, look_at, parts

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

#: So much of a file is looked at to see whether it is text.
_START = 4096

#: What a damaged archive raises.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError)
#: How many rows from the top the header is looked for.
HEADER_ROWS = 20

Score = Callable[[Sequence[Sequence[str]]], int]


@dataclass
class Seen:
    """What was seen in a sheet besides its rows: its name, numbers of hidden rows, and by row number and place among the cells of
    the row: cells without a value (place and text), and cells filled from a merged one (place and range)."""

    hidden: set[int] = field(default_factory=set)
    unread: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    filled: dict[tuple[int, int], str] = field(default_factory=dict)
    sheet: str = ""


def workbook_rows(path: Path, label: str, sheet: str, score: Score, *, seen: Seen, merged: bool) -> Iterator[Row]:
    """The rows of the named sheet, else of the visible sheet whose first rows ``score`` highest, with Excel's numbers.

    ``seen`` gets what was seen. What a merged cell covers below its first cell has that one's text; ``merged``: where
    the looks of the sheet count, as in a masteroversigt, it is marked ``MERGED`` too.

    Raises:
        InputError: no workbook, locked, too big, no such sheet, or several sheets that could be meant.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        looks = _looks(path, label, sheet)
        with guarded():
            book = CalamineWorkbook.from_path(str(path))
            chosen = book.get_sheet_by_name(_named(book, label, sheet)) if sheet else _best(book, label, score)
        look = looks.get(chosen.name, SheetLook())
        left = (chosen.start or (0, 0))[1]
        ranges = look.merged or [(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in chosen.merged_cell_ranges or []]
        covered = _covered(ranges, chosen.total_height + 1, left)  # it counts from 0
        seen.hidden |= look.hidden
        seen.sheet = chosen.name
        texts_of: dict[tuple[int, int], str] = {}
        for number, cells in enumerate(chosen.iter_rows(), start=1):
            texts = [cell_text(cell) for cell in cells]
            for column, text in look.unread.get(number, {}).items():
                if 0 <= (place := column - 1 - left) < len(texts):
                    texts[place] = text
                    seen.unread[number, place] = (f"{chosen.name}!{a1(number, column)}", text)
            if number in covered:
                _fill(texts, number, covered[number], texts_of, seen, marked=merged)
            yield number, texts
    except PasswordError:
        text = _("{fil}: projektmappen er låst med adgangskode. Gem den uden adgangskode.")
        raise InputError(text.format(fil=label)) from None
    except (CalamineError, OSError, ValueError, RuntimeError, NotImplementedError, *BROKEN) as error:
        text = _("{fil}: projektmappen kan ikke læses ({grund}). Åbn den i Excel, og gem den igen som .xlsx eller CSV.")
        raise InputError(_disguised(path, label) or text.format(fil=label, grund=error)) from None


def _disguised(path: Path, label: str) -> str:
    """What a file is whose name says an older workbook, as many systems' «Excel» is; empty where it is none of these."""
    if path.suffix.lower() != ".xls":
        return ""
    with path.open("rb") as handle:
        start = handle.read(_START)
    if start.startswith(b"PK\x03\x04"):
        return _("{fil}: filen er en nyere projektmappe, selv om navnet slutter på .xls. Omdøb den til .xlsx.").format(
            fil=label
        )
    if b"\x00" not in start and not start.startswith(b"\xd0\xcf\x11\xe0"):
        text = _(
            "{fil}: filen er tekst (HTML eller CSV), selv om navnet slutter på .xls. Åbn den i Excel, og gem den som .xlsx."
        )
        return text.format(fil=label)
    return ""


def visible_sheets(path: Path) -> list[str]:
    """The visible sheets of a workbook; none where it cannot be opened."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        with guarded():
            book = CalamineWorkbook.from_path(str(path))
        sheets = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        return [m.name for m in sheets if m.visible == SheetVisibleEnum.Visible]
    except (CalamineError, OSError, ValueError, RuntimeError, NotImplementedError, *BROKEN):
        return []


def _looks(path: Path, label: str, sheet: str) -> Mapping[str, SheetLook]:
    """What is seen in the sheets (the named one) of a workbook, before the reader makes room for them."""
    if path.suffix.lower() in (".xls", ".xlsb", ".ods"):
        return older_books.looks(path, label)
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in parts(archive) if sheet in ("", name)]
        return {name: look_at(archive, name, label) for name in names}


#: Row → the places in it that a merged cell covers or begins in: place, row the merge begins in, its range.
_Covered = dict[int, list[tuple[int, int, str]]]


def _covered(ranges: Sequence[tuple[int, int, int, int]], height: int, left: int) -> _Covered:
    places: _Covered = {}
    for top, column, bottom, last in ranges:
        for row in range(top, min(bottom, height) + 1) if bottom > top else ():
            said = f"{a1(top, column)}:{a1(bottom, last)}"
            places.setdefault(row, []).append((column - 1 - left, top, said))
    return places


def _fill(
    texts: list[str],
    number: int,
    covered: Sequence[tuple[int, int, str]],
    texts_of: dict[tuple[int, int], str],
    seen: Seen,
    *,
    marked: bool,
) -> None:
    """Give the cells of a row what a merged cell above has; a row with nothing of its own is no row."""
    own = any(text.strip(BLANK) for text in texts)
    for place, first, said in covered:
        if not 0 <= place < len(texts):
            continue
        if first == number:
            texts_of[first, place] = texts[place]
        elif (text := texts_of.get((first, place), "")) and (marked or own):
            texts[place] = MERGED + text if marked else text
            seen.filled[number, place] = said


def _named(book: CalamineWorkbook, label: str, sheet: str) -> str:
    if sheet not in book.sheet_names:
        there = ", ".join(f"«{name}»" for name in book.sheet_names)
        text = _("{fil}: arket «{ark}» findes ikke; der er {findes}. Ret «ark» i reconcile.toml.")
        raise InputError(text.format(fil=label, ark=sheet, findes=there))
    return sheet


def _best(book: CalamineWorkbook, label: str, score: Score) -> CalamineSheet:
    """The sheet that looks most like the source; two that look equally much like it are a question to the user."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    meta = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    visible = [m for m in meta if m.visible == SheetVisibleEnum.Visible] or meta
    best: CalamineSheet | None = None
    most, equals = -1, []
    for name in (m.name for m in visible):
        candidate = book.get_sheet_by_name(name)
        head = [[cell_text(c) for c in cells] for cells in islice(candidate.iter_rows(), HEADER_ROWS)]
        points = score(head)
        filled = sum(not is_blank(cells) for cells in head) > 1
        if points > most:
            best, most, equals = candidate, points, [name] if filled else []
        elif points == most and filled:
            equals.append(name)
            best = candidate if len(equals) == 1 else best
    if best is None:
        raise InputError(_("{fil}: projektmappen har ingen ark med celler.").format(fil=label))
    if most > 1 and len(equals) > 1:
        text = _('{fil}: arkene {ark} ligner hinanden. Skriv ark = "…" ved kilden i reconcile.toml.')
        raise InputError(text.format(fil=label, ark=", ".join(f"«{name}»" for name in equals)))
    return best
