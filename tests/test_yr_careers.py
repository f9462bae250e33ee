"""The weeks around each finding of Ydelsesrefusion: which are shown, with which counter, and how many."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, ANNA, BO, career, monday, row

from reconcile.controls import yr
from reconcile.controls.yr_careers import careers
from reconcile.results.rows import PartResult
from reconcile.results.yr import YrCareerWeek


def run(rows: list[dict[str, Any]], **options: Any) -> PartResult:
    with world({"yr": rows}, **{"periods": ALWAYS, **options}) as context:
        return yr.run(context)


def around(result: PartResult, rule: str) -> list[YrCareerWeek]:
    (table,) = [t for t in result.tables if t.name == "yr_forloeb"]
    return [week for week in table.rows if week.regel == rule]


def test_the_four_weeks_before_and_the_three_after_a_finding_are_shown() -> None:
    result = run(career(1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10))
    (finding,) = result.findings
    weeks = around(result, "YR02")
    assert [week.uge for week in weeks] == [f"2020-U{n}" for n in range(12, 20)]
    assert [week.taeller for week in weeks] == [3, 4, 5, 6, 6, 7, 8, 9]
    assert [week.uge for week in weeks if week.fundets_uge] == ["2020-U16"] == [finding.periode]
    assert {(week.fund_id, week.borger) for week in weeks} == {(finding.fund_id, f"P-{ANNA[::-1]}")}


def test_a_pause_is_counted_and_the_weeks_before_it_are_shown() -> None:
    weeks = around(run([*career(8, 9), *career(15, 16, first=9)]), "YR05")
    assert [(week.uge, week.uger_siden, week.taeller) for week in weeks] == [
        ("2020-U10", None, 8),
        ("2020-U11", 1, 9),
        ("2020-U19", 8, 15),
        ("2020-U20", 1, 16),
    ]


def test_a_week_has_a_row_for_each_ydelse_with_its_own_counter_and_the_one_that_is_judged() -> None:
    rows = [*career(3, 4, 5), row(monday(1), 14, ydelse="Sygedagpenge")]
    weeks = [week for week in around(run(rows), "YR08") if week.fundets_uge]
    assert [(week.ydelse, week.taeller, week.ugens_taeller) for week in weeks] == [
        ("Kontanthjælp", 4, 14),
        ("Sygedagpenge", 14, 14),
    ]


def test_amounts_are_net_over_files_and_both_halves_of_a_week() -> None:
    halves = [row(date(2020, 3, 30), 7, "4000.00"), row(date(2020, 4, 1), 7, "6000.00")]
    later = [row(date(2020, 3, 30), 7, "500.00", fil="rettelser.csv")]
    (week,) = around(run([*halves, *later]), "YR01")
    assert (week.uge, week.bruttoudgift) == ("2020-U14", Decimal("10500.00"))


def test_a_week_that_nets_to_nothing_is_no_payment_unless_it_is_the_findings_own() -> None:
    reversal = row(monday(2), 3, "-1000.00")
    weeks = around(run([*career(1, 2, 3, 4, 4), reversal]), "YR02")
    assert [(week.uge, week.uger_siden) for week in weeks] == [
        ("2020-U10", None),
        ("2020-U11", 1),
        ("2020-U13", 2),
        ("2020-U14", 1),
    ]
    own = around(run([row(monday(0), 3, sats=30), row(monday(0), 3, "-1000.00")]), "YR09")
    assert [(week.uge, week.bruttoudgift) for week in own] == [("2020-U10", Decimal("0.00"))]


def test_the_weeks_of_another_person_are_not_mixed_in() -> None:
    weeks = around(run([*career(1, 2, 2), *career(5, 6, 7, cpr=BO)]), "YR02")
    assert {week.borger for week in weeks} == {f"P-{ANNA[::-1]}"}


def test_weeks_outside_the_chosen_period_are_shown_around_a_finding_inside_it() -> None:
    weeks = around(run(career(*range(1, 6), 5), periods="2020K2"), "YR02")
    assert [week.uge for week in weeks] == [f"2020-U{n}" for n in range(11, 16)]


def test_a_source_without_counters_shows_the_amounts() -> None:
    rows = [row(monday(n), None, amount) for n, amount in enumerate(("1000.00", "12000.00", "1000.00"))]
    weeks = around(run(rows, lacks={"yr": ["ydelsestaeller"]}), "YR01")
    assert [(week.taeller, week.ugens_taeller, week.bruttoudgift) for week in weeks] == [
        (None, None, Decimal("1000.00")),
        (None, None, Decimal("12000.00")),
        (None, None, Decimal("1000.00")),
    ]


def test_a_rule_with_too_many_findings_keeps_the_most_important_and_says_so() -> None:
    rows = [row(monday(n), 60, f"{10_000 + n}.00") for n in range(4)]
    with world({"yr": rows}, periods=ALWAYS) as context:
        findings = yr.run(context).findings
        result = careers(context, findings, most=2)
    big = [finding for finding in findings if finding.regel == "YR01"]
    kept = {week.fund_id for week in around(result, "YR01")}
    assert kept == {finding.fund_id for finding in sorted(big, key=lambda f: f.periode or "")[-2:]}
    assert any("YR01 (4)" in caveat for caveat in result.caveats)


def test_the_weeks_do_not_depend_on_the_order_of_the_rows() -> None:
    rows = [*career(1, 2, 2, 4), *career(9, 9, cpr=BO)]
    tables = [next(t.rows for t in run(order).tables if t.name == "yr_forloeb") for order in (rows, rows[::-1])]
    assert tables[0] == tables[1]


def test_without_findings_there_are_no_weeks() -> None:
    assert around(run(career(1, 2, 3)), "YR02") == []
