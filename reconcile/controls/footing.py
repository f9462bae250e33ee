"""Fodkontrol: do the rows and columns of a printed table add up, and if not, which cell is wrong?

Every sum in the table is an equation: a total cell less its parts is zero, within rounding. A cell stands in several
equations (its row, its column, its groups). A wrong cell breaks all of them by the same amount, so that cell is the
one to suspect which alone explains them. Comes in: a grid. Goes out: a Footing; nothing is read or printed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconcile.controls.footing_averages import Fault, Known, Verdict, judge_averages
from reconcile.controls.footing_distinct import distinct_totals
from reconcile.controls.footing_locate import Correction, Equation, as_rounded, locate
from reconcile.controls.footing_sums import Axis, find_sums
from reconcile.results.footing import Footing, Grid, Line, Miss, Sum, Suspect, Table, is_total
from reconcile.sources.printed_table import read_table

# Printed decimals past the fourth are Excel's unrounded figures, not a promise of precision.
_MAX_DECIMALS = 4
_HUNDRED = Decimal(100)
_PERSONS = re.compile(r"\b(?:personer|borgere|modtagere|unikke?|distinkte?|cpr)\b", re.IGNORECASE)
_ROUNDED = re.compile(r"\b1\.000 kr|\bt\.? ?kr\b|\bmi(?:o|ll?)\.? ?kr|\btusind|\bafrund", re.IGNORECASE)


@dataclass(frozen=True)
class _Reading:
    """A table, what adds up to what in it, and how exactly: ``units`` and ``slack`` are per column.

    ``additive`` are the columns that add up downwards.
    """

    table: Table
    units: Sequence[Decimal]
    slack: Sequence[Decimal]
    row_sums: tuple[Sum, ...]
    column_sums: tuple[Sum, ...]
    additive: frozenset[int]


def foot(grid: Grid, tolerance: Decimal = Decimal(1), averages: Sequence[str] = ()) -> Footing:
    """Judge the largest table in the grid.

    ``tolerance`` counts in the last printed digit of a column: 1 is ±1 in whole kroner and ±0,01 with two decimals.
    ``averages`` names columns that are averages or percentages. Raises InputError where there is no table.
    """
    reading = _read(grid, tolerance, averages)
    sums, distinct = distinct_totals(reading.table, list(_equations(reading)), persons=_says(grid, _PERSONS))
    equations, rounded = as_rounded(sums, declared=_says(grid, _ROUNDED))
    corrections = locate(equations)
    fixed = {(c.row, c.column): c.amount for c in corrections}
    suspects = [_suspect(reading, c) for c in corrections]
    failing = [e for e in equations if abs(e.residual) > e.slack]
    verdict = _averages(reading, fixed, [_miss(reading, e, fixed) for e in failing])
    told = [_average_fault(reading, fault) for fault in verdict.faults]
    suspects += [found for found in told if isinstance(found, Suspect)]
    fixed |= {
        (f.row, f.column): f.expected - reading.table.figure(f.row, f.column) for f in verdict.faults if f.located
    }
    misses = [_miss(reading, e, fixed) for e in failing] + [found for found in told if isinstance(found, Miss)]
    table = reading.table
    aside = [line.name for line in table.rows if line.average]
    return Footing(
        table,
        tuple(sorted(suspects, key=lambda s: (s.row.number, s.column.number))),
        tuple(sorted(misses, key=lambda m: (m.direction, m.row.number, m.column.number))),
        sum(e.says_something for e in equations) + verdict.checked,
        (*aside, *(table.columns[c].name for c in verdict.untested)),
        sum(table.unknown(r, c) for r in range(len(table.rows)) for c in range(len(table.columns))),
        reading.row_sums,
        reading.column_sums,
        rounded,
        tuple(distinct),
    )


def _says(grid: Grid, words: re.Pattern[str]) -> bool:
    """Whether a title, heading or note has the words: «1.000 kr.», «mio. kr.», «borgere»."""
    return any(words.search(cell.text.replace("_", " ")) for row in grid.rows for cell in row if cell.number is None)


def _read(grid: Grid, tolerance: Decimal, averages: Sequence[str]) -> _Reading:
    table = read_table(grid, averages)
    units = [_unit(table, c) for c in range(len(table.columns))]
    slack = [unit * tolerance for unit in units]
    row_sums, column_sums, additive = _structure(table, slack)
    named = replace(
        table, rows=_with_groups(table.rows, row_sums), columns=_without_strangers(table.columns, column_sums)
    )
    return _Reading(named, units, slack, row_sums, column_sums, additive)


def _averages(reading: _Reading, fixed: dict[tuple[int, int], Decimal], misses: Sequence[Miss]) -> Verdict:
    """The columns that do not add up, recomputed from the figures as they should be; also shares that ought to."""
    table = reading.table
    places = range(len(table.columns))
    figures = [[table.figure(r, c) + fixed.get((r, c), 0) for c in places] for r in range(len(table.rows))]
    # An average is rounded once, so half a digit is always allowed.
    allowed = [max(s, u / 2) for s, u in zip(reading.slack, reading.units, strict=True)]
    numbers = {m.column.number for m in misses if not m.located}
    doubtful = frozenset(c for c in places if table.columns[c].number in numbers)
    known = Known(table, figures, reading.row_sums, reading.column_sums, allowed, doubtful)
    verdict = judge_averages(known, [c for c in places if c not in reading.additive])
    shares = judge_averages(known, [c for c in doubtful if table.columns[c].average and c in reading.additive])
    located = [fault for fault in shares.faults if fault.located]
    return replace(verdict, faults=(*verdict.faults, *located))


def _average_fault(reading: _Reading, f: Fault) -> Suspect | Miss:
    table = reading.table
    row, column, cell = table.rows[f.row], table.columns[f.column], table.cells[f.row][f.column]
    decimals = _decimals(reading.units[f.column])
    if f.located:
        return Suspect(row, column, cell, f.expected, decimals, f.of)
    direction = "column" if row.total else "row"
    return Miss(direction, row, column, cell, f.expected, decimals, recomputed=f.of)


def _unit(table: Table, column: int) -> Decimal:
    """The last printed digit in a column: 1, 0.1, 0.01 …"""
    most = max((row[column].decimals for row in table.cells), default=0)
    return Decimal(1).scaleb(-min(most, _MAX_DECIMALS))


def _decimals(unit: Decimal) -> int:
    return -unit.adjusted()


def _structure(table: Table, slack: Sequence[Decimal]) -> tuple[tuple[Sum, ...], tuple[Sum, ...], frozenset[int]]:
    """The sums among rows and among columns, and the columns that add up downwards.

    Percentages add up only where the figures say so: shares of a hundred.
    """
    plain = [c for c, line in enumerate(table.columns) if not line.average]
    rows = range(len(table.rows))
    axis = Axis(table.rows, [[table.figure(r, c) for c in plain] for r in rows], [slack[c] for c in plain])
    row_sums = find_sums(axis, by_figures=True)
    column_sums = _column_sums(table, table.columns, slack)
    flipped = [replace(line, average=not line.average) for line in table.columns]
    shares = [s for s in _column_sums(table, flipped, slack) if _mostly(table, s, slack)]
    columns = [c for c, line in enumerate(table.columns) if line.average and _adds_up(table, c, row_sums, slack[c])]
    return row_sums, (*column_sums, *shares), frozenset({*plain, *columns})


def _column_sums(table: Table, lines: Sequence[Line], slack: Sequence[Decimal]) -> tuple[Sum, ...]:
    rows = [r for r, line in enumerate(table.rows) if not line.average][:2_000]
    used = [slack[c] for c, line in enumerate(lines) if not line.average]
    figures = [[table.figure(r, c) for r in rows] for c in range(len(lines))]
    return find_sums(Axis(lines, figures, [min(used, default=Decimal(0))] * len(rows)), by_figures=False)


def _mostly(table: Table, s: Sum, slack: Sequence[Decimal]) -> bool:
    right = sum(
        abs(table.figure(r, s.total) - sum(table.figure(r, p) for p in s.parts)) <= slack[s.total]
        for r in range(len(table.rows))
    )
    return right * 2 > len(table.rows)


def _adds_up(table: Table, column: int, row_sums: Sequence[Sum], slack: Decimal) -> bool:
    """Whether a percentage column is shares of a whole: its total is 100 % and the parts come to it, or nearly."""
    if not row_sums:
        return False
    sums = [(table.figure(s.total, column), sum(table.figure(p, column) for p in s.parts)) for s in row_sums]
    return all(abs(total - parts) <= slack for total, parts in sums) or any(
        total in (1, _HUNDRED) and abs(total - parts) <= total / 2 for total, parts in sums
    )


def _with_groups(lines: Sequence[Line], sums: Sequence[Sum]) -> tuple[Line, ...]:
    """The rows, each knowing its group's name, also where only the figures gave the group away."""
    rows = list(_without_strangers(lines, sums))
    for s in sums:
        head = rows[s.total]
        name = head.stem if head.total else head.label
        for part in s.parts:
            if name and not rows[part].group:
                rows[part] = replace(rows[part], group=name)
    return tuple(rows)


