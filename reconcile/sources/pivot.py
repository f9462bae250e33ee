"""A pivot printed from FLIS DAP as rows of source ``yr_tabel``: one cell a row, with what it is a figure of.

What a cell means is read from the words over and beside it, from the titles, the sheet's and the file's name, and last from
the configuration. A word carries down to the rows under it, as in Excel's compact pivots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.results.footing import Cell, Grid, Line, Table
from reconcile.settings.config import Kilde
from reconcile.sources.cells import Row
from reconcile.sources.pivot_words import Word, known_ydelse, measure, period, word
from reconcile.sources.printed import read_grid
from reconcile.sources.printed_table import read_table
from reconcile.sources.units import unit_of

HEADERS = ("tabel", "maal", "periode", "trin", "ydelse", "kommune", "enhed", "decimaler", "procent", "celle")
#: A period that is all those of the table.
ALL_PRINTED = "*"
_KINDS = ("maal", "aar", "del_", "periode", "trin", "kommune", "ydelse")
_PERIODS = frozenset({"aar", "del_", "periode"})


def pivot_rows(path: Path, label: str, source: Kilde) -> Iterator[Row]:
    """The header of ``yr_tabel`` and a row per cell of each sheet with a table; the number is that of the printed row.

    Raises:
        InputError: no table, or nothing says what its figures are or which period they are of.
    """
    yield 1, list(HEADERS)
    for grid in _grids(path, source.ark):
        yield from _Reading(read_table(replace(grid, name=label)), label, source).rows()


def is_pivot(path: Path) -> bool:
    """Whether a file is a table of Ydelsesrefusion as FLIS DAP prints it: ydelser by steps, periods or measures."""
    try:
        tables = [read_table(grid) for grid in _grids(path, "")]
    except InputError:
        return False
    words = [[*_carried(table.rows), *(_joined(line) for line in table.columns)] for table in tables]
    return any(
        any(known_ydelse(one.ydelse) for one in said) and bool(_kinds(said) - {"ydelse", "kommune"}) for said in words
    )


def _grids(path: Path, sheet: str) -> list[Grid]:
    """Each sheet with a table; the one that is chosen, where one is."""
    first = read_grid(path, sheet or None)
    return [first, *(read_grid(path, other) for other in first.other_sheets)]


@dataclass(frozen=True)
class _Reading:
    """A table and what is known of it besides its labels."""

    table: Table
    label: str
    source: Kilde

    def rows(self) -> Iterator[Row]:
        """Its cells."""
        table = self.table
        down, across = _carried(table.rows), [_joined(line) for line in table.columns]
        kinds = _kinds([*down, *across])
        for r, row in enumerate(table.rows):
            for c, column in enumerate(table.columns):
                said = self._row(_crossed(down[r], across[c]), kinds, row, column)
                yield row.number, [*said, *_printed(table, r, c)]

    def _row(self, cell: Word, kinds: frozenset[str], row: Line, column: Line) -> list[str]:
        titles = self._titles()
        maal = cell.maal or self.source.maal or next(filter(None, map(measure, titles)), "")
        periode = cell.periode or (cell.aar and cell.aar + cell.del_)
        year = next((name for title in titles if len(name := period(title)) == 4 and not name.startswith("1")), "")
        if not periode and cell.del_:
            periode = (self.source.periode or year) + cell.del_ if self.source.periode or year else ""
        elif not periode and kinds & _PERIODS:
            periode = ALL_PRINTED
        periode = periode or self.source.periode or next(filter(None, map(period, titles)), "")
        if not maal or not periode:
            raise self._unknown(row, column, maal)
        said = [unit for text in (column.name, *titles) if (unit := unit_of(text)) != 1]
        unit = self.source.enhed or next(iter(said), 1)
        name = self.table.grid.sheet or self.label
        return [name, maal, periode, cell.trin or "alle", cell.ydelse or "I alt", cell.kommune, str(unit)]

    def _titles(self) -> tuple[str, ...]:
        return (*self.table.titles, self.table.grid.sheet, Path(self.label).stem.replace("_", " "))

    def _unknown(self, row: Line, column: Line, maal: str) -> InputError:
        what, example = (_("hvilken periode"), 'periode = "2021K1"') if maal else (_("hvad"), 'maal = "refusionspct"')
        text = _(
            "intet i tabellen, arket eller filens navn siger, {hvad} tallene er; skriv det i [kilder.yr_tabel], fx {linje}."
        )
        return self.table.grid.problem(row.number, column.name, "", text.format(hvad=what, linje=example))


def _joined(line: Line) -> Word:
    """What the parts of a label say together."""
    parts = [*(part for part in line.group.split(" / ") if part), line.label]
    return _together([word(part) for part in parts])


def _together(words: Sequence[Word]) -> Word:
    told: dict[str, str | bool] = {}
    for one in words:
        told |= {kind: value for kind, value in asdict(one).items() if value}
    return Word(**told)  # type: ignore[arg-type]


def _carried(lines: Sequence[Line]) -> list[Word]:
    """What each row says, with what the rows above it, that stand outside it, say: the year of a quarter under it."""
    order: list[str] = []
    carry: dict[str, str] = {}
    found = []
    for line in lines:
        own = _joined(line)
        kinds = [kind for kind in _KINDS if getattr(own, kind)]
        order += [kind for kind in kinds if kind not in order]
        if own.total or not kinds:
            found.append(own)
            continue
        first = min(order.index(kind) for kind in kinds)
        inherited = {kind: carry[kind] for kind in order[:first] if kind in carry}
        carry = inherited | {kind: getattr(own, kind) for kind in kinds}
        found.append(replace(own, **inherited))  # type: ignore[arg-type]
    return found


def _kinds(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(kind for one in words for kind in _KINDS if getattr(one, kind))


def _crossed(row: Word, column: Word) -> Word:
    """A row and a column together; what the column says goes first."""
    return _together([row, column])


def _printed(table: Table, row: int, column: int) -> list[str]:
    """The decimals of the cell, whether it is in percent, and the cell; of an empty one those of its column."""
    cell = table.cells[row][column]
    whole: Sequence[Cell] = [line[column] for line in table.cells]
    most = max(like.decimals for like in whole)
    # Past four decimals they are Excel's unrounded figures: a 0,2 among them is no 0,2 to one decimal.
    decimals = most if cell.number is None or most > 4 else cell.decimals
    percent = any(like.percent for like in whole)
    return [str(decimals), "ja" if percent else "nej", "" if cell.empty else cell.text]
