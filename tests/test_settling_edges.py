"""The triangle of a month's amount and the lag of the ledger at their limits: 95 pct., twelve months, three months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from support.worlds import world
from support.yr import BO, row

from reconcile.controls.settling import ENOUGH, NEEDED, WATCHED, lag, ledger_settling, triangle, yr_settling
from reconcile.controls.yr import create_views
from reconcile.controls.yr_periods import earlier
from reconcile.results.rows import PartResult
from reconcile.results.yr import Settling

JAN = date(2020, 1, 1)


def month(number: int) -> date:
    """January 2020 and the months after it."""
    return earlier(JAN, -number)


def d(text: str) -> Decimal:
    return Decimal(text)


Cells = dict[date, dict[date, Decimal]]


def added(*lines: Sequence[str]) -> Cells:
    """What each month's runs added, month 0's first run in month 0."""
    return {month(n): {month(n + k): d(text) for k, text in enumerate(line)} for n, line in enumerate(lines)}


def shown(rows: Sequence[Settling]) -> list[tuple[Any, ...]]:
    return [(r.maaned.month, r.efter, r.til_og_med.month, r.kendt, r.andel, r.forventet_aendring) for r in rows]


# --- the triangle -------------------------------------------------------------------------------------------------------


def test_nothing_known_is_no_rows() -> None:
    assert triangle({}, [], {}) == ()
    assert triangle({}, [JAN], {}) == ()


def test_one_month_seen_once_is_all_there_is() -> None:
    assert shown(triangle(added(["100.00"]), [JAN], {JAN: JAN})) == [(1, 1, 1, d("100.00"), d("1.0000"), d("0.00"))]


def test_a_month_grows_as_the_one_before_it_did() -> None:
    """January went from 100 to 125; February's 80 is expected to become 100: 20 are still to come, and 80 are 0,8 of it."""
    cells = added(["100.00", "25.00"], ["80.00"])
    rows = triangle(cells, [month(0), month(1)], {month(0): month(0), month(1): month(1)})
    assert shown(rows) == [
        (1, 1, 1, d("100.00"), d("0.8000"), None), (1, 2, 2, d("125.00"), d("1.0000"), d("0.00")),
        (2, 1, 2, d("80.00"), d("0.8000"), d("20.00")),
    ]  # fmt: skip


def test_the_ratio_is_that_of_the_sums_and_not_the_mean_of_the_ratios() -> None:
    """From 100 and 300 to 200 and 300: 400 became 500, so that 80 become 100 (the mean of 2 and 1 would give 120)."""
    cells = added(["100.00", "100.00"], ["300.00", "0.00"], ["80.00"])
    rows = triangle(cells, [month(n) for n in range(3)], {month(n): month(n) for n in range(3)})
    assert [r.forventet_aendring for r in rows if r.maaned == month(2)] == [d("20.00")]


def test_growth_over_two_periods_is_the_product_of_both() -> None:
    """100 → 200 → 300 in January, 50 → 100 in February: February grows by 3/2 more, March (10) by 2 and then by 3/2."""
    cells = added(["100.00", "100.00", "100.00"], ["50.00", "50.00"], ["10.00"])
    rows = triangle(cells, [month(n) for n in range(3)], {month(n): month(n) for n in range(3)})
    assert {r.maaned.month: r.forventet_aendring for r in rows if r.forventet_aendring is not None} == {
        1: d("0.00"), 2: d("50.00"), 3: d("20.00"),
    }  # fmt: skip
    assert [r.andel for r in rows] == [
        d("0.3333"), d("0.6667"), d("1.0000"), d("0.3333"), d("0.6667"), d("0.3333"),
    ]  # fmt: skip


def test_what_was_added_before_the_first_period_is_known_in_it() -> None:
    cells = {month(1): {month(0): d("30.00"), month(1): d("70.00")}}
    rows = triangle(cells, [month(0), month(1)], {month(1): month(1)})
    assert shown(rows) == [(2, 1, 2, d("100.00"), d("1.0000"), d("0.00"))]


def test_a_period_that_adds_nothing_to_a_month_is_a_row_all_the_same() -> None:
    cells: Cells = {month(0): {month(0): d("10.00"), month(2): d("5.00")}}
    rows = triangle(cells, [month(n) for n in range(3)], {month(0): month(0)})
    assert [(r.efter, r.kendt) for r in rows] == [(1, d("10.00")), (2, d("10.00")), (3, d("15.00"))]


def test_a_month_that_is_finally_nothing_has_no_share() -> None:
    rows = triangle(added(["10.00", "-10.00"]), [month(0), month(1)], {month(0): month(0)})
    assert [r.andel for r in rows] == [None, None]


def test_where_nothing_was_known_nothing_is_multiplied() -> None:
    """January had 0 after its first period and 50 after the second: February's 20 are expected to stay."""
    rows = triangle(added(["0.00", "50.00"], ["20.00"]), [month(0), month(1)], {month(n): month(n) for n in range(2)})
    assert [r.forventet_aendring for r in rows if r.maaned == month(1)] == [d("0.00")]


def test_a_month_whose_first_period_has_not_been_is_left_out() -> None:
    rows = triangle(added(["10.00"]), [month(0)], {month(0): month(0), month(1): month(1)})
    assert {r.maaned for r in rows} == {month(0)}


def test_months_come_in_order_of_time() -> None:
    cells = added(["1.00"], ["2.00"], ["3.00"])
    first = {month(n): month(n) for n in (2, 0, 1)}
    assert [r.maaned for r in triangle(cells, [month(n) for n in range(3)], first) if r.efter == 1] == [
        month(0), month(1), month(2),
    ]  # fmt: skip


