"""A case is what has to be done once; every count a reader meets counts cases by their own severity."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from support.runs import cell, result

from reconcile.history.accepted import Acceptance, apply_accepted
from reconcile.reports.counts import scope
from reconcile.reports.page_findings import hits
from reconcile.reports.verdict import judge
from reconcile.results.cases import ACCEPTED, NEW, OPEN, Case
from reconcile.results.ottetal import OttetalPerson
from reconcile.results.rows import Finding, ResultTable, RunResult, Severity
from reconcile.rules.catalogue import load_rules
from reconcile.runs.cases import cases_of, settled
from reconcile.runs.followup import with_cases

RULES = {rule.id: rule for rule in load_rules()}
TODAY = date(2020, 10, 6)


def finding(rule: str, number: int, **parts: object) -> Finding:
    base = Finding(
        fund_id=f"{rule}-{number}",
        regel=rule,
        alvor=Severity.WARNING,
        kilde="oekonomi",
        borger="P1",
        dst_kode="1.4",
        ydelse=None,
        periode=f"2020-{number:02d}",
        vaerdi=number,
        forventet=None,
        fil=None,
        raekke=None,
        facts={},
        sentence={"da": f"Fund {number}."},
    )
    return replace(base, **parts)  # type: ignore[arg-type]


def cases(*findings: Finding) -> tuple[Case, ...]:
    return cases_of(result(findings=findings), RULES)


def test_the_months_of_one_person_and_code_are_one_case() -> None:
    (case,) = cases(*(finding("OE02", month) for month in range(1, 8)))
    assert (case.antal_fund, case.fra, case.til, case.borger) == (7, "2020-01", "2020-07", "P1")


def test_the_same_course_in_fagsystem_and_flis_is_one_case() -> None:
    pair = finding("VH03", 1, kilde="fagsystem", periode=None), finding("VH03", 2, kilde="flis", periode=None)
    (case,) = cases(*pair)
    assert case.kilder == "flis, fagsystem" or case.kilder == "fagsystem, flis"
    assert case.antal_fund == 2


def test_two_persons_and_two_codes_are_cases_of_their_own() -> None:
    found = cases(finding("OE02", 1), finding("OE02", 2, borger="P2"), finding("OE02", 3, dst_kode="1.1"))
    assert len(found) == 3


def test_a_change_of_system_is_one_case_of_its_code_however_many_courses_it_moved() -> None:
    (case,) = cases(*(finding("VH14", n, borger=f"P{n}", periode=None) for n in range(1, 9)))
    assert (case.borger, case.borgere, case.dst_kode) == (None, 8, "1.4")


def test_an_unmapped_account_is_one_case_with_the_sum_of_its_months() -> None:
    postings = [
        finding(
            "OE07", m, borger=None, dst_kode=None, facts={"kontotekst": "5.38.39-1-001", "beloeb": Decimal("10.50")}
        )
        for m in (2, 3)
    ]
    other = replace(postings[0], fund_id="OE07-9", facts={"kontotekst": "5.38.59-1-200", "beloeb": Decimal(1)})
    found = cases(*postings, other)
    assert sorted(case.beloeb or Decimal(0) for case in found) == [Decimal(1), Decimal("21.00")]


def test_a_case_has_the_gravest_severity_of_its_findings() -> None:
    (case,) = cases(finding("OE05", 1, alvor=Severity.INFORMATION), finding("OE05", 2, alvor=Severity.ERROR))
    assert case.alvor is Severity.ERROR


def test_an_open_cell_is_a_case_and_the_first() -> None:
    made = cases_of(
        result(cells=[cell("1.12.0.2", rest=-3)], findings=[finding("VH03", 1, alvor=Severity.ERROR)]), RULES
    )
    assert made[0].sag_id == "CELLE:1.12.0.2:2020K3"
    assert made[0].alvor is Severity.ERROR


def moved(*persons: tuple[str, str, str]) -> ResultTable:
    rows = tuple(
        OttetalPerson(code, "2020K3", "fagsystem–økonomi", "fagsystem", cause, person, 92, None, "f.csv", 1)
        for code, cause, person in persons
    )
    return ResultTable("ottetal_borgere", OttetalPerson, rows)


def test_a_case_tells_the_cells_it_moves_and_by_how_many_persons() -> None:
    table = moved(("1.4", "ydelse_uden_betaling", "P1"), ("1.4", "ydelse_uden_betaling", "P2"))
    run = result(findings=[finding("OE02", 7), finding("OE02", 8), finding("OE02", 9, borger="P2")], tables=[table])
    assert [case.celler for case in cases_of(run, RULES)] == ["1.4 2020K3 (1)", "1.4 2020K3 (1)"]


def test_the_corrections_of_a_cell_name_each_person_once_and_what_no_case_takes_away() -> None:
    table = moved(("1.4", "ydelse_uden_betaling", "P1"), ("1.4", "nettet_ud", "P2"))
    run = result(findings=[finding("OE02", 7)], tables=[table], cells=[cell("1.4", rest=-2)])
    rows = with_cases(run, cases_of(run, RULES)).table("rettelser")
    assert rows
    told = {(row.aarsag, bool(row.sag_id), row.borgere) for row in rows.rows}
    assert told == {("ydelse_uden_betaling", True, 1), ("nettet_ud", False, 1), ("rest", True, 2)}


def acceptance(fund: dict[str, str]) -> Acceptance:
    return Acceptance(begrundelse="kendt og aftalt", af="JH", indtil=date(2021, 1, 1), oprettet=TODAY, fund=fund)


def test_an_accepted_case_accepts_all_its_findings_until_one_of_them_changes() -> None:
    small, large = finding("YR01", 1, alvor=Severity.ERROR), finding("YR01", 2, alvor=Severity.ERROR)
    run = result(findings=[small, large])
    made = cases_of(run, RULES)
    known = acceptance({made[0].sag_id: made[0].stoerrelse})
    held = apply_accepted(run, [known], TODAY, made)
    assert (held.exit_code, with_cases(held, made).table("sager").rows[0].status) == (0, ACCEPTED)
    grown = result(findings=[small, replace(large, vaerdi=99)])
    assert apply_accepted(grown, [known], TODAY, cases_of(grown, RULES)).exit_code == 1


def test_a_case_is_new_only_when_all_of_it_is() -> None:
    made = cases(finding("OE02", 1), finding("OE02", 2), finding("OE02", 3, borger="P2"))
    states = {case.borger: case.status for case in settled(made, {}, frozenset({"OE02-2", "OE02-3"}))}
    assert states == {"P1": OPEN, "P2": NEW}


def test_a_rule_says_its_persons_months_and_kroner() -> None:
    months = [finding("OE01", m) for m in (1, 2)] + [finding("OE01", 3, borger="P2")]
    assert scope(months, Decimal("212400")) == "2 borgere, 3 måneder, 212.400,00 kr."


def test_a_count_counts_cases_by_their_own_severity() -> None:
    mixed = [
        finding("OE05", m, borger=f"P{m}", alvor=Severity.ERROR if m < 5 else Severity.INFORMATION)
        for m in range(1, 10)
    ]
    run = result(findings=mixed)
    run = with_cases(run, cases_of(run, RULES))
    (hit,) = hits(run, RULES)
    assert (hit.cases, hit.counts) == (9, "4 fejl, 5 oplysninger")
    assert "9 sager: 4 fejl og 5 oplysninger" in judge(run).lead + judge(run).headline


@given(
    st.lists(
        st.tuples(st.sampled_from(["OE02", "VH03", "VH14"]), st.sampled_from("ABC"), st.sampled_from(["1.1", "1.4"])),
        max_size=20,
    )
)
def test_every_finding_is_in_one_case_and_the_order_of_findings_does_not_matter(
    drawn: list[tuple[str, str, str]],
) -> None:
    found = [
        finding(rule, n % 12 + 1, fund_id=f"f{n}", borger=who, dst_kode=code)
        for n, (rule, who, code) in enumerate(drawn)
    ]
    made: RunResult = result(findings=found)
    grouped = cases_of(made, RULES)
    assert Counter(name for case in grouped for name in case.fund) == Counter(f.fund_id for f in found)
    assert cases_of(result(findings=found[::-1]), RULES) == grouped
    expected = {(r, "" if r == "VH14" else w, c) for r, w, c in drawn}
    assert len(grouped) == len(expected)
