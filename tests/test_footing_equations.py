"""The equations of the fodkontrol: what rounding allows, and which cells explain the sums that fail, by hand."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.controls.footing_distinct import distinct_totals
from reconcile.controls.footing_locate import Correction, Equation, Place, _Search, as_rounded, locate
from reconcile.controls.footing_smallest import MAX_CELLS, Smallest
from reconcile.results.footing import Cell, Grid, Line, Table

D = Decimal


def equation(residual: str, slack: str = "1", filled: int = 3, unit: str = "1", direction: str = "column") -> Equation:
    return Equation(direction, ((9, 0), (0, 0), (1, 0)), D(residual), D(slack), filled, D(unit))


class TestRounding:
    @pytest.mark.parametrize(
        ("filled", "unit", "most"),
        [(0, "1", "0"), (1, "1", "0.5"), (3, "1", "1.5"), (5, "1", "2.5"), (12, "1", "4"), (48, "1", "8"), (12, "0.01", "0.04"),
         (3, "0.1", "0.15")],
    )  # fmt: skip
    def test_figures_off_by_half_a_digit_add_up_to_the_lesser_of_their_halves_and_four_deviations(
        self, filled: int, unit: str, most: str
    ) -> None:
        """n figures: n/2, or 4·√(n/12) = √(4n/3): √16 = 4 for twelve."""
        assert equation("0", filled=filled, unit=unit).by_rounding == D(most)

    def test_an_equation_says_something_where_something_is_printed(self) -> None:
        assert [equation("0", filled=n).says_something for n in (0, 1)] == [False, True]

    @pytest.mark.parametrize(
        ("residuals", "shown"),
        [(["0", "0"], False), (["1", "0"], True), (["-1", "0"], True), (["0.5", "0"], True), (["0.4", "0"], False),
         (["2", "0"], False), (["2", "-0.5"], True)],
    )  # fmt: skip
    def test_a_sum_off_within_its_tolerance_shows_that_the_figures_are_rounded(
        self, residuals: Sequence[str], shown: bool
    ) -> None:
        """Twelve figures may then be off by 4 in place of 1; half a digit is the least a rounded sum is off by."""
        made = [equation(r, filled=12) for r in residuals]
        judged, _used = as_rounded(made, declared=False)
        assert [e.slack for e in judged] == [D(4 if shown else 1)] * 2

    def test_what_was_used_of_the_room_is_the_furthest_beyond_the_tolerance_and_within_the_room(self) -> None:
        made = [equation(r, filled=12) for r in ("1", "-3", "2", "4", "5", "0")]
        assert as_rounded(made, declared=False)[1] == 4
        assert as_rounded([equation(r, filled=12) for r in ("1", "5")], declared=False)[1] is None
        assert as_rounded([equation("4.5", filled=12)], declared=True)[1] is None
        assert as_rounded([equation("3.5", filled=12)], declared=True)[1] == D("3.5")

    def test_a_tolerance_that_is_wider_than_rounding_stays(self) -> None:
        assert as_rounded([equation("1", slack="9", filled=12)], declared=True)[0][0].slack == 9

    def test_where_the_tolerance_is_0_nothing_is_rounded(self) -> None:
        made = [equation("3", slack="0", filled=12), equation("1", filled=12)]
        assert as_rounded(made, declared=True) == (made, None)


def square(size: int, wrong: dict[Place, int], slack: str = "0") -> list[Equation]:
    """The equations of a table of ``size`` × ``size`` zeros with a total row and column, and what the wrong cells are off by."""
    last, made = size, []
    for n in range(size + 1):
        for direction, cells in (
            ("column", ((last, n), *((r, n) for r in range(size)))),
            ("row", ((n, last), *((n, c) for c in range(size)))),
        ):
            off = wrong.get(cells[0], 0) - sum(wrong.get(cell, 0) for cell in cells[1:])
            made.append(Equation(direction, cells, D(off), D(slack), size + 1))
    return made


def located(size: int, wrong: dict[Place, int], slack: str = "0") -> dict[Place, int]:
    return {(c.row, c.column): int(c.amount) for c in locate(square(size, wrong, slack))}


class TestLocate:
    @pytest.mark.parametrize("place", list(itertools.product(range(3), repeat=2)))
    def test_one_wrong_cell_anywhere_is_put_right_by_what_it_is_off(self, place: Place) -> None:
        assert located(2, {place: 7}) == {place: -7}
        assert located(2, {place: -7}) == {place: 7}

    def test_a_table_that_adds_up_has_no_correction(self) -> None:
        assert located(3, {}) == {}

    @pytest.mark.parametrize(("off", "found"), [(1, {}), (-1, {}), (2, {(0, 0): -2}), (-2, {(0, 0): 2})])
    def test_within_the_tolerance_nothing_is_wrong(self, off: int, found: dict[Place, int]) -> None:
        assert located(3, {(0, 0): off}, slack="1") == found

    def test_two_wrong_cells_of_a_row_a_column_or_neither_are_told_apart_by_their_amounts(self) -> None:
        for other in ((0, 1), (1, 0), (1, 1), (3, 3), (3, 1), (1, 3)):
            assert located(3, {(0, 0): 5, other: 11}) == {(0, 0): -5, other: -11}, other

    def test_two_cells_off_by_the_same_at_the_corners_of_a_square_cannot_be_told_from_the_other_two(self) -> None:
        """(0,0) and (1,1), or (0,1) and (1,0): both put right what fails."""
        assert located(3, {(0, 0): 5, (1, 1): 5}) == {}

    def test_two_cells_of_a_column_off_by_opposite_amounts_are_told_by_their_rows(self) -> None:
        assert located(3, {(0, 0): 5, (1, 0): -5}) == {}
        assert located(3, {(0, 0): 5, (1, 0): -6}) == {(0, 0): -5, (1, 0): 6}

    def test_one_sum_that_fails_alone_has_no_cell(self) -> None:
        """Any cell of it stands in another sum too, which holds."""
        made = square(3, {})
        made[0] = replace(made[0], residual=D(5))
        assert locate(made) == []

    def test_a_sum_without_crossing_ones_has_many_explanations(self) -> None:
        assert locate([equation("5", slack="0")]) == []

    def test_more_wrong_cells_than_are_searched_for_as_a_whole_are_told_one_by_one(self) -> None:
        """Seven cells on the diagonal, each off by another amount, in a table of eight by eight."""
        wrong = {(n, n): 10 ** (n + 1) for n in range(MAX_CELLS + 2)}
        assert located(8, wrong) == {place: -off for place, off in wrong.items()}

    @given(st.integers(3, 5), st.integers(1, 3), st.integers(0, 10**6))
    def test_what_is_named_is_wrong_by_that_amount_and_nothing_sound_is_named(
        self, size: int, count: int, seed: int
    ) -> None:
        """Amounts are powers of seven times a sign: no two cells are off by what others are together."""
        rng = random.Random(seed)
        places = rng.sample([(r, c) for r in range(size + 1) for c in range(size + 1)], count)
        wrong = {place: rng.choice((-1, 1)) * 1000 * 7**n for n, place in enumerate(places)}
        found = located(size, wrong)
        assert found.items() <= {place: -off for place, off in wrong.items()}.items()
        assert found or count == 3, "of three, some tables have another explanation as small"


class TestSearch:
    """The search one by one, that is used in a table with many wrong cells."""

    def test_a_cell_must_mend_all_its_sums(self) -> None:
        search = _Search(square(3, {(0, 0): 5}))
        assert search.single_cells(0) == {(0, 0): D(-5)}
        assert len(search.broken) == 2
        search.mend((0, 0), D(-5))
        assert search.broken == set()
        assert set(search.residual) == {D(0)}

    def test_mending_by_the_wrong_amount_leaves_both_sums_broken_by_the_rest(self) -> None:
        search = _Search(square(3, {(0, 0): 5}))
        search.mend((0, 0), D(-3))
        assert sorted(search.residual[i] for i in search.broken) == [D(-2), D(-2)]

    @pytest.mark.parametrize(("leeway", "told"), [(0, False), (1, True)])
    def test_row_and_column_may_ask_a_rounding_apart(self, leeway: int, told: bool) -> None:
        """The column asks 6, the row 5; the tolerance is 1."""
        made = square(3, {(0, 0): 5}, slack="1")
        made[0] = replace(made[0], residual=D(-6))
        found = _Search(made).single_cells(leeway)
        assert (found == {}) is not told
        if told:
            assert abs(abs(found[0, 0]) - D("5.5")) <= D("0.5")

    def test_where_what_one_asks_would_leave_the_other_broken_it_is_the_middle(self) -> None:
        """The column asks 7, the row 5; the tolerance is 1, and only 6 mends both."""
        made = square(3, {(0, 0): 5}, slack="1")
        made[0] = replace(made[0], residual=D(-7))
        search = _Search(made)
        assert search.single_cells(1) == {}
        (amount,) = search.single_cells(2).values()
        assert abs(amount) == 6
        search.mend((0, 0), amount)
        assert search.broken == set()

    def test_several_cells_of_one_line_are_told_by_their_crossing_lines(self) -> None:
        search = _Search(square(4, {(0, 0): 5, (0, 1): 11}))
        assert search.cells_of_one_line(0) == {(0, 0): D(-5), (0, 1): D(-11)}

    def test_a_cell_that_mends_two_sums_is_a_simpler_story_than_one_that_mends_one(self) -> None:
        """Without the second row's sum, (1, 0) would mend the column alone; (0, 0) mends the column and its row."""
        made = [e for e in square(2, {(0, 0): 5}) if e.cells[0] != (1, 2)]
        assert _Search(made).single_cells(0) == {(0, 0): D(-5)}

    @pytest.mark.parametrize(("near", "told"), [(10, True), (11, False)])
    def test_among_so_many_suspected_cells_of_a_line_no_choice_is_tried(self, near: int, told: bool) -> None:
        """Every column of the first row misses an amount of its own; the row misses the first two only."""
        wrong = {(0, n): 2**n for n in range(near)}
        made = square(12, wrong)
        row = next(i for i, e in enumerate(made) if e.direction == "row" and (0, 0) in e.cells)
        made[row] = replace(made[row], residual=D(-3))
        assert _Search(made).cells_of_one_line(0) == ({(0, 0): D(-1), (0, 1): D(-2)} if told else {})

    def test_cells_of_one_line_must_together_mend_it(self) -> None:
        """The row misses one more than the two columns: no choice of cells gives it."""
        made = square(4, {(0, 0): 5, (0, 1): 11})
        row = next(i for i, e in enumerate(made) if e.direction == "row" and (0, 0) in e.cells)
        made[row] = replace(made[row], residual=made[row].residual - 1)
        assert _Search(made).cells_of_one_line(0) == {}


