"""When a month is final: the triangle of Ydelsesrefusion and of the ledger, and the lag that the ledger shows."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.quick import quick_worlds
from support.worlds import world
from support.yr import BO, row

from reconcile.controls import ottetal, yr
from reconcile.controls.settling import ledger_settling, triangle
from reconcile.results.rows import PartResult
from reconcile.results.yr import Settling


def table(result: PartResult, name: str) -> list[Any]:
    return [row for t in result.tables if t.name == name for row in t.rows]


def month(number: int) -> date:
    return date(2019 + number // 12, number % 12 + 1, 1)


def test_a_month_that_a_later_run_halves_is_expected_to_be_halved_the_next_time() -> None:
    rows = [
        row(date(2020, 1, 6), 3, "1000.00", koerselsperiode=date(2020, 1, 1)),
        row(date(2020, 1, 6), 3, "-500.00", koerselsperiode=date(2020, 2, 1)),
        row(date(2020, 2, 3), 4, "2000.00", koerselsperiode=date(2020, 2, 1)),
    ]
    with world({"yr": rows}, periods="2020") as context:
        result = yr.run(context)
    assert table(result, "yr_efterregulering") == [
        Settling(date(2020, 1, 1), 1, date(2020, 1, 1), Decimal("800.00"), Decimal("2.0000"), None),
        Settling(date(2020, 1, 1), 2, date(2020, 2, 1), Decimal("400.00"), Decimal("1.0000"), Decimal(0)),
        Settling(date(2020, 2, 1), 1, date(2020, 2, 1), Decimal("1600.00"), Decimal("2.0000"), Decimal("-800.00")),
    ]
    assert [c for c in result.caveats if "-800" in c or "−800" in c]


def test_months_whose_first_runs_the_source_does_not_have_are_not_followed() -> None:
    rows = [
        row(date(2019, 5, 6), 3, koerselsperiode=date(2020, 2, 1)),
        row(date(2020, 1, 6), 3, cpr=BO, koerselsperiode=date(2020, 2, 1)),
        row(date(2020, 2, 3), 3, cpr=BO, koerselsperiode=date(2020, 3, 1)),
    ]
    with world({"yr": rows}, periods="") as context:
        months = {r.maaned for r in table(yr.run(context), "yr_efterregulering")}
    assert months == {date(2020, 1, 1), date(2020, 2, 1)}


def plain(
    added: dict[date, dict[date, Decimal]], periods: list[date], first: dict[date, date]
) -> list[tuple[Any, ...]]:
    """The triangle as one would do it on paper: every ratio looked up anew."""
    lines = {}
    for m, start in first.items():
        seen = [p for p in periods if p >= start]
        lines[m] = [sum((a for q, a in added[m].items() if q <= p), Decimal(0)) for p in seen]

    def grown(m: date) -> Fraction:
        value = Fraction(lines[m][-1])
        for n in range(len(lines[m]), max(map(len, lines.values()))):
            below = sum((Fraction(line[n - 1]) for line in lines.values() if len(line) > n), Fraction(0))
            above = sum((Fraction(line[n]) for line in lines.values() if len(line) > n), Fraction(0))
            value *= above / below if below else 1
        return value

    found = []
    for m, line in lines.items():
        for n, amount in enumerate(line):
            share = Fraction(amount) / grown(m) if grown(m) else None
            rest = grown(m) - Fraction(line[-1]) if n + 1 == len(line) else None
            found.append((m, n + 1, amount, half_up(share, "0.0001"), half_up(rest, "0.01")))
    return found


def half_up(value: Fraction | None, places: str) -> Decimal | None:
    if value is None:
        return None
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal(places), ROUND_HALF_UP)


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_the_triangle_is_what_one_would_do_on_paper(seed: int, size: int) -> None:
    rng = random.Random(seed)
    periods = [month(n) for n in range(size)]
    first = {month(n): month(min(size - 1, n + rng.randrange(2))) for n in range(size)}
    added = {
        m: {p: Decimal(rng.choice([0, 8, 100, 100, -30])) for p in periods if p >= m and rng.random() < 0.7}
        for m in first
    }
    found = triangle(added, periods, first)
    listed = [(r.maaned, r.efter, r.kendt, r.andel, r.forventet_aendring) for r in found]
    assert listed == plain(added, periods, first)


def postings(lags: list[int]) -> list[dict[str, Any]]:
    """For each month of two years a posting of 100 kr. with each of these lags, as long as the ledger goes."""
    made = []
    for number in range(24):
        for late in lags:
            if number + late < 24:
                day = month(number + late).replace(day=14)
                made.append(
                    {
                        "konto": "538581001",
                        "beloeb": Decimal(100),
                        "bogfoert_dato": day,
                        "ydelsesperiode": month(number),
                    }
                )
    return made


@pytest.mark.parametrize(
    ("lags", "proposed"),
    [([0, 1, 2], ""), ([0] * 9 + [1] * 10 + [5], "efterslip_maaneder = 1 "), ([0, 4], "efterslip_maaneder = 4 ")],
)
def test_the_lag_is_the_months_after_which_nearly_all_kroner_are_booked(lags: list[int], proposed: str) -> None:
    with world({"oekonomi": postings(lags)}) as context:
        result = ledger_settling(context)
        assert [c for c in ottetal.run(context).caveats if "efterslip_maaneder =" in c] == list(result.caveats)
    assert [proposed in c for c in result.caveats] == ([True] if proposed else [])
    newest = [r for r in table(result, "oekonomi_efterregulering") if r.maaned == month(12)]
    assert newest[0].andel == (Decimal(lags.count(0)) / len(lags)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_without_the_columns_there_is_no_triangle() -> None:
    rows = [row(date(2020, 1, 6), 3)]
    with quick_worlds() as make:
        made = make({"yr": rows}, periods="", lacks={"yr": ["koerselsperiode"]})
        assert table(yr.run(made), "yr_efterregulering") == []
    with world({"oekonomi": postings([0])}, lacks={"oekonomi": ["ydelsesperiode"]}) as context:
        assert ledger_settling(context) == PartResult()
