"""Looks into a file nobody has described: its sheets, its heading row, and what its columns hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from reconcile.domain.canonical import TABLES
from reconcile.domain.periods import Quarter
from reconcile.engine.duckdb import Engine
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import NUMBER, fold, header_text, is_blank
from reconcile.sources.columns import code_headers, wanted_headers
from reconcile.sources.detect import detect
from reconcile.sources.formats import all_keys, key
from reconcile.sources.profile import Profile, profile
from reconcile.sources.readers import leave_out_end, read_file
from reconcile.sources.recognise import Guess, guesses, likeliest
from reconcile.sources.workbook import HEADER_ROWS, Seen, visible_sheets, workbook_rows

#: No heading has more letters.
_LONGEST = 1000
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass
class Peek:
    """A sheet of a file: its columns, and what it can be, the likeliest first."""

    sheet: str
    seen: Profile
    guesses: list[Guess] = field(default_factory=list)

    @property
    def best(self) -> list[Guess]:
        """The guesses that nothing sets apart; none where the sheet is no source."""
        return likeliest(self.guesses)


def peek(engine: Engine, path: Path, label: str) -> list[Peek]:
    """The sheets of a file that look most like a source: one, or several where nothing sets them apart.

    Raises:
        InputError: the file cannot be read.
    """
    names = visible_sheets(path) if path.suffix.lower() in _WORKBOOKS else []
    made: list[Peek] = []
    refused: InputError | None = None
    for name in names or [""]:
        try:
            made.append(_peek_at(engine, path, label, name))
        except InputError as error:  # an empty sheet is no hindrance where another has a table
            refused = error
    if not made and refused:
        raise refused
    worth = [(p.best[0].score if p.best else (False, -1, 0)) for p in made]
    return [p for p, score in zip(made, worth, strict=True) if score == max(worth)]


def _peek_at(engine: Engine, path: Path, label: str, sheet: str) -> Peek:
    cells = _heading_cells(path, label, sheet)
    if longest := max((len(cell) for cell in cells if len(cell) > _LONGEST), default=0):
        text = _("{fil}: en overskrift er på {antal} tegn; er linjeskiftene gået tabt? Træk filen ud igen.")
        raise InputError(text.format(fil=label, antal=longest))
    raw = read_file(engine, path, label, cells, sheet=sheet, codes=_account_table(cells))
    left_out = leave_out_end(engine, raw)
    seen = profile(engine, raw, label, "raa_uden_slutning" if left_out else raw.name)
    return Peek(sheet, seen, guesses(seen))


def _account_table(headings: Sequence[str]) -> tuple[str, ...]:
    """StatBank's table of accounts gets its column of accounts as when it is read: funktion and dranst stand apart in it."""
    named = {fold(heading) for heading in headings}
    return code_headers(TABLES["regnskab"], {}) if {"dranst", "tid", "indhold"} <= named else ()


def _heading_cells(path: Path, label: str, sheet: str) -> tuple[str, ...]:
    """The cells of the row that is the heading row; none where the file says itself (Parquet, JSON-stat, PX)."""
    rows = [row for row in _first_rows(path, label, sheet) if not is_blank(row)]
    if not rows:
        return wanted_headers(TABLES["hand07"], {})  # of a cube; nobody has laid anything above it
    named = [sum(_is_known(cell) for cell in row) for row in rows]
    if max(named) > 1:
        return _texts(rows[named.index(max(named))])
    widest = max(map(len, map(_texts, rows)))
    wide = (row for row in rows if len(_texts(row)) * 10 >= 6 * widest and not any(map(_is_figure, row)))
    return _texts(next(wide, rows[0]))


def _first_rows(path: Path, label: str, sheet: str) -> Sequence[list[str]]:
    suffix = path.suffix.lower()
    if suffix in _WORKBOOKS:
        rows = workbook_rows(path, label, sheet, lambda _rows: 0, seen=Seen(), merged=False)
        return [cells for _number, cells in islice(rows, HEADER_ROWS)]
    if suffix not in (".csv", ".txt", ".tsv"):
        return []
    found = detect(path, label)
    with path.open(encoding=found.encoding, errors="replace", newline="") as handle:
        csv.field_size_limit(2**31 - 1)  # a file without its line ends is one cell
        return list(islice(csv.reader(handle, delimiter=found.delimiter), HEADER_ROWS))


def _is_known(cell: str) -> bool:
    return key(cell) in all_keys() or Quarter.parse(header_text(cell)) is not None


def _is_figure(cell: str) -> bool:
    return cell.startswith(NUMBER) or bool(re.fullmatch(r"[-0-9.,:/ ]*[0-9][-0-9.,:/ ]*", cell))


def _texts(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for cell in row if (text := header_text(cell))))
