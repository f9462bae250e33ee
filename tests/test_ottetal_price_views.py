"""Prices under OE06 and the bridge in kroner, each view by itself: days, medians and limits that can be counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.alone import alone, beside, empty

#: A price is kept in this part of an øre: the least number that 1, 2, … 31 all divide.
U = 72201776446800
KR = Decimal
MARCH = 2020 * 12 + 3


def month(
    mdr: int, netto: str, dage: int, cpr: str = "A", code: str = "1.4", delt: int = 0, key: int = 7
) -> dict[str, Any]:
    return {
        "cpr": cpr, "dst_kode": code, "mdr": mdr, "nr": ord(cpr[0]), "postering_noegle": key, "netto": KR(netto), "dage": dage,
        "delt": delt,
    }  # fmt: skip


def active(mdr: int, dage: int, cpr: str = "A", code: str = "1.1") -> dict[str, Any]:
    return {"cpr": cpr, "dst_kode": code, "nr": ord(cpr[0]), "mdr": mdr, "dage": dage}


def day_prices(
    months: Sequence[dict[str, Any]], days: Sequence[dict[str, Any]] = (), n: int = 3, ahead: int = 0
) -> list[tuple[Any, ...]]:
    """mdr, noegle, netto, dage and pris; 1.4 is billed monthly, 1.1 every ``n`` months."""
    return alone(
        "ottetal", "oe_dagspris", "mdr, noegle, netto, dage, pris", oe_maaned=months,
        masterkode=[{"dst_kode": "1.4", "n": 1, "forud": 0}, {"dst_kode": "1.1", "n": n, "forud": ahead}],
        aktiv_maaned=days or empty(**active(MARCH, 1)),
    )  # fmt: skip


class TestDayPrice:
    @pytest.mark.parametrize(
        ("netto", "dage", "oere"), [("62.00", 31, 200), ("0.01", 1, 1), ("-31.00", 31, -100), ("29.00", 29, 100)]
    )
    def test_a_month_costs_its_net_over_its_active_days(self, netto: str, dage: int, oere: int) -> None:
        assert day_prices([month(MARCH, netto, dage)]) == [(MARCH, 7, KR(netto), dage, oere * U)]

    @pytest.mark.parametrize(
        "less", [month(MARCH, "0.00", 31), month(MARCH, "62.00", 0), month(MARCH, "62.00", 31, delt=1)]
    )
    def test_no_price_without_money_or_days_or_where_the_money_pays_another_code_too(
        self, less: dict[str, Any]
    ) -> None:
        assert day_prices([less]) == []

    @pytest.mark.parametrize("ends", [MARCH, MARCH + 1, MARCH + 2])
    def test_a_quarters_bill_is_for_the_quarter_that_ends_in_its_month_or_last_before(self, ends: int) -> None:
        """31 + 29 + 31 days of the first quarter, 91,00 kr.: one krone a day. April's days are the next bill's."""
        days = [
            active(MARCH - 2, 31),
            active(MARCH - 1, 29),
            active(MARCH, 31),
            active(MARCH + 1, 30),
            active(MARCH - 3, 31),
        ]
        assert day_prices([month(ends, "91.00", 30, code="1.1")], days) == [(ends, 7, KR("91.00"), 91, 100 * U)]

    @pytest.mark.parametrize("begins", [MARCH - 4, MARCH - 3, MARCH - 2])
    def test_a_bill_ahead_is_for_the_quarter_that_begins_in_its_month_or_next_after(self, begins: int) -> None:
        days = [
            active(MARCH - 2, 31),
            active(MARCH - 1, 29),
            active(MARCH, 31),
            active(MARCH + 1, 30),
            active(MARCH - 3, 31),
        ]
        assert day_prices([month(begins, "91.00", 0, code="1.1")], days, ahead=3) == [
            (begins, 7, KR("91.00"), 91, 100 * U)
        ]

    @pytest.mark.parametrize(("n", "pays"), [(6, 2020 * 12 + 6), (12, 2020 * 12 + 12)])
    def test_half_a_year_and_a_year(self, n: int, pays: int) -> None:
        days = [active(2020 * 12 + m, 10) for m in range(1, 13)]
        assert day_prices([month(pays, "120.00", 10, code="1.1")], days, n=n) == [
            (pays, 7, KR("120.00"), 10 * n, 12000 * U // (10 * n))
        ]

    def test_bills_of_one_quarter_are_one_with_the_month_of_the_last_and_the_first_row(self) -> None:
        bills = [month(MARCH, "50.00", 31, code="1.1", key=9), month(MARCH + 2, "41.00", 0, code="1.1", key=4)]
        assert day_prices(bills, [active(MARCH, 31)]) == [(MARCH + 2, 4, KR("91.00"), 31, 9100 * U // 31)]

    def test_bills_that_cancel_or_pay_another_code_too_have_no_price(self) -> None:
        back = [month(MARCH, "50.00", 31, code="1.1"), month(MARCH + 1, "-50.00", 0, code="1.1")]
        assert day_prices(back, [active(MARCH, 31)]) == []
        split = [month(MARCH, "50.00", 31, code="1.1", delt=1), month(MARCH + 1, "10.00", 0, code="1.1")]
        assert day_prices(split, [active(MARCH, 31)]) == []
        assert day_prices([month(MARCH, "50.00", 31, code="1.1")], [active(MARCH, 31, cpr="B")]) == []


def prices(*oere: int, nr: int = 1, code: str = "1.4") -> list[dict[str, Any]]:
    return [
        {"nr": nr, "dst_kode": code, "pris": price * U, "cpr": f"c{n}", "mdr": n, "noegle": 10**10 + 2}
        for n, price in enumerate(oere)
    ]


class TestMedians:
    @pytest.mark.parametrize(
        ("oere", "told"),
        [
            ((5,), (1, 5, 0)), ((1, 2), (1, 1, U)), ((1, 2, 10), (1, 2, 0)), ((1, 2, 3, 10), (1, 2, U)), ((-3,), (-1, 3, 0)),
            ((-1, -2), (-1, 1, U)), ((-1, 1), (0, 0, 0)), ((7, 7, 7), (1, 7, 0)),
        ],
    )  # fmt: skip
    def test_a_persons_price_is_the_median_of_the_own_months(
        self, oere: tuple[int, ...], told: tuple[int, int, int]
    ) -> None:
        """Sign, whole øre and the rest of one (out of 2 U): 1,5 øre is 1 and U."""
        others = prices(100, 200, 300, nr=2)
        found = alone("ottetal", "oe_personpris", "nr, fortegn, hele, rest", oe_dagspris=[*prices(*oere), *others])
        assert found == [(1, *told), (2, 1, 200, 0)]

    @given(st.lists(st.integers(-50, 50), min_size=1, max_size=12))
    def test_a_codes_price_is_the_median_of_all_its_months(self, oere: list[int]) -> None:
        found = alone(
            "ottetal", "oe_kodepris", "dst_kode, median2", oe_dagspris=[*prices(*oere), *prices(4, code="1.1")]
        )
        assert found == [("1.1", 8 * U), ("1.4", 2 * median(Fraction(price) for price in oere) * U)]

    def spread(self, oere: Sequence[int], courses: int = 20, framed: int = 0) -> list[tuple[Any, ...]]:
        rows = prices(*oere) or empty(**prices(1)[0])
        middle = 2 * median(map(Fraction, oere)) * U if oere else 0
        return alone(
            "ottetal", "oe_medianpris", "dst_kode, forloeb, median2, mad4, koerer", oe_dagspris=rows,
            masterkonto=[{"dst_kode": "1.4", "rammestyret": framed}] * 2,
            ottetal_forloeb=[{"dst_kode": "1.4", "side": "oe"}] * courses + [{"dst_kode": "1.4", "side": "flis"}],
            oe_kodepris=[{"dst_kode": "1.4", "median2": int(middle)}],
        )  # fmt: skip

    def test_the_mad_of_one_to_five_is_one_and_the_rule_runs_from_twenty_courses(self) -> None:
        """Median 3, distances 2 1 0 1 2, whose median is 1: four times that in the view."""
        assert self.spread([1, 2, 3, 4, 5]) == [("1.4", 20, 6 * U, 4 * U, True)]
        assert self.spread([1, 2, 3, 4, 5], courses=19) == [("1.4", 19, 6 * U, 4 * U, False)]

    def test_it_does_not_run_where_most_prices_are_one_or_there_is_none(self) -> None:
        assert self.spread([3, 3, 3, 9]) == [("1.4", 20, 6 * U, 0, False)]
        assert self.spread([]) == [("1.4", 20, None, None, False)]

    def test_a_code_that_is_rammestyret_on_all_accounts_is_not_there(self) -> None:
        assert self.spread([1, 2, 3], framed=1) == []

    @given(st.lists(st.integers(-30, 30), min_size=1, max_size=11))
    def test_the_mad_is_the_median_of_the_distances_to_the_median(self, oere: list[int]) -> None:
        middle = median(map(Fraction, oere))
        mad = median(abs(price - middle) for price in oere)
        assert self.spread(oere) == [("1.4", 20, 2 * middle * U, 4 * mad * U, mad > 0)]


def judged(price: int, median2: int, mad4: int, pris_k: str = "5", runs: bool = True) -> list[tuple[Any, ...]]:
    """Day price and median in kr., and whether OE06 names it."""
    one = {"cpr": "A", "dst_kode": "1.4", "mdr": MARCH, "pris": price, "noegle": 3 * 10**10 + 8}
    return alone(
        "ottetal", "oe_pris", "dagspris, medianpris, afvigelse > graense, fil, raekke", {"pris_k": KR(pris_k)},
        oe_dagspris=[one, {**one, "mdr": 1, "pris": price + 777 * U, "noegle": 2 * 10**10 + 9}],
        kalendermaaned=[{"mdr": MARCH, "maaned": "2020-03", "periode": "2020K1"},
                                                             {"mdr": 1, "maaned": "x", "periode": None}],
        oe_medianpris=[
            {"dst_kode": "1.4", "median2": median2, "mad4": mad4, "koerer": runs}, {"dst_kode": "1.1", "median2": 1,
            "mad4": 1, "koerer": True},
        ],
        kildefil=[{"nr": 3, "fil": "c.csv"}, {"nr": 2, "fil": "b.csv"}],
    )  # fmt: skip


class TestOutside:
    @pytest.mark.parametrize(
        ("price", "named"), [(8 * U, False), (8 * U + 1, True), (-2 * U, False), (-2 * U - 1, True), (3 * U, False)]
    )
    def test_the_limit_itself_is_inside(self, price: int, named: bool) -> None:
        """Median 3 øre, MAD 1, k 5: from −2 to 8."""
        ((_price, middle, outside, *where),) = judged(price, 6 * U, 4 * U)
        assert (middle, outside, where) == (KR("0.03"), named, ["c.csv", 8])

    @pytest.mark.parametrize(("pris_k", "named"), [("2.5", False), ("2.499999", True), ("0", True)])
    def test_k_may_have_decimals(self, pris_k: str, named: bool) -> None:
        """5,5 is 2,5 MAD from 3."""
        assert judged(11 * U // 2, 6 * U, 4 * U, pris_k)[0][2] is named

    @pytest.mark.parametrize(
        ("price", "kr"),
        [(250 * U, "2.50"), (U // 2, "0.01"), (U // 2 - 1, "0.00"), (-U // 2, "-0.01"), (3 * U // 2, "0.02")],
    )
    def test_kroner_are_rounded_half_up(self, price: int, kr: str) -> None:
        assert judged(price, 2 * price, 4 * U)[0][:2] == (KR(kr), KR(kr))

    def test_a_code_that_is_not_judged_has_no_row(self) -> None:
        assert judged(800 * U, 6 * U, 4 * U, runs=False) == []


class TestExpected:
    """``oe_forventet``: the days of a month at the person's price, else the code's; øre."""

    def expected(
        self, o: dict[str, Any], *, own: tuple[int, int, int] | None = None, code: int | None = None, n: int = 1,
        bill: tuple[str, int] | None = None, odd: bool = False,
    ) -> tuple[Any, ...]:  # fmt: skip
        """netto, forventet, afvigelse, pris and usaedvanlig of one month; other persons, codes and months have what they have."""
        paid = {"cpr": "A", "dst_kode": "1.4", "mdr": MARCH, "nr": 65, "dage": 7, "netto": KR("9.99")}
        named = {"cpr": "A", "dst_kode": "1.4", "mdr": MARCH, "afvigelse": 2, "graense": 1}
        mine = [{**paid, "dage": bill[1], "netto": KR(bill[0])}] if bill else []
        told = [{"nr": 65, "fortegn": own[0], "hele": own[1], "rest": own[2]}] if own else []
        (row,) = alone(
            "ottetal", "oe_forventet",
            "netto, forventet, afvigelse, pris, usaedvanlig", oe_maaned=[{"betaling": o["netto"], **o}],
            kalendermaaned=[{"mdr": MARCH, "periode": "2020K1"}, {"mdr": MARCH + 1, "periode": "2020K2"}],
            masterkode=[{"dst_kode": "1.4", "n": n}, {"dst_kode": "1.1", "n": 12}, {"dst_kode": "1.8.1", "n": 1}],
            oe_dagspris=[*mine, *beside(paid, cpr="B", dst_kode="1.1", mdr=MARCH - 1)],
            oe_personpris=[*told, {"nr": 66, "fortegn": 1, "hele": 999, "rest": 0}],
            oe_kodepris=[{"dst_kode": "1.4", "median2": code}] * (code is not None) + [{"dst_kode": "1.1",
            "median2": 4444 * U}],
            oe_pris=[{**named, "afvigelse": 2 if odd else 1}, *beside(named, cpr="B", dst_kode="1.1", mdr=MARCH - 1)],
        )  # fmt: skip
        return row

    def test_days_at_the_own_price(self) -> None:
        """31 days at 2 øre are 62; paid 100: the 38 are price."""
        assert self.expected(month(MARCH, "1.00", 31), own=(1, 2, 0), code=99 * U) == (100, 62, 38, 38, 0)

    def test_half_an_oere_a_day_is_rounded_half_up_at_the_end(self) -> None:
        """31 · 1,5 = 46,5 → 47; 30 · 1,5 = 45."""
        assert self.expected(month(MARCH, "1.00", 31), own=(1, 1, U))[1] == 47
        assert self.expected(month(MARCH, "1.00", 30), own=(1, 1, U))[1] == 45
        assert self.expected(month(MARCH, "1.00", 31), own=(-1, 1, U))[1] == -47

    def test_without_an_own_price_the_codes_and_without_either_nothing(self) -> None:
        """Twice the median is 5 U: 2,5 øre · 10 days."""
        assert self.expected(month(MARCH, "1.00", 10), code=5 * U)[1:3] == (25, 75)
        assert self.expected(month(MARCH, "1.00", 10))[1:3] == (0, 100)

    @pytest.mark.parametrize("o", [month(MARCH, "0.00", 31), month(MARCH, "1.00", 31, delt=1), month(MARCH, "1.00", 0)])
    def test_only_a_paid_active_month_of_its_own_has_a_price_that_can_differ(self, o: dict[str, Any]) -> None:
        assert self.expected(o, own=(1, 2, 0))[3] == 0

    def test_a_bill_of_a_quarter_is_price_against_the_quarters_days(self) -> None:
        """The bill is 300 øre for 91 days at 2 øre: 118 of price, in the month of the bill."""
        assert self.expected(month(MARCH, "3.00", 31), own=(1, 2, 0), n=3, bill=("3.00", 91)) == (300, 62, 238, 118, 0)
        assert self.expected(month(MARCH, "3.00", 31), own=(1, 2, 0), n=1, bill=("3.00", 91))[3] == 238

    def test_half_an_oere_of_a_bills_days_is_rounded_with_the_whole(self) -> None:
        """91 days at 1,5 øre are 136,5, that is 137: of 300 øre 163 are price. At −1,5 it is 437."""
        assert self.expected(month(MARCH, "3.00", 31), own=(1, 1, U), n=3, bill=("3.00", 91))[3] == 163
        assert self.expected(month(MARCH, "3.00", 31), own=(-1, 1, U), n=3, bill=("3.00", 91))[3] == 437
        assert self.expected(month(MARCH, "3.00", 31), code=3 * U, n=3, bill=("3.00", 91))[3] == 163

    def test_a_price_beyond_the_limit_is_unusual(self) -> None:
        assert self.expected(month(MARCH, "1.00", 31), own=(1, 2, 0), odd=True)[4] == 1
