"""Which cells explain the equations that do not hold.

A correction δ of a cell changes every equation the cell stands in by δ. Two kinds of explanation are accepted, the
simplest first, and only where no other cell explains the same: one cell that alone mends all its equations; and
several cells of one line whose own cross equations give each its δ and whose δs together mend the line they share.
Where a handful of cells can be enough, the smallest explanation is searched for as a whole (footing_smallest).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from reconcile.controls.footing_smallest import MAX_CELLS, Smallest

Place = tuple[int, int]

# With more broken equations than this the table is misread or torn, and chance would name innocent cells.
MAX_BROKEN = 500
_MAX_SUBSET = 4
_MAX_NEAR = 10


@dataclass(frozen=True)
class Equation:
    """``cells[0]`` is the total of ``cells[1:]``; ``residual`` is total less parts, good when within ``slack``.

    ``direction`` is ``column`` where rows are added up, ``row`` where columns are. ``filled`` counts printed cells,
    ``unit`` is their last printed digit.
    """

    direction: str
    cells: tuple[Place, ...]
    residual: Decimal
    slack: Decimal
    filled: int = 0
    unit: Decimal = Decimal(1)

    @property
    def says_something(self) -> bool:
        """Something is printed in it."""
        return self.filled > 0

    @property
    def by_rounding(self) -> Decimal:
        """How far off it can be when every figure is rounded: at most half a digit each, and in practice far less."""
        # Half digits, evenly spread, add up to a deviation of sqrt(n/12); four of those happen once in ten thousand.
        return self.unit * min(Decimal(self.filled) / 2, (Decimal(4) * self.filled / 3).sqrt())


@dataclass(frozen=True)
class Correction:
    """Add ``amount`` to the printed figure of the cell and its equations hold."""

    row: int
    column: int
    amount: Decimal


def as_rounded(equations: list[Equation], *, declared: bool) -> tuple[list[Equation], Decimal | None]:
    """The equations as they are to be judged in a table of rounded figures, and the furthest one may then be off.

    The table shows that it is rounded by saying so (``declared``), or by another sum that is off within its tolerance:
    exact figures are not off by one. Where the tolerance is 0, nothing is rounded.
    """
    shown = declared or any(e.unit <= abs(e.residual) * 2 and abs(e.residual) <= e.slack for e in equations)
    if not shown or not all(e.slack for e in equations):
        return equations, None
    judged = [replace(e, slack=max(e.slack, e.by_rounding)) for e in equations]
    used = [
        abs(e.residual)
        for e, strict in zip(judged, equations, strict=True)
        if strict.slack < abs(e.residual) <= e.slack
    ]
    return judged, max(used, default=None)


def locate(equations: Sequence[Equation]) -> list[Correction]:
    """The corrections that can be told for certain; equations nobody can explain are left out.

    Up to a handful of wrong cells: what every smallest explanation has. In a table with more, the cells that alone
    explain what they touch, exact explanations first; only then may rounding make row and column disagree a little.
    """
    smallest = Smallest(equations)
    if smallest.fewest <= MAX_CELLS:
        found_cells = smallest.corrections()
        return [Correction(*place, amount) for place, amount in sorted(found_cells.items()) if amount]
    search = _Search(equations)
    if not search.broken or len(search.broken) > MAX_BROKEN:
        return []
    found: dict[Place, Decimal] = {}
    for leeway in (0, 1, 2):
        before = len(search.broken) + 1
        while len(search.broken) < before and (
            mended := search.single_cells(leeway) or search.cells_of_one_line(leeway)
        ):
            before = len(search.broken)
            for place, amount in mended.items():
                found[place] = found.get(place, Decimal(0)) + amount
                search.mend(place, amount)
    return [Correction(row, column, amount) for (row, column), amount in found.items() if amount]


class _Search:
    """The residuals as corrections are tried, and which equations each suspected cell stands in."""

    def __init__(self, equations: Sequence[Equation]) -> None:
        self.equations = equations
        self.residual = [e.residual for e in equations]
        self.broken = {i for i, e in enumerate(equations) if abs(e.residual) > e.slack}
        self.uses: dict[Place, list[int]] = {cell: [] for i in self.broken for cell in equations[i].cells}
        for i, equation in enumerate(equations if self.uses else ()):
            for cell in equation.cells:
                if cell in self.uses:
                    self.uses[cell].append(i)

    def mend(self, place: Place, amount: Decimal) -> None:
        """Add an amount to one cell, and tell anew which equations are broken."""
        for i in self.uses[place]:
            is_total = self.equations[i].cells[0] == place
            self.residual[i] += amount if is_total else -amount
            if abs(self.residual[i]) <= self.equations[i].slack:
                self.broken.discard(i)
            else:
                self.broken.add(i)

    def single_cells(self, leeway: int) -> dict[Place, Decimal]:
        """Cells that each alone mend all their equations, and that no other cell rivals."""
        able = {cell: amount for cell in self._suspected() if (amount := self._amount(cell, self.uses[cell], leeway))}
        # One cell that mends two equations is a simpler story than two cells that mend one each.
        least = min((len(self.uses[cell]) for cell in able), default=0)
        broader = [set(self.uses[cell]) for cell in able if len(self.uses[cell]) > least]
        best = {cell for cell in able if not any(set(self.uses[cell]) < uses for uses in broader)}
        rivals = Counter(i for cell in best for i in self.uses[cell])
        return {cell: able[cell] for cell in able if cell in best and all(rivals[i] == 1 for i in self.uses[cell])}

    def cells_of_one_line(self, leeway: int) -> dict[Place, Decimal]:
        """Several wrong cells in one row or column: each is told by its crossing line, together by the shared one."""
        for hub in sorted(self.broken):
            near: dict[Place, Decimal] = {}
            for cell in self.equations[hub].cells:
                others = [i for i in self.uses[cell] if i != hub]
                if others and (amount := self._amount(cell, others, leeway)):
                    near[cell] = amount
            chosen = self._adding_up(hub, near, leeway)
            if chosen:
                return {cell: near[cell] for cell in chosen}
        return {}

    def _suspected(self) -> Iterable[Place]:
        return {cell for i in self.broken for cell in self.equations[i].cells}

    def _amount(self, cell: Place, uses: Sequence[int], leeway: int) -> Decimal | None:
        """The correction all the equations ask of the cell, or None where one holds already or they disagree."""
        if any(i not in self.broken for i in uses):
            return None
        if len(uses) == 1:
            (i,) = uses
            return -self.residual[i] if self.equations[i].cells[0] == cell else self.residual[i]
        # The shortest equation first: the fewer figures, the less rounding it can hide.
        uses = sorted(uses, key=lambda i: self.equations[i].filled)
        asked = [-self.residual[i] if self.equations[i].cells[0] == cell else self.residual[i] for i in uses]
        slack = min(self.equations[i].slack for i in uses)
        if max(asked) - min(asked) > leeway * slack:
            return None
        usual = Counter(asked).most_common(1)[0][0]
        # What most of them ask, unless that leaves one of them broken: then the middle, which leaves none.
        return usual if all(abs(usual - a) <= slack for a in asked) else (max(asked) + min(asked)) / 2

    def _adding_up(self, hub: int, near: dict[Place, Decimal], leeway: int) -> tuple[Place, ...]:
        """The one smallest choice of two or more cells whose corrections mend the hub; empty if none or several."""
        allowed = leeway * self.equations[hub].slack
        if len(near) > _MAX_NEAR:
            return self._if_mended(hub, tuple(near), near, allowed)
        for size in range(2, min(len(near), _MAX_SUBSET) + 1):
            fitting = [c for c in combinations(near, size) if self._if_mended(hub, c, near, allowed)]
            if fitting:
                return fitting[0] if len(fitting) == 1 else ()
        return self._if_mended(hub, tuple(near), near, allowed)

    def _if_mended(
        self, hub: int, cells: tuple[Place, ...], near: dict[Place, Decimal], allowed: Decimal
    ) -> tuple[Place, ...]:
        total = self.equations[hub].cells[0]
        change = sum((near[cell] if cell == total else -near[cell] for cell in cells), Decimal(0))
        return cells if len(cells) > 1 and abs(self.residual[hub] + change) <= allowed else ()
