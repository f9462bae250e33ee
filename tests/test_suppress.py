"""Counts of 1–4 cannot be found: against an attacker who solves the sums, and one who tries every whole number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from reconcile.privacy.suppress import suppress

Sums = list[dict[Any, int]]


def table(rows: Sequence[Sequence[int]]) -> tuple[dict[Any, int], Sums]:
    """A table with totals of rows, columns and all, as cells and sums."""
    height, width = len(rows), len(rows[0])
    values = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    sums: Sums = []
    for r in range(height):
        values[r, "alle"] = sum(rows[r])
        sums.append({**{(r, c): 1 for c in range(width)}, (r, "alle"): -1})
    for c in [*range(width), "alle"]:
        values["alle", c] = sum(values[r, c] for r in range(height))
        sums.append({**{(r, c): 1 for r in range(height)}, ("alle", c): -1})
    sums.append({**{("alle", c): 1 for c in range(width)}, ("alle", "alle"): -1})
    return values, sums


def solved(sums: Sums, hidden: frozenset[Any]) -> set[Any]:
    """What an attacker finds by linear algebra: the cells whose unit vector the equations span (Gauss–Jordan)."""
    cells = sorted(hidden, key=repr)
    matrix = [[Fraction(one.get(cell, 0)) for cell in cells] for one in sums if any(c in hidden for c in one)]
    place = 0
    for column in range(len(cells)):
        pivot = next((r for r in range(place, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[place], matrix[pivot] = matrix[pivot], matrix[place]
        lead = matrix[place][column]
        matrix[place] = [number / lead for number in matrix[place]]
        for other in range(len(matrix)):
            if other != place and matrix[other][column]:
                times = matrix[other][column]
                matrix[other] = [a - times * b for a, b in zip(matrix[other], matrix[place], strict=True)]
        place += 1
    found = ([c for c, number in zip(cells, row, strict=True) if number] for row in matrix)
    return {row[0] for row in found if len(row) == 1}


def narrowed(values: Mapping[Any, int], sums: Sums, hidden: frozenset[Any], leaves: Sequence[Any]) -> set[Any]:
    """What an attacker finds by trying whole numbers: the cells left out that have one value in every table near this one."""
    tried = [cell for cell in leaves if cell in hidden]
    seen: dict[Any, set[int]] = {cell: set() for cell in hidden}
    ranges = [range(max(1, values[cell] - 2), values[cell] + 3) for cell in tried]
    for numbers in product(*ranges):
        guess = {**values, **dict(zip(tried, numbers, strict=True))}
        for one in sums:  # totals follow from what they are the total of
            (total,) = [cell for cell, sign in one.items() if sign < 0]
            if total in hidden:
                guess[total] = sum(guess[cell] for cell, sign in one.items() if sign > 0)
        if all(sum(guess[c] * n for c, n in one.items()) == 0 for one in sums):
            for cell in hidden:
                seen[cell].add(guess[cell])
    return {cell for cell, found in seen.items() if len(found) < 2}


COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 30])


@examples(120)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=5)
    )
)
def test_no_attacker_solves_a_cell_that_is_left_out(rows: list[list[int]]) -> None:
    values, sums = table(rows)
    hidden = suppress(values, sums)
    assert {cell for cell, value in values.items() if 1 <= value <= 4} <= hidden
    assert all(values[cell] for cell in hidden)
    assert not solved(sums, hidden)


@examples(40)
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_attacker_narrows_a_cell_to_one_value_by_trying(rows: list[list[int]]) -> None:
    values, sums = table(rows)
    hidden = suppress(values, sums)
    assert not narrowed(values, sums, hidden, [(r, c) for r in range(2) for c in range(2)])


def test_two_ones_under_a_published_two_would_be_known_so_a_third_is_left_out() -> None:
    values = {"a": 1, "b": 1, "c": 7, "alle": 9}
    assert suppress(values, [{"a": 1, "b": 1, "c": 1, "alle": -1}]) == {"a", "b", "c"}


def test_nothing_small_leaves_everything_and_zero_is_published() -> None:
    assert suppress({"a": 0, "b": 5, "alle": 5}, [{"a": 1, "b": 1, "alle": -1}]) == frozenset()


def test_a_small_count_alone_in_its_total_hides_both() -> None:
    assert suppress({"a": 2, "b": 0, "alle": 2}, [{"a": 1, "b": 1, "alle": -1}]) == {"a", "alle"}


def test_the_smallest_that_helps_is_left_out_and_no_more() -> None:
    values = {"a": 2, "b": 50, "c": 6, "alle": 58}
    assert suppress(values, [{"a": 1, "b": 1, "c": 1, "alle": -1}]) == {"a", "c"}
