"""Great Expectations' own expectations in a suite: they count what the SQL of the rule finds, and mistakes are named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.quick import Quick, quick_worlds
from support.worlds import world
from test_rules_catalogue import entry, write

from reconcile.controls import validate
from reconcile.engine import gx
from reconcile.errors import InputError
from reconcile.resources import EXPECTATIONS
from reconcile.rules.catalogue import load_rules, read_suite
from reconcile.rules.runner import run_rules
from reconcile.rules.stock import QUERY, STOCK, TYPES, condition

ANNE, BENT = "0101501111", "6101501111"
COLUMN, A_SET = "expect_column_values_to_be_between", "expect_column_values_to_be_in_set"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


@pytest.mark.parametrize(
    ("kind", "given", "hits"),
    [
        ("expect_column_values_to_not_be_null", {"column": "tilbud"}, "tilbud IS NULL"),
        ("expect_column_values_to_be_null", {"column": "tilbud"}, "tilbud IS NOT NULL"),
        (A_SET, {"column": "a", "value_set": ["x'y", 2, True, 0.5]}, "a NOT IN ('x''y', 2, true, 0.5)"),
        ("expect_column_values_to_not_be_in_set", {"column": "a", "value_set": [1]}, "a IN (1)"),
        (COLUMN, {"column": "a", "min_value": 0, "max_value": 9}, "a < 0 OR a > 9"),
        (COLUMN, {"column": "a", "min_value": 0, "strict_min": True}, "a <= 0"),
        (COLUMN, {"column": "a", "max_value": 9, "strict_max": True}, "a >= 9"),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "a", "column_B": "b"}, "a <= b"),
    ],
)
def test_each_is_the_sql_of_the_rows_it_does_not_accept(kind: str, given: dict[str, Any], hits: str) -> None:
    assert condition(kind, given) == hits


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"column": "alder", "mostly": 0.9, "min_value": 1}, "ukendt felt kwargs.mostly"),
        ({"column": "1 = 1 OR alder", "min_value": 1}, "«kwargs.column» skal være navnet på en kolonne"),
        ({"column": "alder"}, "min_value eller max_value"),
        ({"column": "alder", "min_value": [1]}, "hverken tekst, tal, true eller false"),
        ({"min_value": 1}, "feltet 'column' mangler"),
    ],
)
def test_a_mistake_in_one_is_named_with_file_and_rule(tmp_path: Path, given: dict[str, Any], reason: str) -> None:
    path = write(tmp_path, {**entry(), "type": COLUMN, "kwargs": given})
    with pytest.raises(InputError) as caught:
        read_suite(path, own=True)
    assert "egne.json: reglen XX01" in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("values", [[], "gyldigt"])
def test_a_set_is_a_list_with_something_in_it(values: object) -> None:
    with pytest.raises(ValueError, match="value_set"):
        condition(A_SET, {"column": "a", "value_set": values})


def test_a_house_rule_finds_by_one_and_a_misspelt_column_is_named_without_sql(tmp_path: Path, quick: Quick) -> None:
    rows = [
        {"cpr": ANNE, "dst_kode": code, "start_dato": date(2020, 1, 1), "tilbud": "Lunden"} for code in ("1.1", "1.4")
    ]
    context = quick({"fagsystem": rows}, regler={"husregler": ["XX01"]})
    allowed = {"column": "dst_kode", "value_set": ["1.1"]}
    found = run_rules(context, read_suite(write(tmp_path, {**entry(), "type": A_SET, "kwargs": allowed}), own=True))
    assert [finding.dst_kode for finding in found.findings] == ["1.4"]
    wrong = write(tmp_path, {**entry(), "type": A_SET, "kwargs": {**allowed, "column": "dts_kode"}})
    with pytest.raises(InputError) as caught:
        run_rules(context, read_suite(wrong, own=True))
    assert "nævner kolonnen dts_kode, som forloeb ikke har. Mente du «dst_kode»?" in str(caught.value)
    assert "NOT IN" not in str(caught.value)


def test_a_rule_that_a_stock_expectation_says_is_not_written_in_sql() -> None:
    """A whole condition that is one of these forms stands as the expectation of that name."""
    forms = (" IS NULL", " IS NOT NULL")
    kinds = {rule.id: rule.entry["type"] for rule in load_rules()}
    assert set(kinds.values()) <= set(TYPES)
    for rule in load_rules():
        alone = " AND " not in rule.condition and " OR " not in rule.condition and "NOT " not in rule.condition[:4]
        if alone and rule.condition.endswith(forms):
            assert kinds[rule.id] != QUERY, rule.id
    assert {kind for kind in kinds.values() if kind != QUERY} == set(STOCK), "none is known that no rule uses"


def test_great_expectations_itself_counts_what_the_rule_finds() -> None:
    """Judged as they stand in the file, not as SQL: what somebody sees who runs the suites with Great Expectations alone."""
    from great_expectations import ExpectationSuite

    one = {"dst_kode": "1.1", "start_dato": date(2020, 1, 1), "maalgruppe": "2"}
    rows = [
        {**one, "cpr": ANNE}, {**one, "cpr": ANNE}, {**one, "cpr": ANNE, "start_dato": date(2020, 2, 1)},
        {**one, "cpr": BENT, "slut_dato": date(2019, 1, 1)}, {**one, "cpr": "0101051111", "slut_dato": date(2020, 3, 1)},
        {**one, "cpr": ANNE, "dst_kode": "1.4", "maalgruppe": None, "handlekommune": "999"},
    ]  # fmt: skip
    hits: dict[str, tuple[int, int]] = {}
    with world({"fagsystem": rows}) as context:
        validate.run(context)
        shipped = {r.id: r for r in load_rules() if r.view.startswith("vh_") and r.entry["type"] in STOCK}
        with gx._batches(context.engine, sorted({rule.view for rule in shipped.values()})) as batches:
            for view, batch in batches.items():
                told = json.loads((EXPECTATIONS / f"{view}.json").read_text(encoding="utf-8"))
                told["expectations"] = [e for e in told["expectations"] if e["type"] in STOCK]
                for result in batch.validate(ExpectationSuite(**told)).results:
                    rule = shipped[result.expectation_config.meta["regel"]]
                    sql = context.engine.rows(f"SELECT count(*) FROM {view} WHERE {rule.condition}")[0][0]
                    hits[rule.id] = (result.result["unexpected_count"], sql)
    assert set(hits) == set(shipped) >= {"VH01", "VH03", "VH04", "VH05", "VH07", "VH10", "VH12", "VH17"}
    assert {rule: counts for rule, counts in hits.items() if counts[0] != counts[1]} == {}
    assert {"VH01", "VH03", "VH04", "VH05", "VH10", "VH12"} <= {rule for rule, counts in hits.items() if counts[0]}