class TestSmallest:
    def test_no_explanation_has_fewer_cells_than_sums_without_a_common_cell(self) -> None:
        assert Smallest(square(3, {})).fewest == 0
        assert Smallest(square(3, {(0, 0): 5})).fewest == 1
        assert Smallest(square(4, {(0, 0): 5, (1, 1): 11})).fewest == 2
        assert Smallest(square(5, {(n, n): 10**n for n in range(5)})).fewest == 5

    def test_the_amounts_put_every_sum_right(self) -> None:
        wrong = {(0, 0): 5, (1, 2): 11, (3, 1): 70}
        assert Smallest(square(3, wrong)).corrections() == {place: D(-off) for place, off in wrong.items()}

    @pytest.mark.parametrize("count", range(1, MAX_CELLS + 1))
    def test_as_many_wrong_cells_as_are_searched_for_are_found_wherever_they_stand_alone(self, count: int) -> None:
        """On the diagonal each stands in a row and a column of its own."""
        wrong = {(n, n): 7 * 10**n for n in range(count)}
        assert Smallest(square(6, wrong)).corrections() == {place: D(-off) for place, off in wrong.items()}

    def test_cells_that_stand_in_the_same_sums_are_never_named(self) -> None:
        """Without row sums every part of a column is like the others."""
        columns = [e for e in square(3, {(0, 0): 5}) if e.direction == "column"]
        assert Smallest(columns).corrections() == {}


