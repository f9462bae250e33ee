"""``support.only``: the rules of a control, each by itself, say what its whole run says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.only import RULES, behind, of_rules
from support.ottetal import ACTIVE, ANNA, BENT, MASTER, PAID, course, posting
from support.quick import Quick, quick_worlds
from support.yr import career, monday, row

from reconcile.controls import disponering, ottetal, validate, yr
from reconcile.rules.catalogue import Rule

CONTROLS = {"validate": validate, "ottetal": ottetal, "disponering": disponering, "yr": yr}
#: A world in which rules of each control find something.
WORLD: dict[str, list[dict[str, Any]]] = {
    "fagsystem": [ACTIVE, course(BENT, "9.9", "2020-08-01", "2020-07-01"), course("3102501111", "1.4", "2020-01-01")],
    "oekonomi": [*PAID, posting(BENT, "538581002", "2020-07", "100.00"), posting(ANNA, "999", "2020-08", "5.00")],
    "disponering": [
        {"cpr": ANNA, "konto": "538591001", "takst": Decimal(100), "enhed": "dag", "fra": date(2020, 7, 1)},
        {"cpr": BENT, "konto": "538581002", "takst": Decimal(5), "enhed": "dag", "fra": date(2020, 7, 1)},
    ],
    "masteroversigt": MASTER,
    "yr": [*career(1, 2, 4, 4), row(monday(0), 60, "12000.00", cpr=BENT)],
}


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


@pytest.mark.parametrize("group", CONTROLS)
def test_the_rules_of_each_view_alone_find_what_the_control_finds(quick: Quick, group: str) -> None:
    whole = CONTROLS[group].run(quick(WORLD))
    views: dict[str, list[Rule]] = {}
    for rule in RULES.values():
        if rule.group == group and rule.condition:
            views.setdefault(rule.view, []).append(rule)
    alone = [of_rules(quick(WORLD), *rules) for rules in views.values()]
    found = [finding for run in alone for finding in run.findings]
    assert len(whole.findings) > 1
    assert sorted(found, key=repr) == sorted(whole.findings, key=repr)
    assert {rule for run in alone for rule in run.ran} == set(whole.rules_run)


def test_a_rule_reads_its_view_only() -> None:
    assert not [rule.id for rule in RULES.values() if re.search(r"\b(?:FROM|JOIN)\b", rule.condition)]


def test_a_view_of_a_view_is_behind_it_and_its_neighbours_are_not() -> None:
    assert {"vh_overlap", "vh_forloeb", "forloeb", "person"} <= behind(["vh_overlap"])
    assert "udtraek" not in behind(["vh_overlap"])
