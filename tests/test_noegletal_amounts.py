"""Prices, inhabitants and the key figures made of them: each case a code or a kommune of its own, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.worlds import world

from reconcile.controls import noegletal
from reconcile.controls.noegletal_basis import Basis, dotted, spent, total
from reconcile.controls.noegletal_enkelt import _limits, median
from reconcile.controls.noegletal_pris import kroner, per
from reconcile.controls.noegletal_sammenligning import Pair, averages
from reconcile.domain.exact import rounded

ANNE, BENT = "0101601111", "0203702222"


def d(text: str) -> Decimal:
    return Decimal(text)


# --- inhabitants of 18 to 64 years ---------------------------------------------------------------------------------------


def people(ages: Mapping[str, int] | Sequence[tuple[str, int]], koen: str | None = None) -> list[dict[str, Any]]:
    pairs = ages.items() if isinstance(ages, Mapping) else ages
    return [{"alder": age, "antal": Decimal(count), "koen": koen} for age, count in pairs]


YEARS = {f"{age} år": age for age in range(18, 65)}
#: Rows of FOLK1A of a kommune, and the inhabitants they say (None: they do not say).
POPULATIONS: list[tuple[list[dict[str, Any]], int | None]] = [
    (people({"18-64 år": 1000}), 1000),
    (people({"18–64": 7}), 7),
    (people({"18 til 64 år": 8}), 8),
    (people({"18-64": 5, "65-69": 9, "0-17": 9, "17": 9, "65": 9}), 5),
    (people(YEARS), sum(range(18, 65))),
    (people({k: v for k, v in YEARS.items() if k != "40 år"}), None),
    (people({"18-24 år": 10, "25-64 år": 20}), 30),
    (people({"18-24 år": 10, "26-64 år": 20}), None),
    (people({"18-30": 10, "30-64": 20}), None),
    (people({"15-19": 10, "20-64": 20}), None),
    (people({"18-59": 10, "60-66": 20}), None),
    (people({"18-40": 10, "30-64": 20}), None),
    (people({**YEARS, "18-64 år": 1000}), 1000),
    (people({**YEARS, "18-24 år": 1, "25-64 år": 2}), sum(range(18, 65))),
    (people({"18-64": 3}, "Mænd") + people({"18-64": 4}, "Kvinder"), 7),
    (people({"18-64": 3}, "M"), None),
    (people({"18-64": 3}, "M") + people({"18-64": 4}, "K") + people({"18-64": 9}, "X"), None),
    (people({"18-64": 3}, "M") + people({"18-64": 4}, "K") + people({"18-64": 100}, "I alt"), 100),
    (people({"18-64": 100}, "TOT"), 100),
    (people({"18-64": 100}, "Mænd og kvinder") + people({"18-64": 3}, "M"), 100),
    (people({"18-64": 6}, "begge køn"), 6),
    (people({"18-64": 6}, "Total"), 6),
    (people({"I alt": 1000}), None),
    (people({"64-18": 1000}), None),
    ([], None),
]


def test_the_inhabitants_are_read_from_whatever_rows_make_up_the_47_years() -> None:
    rows = [
        {**row, "kommune": f"{100 + n}", "periode": "2020K3"}
        for n, (told, _count) in enumerate(POPULATIONS)
        for row in told
    ]
    with world({"befolkning": rows, "fagsystem": []}) as context:
        noegletal.run(context)
        found = {int(kommune) - 100: count for kommune, _period, count in context.engine.rows("SELECT * FROM folketal")}
    assert found == {n: count for n, (_told, count) in enumerate(POPULATIONS) if count is not None}


def test_each_quarter_has_its_own_inhabitants() -> None:
    rows = [{"kommune": "665", "periode": f"2020K{n}", "alder": "18-64", "antal": Decimal(100 * n)} for n in (1, 3)]
    with world({"befolkning": rows, "fagsystem": []}) as context:
        noegletal.run(context)
        assert sorted(context.engine.rows("SELECT periode, antal FROM folketal")) == [("2020K1", 100), ("2020K3", 300)]


# --- prices --------------------------------------------------------------------------------------------------------------


def course(code: str, start: str, end: str | None, cpr: str = ANNE, **more: Any) -> dict[str, Any]:
    last = None if end is None else date.fromisoformat(end)
    return {"cpr": cpr, "dst_kode": code, "start_dato": date.fromisoformat(start), "slut_dato": last, **more}


def paid(account: str, amount: str, day: str, cpr: str | None = ANNE) -> dict[str, Any]:
    return {"cpr": cpr, "konto": account, "beloeb": d(amount), "bogfoert_dato": date.fromisoformat(day)}


#: A code for each case: courses, amounts (day, kr., person), and the parts of the change from 2019K2 to 2020K2 in kr.:
#: volumen, pris, kommet, gaaet, mellem, uden_cpr.
THEIRS = {"betalingskommune": "101"}
Q19, Q20 = ("2019-04-01", "2019-06-30"), ("2020-04-01", "2020-06-30")
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], tuple[str, ...]]] = {
    # the same days: all of the change is the price
    "1.1": (
        [(*Q19,), (*Q20,)],
        [("2019-05-01", "910.00"), ("2020-05-01", "1000.00")],
        ("0", "90.00", "0", "0", "0", "0"),
    ),
    # 45 of 91 days: 910 × (45 − 91) / 91 = −460, and the rest is the price
    "1.3": (
        [(*Q19,), ("2020-04-01", "2020-05-15")],
        [("2019-05-01", "910.00"), ("2020-05-01", "500.00")],
        ("-460.00", "50.00", "0", "0", "0", "0"),
    ),
    # 1 øre a year before for 2 days: 3 days now are half an øre more, rounded away from zero
    "1.4": (
        [("2019-04-01", "2019-04-02"), ("2020-04-01", "2020-04-03")],
        [("2019-05-01", "0.01"), ("2020-05-01", "0.01")],
        ("0.01", "-0.01", "0", "0", "0", "0"),
    ),
    # and 1 day is half an øre less
    "1.8.1": (
        [("2019-04-01", "2019-04-02"), ("2020-04-01", "2020-04-01")],
        [("2019-05-01", "0.01"), ("2020-05-01", "0.01")],
        ("-0.01", "0.01", "0", "0", "0", "0"),
    ),
    # came, and left
    "1.8.2": ([(*Q20,)], [("2020-05-01", "300.00")], ("0", "0", "300.00", "0", "0", "0")),
    "1.12.0.1": ([(*Q19,)], [("2019-05-01", "300.00")], ("0", "0", "0", "-300.00", "0", "0")),
    # paid without a course in both years: there is no volume to tell
    "1.12.0.2": ([], [("2019-05-01", "100.00"), ("2020-05-01", "130.00")], ("0", "30.00", "0", "0", "0", "0")),
    # only another kommune pays in the quarter: the amounts are between kommuner
    "1.13.2": (
        [(*Q20, THEIRS), (*Q19, THEIRS)],
        [("2019-05-01", "40.00"), ("2020-05-01", "70.00")],
        ("0", "0", "0", "0", "30.00", "0"),
    ),
    # the own kommune pays for a day: the person is own
    "1.13.3": (
        [(*Q20, THEIRS), ("2020-06-30", "2020-06-30")],
        [("2020-05-01", "70.00")],
        ("0", "0", "70.00", "0", "0", "0"),
    ),
    # without a CPR number
    "1.17": ([], [("2019-05-01", "5.00", None), ("2020-05-01", "8.00", None)], ("0", "0", "0", "0", "0", "3.00")),
}


def _world() -> dict[str, Any]:
    courses, ledger, master = [], [], []
    for number, (code, (spans, amounts, _parts)) in enumerate(CASES.items()):
        account = f"538{number:02d}1001"
        master.append({"dst_kode": code, "konto": account})
        courses += [course(code, span[0], span[1], **(span[2] if len(span) > 2 else {})) for span in spans]
        ledger += [paid(account, amount, day, *cpr) for day, amount, *cpr in amounts]
    inhabitants = [{"kommune": "665", "periode": "2020K2", "alder": "18-64", "antal": Decimal(2000)}]
    return {"fagsystem": courses, "oekonomi": ledger, "masteroversigt": master, "befolkning": inhabitants}


def test_each_change_is_split_into_what_it_came_of() -> None:
    with world(_world(), periods="2020K2") as context:
        (table,) = [t for t in noegletal.run(context).tables if t.name == "pris"]
    found = {r.dst_kode: r for r in table.rows}
    assert list(found) == ["1.1", "1.3", "1.4", "1.8.1", "1.8.2", "1.12.0.1", "1.12.0.2", "1.13.2", "1.13.3", "1.17"]
    for code, (_spans, _amounts, parts) in CASES.items():
        row = found[code]
        assert (row.volumen, row.pris, row.kommet, row.gaaet, row.mellemkommunal, row.uden_cpr) == tuple(
            map(d, parts)
        ), code
        assert row.aendring == sum(map(d, parts)), code
    # 1.000 kr. for a whole quarter, 500 kr. for 45 of 91 days, nothing to divide by
    assert (found["1.1"].helaarsmodtagere, found["1.1"].kr_pr_helaarsmodtager) == (d("1.0000"), d("1000.00"))
    assert (found["1.3"].helaarsmodtagere, found["1.3"].kr_pr_helaarsmodtager) == (d("0.4945"), d("1011.11"))
    assert (found["1.17"].helaarsmodtagere, found["1.17"].kr_pr_helaarsmodtager) == (d("0.0000"), None)
    assert (found["1.1"].kr_pr_indbygger, found["1.1"].helaarsmodtagere_pr_1000) == (d("0.50"), d("0.5000"))
    assert found["1.13.2"].helaarsmodtagere == 0


def test_the_leap_day_makes_no_volume() -> None:
    """All of 2019K1 is 90 days and all of 2020K1 91: the person is there all the time, and the change is the price alone."""
    tables: dict[str, Any] = {
        "fagsystem": [course("1.1", "2019-01-01", None)], "masteroversigt": [{"dst_kode": "1.1", "konto": "538591001"}],
        "oekonomi": [paid("538591001", "900.00", "2019-02-01"), paid("538591001", "910.00", "2020-02-01")],
    }  # fmt: skip
    with world(tables, periods="2020K1") as context:
        (table,) = [t for t in noegletal.run(context).tables if t.name == "pris"]
    assert [(r.volumen, r.pris, r.aendring) for r in table.rows] == [(0, d("10.00"), d("10.00"))]


def test_a_year_before_that_the_ledger_does_not_have_gives_no_change() -> None:
    tables: dict[str, Any] = {
        "fagsystem": [course("1.1", "2019-01-01", None)], "masteroversigt": [{"dst_kode": "1.1", "konto": "538591001"}],
        "oekonomi": [paid("538591001", "910.00", "2020-02-01")],
    }  # fmt: skip
    with world(tables, periods="2020K1:2020K2") as context:
        (table,) = [t for t in noegletal.run(context).tables if t.name == "pris"]
    assert [(r.periode, r.beloeb, r.aendring, r.volumen) for r in table.rows] == [
        ("2020K1", d("910.00"), None, None),
        ("2020K2", None, None, None),
    ]


# --- the arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("oere", "amount"),
    [(0, "0.00"), (1, "0.01"), (-1, "-0.01"), (100, "1.00"), (-12345, "-123.45"), (10**18 + 1, "10000000000000000.01")],
)
def test_oere_are_kroner(oere: int, amount: str) -> None:
    assert str(kroner(oere)) == amount


@pytest.mark.parametrize(
    ("above", "below", "decimals", "ratio"),
    [
        (1, 3, 2, "0.33"),
        (2, 3, 2, "0.67"),
        (1, 200, 2, "0.01"),
        (1, 201, 2, "0.00"),
        (-1, 200, 2, "-0.01"),
        (5, 1, 4, "5.0000"),
        (0, 7, 2, "0.00"),
        (5, 0, 2, None),
        (5, None, 2, None),
        (None, 5, 2, None),
    ],
)
def test_a_ratio_is_half_up_and_of_nothing_there_is_none(
    above: int | None, below: int | None, decimals: int, ratio: str | None
) -> None:
    found = per(None if above is None else Fraction(above), below, decimals)
    assert (None if found is None else str(found)) == ratio


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=25))
def test_the_middle_value_has_as_many_on_either_side(values: list[int]) -> None:
    middle = median(values)
    assert 2 * sum(value < middle for value in values) <= len(values)
    assert 2 * sum(value > middle for value in values) <= len(values)
    assert median([-value for value in values]) == -middle
    assert median([value + 7 for value in values]) == middle + 7


def test_what_is_extreme_begins_outside_the_middle_and_k_spreads() -> None:
    """Nineteen values say nothing; of twenty, 1 to 20 kr., the middle is 10,50 and the spread 5 kr."""
    twenty = [Decimal(n) for n in range(1, 21)]
    assert _limits(twenty[:19], d("1")) == (None, None)
    assert _limits(twenty, d("1")) == (550, 1550)
    assert _limits(twenty, d("0.5")) == (800, 1300)
    assert _limits(twenty, d("0.333")) == (884, 1216)  # 10,50 ± 1,665: from 8,835 to 12,165 kr., in whole øre within it
    assert _limits([d("7.00")] * 20, d("5")) == (None, None)


def _basis(**given_: Any) -> Basis:
    empty: dict[str, Any] = {
        name: {} for name in ("spending", "full", "recipients", "people", "own_people", "supported")
    }
    return Basis(**{**empty, "booked": frozenset(), "unsplit": frozenset(), "years": (), **given_})


def test_an_area_without_an_amount_is_nothing_where_the_year_has_some() -> None:
    key = ("regnskab", "665", "2020")
    basis = _basis(
        booked=frozenset([key]), spending={(*key, "SEL § 107"): Fraction(7), (*key, "SEL § 108"): Fraction(-2)}
    )
    assert spent(basis, *key, ["SEL § 107"]) == 7
    assert spent(basis, *key, ["SEL § 107", "SEL § 108"]) == 5
    assert spent(basis, *key, ["SEL § 103"]) == 0
    assert spent(basis, "regnskab", "665", "2019", ["SEL § 107"]) is None
    assert spent(basis, "oekonomi", "665", "2020", ["SEL § 107"]) is None
    assert spent(basis, "regnskab", "101", "2020", ["SEL § 107"]) is None


def test_accounts_without_grupperinger_say_nothing_of_areas_that_are_some_of_them() -> None:
    key = ("regnskab", "665", "2020")
    basis = _basis(booked=frozenset([key]), unsplit=frozenset([key]), spending={(*key, "SEL § 107"): Fraction(7)})
    assert spent(basis, *key, ["SEL § 107"]) == 7
    assert spent(basis, *key, ["BPA-ordning"]) is None
    assert spent(basis, *key, ["SEL § 107", "SEL § 85"]) is None
    assert spent(_basis(booked=frozenset([key])), *key, ["BPA-ordning"]) == 0


def test_a_sum_of_areas_is_missing_where_one_of_them_is() -> None:
    figures = {("hand01", "665", "2020", name): Fraction(n) for n, name in enumerate(("a", "b", "c"))}
    assert total(figures, "hand01", "665", "2020", ["a", "b", "c"]) == 3
    assert total(figures, "hand01", "665", "2020", ["a"]) == 0
    assert total(figures, "hand01", "665", "2020", ["b", "x"]) is None
    assert total(figures, "hand01", "665", "2019", ["b"]) is None
    assert total(figures, "hand01", "665", "2020", []) == 0


def test_both_averages_of_pairs_are_what_they_are_called() -> None:
    """1/2 and 9/6: the mean of 0,5 and 1,5 is 1; the ratio of 10 and 8 is 1,25."""
    pairs = [Pair(Fraction(1), Fraction(2)), Pair(Fraction(9), Fraction(6))]
    assert averages(pairs, 1) == (d("1.00"), d("1.25"))
    assert averages(pairs, 1000) == (d("1000.00"), d("1250.00"))
    assert averages(pairs[:1], 1) == (d("0.50"), d("0.50"))
    assert averages([], 1) == (None, None)


def test_a_funktion_is_written_with_its_points() -> None:
    assert (dotted("53852"), dotted("53839")) == ("5.38.52", "5.38.39")


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_a_rounded_number_lies_within_half_of_its_last_digit(value: Fraction, decimals: int) -> None:
    written = rounded(value, decimals)
    unit = Fraction(1, 10**decimals)
    assert abs(Fraction(written) - value) <= unit / 2
    assert rounded(-value, decimals) == -written
    assert rounded(value + 1, decimals) == written + 1 or abs(abs(Fraction(written) - value) - unit / 2) == 0
