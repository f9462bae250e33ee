"""What the money of each ydelse is for, on the page and in the table behind it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from support.ottetal import ANNA, BENT, CARL, MASTER, course, ledger_until, posting, run_ottetal, table
from support.report_example import example

from reconcile.reports.page_money import money
from reconcile.results.rows import PartResult

COURSES = [
    course(ANNA, "1.4", "2020-07-01", "2020-09-30"),
    course(BENT, "1.4", "2019-01-01", "2020-03-31"),
    course(CARL, "1.1", "2020-07-01", "2020-09-30"),
]
LEDGER = [
    posting(ANNA, "538581001", "2020-07", "100.00"),
    posting(ANNA, "538581002", "2020-08", "-20.50"),
    posting(BENT, "538581001", "2020-07", "7.00"),
    posting(CARL, "538581001", "2020-07", "3.00"),
    posting(CARL, "538531003", "2020-12", "5.00"),
    posting(None, "538581001", "2020-09", "0.25"),
    posting(ANNA, "538531004", "2020-08", "9.00"),
    ledger_until("2021-03"),
]


def parts(tables: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    rows = table(run_ottetal({"masteroversigt": MASTER, **tables}, **options), "ottetal_beloeb")
    return [(r.dst_kode, r.periode, r.aarsag, r.borgere, r.beloeb) for r in rows]


def page(result: PartResult) -> Any:
    return money(replace(example(), tables=result.tables))


def test_each_amount_has_one_cause_and_they_sum_to_the_ledgers_amount() -> None:
    found = parts({"fagsystem": COURSES, "oekonomi": LEDGER})
    assert found == [
        ("1.4", "2020K3", "aktiv_ydelse", 1, Decimal("79.50")),
        ("1.4", "2020K3", "betaling_efter_ophoer", 1, Decimal("7.00")),
        ("1.4", "2020K3", "forkert_konto", 1, Decimal("3.00")),
        ("1.4", "2020K3", "uden_cpr", 0, Decimal("0.25")),
        ("1.13.3", "2020K3", "rammestyret", 1, Decimal("9.00")),
    ]


def test_money_nobody_has_a_ydelse_for_and_money_that_nets_out_are_told_apart() -> None:
    both = [posting(ANNA, konto, "2020-07", kr) for konto, kr in (("538581001", "5.00"), ("538581002", "-5.00"))]
    found = parts({"fagsystem": [], "oekonomi": [*both, posting(BENT, "538581001", "2020-07", "1.00"), LEDGER[-1]]})
    assert found == [
        ("1.4", "2020K3", "betaling_uden_ydelse", 1, Decimal("1.00")),
        ("1.4", "2020K3", "nettet_ud", 1, Decimal("0.00")),
    ]


def test_a_chosen_code_has_its_own_amounts_only() -> None:
    assert {row[0] for row in parts({"fagsystem": COURSES, "oekonomi": LEDGER}, codes=frozenset({"1.13"}))} == {
        "1.13.3"
    }


def test_an_empty_ledger_pays_for_nothing_and_an_absent_one_has_no_table() -> None:
    assert parts({"fagsystem": COURSES, "oekonomi": []}) == []
    without = run_ottetal({"fagsystem": COURSES, "masteroversigt": MASTER})
    assert "ottetal_beloeb" not in [t.name for t in without.tables]
    assert page(without) is None


def test_the_page_has_a_line_for_each_ydelse_the_price_and_the_sum() -> None:
    shown = page(run_ottetal({"fagsystem": COURSES, "oekonomi": LEDGER, "masteroversigt": MASTER}))
    assert shown.headings == ("Aktiv ydelse", "Forkert konto", "Betaling efter ophør", "Rammestyret", "Uden CPR")
    assert [(line.code, line.amount, line.price) for line in shown.lines] == [
        ("1.4", Decimal("89.75"), Decimal("89.75")),
        ("1.13.3", Decimal("9.00"), None),
        ("I alt", Decimal("98.75"), None),
    ]
    assert [sum(line.parts) for line in shown.lines] == [line.amount for line in shown.lines]
