"""How groups are read from figures, place and indent alone, piece by piece, on columns short enough to add up by eye."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.controls.footing_sums import Axis, _agree, _by_indent, _fitting_run, _parse, _top, find_sums
from reconcile.results.footing import Line, Sum

D = Decimal


def axis(*rows: tuple[str, Sequence[int]], slack: int = 0) -> Axis:
    """Lines by label, with the blanks before it as indent, and their figures."""
    lines = [Line(n + 1, label.strip(), indent=len(label) - len(label.lstrip())) for n, (label, _f) in enumerate(rows)]
    return Axis(lines, [[D(value) for value in values] for _label, values in rows], [D(slack)] * len(rows[0][1]))


def column(text: str, slack: int = 0) -> Axis:
    """One column: ``X=3 a=1 b=2``."""
    return axis(
        *((word.split("=")[0].replace("_", " "), [int(word.split("=")[1])]) for word in text.split()), slack=slack
    )


def found(text: str, slack: int = 0) -> list[tuple[int, ...]]:
    """The sums among the rows of a column: the total and its parts."""
    return [(s.total, *s.parts) for s in find_sums(column(text, slack), by_figures=True)]


class TestAgree:
    @pytest.mark.parametrize(
        ("total", "parts", "slack", "exact", "told"),
        [(5, 5, 0, False, 1), (5, 6, 0, False, -1), (5, 6, 1, False, 1), (5, 7, 1, False, -1), (5, 6, 1, True, -1),
         (0, 0, 0, False, 0), (1, 1, 1, False, 0),
         (1, 2, 1, False, 1), (2, 1, 1, False, 1), (-1, 1, 1, False, 0), (-2, 1, 1, False, -1), (0, 5, 0, False, -1)],
    )  # fmt: skip
    def test_figures_within_the_tolerance_of_nothing_say_nothing(
        self, total: int, parts: int, slack: int, exact: bool, told: int
    ) -> None:
        assert _agree(total, parts, slack, exact) == told


class TestColumnOfRows:
    def test_a_plain_total_adds_up_everything(self) -> None:
        assert found("a=1 b=2 c=4 I_alt=7") == [(3, 0, 1, 2)]

    def test_two_groups_by_their_figures(self) -> None:
        """X = a + b, Y = c + d, and the total is X + Y."""
        assert found("X=3 a=1 b=2 Y=9 c=4 d=5 Hovedtotal=12") == [(0, 1, 2), (3, 4, 5), (6, 0, 3)]

    def test_a_row_outside_the_groups_is_a_part_of_the_total(self) -> None:
        assert found("e=70 X=3 a=1 b=2 Y=9 c=4 d=5 Hovedtotal=82") == [(1, 2, 3), (4, 5, 6), (7, 0, 1, 4)]

    def test_a_wrong_group_row_is_still_a_group_where_the_total_bears_the_rows_out(self) -> None:
        assert found("X=30 a=1 b=2 Y=90 c=40 d=50 Hovedtotal=120") == [(0, 1, 2), (3, 4, 5), (6, 0, 3)]

    def test_a_wrong_total_is_still_one_where_every_group_is_exact(self) -> None:
        assert found("X=3 a=1 b=2 Y=9 c=4 d=5 Hovedtotal=99") == [(0, 1, 2), (3, 4, 5), (6, 0, 3)]

    def test_rows_that_add_up_as_they_stand_are_no_groups_whatever_chance_says(self) -> None:
        assert found("a=3 b=1 c=2 I_alt=6") == [(3, 0, 1, 2)]
        assert found("a=3 b=1 c=2 d=9 e=4 f=5 I_alt=24") == [(6, 0, 1, 2, 3, 4, 5)]

    def test_groups_of_groups(self) -> None:
        """Z = X + Y, over two groups of two."""
        assert set(found("Z=12 X=3 a=1 b=2 Y=9 c=4 d=5 W=7 V=7 g=3 h=4 Hovedtotal=19")) >= {
            (1, 2, 3),
            (4, 5, 6),
            (0, 1, 4),
        }

    def test_without_a_total_one_group_is_chance_and_two_are_not(self) -> None:
        assert found("X=3 a=1 b=2") == []
        assert found("X=3 a=1 b=2 Y=9 c=4 d=5") == [(0, 1, 2), (3, 4, 5)]
        assert found("X=1 a=1 Y=4 c=4") == [], "a group of one row is that row"

    def test_rounded_figures_agree_within_the_tolerance(self) -> None:
        assert found("X=31 a=10 b=20 Y=90 c=40 d=50 Hovedtotal=121", slack=1) == [(0, 1, 2), (3, 4, 5), (6, 0, 3)]

    @given(st.lists(st.lists(st.integers(10, 10**6), min_size=2, max_size=4), min_size=2, max_size=3))
    def test_any_groups_with_two_columns_are_found(self, groups: list[list[int]]) -> None:
        rows: list[tuple[str, Sequence[int]]] = []
        expected: list[tuple[int, ...]] = []
        for n, leaves in enumerate(groups):
            head = len(rows)
            rows += [
                (f"G{n}", [sum(leaves), 3 * sum(leaves) + len(leaves)]),
                *((f"p{i}", [leaf, 3 * leaf + 1]) for i, leaf in enumerate(leaves)),
            ]
            expected.append((head, *range(head + 1, len(rows))))
        heads = [total for total, *_parts in expected]
        rows.append(("Hovedtotal", [sum(rows[h][1][k] for h in heads) for k in (0, 1)]))
        made = find_sums(axis(*rows), by_figures=True)
        assert [(s.total, *s.parts) for s in made] == [*expected, (len(rows) - 1, *heads)]


class TestParse:
    def test_the_best_cut_into_a_group_row_and_its_rows(self) -> None:
        made = column("X=3 a=1 b=2 Y=9 c=4 d=5")
        assert _parse(made, range(6), loose_rows=False) == [Sum(0, (1, 2)), Sum(3, (4, 5))]

    def test_rows_may_stand_outside_when_they_are_allowed_to(self) -> None:
        made = column("e=70 X=3 a=1 b=2 f=80")
        assert _parse(made, range(5), loose_rows=True) == [Sum(1, (2, 3))]

    def test_only_the_rows_that_are_asked_for(self) -> None:
        made = column("X=3 skip=50 a=1 b=2")
        assert _parse(made, [0, 2, 3], loose_rows=False) == [Sum(0, (2, 3))]

    def test_no_rows_are_no_groups(self) -> None:
        assert _parse(column("a=1"), [], loose_rows=False) == []


class TestIndent:
    def test_a_row_is_a_part_of_the_nearest_above_with_less_indent(self) -> None:
        made = column("X=6 __a=3 ____p=1 ____q=2 __b=3 Y=1 __c=1")
        assert _by_indent(made, range(7)) == [Sum(0, (1, 4)), Sum(1, (2, 3)), Sum(5, (6,))]

    def test_the_same_indent_is_no_group(self) -> None:
        assert _by_indent(column("a=1 b=2 c=3"), range(3)) == []
        assert _by_indent(column("__a=1 b=2 __c=3"), range(3)) == [Sum(1, (2,))]


class TestTop:
    def test_totals_of_groups_and_what_is_in_none(self) -> None:
        assert _top([0, 1, 2, 5], [Sum(3, (0, 1)), Sum(4, (3,))]) == [2, 4, 5]
        assert _top([2, 1], []) == [1, 2]


class TestRun:
    """The columns a total column adds up, where not all of them."""

    A, B, C, T = ("a", [9, 9, 9]), ("b", [1, 2, 3]), ("c", [4, 5, 6]), ("I alt", [5, 7, 9])

    def test_all_of_them_where_they_fit_or_are_two(self) -> None:
        whole = axis(self.A, self.B, ("I alt", [10, 11, 12]))
        assert _fitting_run(whole, 2, [0, 1]) == [0, 1]
        three = axis(self.A, self.B, self.C, ("I alt", [14, 16, 18]))
        assert _fitting_run(three, 3, [0, 1, 2]) == [0, 1, 2]

    def test_its_neighbours_on_either_side(self) -> None:
        assert _fitting_run(axis(self.A, self.B, self.C, self.T), 3, [0, 1, 2]) == [1, 2]
        assert _fitting_run(axis(self.T, self.B, self.C, self.A), 0, [1, 2, 3]) == [1, 2]

    def test_one_row_alone_is_chance(self) -> None:
        """Of three rows two fit and one does not: one more right than wrong, which is not enough."""
        mostly = ("I alt", [5, 7, 80])
        assert _fitting_run(axis(self.A, self.B, self.C, mostly), 3, [0, 1, 2]) == [0, 1, 2]

    def test_in_a_wide_table_it_is_not_looked_for(self) -> None:
        many = [(f"x{n}", [9, 9, 9]) for n in range(59)]
        wide = axis(*many, self.B, self.C, self.T)
        assert _fitting_run(wide, 61, list(range(61))) == list(range(61))
        assert _fitting_run(wide, 61, list(range(1, 61))) == [59, 60]
