"""OE01, OE02, OE03 and OE05: hit, near miss and empty input for each, and how they replace one another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.ottetal import (
    ACTIVE,
    ANNA,
    BENT,
    MASTER,
    PAID,
    brief,
    by_rule,
    course,
    judged,
    ledger_until,
    oe_findings,
    posting,
)
from support.worlds import world

from reconcile.controls import ottetal
from reconcile.results.rows import Severity


def test_a_paid_and_active_quarter_has_no_finding() -> None:
    assert judged([ACTIVE], PAID) == []


def test_empty_sources_have_no_finding() -> None:
    with world({"fagsystem": [], "oekonomi": [], "masteroversigt": []}) as context:
        assert oe_findings(context) == []


def test_oe01_payment_for_somebody_who_never_had_the_ydelse() -> None:
    found = judged([], [posting(ANNA, "538581001", "2020-07", "100.50")])
    assert brief(found) == ["OE01 fejl 1.4 2020-07"]
    assert (found[0].vaerdi, found[0].kilde, found[0].borger) == (Decimal("100.50"), "oekonomi", f"P-{ANNA[::-1]}")
    assert (found[0].fil, found[0].raekke) == ("oekonomi.csv", 2)


def test_oe01_one_active_day_is_enough() -> None:
    paid = [posting(ANNA, "538581001", "2020-07", "100.00")]
    assert judged([course(ANNA, "1.4", "2020-07-31", "2020-07-31")], paid) == []
    found = judged([course(ANNA, "1.4", "2020-08-01", "2020-08-01")], paid)
    assert brief(by_rule(found, "OE01")) == ["OE01 fejl 1.4 2020-07"]


def test_oe01_a_credited_amount_is_no_payment() -> None:
    both = [posting(ANNA, "538581001", "2020-07", "100.00"), posting(ANNA, "538581003", "2020-07", "-100.00")]
    assert judged([], both) == []


def test_oe01_a_repayment_is_information() -> None:
    assert brief(judged([], [posting(ANNA, "538581001", "2020-07", "-5.00")])) == ["OE01 information 1.4 2020-07"]


def test_the_month_is_the_ydelsesperiode_and_else_the_booking_month() -> None:
    late = posting(ANNA, "538581001", "2020-10", "100.00", ydelsesperiode=date(2020, 7, 1))
    assert brief(judged([], [late])) == ["OE01 fejl 1.4 2020-07"]


def test_postings_without_cpr_are_nobodys() -> None:
    assert judged([], [posting(None, "538581001", "2020-07", "100.00")]) == []


def test_the_ledger_pays_for_the_betalingskommunes_courses_whoever_handles_them() -> None:
    theirs = course(ANNA, "1.4", "2019-01-01", handlekommune="101", betalingskommune="665")
    assert judged([theirs], PAID) == []
    assert brief(judged([theirs], [])) == [f"OE02 advarsel 1.4 2020-0{n}" for n in (7, 8, 9)]
    handled = course(ANNA, "1.4", "2019-01-01", handlekommune="665", betalingskommune="101")
    assert judged([handled], []) == []
    assert brief(judged([handled], PAID)) == [f"OE01 fejl 1.4 2020-0{n}" for n in (7, 8, 9)]


def test_a_person_of_another_kommune_in_a_wide_ledger_is_no_finding() -> None:
    foreign = course(ANNA, "1.4", "2019-01-01", handlekommune="101", betalingskommune="101")
    assert judged([foreign], PAID) == []
    own = course(ANNA, "1.1", "2019-01-01", "2019-12-31")
    assert len(judged([foreign, own], PAID)) == 3


def test_ishoej_does_not_report_sections_95_and_96_for_vallensbaek() -> None:
    for code, konto, mine in (("1.4", "538581001", True), ("1.17", "538401002", False)):
        theirs = [course(ANNA, code, "2019-01-01", handlekommune="187")]
        found = judged(theirs, [], [{"dst_kode": code, "konto": konto}], kommune="183")
        assert bool(found) is mine, code


def test_quarterly_bills_in_arrears_and_in_advance_are_no_findings_once_the_rhythm_is_written() -> None:
    def bills(*months: str) -> list[dict[str, Any]]:
        return [posting(ANNA, "538581001", month, "90") for month in months]

    arrears, ahead = ("2020-03", "2020-06", "2020-09", "2020-12"), ("2019-12", "2020-03", "2020-06", "2020-09")
    for rytme, paid in (("kvartal", arrears), ("kvartal forud", ahead)):
        year = [course(ANNA, "1.4", "2020-01-01", "2020-12-31")]
        master = [{"dst_kode": "1.4", "konto": "538581001", "rytme": rytme}]
        assert judged(year, bills(*paid), master, periods="2019K4:2020K4") == [], rytme
    quarter = [course(ANNA, "1.4", "2020-01-01", "2020-03-31")]
    april, master = bills("2020-04"), [{"dst_kode": "1.4", "konto": "538581001", "rytme": "kvartal"}]
    assert brief(judged(quarter, april, master, periods="2020")) == ["OE05 information 1.4 2020-04"]
    advance = [course(ANNA, "1.4", "2020-01-01", "2020-03-31"), course(ANNA, "1.4", "2020-12-31")]
    early = bills("2019-12")
    assert "OE01 fejl 1.4 2019-12" in brief(judged(advance, early, master, periods="2019K4:2020K1"))


def test_oe08_names_the_rhythm_of_a_code_billed_by_quarter_and_its_oe02_is_information() -> None:
    people = [f"01017{n:05d}" for n in range(5)]
    courses = [course(cpr, "1.4", "2019-06-01") for cpr in people]
    paid = [posting(cpr, "538581001", f"2020-{m}", "90") for cpr in people for m in ("03", "06", "09", "12")]
    found = judged(courses, paid, regler={"efterslip_maaneder": 0}, periods="2020")
    said = [(f.dst_kode, f.alvor, f.vaerdi, f.forventet) for f in by_rule(found, "OE08")]
    assert said == [("1.4", "information", 3, "kvartal")]
    assert {f.alvor for f in by_rule(found, "OE02")} == {"information"}
    monthly = [posting(cpr, "538581001", f"2020-{m:02d}", "90") for cpr in people for m in range(1, 13)]
    assert by_rule(judged(courses, monthly, periods="2020"), "OE08") == []


def test_oe09_counts_the_payments_that_the_lag_hides() -> None:
    year = [course(ANNA, "1.4", "2020-01-01", "2020-12-31"), course(BENT, "1.4", "2020-01-01", "2020-12-31")]
    every = [posting(BENT, "538581001", f"2020-{m:02d}", "90") for m in range(1, 13)]
    third = [posting(ANNA, "538581001", f"2020-{m}", "90") for m in ("03", "06", "09", "12")]
    found = judged(year, [*every, *third], periods="2020")
    assert [(f.regel, f.borger, f.vaerdi, f.forventet) for f in found] == [("OE09", f"P-{ANNA[::-1]}", 8, 2)]


def test_a_posting_for_several_months_is_shared_by_active_days_to_the_oere() -> None:
    one = [course(ANNA, "1.4", "2020-07-01", "2020-08-10")]
    span = {"ydelsesperiode": date(2020, 7, 1), "ydelsesperiode_til": date(2020, 9, 1)}
    tables: dict[str, Any] = {
        "fagsystem": one,
        "oekonomi": [posting(ANNA, "538581001", "2020-10", "100.00", **span), ledger_until("2021-03")],
        "masteroversigt": MASTER,
    }
    with world(tables, periods="2020K3:2020K4") as context:
        assert oe_findings(context) == []
        parts = context.engine.rows("SELECT mdr % 12, netto FROM netto_konto WHERE cpr IS NOT NULL ORDER BY mdr")
    assert parts == [(7, Decimal("75.61")), (8, Decimal("24.39"))]


def test_oe02_active_and_never_paid() -> None:
    found = judged([ACTIVE], [])
    assert brief(found) == [f"OE02 advarsel 1.4 2020-0{n}" for n in (7, 8, 9)]
    assert [f.vaerdi for f in sorted(found, key=lambda f: f.periode)] == [31, 31, 30]
    assert (found[0].fil, found[0].raekke) == ("fagsystem.csv", 2)


def test_oe02_a_payment_in_the_lag_is_in_time() -> None:
    july = course(ANNA, "1.4", "2020-07-01", "2020-07-31")
    for month, late in (("2020-07", False), ("2020-09", False), ("2020-10", True)):
        found = judged([july], [posting(ANNA, "538581001", month, "100.00")])
        assert bool(by_rule(found, "OE02")) is late, month


def test_oe02_follows_the_lag_in_the_configuration() -> None:
    july = course(ANNA, "1.4", "2020-07-01", "2020-07-31")
    august = [posting(ANNA, "538581001", "2020-08", "100.00")]
    assert by_rule(judged([july], august, regler={"efterslip_maaneder": 0}), "OE02")
    assert not by_rule(judged([july], august, regler={"efterslip_maaneder": 1}), "OE02")


@pytest.mark.parametrize(
    ("last", "months"), [("2020-11", ["07", "08", "09"]), ("2020-10", ["07", "08"]), ("2020-08", [])]
)
def test_oe02_months_whose_lag_runs_past_the_ledger_are_not_judged(last: str, months: list[str]) -> None:
    tables: dict[str, Any] = {"fagsystem": [ACTIVE], "oekonomi": [ledger_until(last)], "masteroversigt": MASTER}
    with world(tables, periods="2020K3") as context:
        assert brief(oe_findings(context)) == [f"OE02 advarsel 1.4 2020-{month}" for month in months]


def test_oe02_years_before_the_ledger_are_not_judged() -> None:
    found = judged([ACTIVE], [posting(ANNA, "538581001", "2020-06", "1.00")], periods="2019K3:2020K1")
    assert brief(found) == [f"OE02 advarsel 1.4 2020-0{n}" for n in (1, 2, 3)]


def test_oe02_codes_without_an_account_are_left_out() -> None:
    assert judged([course(ANNA, "1.17", "2019-01-01")], []) == []


def test_oe03_replaces_oe01_and_oe02_and_names_both_codes() -> None:
    found = judged([ACTIVE], [posting(ANNA, "538591001", "2020-07", "100.00")])
    assert brief(found) == ["OE02 advarsel 1.4 2020-08", "OE02 advarsel 1.4 2020-09", "OE03 fejl 1.1 2020-07"]
    assert by_rule(found, "OE03")[0].forventet == "1.4"


def test_oe03_names_every_unpaid_code_in_one_finding() -> None:
    found = judged(
        [ACTIVE, course(ANNA, "1.13.4", "2020-07-01", "2020-07-31")], [posting(ANNA, "538591001", "2020-07", "9")]
    )
    assert [f.forventet for f in by_rule(found, "OE03")] == ["1.13.4, 1.4"]
    assert "2020-07" not in {f.periode for f in by_rule(found, "OE02")}


def test_oe03_stands_in_for_oe05_too() -> None:
    ended = course(ANNA, "1.1", "2019-01-01", "2020-05-31")
    found = judged([ACTIVE, ended], [posting(ANNA, "538591001", "2020-07", "100.00")])
    assert brief(found)[-1] == "OE03 fejl 1.1 2020-07"
    assert not by_rule(found, "OE05")


def test_oe03_needs_the_other_code_to_be_unpaid() -> None:
    found = judged([ACTIVE], [*PAID, posting(ANNA, "538591001", "2020-07", "100.00")])
    assert brief(found) == ["OE01 fejl 1.1 2020-07"]


def test_oe03_another_person_does_not_count() -> None:
    found = judged([ACTIVE], [*PAID, posting(BENT, "538591001", "2020-07", "100.00")])
    assert brief(found) == ["OE01 fejl 1.1 2020-07"]


def test_oe03_a_repayment_is_not_money_on_a_wrong_account() -> None:
    found = judged([course(ANNA, "1.4", "2020-07-01", "2020-07-31")], [posting(ANNA, "538591001", "2020-07", "-4")])
    assert brief(found) == ["OE01 information 1.1 2020-07", "OE02 advarsel 1.4 2020-07"]


def test_oe03_is_not_said_where_oe02_is_not_judged() -> None:
    tables: dict[str, Any] = {
        "fagsystem": [ACTIVE],
        "oekonomi": [posting(ANNA, "538591001", "2020-09", "5")],
        "masteroversigt": MASTER,
    }
    with world(tables, periods="2020K3") as context:
        assert brief(oe_findings(context)) == ["OE01 fejl 1.1 2020-09", "OE02 advarsel 1.4 2020-07"]


def test_two_codes_on_one_funktion_are_told_apart_by_the_gruppering() -> None:
    master = [
        {"dst_kode": "1.12.0.2", "konto": "538391004", "maalgruppe": "1.1"},
        {"dst_kode": "1.13.2", "konto": "538391002"},
    ]
    courses = [course(ANNA, code, "2020-07-01", "2020-07-31", maalgruppe="1.1.1") for code in ("1.12.0.2", "1.13.2")]
    both = [posting(ANNA, "538391004", "2020-07", "10"), posting(ANNA, "538391002", "2020-07", "10")]
    assert judged(courses, both, master) == []
    assert brief(judged(courses, both[:1], master)) == ["OE02 advarsel 1.13.2 2020-07"]


def test_an_account_on_two_codes_pays_the_one_the_person_has_or_both() -> None:
    master = [{"dst_kode": code, "konto": "538501001"} for code in ("1.8.1", "1.8.2")]
    paid = [posting(ANNA, "538501001", "2020-07", "10")]
    one = course(ANNA, "1.8.2", "2020-07-01", "2020-07-31")
    other = course(ANNA, "1.8.1", "2020-07-01", "2020-07-31")
    assert judged([one], paid, master) == []
    assert judged([one, other], paid, master) == []
    assert brief(judged([], paid, master)) == ["OE01 fejl 1.8.1 2020-07"]


def test_oe05_states_the_days_since_the_last_active_day() -> None:
    ended = course(ANNA, "1.4", "2019-01-01", "2020-04-30")
    found = judged([ended], [posting(ANNA, "538581001", "2020-07", "100.00")])
    assert brief(found) == ["OE05 fejl 1.4 2020-07"]
    assert (found[0].vaerdi, found[0].forventet) == (Decimal("100.00"), date(2020, 4, 30))
    assert "62" in found[0].besked


@pytest.mark.parametrize(
    ("last", "amount", "severity"),
    [("2020-05-01", "9", "information"), ("2020-04-30", "9", "fejl"), ("2020-04-30", "-9", "information")],
)
def test_oe05_within_the_lag_and_repayments_are_information(last: str, amount: str, severity: str) -> None:
    found = judged([course(ANNA, "1.4", "2019-01-01", last)], [posting(ANNA, "538581001", "2020-07", amount)])
    assert brief(found) == [f"OE05 {severity} 1.4 2020-07"]


def test_oe05_a_course_long_after_the_period_still_counts() -> None:
    courses = [course(ANNA, "1.4", "2019-01-01", "2020-04-30"), course(ANNA, "1.4", "2021-05-01")]
    assert brief(judged(courses, [posting(ANNA, "538581001", "2020-07", "1")])) == ["OE01 fejl 1.4 2020-07"]


def test_an_exclusive_end_date_moves_the_last_active_day() -> None:
    one = course(ANNA, "1.4", "2020-06-01", "2020-07-01")
    paid = [posting(ANNA, "538581001", "2020-07", "1")]
    assert judged([one], paid) == []
    assert brief(judged([one], paid, regler={"slutdato_inklusiv": False})) == ["OE05 information 1.4 2020-07"]


def test_the_rules_run_through_great_expectations_and_say_when_a_column_lacks() -> None:
    tables: dict[str, Any] = {"fagsystem": [ACTIVE], "oekonomi": [ledger_until("2021-03")], "masteroversigt": MASTER}
    with world(tables, periods="2020K3", lacks={"fagsystem": ["maalgruppe"]}) as context:
        result = ottetal.run(context)
    assert brief(list(result.findings)) == [f"OE02 advarsel 1.4 2020-0{n}" for n in (7, 8, 9)]
    assert [n.regel for n in result.not_run] == ["OE04"]
    assert "fagsystem.maalgruppe" in result.not_run[0].grund
    assert {f.alvor for f in result.findings} == {Severity.WARNING}
    with world(
        {"oekonomi": [posting(ANNA, "538391001", "2020-07", "1")], "masteroversigt": MASTER},
        lacks={"oekonomi": ["cpr"]},
    ) as context:
        result = ottetal.run(context)
    assert [f.regel for f in result.findings] == ["OE07"]
    assert [n.regel for n in result.not_run] == ["OE01", "OE02", "OE03", "OE04", "OE05", "OE06", "OE08", "OE09"]


def test_findings_do_not_depend_on_row_order_or_files() -> None:
    postings = [posting(ANNA, "538591001", "2020-07", "1"), posting(BENT, "538581001", "2020-08", "2"), *PAID]
    ids = {f.fund_id for f in judged([ACTIVE], postings)}
    again = [{**row, "fil": f"del{n}.csv"} for n, row in enumerate(reversed(postings))]
    assert {f.fund_id for f in judged([ACTIVE], again)} == ids
