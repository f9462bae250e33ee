"""Averages, shares and identities of printed tables at the digit where they still agree, counted by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from support.footing import grid, judge, misses, suspects

from reconcile.controls.footing import foot
from reconcile.controls.footing_identities import find_identities, shared_cells
from reconcile.results.footing import Identity, Table
from reconcile.sources.printed_table import read_table

D = Decimal


class TestQuotients:
    """Refusion / Brutto in percent: 30,0 · 40,0 · 35,0."""

    TEXT = "Ydelse;Brutto;Refusion;Refusionspct.\na;1000;300;{}\nb;1000;400;{}\nI alt;2000;700;{}"

    @pytest.mark.parametrize(
        ("figures", "wrong"),
        [
            (("30,0", "40,0", "35,0"), {}), (("30", "40", "35"), {}), (("30,1", "40,0", "35,0"), {}),
            (("30,2", "40,0", "35,0"), {"a": 30}),
            (("30,0", "40,0", "35,2"), {"I alt": 35}), (("30,0", "39,8", "35,0"), {"b": 40}), (("0,300", "0,400", "0,350"), {}),
            (("0,300", "0,402", "0,350"), {"b": Fraction(2, 5)}),
        ],
    )  # fmt: skip
    def test_a_percentage_is_right_within_a_digit_of_its_own_two_figures(
        self, figures: tuple[str, ...], wrong: dict[str, int | Fraction]
    ) -> None:
        found = judge(self.TEXT.format(*figures))
        assert {row: expected for row, _column, _cell, expected in suspects(found)} == wrong
        assert found.foots is not bool(wrong)

    def test_every_row_is_recomputed_and_counted(self) -> None:
        """Two sums and three percentages."""
        assert judge(self.TEXT.format("30,0", "40,0", "35,0")).checked == 5

    def test_a_row_with_nothing_to_divide_by_says_nothing(self) -> None:
        text = "Ydelse;Brutto;Refusion;Refusionspct.\na;1000;300;30,0\nb;0;0;77,0\nc;1000;400;40,0\nI alt;2000;700;35,0"
        assert judge(text).foots

    def test_most_rows_must_follow_the_rule(self) -> None:
        """One of three rows by the rule: no rule, and the total by its weights is all that can be tried."""
        found = judge(self.TEXT.format("30,0", "55,0", "77,0"))
        assert suspects(found) == []


class TestWeights:
    AGES = "Ydelse;Antal;Gns. alder\na;10;40,0\nb;30;50,0\nI alt;40;{}"

    @pytest.mark.parametrize(
        ("printed", "right"),
        [("47,5", True), ("47,6", True), ("47,4", True), ("47,7", False), ("47,3", False), ("45,0", False)],
    )
    def test_a_total_is_the_average_weighted_by_the_count(self, printed: str, right: bool) -> None:
        """(10 · 40 + 30 · 50) / 40 = 47,5; 45,0 is the average of averages."""
        found = judge(self.AGES.format(printed))
        assert found.foots is right
        assert [m.expected for m in found.misses] == ([] if right else [D("47.5")])

    def test_a_part_without_its_figure_leaves_the_total_untried(self) -> None:
        found = judge("Ydelse;Antal;Gns. alder\na;10;\nb;30;50,0\nI alt;40;12,0")
        assert found.foots
        assert found.untested == ("Gns. alder",)
        nobody = judge("Ydelse;Antal;Gns. alder\na;0;\nb;30;50,0\nI alt;30;50,0")
        assert nobody.foots

    @pytest.mark.parametrize(("printed", "right"), [("40", True), ("37", False)])
    def test_a_price_can_be_weighted_by_what_it_divides(self, printed: str, right: bool) -> None:
        """1000 / 50 = 20 persons and 3000 / 37,5 = 80: 4000 / 100 = 40."""
        text = f"Ydelse;Udgift;Pris pr. person\na;1000;50\nb;3000;37,5\nI alt;4000;{printed}"
        assert judge(text).foots is right


class TestShares:
    @pytest.mark.parametrize(
        ("figures", "foots"),
        [(("25,0", "75,0", "100,0"), True), (("25,1", "74,9", "100,0"), True), (("25,0", "76,0", "100,0"), False)],
    )
    def test_shares_of_a_column_are_recomputed_from_it(self, figures: tuple[str, ...], foots: bool) -> None:
        text = "Ydelse;Antal;Andel\na;50;{}\nb;150;{}\nI alt;200;{}".format(*figures)
        found = judge(text)
        assert found.foots is foots
        assert [(row, expected) for row, _c, _t, expected in suspects(found)] == ([] if foots else [("b", D(75))])

    def test_a_mean_of_the_rows_columns(self) -> None:
        text = "Ydelse;k1;k2;Gennemsnit\na;10;20;15,0\nb;30;50;{}\nc;2;4;3,0\nI alt;42;74;58,0"
        assert judge(text.format("40,0")).foots
        assert suspects(judge(text.format("40,2"))) == [("b", "Gennemsnit", "40,2", D(40))]

    def test_a_figure_that_does_not_foot_is_not_blamed_on_the_percentage(self) -> None:
        text = "Ydelse;Brutto;Refusion;Refusionspct.\na;1000;300;30,0\nb;1000;410;40,0\nI alt;2000;700;35,0"
        found = judge(text)
        assert not any(column == "Refusionspct." for _row, column, _cell, _expected in suspects(found))
        assert ("column", "I alt", "Refusion") in misses(found)


class TestFooting:
    @pytest.mark.parametrize(
        ("tolerance", "total", "foots"),
        [("0", 3, True), ("0", 4, False), ("1", 4, True), ("1", 5, False), ("2", 5, True), ("0.5", 4, False)],
    )
    def test_the_tolerance_counts_in_the_last_printed_digit(self, tolerance: str, total: int, foots: bool) -> None:
        assert judge(f"Ydelse;k1\na;1\nb;2\nI alt;{total}", tolerance).foots is foots
        hundredths = f"Ydelse;k1\na;0,01\nb;0,02\nI alt;0,0{total}"
        assert judge(hundredths, tolerance).foots is foots

    def test_a_text_among_the_parts_leaves_its_sum_untried_and_is_counted(self) -> None:
        found = judge("Ydelse;k1;k2\na;..;1\nb;2;2\nI alt;9;3")
        assert (found.foots, found.unknown_cells, found.checked) == (True, 1, 1)

    def test_a_blank_part_counts_nothing_and_a_blank_total_is_not_stated(self) -> None:
        assert judge("Ydelse;k1\na;\nb;2\nI alt;2").foots
        assert not judge("Ydelse;k1\na;\nb;2\nI alt;5").foots
        assert judge("Ydelse;k1;k2\na;1;1\nb;2;2\nI alt;;3").foots

    def test_a_total_between_its_parts_may_be_an_average(self) -> None:
        (miss,) = judge("Ydelse;k1\na;10\nb;30\nI alt;20").misses
        assert (miss.average_like, miss.expected, miss.direction) == (True, D(40), "column")
        (high,) = judge("Ydelse;k1\na;10\nb;30\nI alt;30").misses
        assert not high.average_like

    def test_a_wrong_cell_explains_both_of_its_sums(self) -> None:
        found = judge("Ydelse;k1;k2;I alt\na;1;2;3\nb;3;9;7\nI alt;4;6;10", "0")
        assert suspects(found) == [("b", "k2", "9", D(4))]
        assert [(m.direction, m.located) for m in found.misses] == [("column", True), ("row", True)]
        assert not found.unlocated

    def test_a_miss_that_rounded_figures_could_make_says_so(self) -> None:
        """Seven printed figures may be off by 3 together; two is within, four is not."""
        rows = "\n".join(f"p{n};10" for n in range(6))
        assert [m.rounding for m in judge(f"Ydelse;k1\n{rows}\nI alt;62").misses] == [True]
        assert [m.rounding for m in judge(f"Ydelse;k1\n{rows}\nI alt;64").misses] == [False]

    def test_named_averages_are_not_added_up(self) -> None:
        text = "Ydelse;k1;Alder\na;1;40\nb;1;60\nI alt;2;50"
        assert not judge(text).foots
        assert judge(text, averages=["Alder"]).foots
        assert foot(grid(text), D(1), ["alder"]).foots


def printed(text: str) -> Table:
    return read_table(grid(text))


def three(products: list[str], prices: str = "2", decimals: bool = False) -> list[Table]:
    """Spending = recipients × price, over nine rows of one column."""
    counts = "\n".join(f"k{n};{n + 10}" for n in range(9))
    price = "\n".join(f"k{n};{prices}" for n in range(9))
    spend = "\n".join(f"k{n};{value}" for n, value in enumerate(products))
    return [printed(f"Kommune;2020\n{part}") for part in (spend, counts, price)]


class TestIdentities:
    def found(self, tables: list[Table]) -> list[tuple[int, str, tuple[int, ...], int, int]]:
        return [(i.result, i.operation, i.parts, i.holds, i.cells) for i in find_identities(tables)]

    def test_a_copy_and_the_cells_that_break_it(self) -> None:
        one = printed("Kommune;2020\n" + "\n".join(f"k{n};{100 + n}" for n in range(9)))
        other = printed("Kommune;2020\n" + "\n".join(f"k{n};{100 + n + (n == 4)}" for n in range(9)))
        (identity,) = find_identities([one, other])
        assert (identity.operation, identity.holds, identity.cells) == ("copy", 8, 9)
        assert [(b.row.label, b.cell.text, b.expected) for b in identity.breaks] == [("k4", "104", 105)]

    @pytest.mark.parametrize(("right", "believed"), [(9, True), (8, True), (7, False)])
    def test_it_must_hold_in_eight_cells(self, right: int, believed: bool) -> None:
        products = [str(2 * (n + 10)) if n < right else "999" for n in range(9)]
        holds = [i for i in self.found(three(products, prices="2,000")) if i[1] == "product"]
        assert bool(holds) is believed

    @pytest.mark.parametrize(("wrong", "believed"), [(3, True), (4, False)])
    def test_it_must_hold_in_seven_of_ten(self, wrong: int, believed: bool) -> None:
        """Nine hold: of twelve cells they are 75 %, of thirteen 69 %."""
        one = printed("K;2020\n" + "\n".join(f"k{n};{100 + n}" for n in range(9 + wrong)))
        other = printed("K;2020\n" + "\n".join(f"k{n};{100 + n + 50 * (n >= 9)}" for n in range(9 + wrong)))
        assert bool(find_identities([one, other])) is believed

    def test_a_sum_of_two(self) -> None:
        parts = [printed("K;2020\n" + "\n".join(f"k{n};{base + n}" for n in range(9))) for base in (100, 300)]
        total = printed("K;2020\n" + "\n".join(f"k{n};{400 + 2 * n}" for n in range(9)))
        assert (0, "sum", (1, 2), 9, 9) in self.found([total, *parts])

    def test_tables_without_a_common_label_have_nothing_in_common(self) -> None:
        one = printed("K;2020\n" + "\n".join(f"a{n};{100 + n}" for n in range(9)))
        other = printed("K;2020\n" + "\n".join(f"b{n};{100 + n}" for n in range(9)))
        assert find_identities([one, other]) == ()
        assert shared_cells([one, other]) == 0
        assert shared_cells([one, one, other]) == 9

    def test_of_two_that_hold_the_one_that_breaks_nowhere_is_told(self) -> None:
        """The total is nearly the first part; with the second it is it exactly."""
        first = printed("K;2020\n" + "\n".join(f"k{n};{100 + n}" for n in range(12)))
        second = printed("K;2020\n" + "\n".join(f"k{n};{5 if n == 3 else 0}" for n in range(12)))
        total = printed("K;2020\n" + "\n".join(f"k{n};{100 + n + (5 if n == 3 else 0)}" for n in range(12)))
        found: tuple[Identity, ...] = find_identities([total, first, second])
        assert [(i.operation, i.breaks) for i in found if i.operation != "sum"] == []
        assert [(i.parts, i.holds) for i in found if i.result == 0] == [((1, 2), 12)]
