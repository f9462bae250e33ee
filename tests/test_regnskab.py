"""The ledger against the published accounts, account by account and year by year."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.ottetal import posting
from support.quick import quick_worlds

from reconcile.controls import regnskab
from reconcile.results.rows import PartResult

KONTI = ["538581001", "538581002", "538591001", "532341001"]


def account(konto: str, kroner: str, year: str = "2020", kommune: str = "665") -> dict[str, Any]:
    return {"kommune": kommune, "periode": year, "konto": konto, "beloeb": Decimal(kroner)}


def run(accounts: list[Any], postings: list[Any], **options: Any) -> PartResult:
    with quick_worlds() as quick:
        return regnskab.run(quick({"regnskab": accounts, "oekonomi": postings}, **options))


def cells(result: PartResult) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (c.periode, c.konto): (c.oekonomi, c.regnskab, c.forskel, c.posteringer, c.status)
        for table in result.tables
        for c in table.rows
    }


def test_an_account_missing_from_the_extract_and_one_that_is_short_are_named() -> None:
    postings = [posting(None, "538581001", month, "50.25") for month in ("2020-01", "2020-12", "2021-01")]
    accounts = [
        account("538581001", "100.50"),
        account("538581002", "70.00"),
        account("538591001", "9.00", kommune="101"),
    ]
    found = run([*accounts, account("538581001", "60.25", "2021")], postings, periods="2020:2021")
    assert cells(found) == {
        ("2020", "5.38.58-1-001"): (Decimal("100.50"), Decimal("100.50"), Decimal(0), 2, "ens"),
        ("2020", "5.38.58-1-002"): (None, Decimal("70.00"), None, 0, "mangler_oekonomi"),
        ("2021", "5.38.58-1-001"): (Decimal("50.25"), Decimal("60.25"), Decimal("10.00"), 1, "uforklaret"),
    }
    assert "5.38.58-1-002 2020 (70,00 kr.)" in found.caveats[0]
    assert "5.38.58-1-001 2021 (10,00 kr.)" in found.caveats[1]


def test_accounts_in_whole_thousands_are_equal_within_half_of_one() -> None:
    postings = [posting(None, "538581001", "2020-03", "1499.99"), posting(None, "538581002", "2020-03", "1500.01")]
    found = run([account("538581001", "1000"), account("538581002", "1000")], postings)
    assert [status for *_figures, status in cells(found).values()] == ["inden_for_tolerance", "uforklaret"]


def test_a_funktion_that_the_extract_is_not_of_is_no_missing_account() -> None:
    found = run(
        [account("538581001", "5.00"), account("532341001", "7.00")], [posting(None, "538581001", "2020-03", "5.00")]
    )
    assert list(cells(found)) == [("2020", "5.38.58-1-001")]


def test_without_a_ledger_it_says_why_it_did_not_run() -> None:
    with quick_worlds() as quick:
        found = regnskab.run(quick({"regnskab": [account("538581001", "5.00")]}))
    assert [item.regel for item in found.not_run] == ["regnskab_diff"]


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(KONTI), st.sampled_from(["2019-12", "2020-01", "2020-12"]), st.integers(-300, 300))
    ),
    st.dictionaries(st.tuples(st.sampled_from(KONTI), st.sampled_from(["2019", "2020"])), st.integers(-300, 300)),
)
def test_every_account_is_the_sum_of_its_postings(booked: list[Any], published: dict[Any, int]) -> None:
    postings = [posting(None, konto, month, f"{kroner}.01") for konto, month, kroner in booked]
    accounts = [account(konto, f"{kroner}.10", year) for (konto, year), kroner in published.items()]
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for konto, month, kroner in booked:
        sums[konto, month[:4]] += Decimal(f"{kroner}.01")
    there = {konto[:5] for konto, _month, _kroner in booked}
    counted = {(konto[:5], year) for konto, year in published if konto[:5] in there}
    expected = {
        key: (sums.get(key), Decimal(f"{published[key]}.10") if key in published else None)
        for key in {*sums, *published}
        if (key[0][:5], key[1]) in counted
    }
    found = cells(run(accounts, postings, periods="2019:2020"))
    assert {
        (konto.replace(".", "").replace("-", ""), year): row[:2] for (year, konto), row in found.items()
    } == expected
    assert all(own is None or total is None or d == total - own for own, total, d, *_rest in found.values())