def _without_strangers(lines: Sequence[Line], sums: Sequence[Sum]) -> tuple[Line, ...]:
    """The lines, a total without the group that only stood blank above or beside it: it adds up others too."""
    named = list(lines)
    for s in sums:
        head = lines[s.total]
        if is_total(head.label) and not head.stem and any(lines[part].group != head.group for part in s.parts):
            named[s.total] = replace(head, group="")
    return tuple(named)


def _equations(reading: _Reading) -> Iterator[Equation]:
    """One equation per sum and crossing line; not where a figure is unknown or no total is printed."""
    table, slack = reading.table, reading.slack
    crossed = {c for s in reading.column_sums for c in (s.total, *s.parts)}
    for s in reading.row_sums:
        for c in sorted(reading.additive):
            cells = ((s.total, c), *((p, c) for p in s.parts))
            if _stated(table, cells, c in crossed):
                filled = _filled(table, cells)
                yield Equation("column", cells, _residual(table, cells), slack[c], filled, reading.units[c])
    in_sums = {r for s in reading.row_sums for r in (s.total, *s.parts)}
    for s in reading.column_sums:
        allowed = min(slack[c] for c in (s.total, *s.parts))
        for r, line in enumerate(table.rows):
            cells = ((r, s.total), *((r, p) for p in s.parts))
            if not line.average and _stated(table, cells, r in in_sums):
                unit = min(reading.units[c] for _row, c in cells)
                yield Equation("row", cells, _residual(table, cells), allowed, _filled(table, cells), unit)


