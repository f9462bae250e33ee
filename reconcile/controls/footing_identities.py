"""Identities between printed tables: which is the copy, the sum or the product of others, found and not declared.

A difference is a sum and a ratio a product, seen from another of the three tables: the printed digits allow the one
exactly where they allow the other, so only copy, sum and product are tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from reconcile.results.footing import LEAST_CELLS, Break, Cell, Identity, Line, Operation, Table

Key = tuple[str, str]

# An identity is believed when it holds in so large a part of the cells, and in ``LEAST_CELLS`` of them.
LEAST_SHARE = Fraction(7, 10)


@dataclass(frozen=True)
class _Figure:
    row: Line
    column: Line
    cell: Cell
    value: Fraction
    low: Fraction
    high: Fraction


def find_identities(tables: Sequence[Table]) -> tuple[Identity, ...]:
    """The identities that hold between two or three of the tables, over the row and column labels they share."""
    figures = [_figures(table) for table in tables]
    tried = [found for claim in _claims(len(tables)) if (found := _tried(figures, *claim))]
    return tuple(found for found in tried if not any(_explains(other, found) for other in tried))


def _explains(wider: Identity, found: Identity) -> bool:
    """Whether one of the same tables or more holds where the other breaks: 120 is no copy of 121, but 121 and a
    difference of −1."""
    return {found.result, *found.parts} <= {wider.result, *wider.parts} and len(wider.breaks) < len(found.breaks)


def shared_cells(tables: Sequence[Table]) -> int:
    """The most cells that any two of the tables have in common by their labels."""
    figures = [_figures(table).keys() for table in tables]
    return max((len(one & other) for one, other in combinations(figures, 2)), default=0)


def _claims(count: int) -> Iterator[tuple[int, Operation, tuple[int, ...]]]:
    for one, other in combinations(range(count), 2):
        yield one, "copy", (other,)
    for result in range(count):
        for pair in combinations([i for i in range(count) if i != result], 2):
            yield result, "sum", pair
            yield result, "product", pair


def _figures(table: Table) -> dict[Key, _Figure]:
    """The figures by row and column label; a label that stands twice is known by its group too."""
    rows, columns = _keys(table.rows), _keys(table.columns)
    found = {}
    for r, row in enumerate(table.rows):
        for c, column in enumerate(table.columns):
            cell = table.cells[r][c]
            if cell.number is not None and rows[r] and columns[c]:
                value, half = Fraction(cell.number), Fraction(1, 2 * 10**cell.decimals)
                found[rows[r], columns[c]] = _Figure(row, column, cell, value, value - half, value + half)
    return found


def _keys(lines: Sequence[Line]) -> list[str]:
    labels = Counter(line.label.casefold() for line in lines)
    names = Counter(line.name.casefold() for line in lines)
    # Two lines of one name cannot be told apart, and neither is compared.
    chosen = [line.label if labels[line.label.casefold()] == 1 else line.name for line in lines]
    return [name.casefold() if 1 in (labels[name.casefold()], names[name.casefold()]) else "" for name in chosen]


def _tried(
    figures: Sequence[Mapping[Key, _Figure]], result: int, operation: Operation, parts: tuple[int, ...]
) -> Identity | None:
    common = [key for key in figures[result] if all(key in figures[part] for part in parts)]
    holds = cells = 0
    breaks = []
    for key in common:
        printed, operands = figures[result][key], [figures[part][key] for part in parts]
        low, high = _span(operation, operands)
        # What is printed as 120 lies in 119,5–120,5 without its upper end, so that 120 and 121 only touch.
        agrees = low < printed.high and high > printed.low
        if agrees and (high - low) + (printed.high - printed.low) > abs(printed.value):
            continue  # printed so coarsely that almost anything would agree; nothing is nothing times anything
        cells += 1
        holds += agrees
        if not agrees:
            breaks.append(_broken(printed, _value(operation, [f.value for f in operands])))
    if holds < LEAST_CELLS or holds < LEAST_SHARE * cells:
        return None
    return Identity(result, operation, parts, holds, cells, tuple(breaks))


def _broken(printed: _Figure, expected: Fraction) -> Break:
    return Break(printed.row, printed.column, printed.cell, expected, printed.cell.decimals)


def _span(operation: Operation, operands: Sequence[_Figure]) -> tuple[Fraction, Fraction]:
    """The least and the most that the figures can give before they were rounded to the digits printed."""
    if operation != "product":
        return sum((f.low for f in operands), Fraction(0)), sum((f.high for f in operands), Fraction(0))
    one, other = operands
    corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return min(corners), max(corners)


def _value(operation: Operation, values: Sequence[Fraction]) -> Fraction:
    return values[0] * values[1] if operation == "product" else sum(values, Fraction(0))
