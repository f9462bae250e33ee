"""Great Expectations as the judge: it agrees with SQL, an error is an error, and nothing leaves the machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from support.judging import by_sql
from support.rule_cases import CASES, read_cases
from support.worlds import world
from test_rule_cases import CONTROLS

from reconcile.controls import validate
from reconcile.engine import gx
from reconcile.engine.base import Engine
from reconcile.engine.gx import Verdict, judge
from reconcile.rules.catalogue import load_rules
from reconcile.world.context import Context

ANNE = "0101501111"


def courses() -> list[dict[str, Any]]:
    """250 of an unknown code, and a few that hit other rules."""
    row = {"cpr": ANNE, "dst_kode": "1.1", "start_dato": date(2020, 1, 1)}
    return [{**row, "dst_kode": "9.9", "raekke": n} for n in range(250)] + [
        {**row, "dst_kode": "1.8.2", "system": "tidligere"},
        {**row, "cpr": "6101501111", "slut_dato": date(2019, 1, 1)},
        {**row, "cpr": "ABC", "dst_kode": "1.12.0.2"},
        {**row, "cpr": "ABC", "dst_kode": "1.8.1"},
    ]


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    with world({"fagsystem": courses()}, by=nullcontext) as made:
        yield made


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_validation_gives_every_row_and_opens_no_socket(context: Context, capfd: pytest.CaptureFixture[str]) -> None:
    result = validate.run(context)
    rules = [finding.regel for finding in result.findings]
    assert rules.count("VH02") == 250
    assert {"VH01", "VH03", "VH04", "VH06", "VH16"} <= set(rules)
    assert capfd.readouterr().out == ""


def test_every_count_is_the_one_sql_gives(context: Context) -> None:
    context.engine.create_views("validate")
    rules = [r for r in load_rules() if r.view.startswith("vh_") or r.view == "udtraek"]
    asked = [(rule.id, rule.view, context.engine.fill(rule.condition)) for rule in rules]
    verdicts = judge(context.engine, asked)
    assert verdicts == by_sql(context.engine, asked)
    assert verdicts["VH02"] == Verdict(False, 250, None)
    assert verdicts["VH15"] == Verdict(True, 0, None)


@pytest.mark.parametrize("group", CONTROLS)
def test_every_shipped_rule_is_counted_as_sql_counts_it(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One world with what any rule of the group hits: so both judges look at rows, and most rules find some."""
    rules = {rule.id for rule in load_rules() if rule.group == group and rule.condition}
    tables: dict[str, list[Any]] = {}
    for cases in (read_cases(CASES / f"{name}.json") for name in sorted(rules)):
        for name, rows in cases.tables("ramt").items():
            tables.setdefault(name, []).extend(rows)
    told: list[dict[str, Verdict]] = [{}, {}]

    def both(engine: Engine, asked: Sequence[tuple[str, str, str]]) -> dict[str, Verdict]:
        told[0].update(by_sql(engine, asked))
        told[1].update(verdicts := judge(engine, asked))
        return verdicts

    monkeypatch.setattr("reconcile.rules.runner.judge", both)
    with world(tables, by=nullcontext) as context:
        CONTROLS[group].run(context)
    assert told[0] == told[1]
    assert told[1].keys() >= rules
    assert sum(verdict.unexpected > 0 for verdict in told[1].values()) >= len(rules) / 2


def test_an_error_is_neither_a_pass_nor_a_failure_and_hurts_no_other_rule(context: Context) -> None:
    asked = [
        ("no column", "forloeb", "findes_ikke = 1"),
        ("no sql", "forloeb", "dst_kode ="),
        ("no cast", "forloeb", "CAST('x' || dst_kode AS INTEGER) = 1"),
        ("no view", "findes_ikke", "true"),
        ("holds", "forloeb", "dst_kode = 'x'"),
        ("fails", "forloeb", "dst_kode = '1.8.2'"),
    ]
    verdicts = judge(context.engine, asked)
    assert sorted(verdicts) == sorted(rule for rule, _view, _condition in asked)
    for rule in ("no column", "no sql", "no cast", "no view"):
        assert verdicts[rule].error, rule
        assert not verdicts[rule].held, rule
    assert verdicts["holds"] == Verdict(True, 0, None)
    assert verdicts["fails"] == Verdict(False, 1, None)


@pytest.mark.parametrize(
    ("condition", "hits"),
    [("'{batch}' = '{' || 'batch}'", 254), ("dst_kode = '{}'", 0), ("dst_kode LIKE '9%'", 250), ("NULL", 0)],
)
def test_braces_percents_and_unknowns_in_a_condition_are_what_they_are(
    context: Context, condition: str, hits: int
) -> None:
    assert judge(context.engine, [("r", "forloeb", condition)])["r"] == Verdict(hits == 0, hits, None)


def test_no_rules_need_no_judge(context: Context) -> None:
    assert judge(context.engine, []) == {}


def test_two_worlds_at_once_are_not_mixed_up(context: Context) -> None:
    asked = [("r", "forloeb", "true")]
    with world({"fagsystem": courses()[:3]}) as other:
        assert judge(other.engine, asked)["r"].unexpected == 3
        assert judge(context.engine, asked)["r"].unexpected == 254
        assert judge(other.engine, asked)["r"].unexpected == 3


def test_the_same_views_are_one_data_source_for_every_world(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(context.engine, [("r", "forloeb", "true")])
    made = gx._sources()[("forloeb",)]
    with world({"fagsystem": courses()[:3]}) as other:
        assert judge(other.engine, [("r", "forloeb", "true")])["r"].unexpected == 3
    assert gx._sources()[("forloeb",)] is made
    monkeypatch.setattr(gx, "_MANY", 1)
    assert judge(context.engine, [("r", "person", "true")])["r"].unexpected > 0
    assert list(gx._sources()) == [("person",)]