def _stated(table: Table, cells: Sequence[tuple[int, int]], crossed: bool) -> bool:
    if any(table.unknown(r, c) for r, c in cells):
        return False
    row, column = cells[0]
    # A total left blank is not stated, unless the other direction says what should have stood there.
    return crossed or not table.cells[row][column].empty


def _filled(table: Table, cells: Sequence[tuple[int, int]]) -> int:
    return sum(not table.cells[r][c].empty for r, c in cells)


def _residual(table: Table, cells: Sequence[tuple[int, int]]) -> Decimal:
    return table.figure(*cells[0]) - sum((table.figure(r, c) for r, c in cells[1:]), Decimal(0))


def _suspect(reading: _Reading, found: Correction) -> Suspect:
    table = reading.table
    cell = table.cells[found.row][found.column]
    expected = table.figure(found.row, found.column) + found.amount
    decimals = _decimals(reading.units[found.column])
    return Suspect(table.rows[found.row], table.columns[found.column], cell, expected, decimals)


def _miss(reading: _Reading, e: Equation, fixed: dict[tuple[int, int], Decimal]) -> Miss:
    table = reading.table
    row, column = e.cells[0]
    printed = table.figure(row, column)
    parts = [table.figure(r, c) for r, c in e.cells[1:] if not table.cells[r][c].empty]
    left = e.residual + fixed.get(e.cells[0], 0) - sum(fixed.get(cell, 0) for cell in e.cells[1:])
    return Miss(
        e.direction,
        table.rows[row],
        table.columns[column],
        table.cells[row][column],
        printed - e.residual,
        max(_decimals(reading.units[c]) for _row, c in e.cells),
        located=abs(left) <= e.slack * 2 and any(cell in fixed for cell in e.cells),
        rounding=abs(e.residual) <= e.by_rounding,
        average_like=e.direction == "column" and len(parts) > 1 and min(parts) < printed < max(parts),
    )
