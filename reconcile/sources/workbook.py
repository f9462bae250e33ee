"""The rows of a workbook: which sheet, and what cannot be read from it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import MERGED, Row, cell_text, is_blank
from reconcile.sources.unread_cells import hidden_rows, unread_cells

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

#: How many rows from the top the header is looked for.
HEADER_ROWS = 20
_MAX_UNPACKED = 4 * 10**9

Score = Callable[[Sequence[Sequence[str]]], int]


def workbook_rows(path: Path, label: str, sheet: str, score: Score, *, hidden: set[int], merged: bool) -> Iterator[Row]:
    """The rows of the named sheet, else of the visible sheet whose first rows ``score`` highest, with Excel's numbers.

    ``hidden`` gets the numbers of its hidden rows. ``merged``: where the looks of the sheet count, as in a
    masteroversigt, what a merged cell covers below its first cell is marked ``MERGED`` and has its text, else it is empty.

    Raises:
        InputError: no workbook, locked, too big, no such sheet, or several sheets that could be meant.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        _check_size(path, label)
        book = CalamineWorkbook.from_path(str(path))
        chosen = book.get_sheet_by_name(_named(book, label, sheet)) if sheet else _best(book, label, score)
        unread = unread_cells(path, chosen.name)
        left = (chosen.start or (0, 0))[1]
        covered = _covered(chosen, left) if merged else {}
        hidden |= hidden_rows(path, chosen.name)
        texts_of: dict[tuple[int, int], str] = {}
        for number, cells in enumerate(chosen.iter_rows(), start=1):
            texts = [cell_text(cell) for cell in cells]
            for column, text in unread.get(number, {}).items():
                texts[column - 1 - left] = text
            for column, first in covered.get(number, ()):
                if first == number:
                    texts_of[first, column] = texts[column] if column < len(texts) else ""
                elif text := texts_of.get((first, column), ""):
                    texts[column] = MERGED + text
            yield number, texts
    except PasswordError:
        text = _("{fil}: projektmappen er låst med adgangskode. Gem den uden adgangskode.")
        raise InputError(text.format(fil=label)) from None
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        text = _("{fil}: projektmappen kan ikke læses ({grund}). Åbn den i Excel, og gem den igen som .xlsx eller CSV.")
        raise InputError(text.format(fil=label, grund=error)) from None


def _covered(sheet: CalamineSheet, left: int) -> dict[int, list[tuple[int, int]]]:
    """Row → the places in it that a cell merged downwards has, each with the row that cell begins in."""
    places: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, _last) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom, sheet.total_height) + 1) if bottom > top else ():
            places.setdefault(row + 1, []).append((column - left, top + 1))
    return places


def _check_size(path: Path, label: str) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MAX_UNPACKED:
            text = _("{fil}: projektmappen fylder over 4 GB pakket ud. Gem den som CSV.")
            raise InputError(text.format(fil=label))


def _named(book: CalamineWorkbook, label: str, sheet: str) -> str:
    if sheet not in book.sheet_names:
        there = ", ".join(f"«{name}»" for name in book.sheet_names)
        text = _("{fil}: arket «{ark}» findes ikke; der er {findes}.")
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
