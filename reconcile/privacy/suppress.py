"""Which counts must be left out of a publication so that none of 1–4 can be found, not even from the sums that are left.

Counts of 1–4 are left out, and as many others as it takes. A count is safe when the others that are left out leave room for
another value of it: there is a change of whole numbers that keeps every sum and every count left out at 1 or more (0 is never
left out, so a reader knows that). Pure arithmetic on cells and sums; what they are is told by ``runs.public``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)

#: Counts from 1 to this are not published.
FEW = 4
_PRIME = 2**61 - 1
_SMALL = 10**6


def suppress(values: Mapping[Cell, int], sums: Sequence[Mapping[Cell, int]]) -> frozenset[Cell]:
    """The cells to leave out: those of 1–4, and others so that no one of all these can be worked out.

    Args:
        values: every count.
        sums: what a reader knows of them: in each, the cells times their numbers add up to 0.
    """
    cells = sorted(values, key=repr)
    number = {cell: place for place, cell in enumerate(cells)}
    numbered = [{number[cell]: times for cell, times in one.items()} for one in sums]
    return frozenset(cells[place] for place in _Search([values[cell] for cell in cells], numbered).hidden)


class _Search:
    """The cells, by number, that are left out; a group of them that has been found safe is not looked at again."""

    def __init__(self, values: Sequence[int], sums: Sequence[Mapping[int, int]]) -> None:
        self.values, self.sums = values, sums
        self.hidden: set[int] = set()
        self.where: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(sums):
            for cell in one:
                self.where[cell].append(place)
        self.left_out = [0] * len(sums)  # in each sum, how many
        self._hide({place for place, value in enumerate(values) if 1 <= value <= FEW})
        self.safe: set[tuple[int, ...]] = set()
        while exposed := self._alone() or self._worked_out():
            found = {chosen for cell in exposed if (chosen := self._beside(cell)) is not None}
            if not found:
                break  # everything that could hide it is left out already
            self._hide(found)

    def _hide(self, cells: set[int]) -> None:
        self.hidden |= cells
        for cell in cells:
            for place in self.where[cell]:
                self.left_out[place] += 1

    def _alone(self) -> list[int]:
        """The cells that are the only one left out of a sum: the cheap case, and the usual one."""
        sums = (one for one, count in zip(self.sums, self.left_out, strict=True) if count == 1)
        return list(dict.fromkeys(next(cell for cell in one if cell in self.hidden) for one in sums))

    def _beside(self, cell: int) -> int | None:
        """The smallest count that can be left out too, in the cell's sum with the fewest left out, else near it."""
        seen, edge = {cell}, [cell]
        while edge:
            places = {place for one in edge for place in self.where[one]}
            for place in sorted(places, key=lambda p: (self.left_out[p], p)):
                free = [other for other in self.sums[place] if other not in self.hidden and self.values[other] > FEW]
                if free:
                    return min(free, key=lambda other: (self.values[other], other))
            near = [other for place in sorted(places) for other in self.sums[place] if other in self.hidden]
            edge = [other for other in dict.fromkeys(near) if other not in seen]
            seen.update(edge)
        return None

    def _worked_out(self) -> list[int]:
        """Of each group of cells that sums tie together, the first that no change of whole numbers can move."""
        found: list[int] = []
        for group in self._groups():
            if group in self.safe:
                continue
            movable: set[int] = set()
            for change in _changes(self._rows(group), group, self.values):
                if any(all(self.values[c] + sign * step >= 1 for c, step in change.items()) for sign in (1, -1)):
                    movable.update(change)
            stuck = [cell for cell in group if cell not in movable]
            found += stuck[:: max(len(stuck) // 8, 1)]
            if not stuck:
                self.safe.add(group)
        return found

    def _rows(self, group: Iterable[int]) -> list[dict[int, int]]:
        places = sorted({place for cell in group for place in self.where[cell]})
        return [{c: times for c, times in self.sums[place].items() if c in self.hidden} for place in places]

    def _groups(self) -> Iterator[tuple[int, ...]]:
        """The cells left out, in groups that share sums."""
        seen: set[int] = set()
        for start in sorted(self.hidden):
            if start in seen:
                continue
            group, edge = [], [start]
            seen.add(start)
            while edge:
                cell = edge.pop()
                group.append(cell)
                for place in self.where[cell]:
                    new = [other for other in self.sums[place] if other in self.hidden and other not in seen]
                    seen.update(new)
                    edge += new
            yield tuple(sorted(group))


def _changes(
    rows: Sequence[Mapping[int, int]], group: Sequence[int], values: Sequence[int]
) -> Iterator[dict[int, int]]:
    """Changes of whole numbers that keep every sum: one for each cell that the others do not decide.

    Solved modulo a prime; a change is given only where its numbers are small whole ones: there they are exact.
    """
    solved = _solved(rows, values)
    users = _users(solved)
    for free in group:
        if free not in solved:
            change = {free: 1, **{pivot: _small(-solved[pivot][free]) for pivot in users[free]}}
            if all(abs(step) <= _SMALL for step in change.values()):
                yield change


def _solved(rows: Sequence[Mapping[int, int]], values: Sequence[int]) -> dict[int, dict[int, int]]:
    """The sums solved for some of their cells (Gauss–Jordan): the largest, since they have room to give."""
    solved: dict[int, dict[int, int]] = {}
    users: dict[int, set[int]] = defaultdict(set)
    for row in sorted(rows, key=len):
        left = {cell: times % _PRIME for cell, times in row.items()}
        for pivot in [cell for cell in left if cell in solved]:
            _subtract(left, solved[pivot], left[pivot])
        if not left:
            continue
        pivot = max(left, key=lambda cell: (values[cell], cell))
        back = pow(left[pivot], -1, _PRIME)
        left = {cell: times * back % _PRIME for cell, times in left.items()}
        for other in users.pop(pivot, set()):
            if pivot in solved[other]:
                _subtract(solved[other], left, solved[other][pivot])
                for cell in left:
                    users[cell].add(other)
        solved[pivot] = left
        for cell in left:
            users[cell].add(pivot)
    return solved


def _users(solved: Mapping[int, Mapping[int, int]]) -> dict[int, list[int]]:
    """Cell → the solved cells that it moves."""
    users: dict[int, list[int]] = defaultdict(list)
    for pivot, row in solved.items():
        for cell in row:
            users[cell].append(pivot)
    return users


def _small(times: int) -> int:
    """A number modulo the prime, as the whole number nearest to 0."""
    rest = times % _PRIME
    return rest if rest <= _PRIME // 2 else rest - _PRIME


def _subtract(row: dict[int, int], other: Mapping[int, int], times: int) -> None:
    for cell, number in other.items():
        if value := (row.get(cell, 0) - times * number) % _PRIME:
            row[cell] = value
        else:
            row.pop(cell, None)