# --- the lag ------------------------------------------------------------------------------------------------------------


def ledger(count: int, late: Mapping[int, str], span: int) -> tuple[Cells, list[date]]:
    """For each of ``count`` months amounts by months of lateness, in a ledger of ``span`` months."""
    return {month(n): {month(n + k): d(text) for k, text in late.items()} for n in range(count)}, [
        month(n) for n in range(span)
    ]


def measured(count: int, late: Mapping[int, str], span: int) -> int | None:
    found = lag(*ledger(count, late, span))
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("late", "months"),
    [
        ({0: "100"}, 0), ({0: "95", 1: "5"}, 0), ({0: "94.99", 1: "5.01"}, 1), ({1: "95", 2: "5"}, 1), ({1: "94", 2: "6"}, 2),
        ({0: "50", 3: "45", 9: "5"}, 3), ({0: "50", 3: "44", 9: "6"}, 9), ({12: "100"}, 12), ({0: "94", 12: "6"}, 12),
    ],
)  # fmt: skip
def test_the_lag_is_over_when_95_pct_of_the_kroner_are_booked(late: dict[int, str], months: int) -> None:
    assert Fraction(95, 100) == ENOUGH
    assert measured(3, late, 16) == months


def test_what_comes_after_a_year_is_not_watched() -> None:
    assert WATCHED == 12
    assert measured(3, {0: "10", 13: "90"}, 20) == 0
    assert measured(3, {0: "10", 12: "90"}, 20) == 12


def test_three_months_that_the_ledger_follows_for_a_year_are_needed() -> None:
    """Months 0–2 and the twelve after the last of them are a ledger of fifteen months."""
    assert NEEDED == 3
    assert measured(3, {1: "1"}, 15) == 1
    assert measured(3, {1: "1"}, 14) is None
    assert measured(2, {1: "1"}, 30) is None


def test_a_month_before_the_ledger_begins_is_not_watched() -> None:
    paid, periods = ledger(4, {1: "1"}, 20)
    assert lag(paid, periods[1:]) is not None
    assert lag(paid, periods[2:]) is None


def test_what_is_booked_ahead_is_booked_in_time() -> None:
    paid: Cells = {month(n): {month(n - 1): d("96"), month(n + 2): d("4")} for n in range(1, 5)}
    found = lag(paid, [month(n) for n in range(20)])
    assert found is not None
    assert (found[0], found[1][0], found[1][2]) == (0, Fraction(96, 100), 1)


def test_the_shares_add_up_to_one() -> None:
    found = lag(*ledger(3, {0: "1", 1: "2", 5: "1"}, 20))
    assert found is not None
    assert [found[1][n] for n in (0, 1, 4, 5, 12)] == [Fraction(1, 4), Fraction(3, 4), Fraction(3, 4), 1, 1]


# --- from the sources ---------------------------------------------------------------------------------------------------


def settled(rows: list[dict[str, Any]], periods: str = "") -> PartResult:
    with world({"yr": rows}, periods=periods) as context:
        create_views(context)
        return yr_settling(context)


def test_the_triangle_of_a_source_holds_net_refusion_of_the_own_kommune_by_month_and_run() -> None:
    february = date(2020, 2, 1)
    rows = [
        row(date(2020, 1, 6), 3, "100.00", koerselsperiode=JAN),
        row(date(2020, 1, 31), 3, "50.00", koerselsperiode=JAN),
        row(date(2020, 1, 13), 3, "-25.00", koerselsperiode=february),
        row(date(2020, 1, 20), 3, "999.00", koerselsperiode=JAN, finansieringskommune="671"),
        row(date(2020, 1, 20), 3, "999.00", koerselsperiode=None),
        row(date(2020, 2, 3), 3, "10.00", cpr=BO, koerselsperiode=february),
        row(date(2020, 1, 20), 3, "999.00", koerselsperiode=JAN, refusion=None),
    ]
    (table,) = settled(rows).tables
    assert [(r.maaned.month, r.efter, r.kendt) for r in table.rows] == [
        (1, 1, d("120.00")),
        (1, 2, d("100.00")),
        (2, 1, d("8.00")),
    ]


def test_only_the_chosen_months_are_shown_though_all_are_counted() -> None:
    rows = [
        row(date(2020, n, 6), 3, "100.00", koerselsperiode=date(2020, n + late, 1), beregning_id=str(late))
        for n in (2, 3, 4)
        for late in (0, 1)
    ]
    every, second = settled(rows), settled(rows, "2020K2")
    (table,) = second.tables
    assert {r.maaned.month for r in table.rows} == {4}
    assert [r for r in every.tables[0].rows if r.maaned.month == 4] == list(table.rows)
    assert second.caveats == every.caveats


def test_nothing_more_is_expected_of_months_that_stand_still() -> None:
    rows = [row(date(2020, n, 6), 3, "100.00", koerselsperiode=date(2020, n, 1)) for n in (2, 3)]
    assert settled(rows).caveats == ()


def test_the_ledgers_triangle_begins_where_the_ledger_does() -> None:
    """A month before the ledger's first booking was paid in a ledger that is not there: it is in no row."""
    booked = [
        {
            "konto": "538581001",
            "beloeb": d("10.00"),
            "bogfoert_dato": date(2020, 2, day),
            "ydelsesperiode": date(2020, n, 1),
        }
        for n, day in ((1, 3), (2, 28), (3, 5))
    ]
    with world({"oekonomi": booked}) as context:
        (table,) = ledger_settling(context).tables
    assert [(r.maaned.month, r.efter, r.kendt) for r in table.rows] == [(2, 1, d("10.00"))]
