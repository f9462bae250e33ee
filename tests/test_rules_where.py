"""Which rules run on which sources, on how many rows, and what is said of the others: without an engine that judges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reconcile.controls import choice
from reconcile.errors import InputError
from reconcile.results.rows import NotRun, PartResult, ResultTable
from reconcile.rules import catalogue, runner
from reconcile.rules.catalogue import Rule, load_rules
from reconcile.rules.groups import groups
from reconcile.settings.config import Regler
from reconcile.world.context import Context

BLANK = next(rule for rule in load_rules() if rule.id == "VH03")


def rule(name: str = "XX01", **changes: Any) -> Rule:
    plain: dict[str, Any] = {
        "view": "v", "rows": "v", "condition": "a > 1", "columns": (), "sources": (), "house_rule": False, "group": "validate",
    }  # fmt: skip
    return replace(BLANK, id=name, **{**plain, **changes})


class Engine:
    """An engine that knows views, their columns and how many rows each source has in them."""

    def __init__(self, views: Mapping[str, Mapping[str, int]]) -> None:
        self.views, self.counted = views, list[str]()

    def names(self) -> set[str]:
        return set(self.views)

    def columns(self, view: str) -> tuple[str, ...]:
        return ("kilde", "a") if set(self.views[view]) != {""} else ("a",)

    def rows(self, sql: str) -> list[tuple[str, int]]:
        view = sql.split(" FROM ")[1].split(maxsplit=1)[0]
        self.counted.append(view)
        return list(self.views[view].items())


def context(present: Mapping[str, Iterable[str]], husregler: Sequence[str] = (), **views: Mapping[str, int]) -> Context:
    """A context with these sources and their columns, and these views: name → source → rows."""
    there = {source: frozenset(columns) for source, columns in present.items()}

    def has(source: str, *columns: str) -> bool:
        return source in there and there[source].issuperset(columns)

    made = SimpleNamespace(present=there, has=has, regler=Regler(husregler=tuple(husregler)), engine=Engine(views))
    return cast("Context", made)


BOTH = {"fagsystem": ["cpr", "tilbud"], "flis": ["cpr"]}


# --- the columns a rule needs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "lacking"),
    [
        ((), []),
        (("cpr",), []),
        (("tilbud",), ["flis.tilbud"]),
        (("tilbud", "afdeling"), ["flis.tilbud", "flis.afdeling"]),
        (("tilbud|cpr",), []),
        (("tilbud|afdeling",), ["flis.tilbud / flis.afdeling"]),
        (("fagsystem.tilbud",), []),
        (("borger.doedsdato",), ["borger.doedsdato"]),
        (("cpr", "borger.doedsdato|fagsystem.cpr"), []),
    ],
)
def test_what_a_source_lacks_of_what_a_rule_needs(columns: tuple[str, ...], lacking: list[str]) -> None:
    assert runner.lacking(context(BOTH), rule(columns=columns), "flis") == lacking


def test_a_rule_of_sources_is_limited_to_those_that_have_its_columns() -> None:
    where, not_run = runner._where(context(BOTH), rule(sources=("fagsystem", "flis"), columns=("tilbud",)))
    assert where == "(a > 1) AND kilde IN ('fagsystem')"
    assert not_run == [NotRun("XX01", "flis", "kolonnen flis.tilbud mangler")]
    where, not_run = runner._where(context(BOTH), rule(sources=("fagsystem", "flis")))
    assert (where, not_run) == ("(a > 1) AND kilde IN ('fagsystem', 'flis')", [])


def test_a_source_that_is_not_there_is_neither_judged_nor_named() -> None:
    where, not_run = runner._where(context({"flis": ["cpr"]}), rule(sources=("fagsystem", "flis")))
    assert (where, not_run) == ("(a > 1) AND kilde IN ('flis')", [])
    assert runner._where(context({}), rule(sources=("fagsystem", "flis"))) == ("", [])


def test_a_rule_without_sources_runs_whole_or_not_at_all() -> None:
    assert runner._where(context(BOTH), rule()) == ("a > 1", [])
    where, not_run = runner._where(context(BOTH), rule(columns=("borger.doedsdato", "flis.tilbud")))
    assert where == ""
    assert not_run == [NotRun("XX01", "borger", "kolonnen borger.doedsdato, flis.tilbud mangler")]


# --- on how many rows ---------------------------------------------------------------------------------------------------


def test_a_rule_is_tried_on_the_rows_of_the_sources_that_can_judge_it() -> None:
    world = context(BOTH, v={"fagsystem": 7, "flis": 5}, w={"": 3})
    rules = [
        rule("A", sources=("fagsystem", "flis")),
        rule("B", sources=("fagsystem", "flis"), columns=("tilbud",)),
        rule("C", sources=("flis",)),
        rule("D"),
        rule("E", view="w", rows="w"),
        rule("F", rows=""),
        rule("G", rows="x"),
        rule("H", sources=("borger",)),
    ]
    assert runner.tried_on(world, rules) == {"A": 12, "B": 7, "C": 5, "D": 12, "E": 3, "H": 0}
    assert sorted(cast("Engine", world.engine).counted) == ["v", "w"]  # each view once


def test_a_source_without_rows_in_the_view_is_tried_on_none() -> None:
    assert runner.tried_on(context(BOTH, v={"flis": 5}), [rule(sources=("fagsystem",))]) == {"XX01": 0}


# --- which are switched on, and what is said of the rest ----------------------------------------------------------------


def test_a_house_rule_runs_when_it_is_named() -> None:
    own = rule("HR01", house_rule=True)
    assert [runner.switched_on(context(BOTH, named), own) for named in ((), ("HR02",), ("HR01",))] == [
        False,
        False,
        True,
    ]
    assert runner.switched_on(context(BOTH), rule())


def left(
    rules: Sequence[Rule],
    *,
    seen: Collection[str] = (),
    asked: Collection[str] = ("validate",),
    named: Sequence[str] = (),
) -> list[NotRun]:
    return list(runner.not_looked_at(context(BOTH, named), rules, seen, asked))


def test_a_rule_that_was_seen_or_is_off_is_not_told_of() -> None:
    assert left([rule("A")], seen=["A"]) == []
    assert left([rule("HR01", house_rule=True)]) == []
    assert left([rule("A", group="yr")]) == []


def test_a_rule_whose_source_is_not_there_is_told_with_the_source() -> None:
    missing = NotRun("A", "borger", "kilden borger er ikke med")
    assert left([rule("A", sources=("borger", "flis"))]) == [missing]
    assert left([rule("A", columns=("borger.doedsdato", "flis.cpr"))]) == [missing]
    both = left([rule("A", columns=("borger.doedsdato", "oekonomi.konto"))])
    assert both == [NotRun("A", "borger, oekonomi", "kilden borger, oekonomi er ikke med")]
    assert left([rule("A", sources=("borger",), group="yr")]) == []


def test_a_rule_whose_sources_are_there_was_not_looked_at_because_its_control_did_not_run() -> None:
    assert left([rule("A", sources=("flis",))]) == [NotRun("A", "validate", "kontrollen validate er ikke kørt")]
    own = rule("HR01", house_rule=True, group="yr")
    assert left([own], named=["HR01"]) == [NotRun("HR01", "v", "visningen v er ikke med")]
    absent = rule("HR01", house_rule=True, group="yr", sources=("borger",))
    assert left([absent], named=["HR01"]) == [NotRun("HR01", "borger", "kilden borger er ikke med")]


# --- the catalogue ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "mistakes"),
    [
        ((), 0), (("HR01",), 0), (("HR01", "HR02"), 0), (("HR03",), 1), (("VH03",), 1), (("VH03", "HR01", "XX"), 2),
    ],
)  # fmt: skip
def test_a_name_of_no_house_rule_is_refused(named: tuple[str, ...], mistakes: int) -> None:
    rules = [BLANK, rule("HR01", house_rule=True), rule("HR02", house_rule=True)]
    if not mistakes:
        catalogue.check_house_rules(rules, named)
        return
    with pytest.raises(InputError) as caught:
        catalogue.check_house_rules(rules, named)
    text = str(caught.value)
    assert text.count("findes ikke") + text.count("er ikke en husregel") == mistakes
    assert ("VH03 er ikke en husregel; den kører altid" in text) == ("VH03" in named)


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("SELECT * FROM {batch} WHERE a > 1", "a > 1"),
        ("select *  from {batch}\nwhere a\n> 1", "a\n> 1"),
        ("  SELECT * FROM {batch} WHERE a = '{{x}}'", "a = '{x}'"),
    ],
)
def test_what_stands_after_where_is_true_for_a_hit(query: str, condition: str) -> None:
    assert catalogue._condition("unexpected_rows_expectation", {"unexpected_rows_query": query}) == condition


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM {batch} WHERE a > 1",
        "SELECT * FROM v WHERE a > 1",
        "SELECT * FROM {batch}",
        "DELETE FROM {batch} WHERE a",
    ],
)
def test_another_query_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match="skal begynde med SELECT"):
        catalogue._condition("unexpected_rows_expectation", {"unexpected_rows_query": query})


def test_a_condition_may_stand_alone_and_may_be_missing() -> None:
    assert catalogue._condition("unexpected_rows_expectation", {"condition": "a > 1"}) == "a > 1"
    assert catalogue._condition("unexpected_rows_expectation", {}) == ""


def test_what_a_case_is_about_is_one_of_three_and_its_money_is_a_fact() -> None:
    for told in ({}, {"emne": "borger"}, {"emne": "konto", "beloeb": "x"}, {"emne": "kode"}):
        assert catalogue._case(told) == told
    for wrong in ({"emne": "person"}, {"antal": "x"}):
        with pytest.raises(ValueError, match="findes ikke"):
            catalogue._case(wrong)


def test_the_hash_of_the_rules_follows_view_and_entry_and_nothing_else() -> None:
    one = rule()
    same = catalogue.rules_hash([replace(one, id="YY", condition="b")])
    assert catalogue.rules_hash([one]) == same
    assert catalogue.rules_hash([replace(one, view="w")]) != same
    assert catalogue.rules_hash([replace(one, entry={**one.entry, "x": 1})]) != same
    assert catalogue.rules_hash([one, one]) != same


def test_every_view_stands_in_the_group_of_its_folder_and_a_table_with_the_common_ones() -> None:
    known = groups()
    assert {known[name] for name in ("fagsystem", "yr", "oekonomi", "forloeb")} == {"faelles"}
    assert (known["yr_netto"], known["yr_regnskab"], known["hand07_celle"], known["ottetal_tal"]) == (
        "yr",
        "yr",
        "hand07",
        "ottetal",
    )
    assert (known["levering_tal"], known["noegletal_dage"]) == ("genlevering", "noegletal")
    assert {rule.group for rule in catalogue.rules_of("yr")} == {"yr"}
    assert [rule.id for rule in catalogue.rules_of("yr")] == sorted(rule.id for rule in catalogue.rules_of("yr"))


def test_a_choice_of_codes_limits_rows_and_findings_and_nothing_else() -> None:
    rows = tuple(SimpleNamespace(dst_kode=code) for code in ("1.1", "1.8.1", "1.8.2"))
    findings = tuple(SimpleNamespace(dst_kode=code) for code in ("1.8.2", None, "1.1"))
    part = PartResult((ResultTable("t", SimpleNamespace, rows),), cast("Any", findings), caveats=("x",))
    assert choice.of_codes(part, frozenset()) == part
    some = choice.of_codes(part, frozenset({"1.8.2"}))
    assert [row.dst_kode for row in some.tables[0].rows] == [f.dst_kode for f in some.findings] == ["1.8.2"]
    assert (some.tables[0].name, some.caveats) == ("t", ("x",))
