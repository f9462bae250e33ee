"""Totals that count persons once: no sums, and no faults.

A person who is in two of the parts is one person in the total. So the total is at least the largest part and at most
the sum of them, in every line, and less than the sum in most.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconcile.controls.footing_locate import Equation
from reconcile.results.footing import Table

Place = tuple[int, int]


def distinct_totals(table: Table, equations: Sequence[Equation], *, persons: bool) -> tuple[list[Equation], list[str]]:
    """The equations that are sums, and the names of the lines that count distinctly.

    A line's totals are judged together. One single total that is too small is an error, unless the table says that it
    counts ``persons``.
    """
    lines: dict[tuple[str, bool, int], list[Equation]] = {}
    for e in equations:
        row, column = e.cells[0]
        lines.setdefault((e.direction, True, row), []).append(e)
        lines.setdefault((e.direction, False, column), []).append(e)
    dropped: set[tuple[str, Place]] = set()
    names: list[str] = []
    for (direction, across, index), members in sorted(
        lines.items(), key=lambda item: (item[0][0], not item[0][1], item[0][2])
    ):
        group = [e for e in members if (direction, e.cells[0]) not in dropped]
        if _counts_distinctly(table, group, 1 if persons else 2):
            dropped.update((direction, e.cells[0]) for e in group)
            names.append((table.rows if across else table.columns)[index].name)
    kept = [e for e in equations if (e.direction, e.cells[0]) not in dropped]
    return kept, list(dict.fromkeys(names))


def _counts_distinctly(table: Table, group: Sequence[Equation], least: int) -> bool:
    telling = less = 0
    for e in group:
        total, *parts = (table.figure(r, c) for r, c in e.cells)
        if any(part < 0 for part in parts):
            return False
        if not max(parts, default=Decimal(0)) - e.slack <= total <= sum(parts) + e.slack:
            return False
        telling += sum(part > 0 for part in parts) > 1
        # A little less than the sum is rounding, not persons.
        less += e.residual < -max(e.slack, e.by_rounding)
    return less >= least and less * 2 > telling
