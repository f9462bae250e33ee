"""The smallest explanation of the sums that fail: as few wrong cells as can mend every miss within rounding.

Branch and bound over the equations. In a smallest explanation some equation has one wrong cell only, so the amount of
that cell is what the equation misses; mend it, and the rest is a smaller table of the same kind. Cells that stand in
just the same equations cannot be told apart and are tried as one, and none of them is ever named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconcile.controls.footing_locate import Equation

Place = tuple[int, int]
Chosen = tuple[tuple[Place, Decimal], ...]
# What each equation touched still misses, and the room that rounding has there.
Step = tuple[dict[int, Decimal], dict[int, Decimal]]

# More wrong cells than this are not searched for; a torn table has no smallest explanation worth the time.
MAX_CELLS = 5
# States tried before the search gives up and names nothing: a bound in time that does not depend on the machine.
_MAX_STATES = 3_000
_NOTHING = Decimal(0)


class OutOfTimeError(Exception):
    """The search was cut short: what it found so far may not be all."""


class Smallest:
    """The search; ``broken`` are the equations that fail, ``fewest`` a bound below which no explanation can be."""

    def __init__(self, equations: Sequence[Equation]) -> None:
        self.equations = equations
        uses: dict[Place, list[int]] = {}
        for i, e in enumerate(equations):
            for cell in e.cells:
                uses.setdefault(cell, []).append(i)
        alike: dict[tuple[int, ...], list[Place]] = {}
        for cell, where in uses.items():
            alike.setdefault(tuple(where), []).append(cell)
        self.uses = {cells[0]: where for where, cells in alike.items()}
        self.only = {cells[0] for cells in alike.values() if len(cells) == 1}
        self.cells = [[cell for cell in e.cells if cell in self.uses] for e in equations]
        self.most = max(map(len, self.uses.values()), default=1)
        self.broken = {i: e.residual for i, e in enumerate(equations) if abs(e.residual) > e.slack}
        self.fewest = self._bound(self.broken)
        self._noisy = any(0 < abs(e.residual) <= e.slack for e in equations)

    def corrections(self) -> dict[Place, Decimal]:
        """What to add to the cells that every smallest explanation has; empty where there are none, or no time."""
        try:
            for size in range(self.fewest, MAX_CELLS + 1):
                # Exact figures are judged exactly first: rounding would only make room for other stories.
                for exact in (False,) if self._noisy else (True, False):
                    if found := self._explanations(size, exact=exact):
                        return self._common(found)
        except OutOfTimeError:
            pass
        return {}

    def _common(self, found: Mapping[frozenset[Place], tuple[Decimal, Chosen]]) -> dict[Place, Decimal]:
        shared = frozenset.intersection(*found) & self.only
        _left, best = min(found.values())
        return {cell: amount for cell, amount in best if cell in shared}

    def _explanations(self, size: int, *, exact: bool) -> dict[frozenset[Place], tuple[Decimal, Chosen]]:
        """The sets of ``size`` cells that mend everything; of each set the amounts that leave the least unmended."""
        found: dict[frozenset[Place], tuple[Decimal, Chosen]] = {}
        seen: set[Chosen] = set()
        waiting: list[tuple[Chosen, Step]] = [((), ({}, {}))]
        while waiting:
            chosen, before = waiting.pop()
            moved, room = before
            broken = {i: r for i, r in {**self.broken, **moved}.items() if self._fails(i, r, moved, room, exact)}
            if not broken:
                if len(chosen) == size:
                    left = sum((abs(r) for r in moved.values()), _NOTHING)
                    cells = frozenset(cell for cell, _amount in chosen)
                    found[cells] = min(found.get(cells, (left, chosen)), (left, chosen))
                continue
            if len(chosen) == size or len(chosen) + self._bound(broken) > size:
                continue
            for move in self._moves(broken, chosen):
                after = tuple(sorted((*chosen, move[:2])))
                step = self._mended(move, before, exact=exact)
                if after in seen or not self._promising(broken, step, size - len(after), exact=exact):
                    continue
                seen.add(after)
                if len(seen) > _MAX_STATES:
                    raise OutOfTimeError
                waiting.append((after, step))
        return found

    def _moves(self, broken: Mapping[int, Decimal], chosen: Chosen) -> Iterator[tuple[Place, Decimal, int]]:
        """(cell, its amount, the equation it mends): one wrong cell in an equation is wrong by what it misses."""
        taken = {cell for cell, _amount in chosen}
        for i, missed in broken.items():
            for cell in self.cells[i]:
                if cell not in taken:
                    yield cell, missed * -self._sign(cell, i), i

    def _sign(self, cell: Place, i: int) -> int:
        return 1 if self.equations[i].cells[0] == cell else -1

    def _mended(self, move: tuple[Place, Decimal, int], step: Step, *, exact: bool) -> Step:
        """What is missed after the correction, and the room that its own rounding leaves in the other equations."""
        cell, amount, by = move
        residuals, rooms = dict(step[0]), dict(step[1])
        unsure = _NOTHING if exact else self.equations[by].slack + rooms.get(by, _NOTHING)
        for i in self.uses[cell]:
            residuals[i] = residuals.get(i, self.equations[i].residual) + self._sign(cell, i) * amount
            if i != by:
                rooms[i] = rooms.get(i, _NOTHING) + unsure
        return residuals, rooms

    def _fails(
        self, i: int, residual: Decimal, moved: Mapping[int, Decimal], room: Mapping[int, Decimal], exact: bool
    ) -> bool:
        slack = _NOTHING if exact and i in moved else self.equations[i].slack
        return abs(residual) > slack + room.get(i, _NOTHING)

    def _promising(
        self,
        broken: Mapping[int, Decimal],
        step: Step,
        left: int,
        *,
        exact: bool,
    ) -> bool:
        """Whether so few equations still fail that the cells left could mend them."""
        moved, room = step
        still = sum(i not in moved for i in broken)
        still += sum(self._fails(i, residual, moved, room, exact) for i, residual in moved.items())
        return still <= left * self.most

    def _bound(self, broken: Mapping[int, Decimal]) -> int:
        """No explanation has fewer cells: a cell mends only so many sums, and sums without a common cell need one each."""
        taken: set[Place] = set()
        apart = 0
        for i in sorted(broken, key=lambda i: (len(self.equations[i].cells), i)):
            if taken.isdisjoint(self.equations[i].cells):
                taken.update(self.equations[i].cells)
                apart += 1
        return max(apart, -(-len(broken) // self.most))
