"""The SQL of views and rules says the same on another engine: translated without Java, and refused where it would not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconcile.engine.translate import macros, refusals
from reconcile.resources import SQL
from reconcile.rules.catalogue import load_rules

VIEWS = sorted(SQL.glob("*/*.sql"))


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_is_portable(path: Path) -> None:
    assert refusals(path.read_text(encoding="utf-8")) == []


def test_conditions_and_findings_of_rules_are_portable() -> None:
    pieces = {}
    for rule in load_rules():
        if rule.condition:
            pieces[rule.id, "condition"] = f"SELECT * FROM {rule.view} WHERE {rule.condition}"
        texts = {"severity": rule.severity_sql, **rule.finding, **rule.case}
        pieces |= {(rule.id, name): f"SELECT {text} FROM {rule.view}" for name, text in texts.items() if text}
    assert len(pieces) > 100
    assert {where: found for where, sql in pieces.items() if (found := refusals(sql))} == {}


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY a) FROM t", "percentile"),
        ("SELECT quantile_cont(a, 0.5) FROM t", "percentile"),
        ("SELECT median(a) FROM t", "percentile"),
        ("SELECT list(a ORDER BY b) FROM t", "list"),
        ("SELECT unnest(a) FROM t", "list"),
        ("SELECT [a, b] FROM t", "list"),
        ("SELECT * FROM range(10)", "list"),
        ("SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN c PRECEDING AND CURRENT ROW) FROM t", "frame bound"),
        ("SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN to_weeks(c) PRECEDING AND CURRENT ROW) FROM t", "frame bound"),
        ("SELECT date_diff('week', a, b) FROM t", "date_diff"),
        ("SELECT date_diff('month', a, b) FROM t", "date_diff"),
        ("SELECT hash(a) FROM t", "function hash"),
        ("SELECT md5(a) FROM t", "hash"),
        ("SELECT findes_ikke(a) FROM t", "function findes_ikke"),
        (
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM p WHERE p.a = n.a) THEN 1 END FROM (SELECT a FROM t UNION SELECT a FROM u) n",
            "EXISTS",
        ),
        ("SELECT a FROM", "no translation"),
    ],
)
def test_what_changes_its_meaning_is_refused(sql: str, word: str) -> None:
    assert any(word in reason for reason in refusals(sql)), refusals(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT date_diff('day', a, b) // 7, cpr_klasse(c) FROM t WHERE a > $kommune",
        "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), CAST(a AS HUGEINT) FROM t",
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM p WHERE p.a = t.a) THEN 1 END FROM t",
        "SELECT EXISTS (SELECT 1 FROM p WHERE p.a = n.a) FROM (SELECT a FROM t UNION SELECT a FROM u) n",
    ],
)
def test_what_means_the_same_is_not(sql: str) -> None:
    assert refusals(sql) == []


def test_the_engines_own_functions_are_those_of_the_file() -> None:
    assert {"cpr_klasse", "iso_uge"} <= macros().keys()
