"""Where a table stands in a grid: its figure columns, its header rows, its first and last row.

Comes in: a grid, with titles, notes and blank rows around the table. Goes out: a Layout of indexes (from 0).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.domain.cpr import MASKED, mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.results.footing import Cell, Grid

# What Excel writes over a pivot's columns and rows, in English and Danish: technique, not names.
PIVOT_WORDS = re.compile(
    r"^(?:column labels|kolonnenavne|kolonneetiketter|row labels|rækkenavne|rækkeetiketter|values|værdier)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Layout:
    """``figures`` are the column indexes with numbers; the body is rows ``body`` to ``last``, both included."""

    headers: tuple[int, ...]
    body: int
    last: int
    figures: tuple[int, ...]
    more_tables: bool


def find_layout(grid: Grid) -> Layout:
    """The largest table in the grid. Raises InputError where there is none."""
    first, last, more = _extent(grid)
    figures = _figure_columns(grid, first, last)
    if not figures:
        raise no_figures(grid)
    body = _body_start(grid, first, last, figures)
    if body > last:
        raise no_figures(grid)
    headers = _headers(grid, body, figures)
    # Between header and figures there may be the name of the first group.
    start = headers[-1] + 1 if headers else body
    return Layout(headers, start, _without_notes(grid, body, last, figures), figures, more)


def _without_notes(grid: Grid, body: int, last: int, figures: Sequence[int]) -> int:
    """The last row with a figure: under it stand notes, which a CSV may have split into cells."""
    printed = (i for i in range(last, body - 1, -1) if any(_numeric(grid.rows[i][c]) for c in figures))
    return next(printed, last)


def no_figures(grid: Grid) -> InputError:
    """The error for a grid without a table, naming the first number that is not Danish if there is one."""
    for number, row in enumerate(grid.rows, 1):
        for place, cell in enumerate(row, 1):
            if cell.malformed:
                reason = _("er ikke et dansk tal (skriv 1.234,50), og filen har ingen kolonne med danske tal.")
                return grid.problem(number, str(place), cell.text, reason)
    reason = _(
        "der er ingen tabel med tal; første kolonne skal være etiketter, de næste tal (adskilt af ; , eller tab)."
    )
    return grid.problem(0, "", "", reason)


def _numeric(cell: Cell) -> bool:
    return cell.number is not None or cell.malformed


def _count(row: Sequence[Cell]) -> int:
    return sum(_numeric(cell) for cell in row[1:])


def _extent(grid: Grid) -> tuple[int, int, bool]:
    """First and last row of the largest table, and whether the file has another one. Blank rows part tables."""
    blocks: list[tuple[int, int]] = []
    for index, row in enumerate(grid.rows):
        if not any(cell.text for cell in row):
            continue
        if blocks and (blocks[-1][1] == index - 1 or _goes_on(grid, blocks[-1], index)):
            blocks[-1] = (blocks[-1][0], index)
        else:
            blocks.append((index, index))
    sizes = [sum(_count(row) for row in grid.rows[a : b + 1]) for a, b in blocks]
    if not sizes or not max(sizes):
        raise no_figures(grid)
    best = sizes.index(max(sizes))
    return (*blocks[best], sum(size > 3 for size in sizes) > 1)


def _goes_on(grid: Grid, block: tuple[int, int], index: int) -> bool:
    """Whether the row after a blank one belongs to the table above: figures, or a heading over figures."""
    above, row = grid.rows[block[0] : block[1] + 1], grid.rows[index]
    has_figures = any(_count(other) and not _header_like(other) for other in above)
    if not _count(row):
        below = grid.rows[index + 1] if index + 1 < len(grid.rows) else ()
        heading = not any(cell.text for cell in row[1:]) and bool(row[0].text)
        return has_figures and heading and _count(below) > 0 and not _header_like(below)
    named = not has_figures and sum(bool(cell.text) for cell in above[-1]) > 1
    if _header_like(row):
        return named and _labelled(row)
    return named or has_figures


def _labelled(row: Sequence[Cell]) -> bool:
    """Whether only numbers are printed after a label: 1, 2, 3 under a header are figures."""
    first = next(i for i, cell in enumerate(row) if _numeric(cell))
    names = [cell.text for cell in row[:first] if not cell.empty]
    return bool(names) and not PIVOT_WORDS.match(names[-1]) and all(_numeric(c) or c.empty for c in row[first:])


def _header_like(row: Sequence[Cell]) -> bool:
    """Whether every cell past the first can be a column's name: a text, a year, a step (20 %), or 1, 2, 3; and in a pivot
    the row that says «Row Labels», whatever stands in it (0,2 is 20 % without its format)."""
    if row and PIVOT_WORDS.match(row[0].text):
        return True
    filled = [cell for cell in row[1:] if not cell.empty]
    words = [c for c in filled if c.number is None and any(char.isalnum() for char in c.text)]
    numbers = [c for c in filled if c.number is not None]
    if any(c.malformed for c in filled) or len(numbers) + len(words) < len(filled):
        return False
    values = [c.number for c in numbers if c.number is not None]
    steps = len(values) > 1 and all(c.percent and not c.decimals for c in numbers) and len(set(values)) == len(values)
    counting = len(values) > 2 and values[0] in (0, 1) and all(v == values[0] + i for i, v in enumerate(values))
    return all(_year(c) for c in numbers) or steps or counting


def _year(cell: Cell) -> bool:
    return bool(re.fullmatch(r"(?:19|20)[0-9]{2}", cell.text))


def _figure_columns(grid: Grid, first: int, last: int) -> tuple[int, ...]:
    """Columns where at least half of what is printed is numbers; a column of CPR numbers is none."""
    rows = grid.rows[first : last + 1]
    start = next((i for i, row in enumerate(rows) if _count(row) and not _header_like(row)), 0)
    found = []
    for place in range(1, len(grid.rows[0])):
        cells = [row[place] for row in rows[start:] if not row[place].empty]
        numbers = [cell for cell in cells if _numeric(cell)]
        if numbers and len(numbers) * 2 >= len(cells) and not all(mask(c.text) == MASKED for c in numbers):
            found.append(place)
    return tuple(found)


def _body_start(grid: Grid, first: int, last: int, figures: Sequence[int]) -> int:
    """The first row of figures. Years or 1, 2, 3 are a header only until a header has named every column."""
    headed = False
    for index in range(first, last + 1):
        cells = [grid.rows[index][c] for c in figures]
        filled = [cell for cell in cells if not cell.empty]
        if not filled:
            continue
        if not _header_like([grid.rows[index][0], *cells]):
            return index
        if headed and _count(grid.rows[index]) and _labelled(grid.rows[index]):
            return index
        headed = headed or len(filled) == len(cells)
    return last + 1


def _headers(grid: Grid, body: int, figures: Sequence[int]) -> tuple[int, ...]:
    """The header rows: those above the figures, up to a row that says nothing over them (five at most)."""
    found: list[int] = []
    for index in range(body - 1, max(-1, body - 6), -1):
        texts = [grid.rows[index][c].text for c in figures if grid.rows[index][c].text]
        if not texts and found:
            break
        if texts and not all(PIVOT_WORDS.match(text) for text in texts):
            found.insert(0, index)
    return tuple(found)
