"""Every rule has its cases as data: what it hits, what it just misses, nothing to judge, and what its finding says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from support.only import BUILDS, RULES, of_rules
from support.quick import Quick, quick_worlds
from support.rule_cases import CASES, KEYS, OPTIONAL, Cases, read_cases

from reconcile.controls import disponering, hand07, noegletal, ottetal, postdiff, regnskab, validate, yr
from reconcile.results.rows import Finding, PartResult
from reconcile.rules.runner import RuleRun

CONTROLS = {
    "validate": validate,
    "hand07": hand07,
    "ottetal": ottetal,
    "postdiff": postdiff,
    "yr": yr,
    "noegletal": noegletal,
    "disponering": disponering,
    "regnskab": regnskab,
}
WITH_CASES = [read_cases(path) for path in sorted(CASES.glob("*.json"))]
RESULTS: dict[str, PartResult] = {}
every_rule = pytest.mark.parametrize("cases", WITH_CASES, ids=lambda cases: cases.name)


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def found(quick: Quick, cases: Cases, tables: dict[str, Any], *, nothing: bool = False) -> list[Finding]:
    """The rule's findings over these tables; it did run, or says why when there was ``nothing``."""
    rule = RULES[cases.name]
    if rule.group in BUILDS and rule.condition and any(tables.values()):
        result: PartResult | RuleRun = of_rules(quick(tables, **cases.options), rule)
    else:
        result = whole(quick, cases, tables)
    ran = result.ran if isinstance(result, RuleRun) else result.rules_run
    told = {item.regel for item in result.not_run} if nothing else set()
    assert rule.id in told.union(ran), result.not_run
    return [finding for finding in result.findings if finding.regel == rule.id]


def whole(quick: Quick, cases: Cases, tables: dict[str, Any]) -> PartResult:
    """The whole control of the rule; once where rules look at the same sources: without rows those are the same world."""
    group = RULES[cases.name].group
    key = json.dumps([group, tables, cases.options], sort_keys=True, default=str)
    if key not in RESULTS:
        RESULTS[key] = CONTROLS[group].run(quick(tables, **cases.options))
    return RESULTS[key]


def test_every_rule_has_cases_and_no_cases_are_left_over() -> None:
    assert [cases.name for cases in WITH_CASES] == sorted(RULES)


@every_rule
def test_a_file_of_cases_says_all_of_it(cases: Cases) -> None:
    assert KEYS - OPTIONAL <= set(cases.content) <= KEYS
    assert cases.content["regel"] == cases.name
    assert {"periode", "vaerdi", "besked"} <= set(cases.content["fund"]) <= {"periode", "vaerdi", "besked", "antal"}
    assert cases.content["naesten_fordi"].endswith(".")


@every_rule
def test_the_hit_is_found_and_says_what_it_should(quick: Quick, cases: Cases) -> None:
    expected = cases.content["fund"]
    findings = found(quick, cases, cases.tables("ramt"))
    said = {(f.periode, None if f.vaerdi is None else str(f.vaerdi), f.besked) for f in findings}
    assert said == {(expected["periode"], expected["vaerdi"], expected["besked"])}
    assert len(findings) == expected.get("antal", 1)


@every_rule
def test_the_near_miss_is_none(quick: Quick, cases: Cases) -> None:
    assert cases.tables("naesten") != cases.tables("ramt")
    assert found(quick, cases, cases.tables("naesten")) == []


@every_rule
def test_nothing_to_judge_is_no_finding(quick: Quick, cases: Cases) -> None:
    assert found(quick, cases, cases.tables("tom"), nothing=True) == []
    assert found(quick, cases, cases.nothing(), nothing=True) == []