def table(*rows: Sequence[int]) -> Table:
    cells = tuple(tuple(Cell(str(value), D(value)) for value in row) for row in rows)
    lines = tuple(Line(n + 1, f"r{n}") for n in range(len(rows)))
    columns = tuple(Line(n + 1, f"k{n}") for n in range(len(rows[0])))
    return Table(Grid("t", cells), lines, columns, cells)


class TestDistinct:
    """The last row is the total of the rows above; persons may stand in several of them."""

    def named(self, *rows: Sequence[int], persons: bool = False, slack: str = "0") -> list[str]:
        made, last = table(*rows), len(rows) - 1
        sums = [
            Equation("column", tuple((r, c) for r in (last, *range(last))),
                     D(rows[last][c]) - sum(row[c] for row in rows[:last]), D(slack), len(rows))
            for c in range(len(rows[0]))
        ]  # fmt: skip
        kept, names = distinct_totals(made, sums, persons=persons)
        assert (len(kept) == len(sums)) is not names
        return names

    def test_totals_between_the_largest_part_and_the_sum_in_two_columns(self) -> None:
        assert self.named([5, 9], [4, 3], [7, 10]) == ["r2"]

    def test_the_largest_part_and_the_sum_are_the_limits_themselves(self) -> None:
        assert self.named([5, 9, 2], [4, 3, 1], [5, 9, 3]) == ["r2"]

    @pytest.mark.parametrize("total", [[4, 10], [10, 10]])
    def test_a_total_outside_the_limits_is_a_sum_that_fails(self, total: list[int]) -> None:
        assert self.named([5, 9], [4, 3], total) == []

    def test_one_column_alone_is_a_fault_unless_persons_are_counted(self) -> None:
        assert self.named([5], [4], [7]) == []
        assert self.named([5], [4], [7], persons=True) == ["r2"]

    def test_less_than_the_sum_in_half_of_the_columns_is_not_most(self) -> None:
        """Two of four columns are less: not more than half. Three of five are."""
        assert self.named([5, 9, 2, 3], [4, 3, 1, 3], [7, 10, 3, 6]) == []
        assert self.named([5, 9, 8, 2, 3], [4, 3, 2, 1, 3], [7, 10, 8, 3, 6]) == ["r2"]

    def test_a_column_with_one_part_says_nothing(self) -> None:
        assert self.named([5, 9, 2, 3, 3], [4, 3, 0, 0, 0], [7, 10, 2, 3, 3]) == ["r2"]

    def test_a_negative_part_is_no_count(self) -> None:
        assert self.named([5, 9, -1], [4, 3, 2], [7, 10, 1]) == []

    def test_a_little_less_is_rounding(self) -> None:
        """Three figures may be off by 1,5 together: 2 less is more than that, 1 is not."""
        assert self.named([5, 9], [4, 3], [8, 11], slack="1") == []
        assert self.named([5, 9], [4, 3], [7, 10], slack="1") == ["r2"]


def test_a_correction_is_a_place_and_an_amount() -> None:
    assert locate(square(2, {(1, 0): 3})) == [Correction(1, 0, D(-3))]
