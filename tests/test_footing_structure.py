"""What adds up to what in a printed table: the sums found among its rows and columns, by labels, place, indent or figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.footing import judge, misses, suspects

from reconcile.controls.footing_sums import MAX_UNLABELLED, Axis, find_sums
from reconcile.results.footing import Line, Sum

D = Decimal


def axis(*rows: tuple[str, list[str]], slack: str = "0") -> Axis:
    """Lines by label with their figures."""
    lines = [
        Line(n + 1, label.strip(), indent=len(label) - len(label.lstrip())) for n, (label, _figures) in enumerate(rows)
    ]
    figures = [[D(value) for value in values] for _label, values in rows]
    return Axis(lines, figures, [D(slack)] * len(figures[0]))


class TestFit:
    def test_each_crossing_that_agrees_counts_one_and_each_other_takes_one(self) -> None:
        made = axis(("a", ["1", "2", "3"]), ("b", ["4", "5", "6"]), ("t", ["5", "7", "10"]))
        assert made.fit(2, [0, 1]) == 1
        assert made.fit(2, [0]) == -3

    def test_zeros_say_nothing(self) -> None:
        assert axis(("a", ["0", "2"]), ("t", ["0", "2"])).fit(1, [0]) == 1
        assert axis(("a", ["0"]), ("t", ["0"])).fit(1, [0]) == 0
        assert axis(("a", ["0"]), ("t", ["2"])).fit(1, [0]) == -1
        assert axis(("a", ["2"]), ("t", ["0"])).fit(1, [0]) == -1

    @pytest.mark.parametrize(("total", "fit"), [("10", 1), ("11", 1), ("9", 1), ("11.01", -1), ("8.99", -1)])
    def test_the_tolerance_itself_agrees(self, total: str, fit: int) -> None:
        made = axis(("a", ["4"]), ("b", ["6"]), ("t", [total]), slack="1")
        assert made.fit(2, [0, 1]) == fit

    def test_exactly_is_without_tolerance(self) -> None:
        made = axis(("a", ["4"]), ("t", ["5"]), slack="1")
        assert (made.fit(1, [0]), made.fit(1, [0], exact=True)) == (1, -1)
        assert made.fit(0, [0], exact=True) == 1

    def test_decimals_are_exact_whatever_their_number(self) -> None:
        made = axis(("a", ["0.1"]), ("b", ["0.2"]), ("t", ["0.3"]))
        assert made.fit(2, [0, 1]) == 1


def sums(text: str) -> tuple[tuple[Sum, ...], tuple[Sum, ...]]:
    found = judge(text)
    return found.row_sums, found.column_sums


class TestRows:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Ydelse;2020\na;1\nb;2\nI alt;3", [Sum(2, (0, 1))]),
            ("Ydelse;2020\nI alt;3\na;1\nb;2", [Sum(0, (1, 2))]),
            ("Ydelse;2020\na;1\nb;2\nI alt;3\nc;4\nd;5\nI alt;9\nHovedtotal;12",
             [Sum(2, (0, 1)), Sum(5, (3, 4)), Sum(6, (2, 5))]),
            ("Ydelse;2020\nI alt;3\na;1\nb;2\nI alt;9\nc;4\nd;5\nHovedtotal;12",
             [Sum(0, (1, 2)), Sum(3, (4, 5)), Sum(6, (0, 3))]),
            ("Område;Ydelse;2020\nX;a;1\nX;b;2\nX i alt;;3\nY;c;4\nY;d;5\nY i alt;;9\nHovedtotal;;12",
             [Sum(2, (0, 1)), Sum(5, (3, 4)), Sum(6, (2, 5))]),
            ("Område;Ydelse;2020\nX;;3\n;a;1\n;b;2\nY;;9\n;c;4\n;d;5\nHovedtotal;;12",
             [Sum(0, (1, 2)), Sum(3, (4, 5)), Sum(6, (0, 3))]),
        ],
        ids=["total last", "total first", "plain totals below", "plain totals above", "named totals", "outline"],
    )  # fmt: skip
    def test_a_total_adds_up_the_rows_of_its_group(self, text: str, expected: list[Sum]) -> None:
        assert list(sums(text)[0]) == expected
        assert judge(text).foots

    def test_a_row_that_is_in_no_group_is_in_the_grand_total(self) -> None:
        text = "Ydelse;k1;k2\na;1;5\nb;2;5\nI alt;3;10\nc;4;7\nHovedtotal;7;17"
        assert sums(text)[0] == (Sum(2, (0, 1)), Sum(4, (2, 3)))

    def test_averages_among_the_rows_are_no_parts(self) -> None:
        text = "Ydelse;k1;k2\na;1;5\nb;3;5\nGennemsnit;2;5\nI alt;4;10"
        assert sums(text)[0] == (Sum(3, (0, 1)),)
        assert judge(text).foots

    @pytest.mark.parametrize("right", [True, False])
    def test_a_compact_pivot_has_its_groups_by_figures(self, right: bool) -> None:
        """X = 1 + 2 = 3 and 10 + 20 = 30; Y = 4 + 5 = 9 and 40 + 50 = 90."""
        text = f"Rækkenavne;k1;k2\nX;3;30\na;1;10\nb;2;20\nY;9;90\nc;4;40\nd;5;{50 if right else 57}\nHovedtotal;12;120"
        assert sums(text)[0] == (Sum(0, (1, 2)), Sum(3, (4, 5)), Sum(6, (0, 3)))
        assert judge(text).foots is right

    def test_rows_that_add_up_as_they_stand_are_no_groups(self) -> None:
        """3 = 1 + 2 by chance; the total is the sum of all four."""
        assert sums("Ydelse;k1\na;3\nb;1\nc;2\nI alt;6")[0] == (Sum(3, (0, 1, 2)),)

    def test_without_totals_by_label_two_groups_that_agree_are_believed_and_one_is_not(self) -> None:
        two = axis(
            ("X", ["3", "9"]),
            ("a", ["1", "4"]),
            ("b", ["2", "5"]),
            ("Y", ["9", "7"]),
            ("c", ["4", "3"]),
            ("d", ["5", "4"]),
        )
        assert find_sums(two, by_figures=True) == (Sum(0, (1, 2)), Sum(3, (4, 5)))
        one = axis(("X", ["3"]), ("a", ["1"]), ("b", ["2"]))
        assert find_sums(one, by_figures=True) == ()
        assert find_sums(two, by_figures=False) == ()

    def test_a_table_too_long_must_name_its_totals(self) -> None:
        """Pairs of 2 = 1 + 1; by their number alone they are not looked for."""
        rows = [("X", ["2", "4"]), ("a", ["1", "2"]), ("b", ["1", "2"])]
        few = rows * (MAX_UNLABELLED // 3)
        assert len(find_sums(axis(*rows * 4), by_figures=True)) == 4
        assert find_sums(axis(*few, ("X", ["2", "4"])), by_figures=True) == ()

    def test_indents_show_groups_of_groups(self) -> None:
        text = "Rækkenavne;k1;k2\nX;6;60\n  a;3;30\n    p;1;10\n    q;2;20\n  b;3;30\nHovedtotal;6;60"
        rows = sums(text)[0]
        assert Sum(0, (1, 4)) in rows
        assert Sum(1, (2, 3)) in rows

    def test_in_a_list_every_total_adds_up_its_own_direction(self) -> None:
        """Area × sex: the total of a column of labels is of the rows equal in the other."""
        areas = "X;Mænd;1\nX;Kvinder;2\nX;I alt;3\nY;Mænd;4\nY;Kvinder;5\nY;I alt;9\n"
        text = f"Område;Køn;2020\n{areas}I alt;Mænd;5\nI alt;Kvinder;7\nI alt;I alt;12"
        found = set(sums(text)[0])
        assert {Sum(2, (0, 1)), Sum(5, (3, 4)), Sum(6, (0, 3)), Sum(7, (1, 4)), Sum(8, (2, 5)), Sum(8, (6, 7))} == found


class TestColumns:
    def test_a_total_column_adds_up_the_columns_wherever_it_stands(self) -> None:
        assert sums("Ydelse;k1;k2;I alt\na;1;2;3\nb;3;4;7")[1] == (Sum(2, (0, 1)),)
        assert sums("Ydelse;I alt;k1;k2\na;3;1;2\nb;7;3;4")[1] == (Sum(0, (1, 2)),)

    def test_a_percentage_column_is_no_part(self) -> None:
        found = judge("Ydelse;k1;k2;Pct.;I alt\na;1;2;50,0;3\nb;3;4;75,0;7\nI alt;4;6;66,7;10")
        assert found.column_sums == (Sum(3, (0, 1)),)

    def test_a_wrong_total_column_is_told_by_its_row_and_column(self) -> None:
        text = "Ydelse;k1;k2;I alt\na;1;2;3\nb;3;4;8\nI alt;4;6;10"
        assert suspects(judge(text, "0")) == [("b", "I alt", "8", D(7))]

    def test_a_total_column_that_fails_everywhere_is_said_in_each_row(self) -> None:
        text = "Ydelse;k1;k2;I alt\na;1;2;9\nb;3;4;19\nc;5;6;29"
        assert [direction for direction, _row, _column in misses(judge(text))] == ["row"] * 3
