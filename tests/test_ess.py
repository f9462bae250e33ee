"""``ess.json`` is an ESS standard validation report: its structure, and that it says what the run found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from support import report_example

from reconcile.reports.ess import ess_json
from reconcile.results.rows import NotRun, RunResult

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": sorted(required),
        "additionalProperties": False,
    }


#: The object model of «Design of a generic machine-readable validation report structure» 1.0.0, written strictly: what
#: the standard leaves optional may be absent, anything it does not know is refused.
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": _object(
        {
            "id": _TEXT,
            "type": {"const": "validation"},
            "event": _object(
                {"time": {"type": "string", "pattern": r"^\d{8}T\d{6}([+-]\d{4})?$"}, "actor": _TEXT},
                {"agent": _TEXT, "trigger": _TEXT},
            ),
            "rule": _object(
                {"language": _TEXT, "expression": _TEXT, "severity": {"enum": ["information", "warning", "error"]}},
                {"description": _TEXT, "change": {"enum": ["up", "down"]}},
            ),
            "data": _object({"source": _TEXTS, "target": {**_TEXTS, "minItems": 1}}, {"description": _TEXT}),
            "value": {"enum": ["0", "1", "NA"]},
        },
        {},
    ),
}


def report(result: RunResult, **changes: Any) -> list[dict[str, Any]]:
    made = json.loads(ess_json(replace(result, **changes), report_example.rules()))
    jsonschema.validate(made, SCHEMA, cls=jsonschema.Draft202012Validator)
    return list(made)


def values(made: list[dict[str, Any]]) -> dict[str, str]:
    """Rule and source → value."""
    return {entry["id"].rpartition("-")[0]: entry["value"] for entry in made}


def test_the_report_of_a_run_has_the_published_structure() -> None:
    made = report(report_example.example())
    assert len(made) > 5
    assert len({entry["id"] for entry in made}) == len(made)
    for entry in made:
        assert set(entry["event"]) == {"time", "actor", "agent", "trigger"}
        assert {"language", "expression", "severity", "description"} <= set(entry["rule"])
        assert set(entry["data"]) == {"source", "target", "description"}


def test_a_run_of_nothing_is_an_empty_report() -> None:
    assert report(report_example.empty()) == []


def test_the_schema_can_refuse() -> None:
    made = report(report_example.example())
    for wrong in ({"value": "2"}, {"type": "x"}, {"data": {"source": "fil", "target": []}}, {"event": {"time": "nu"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{**made[0], **wrong}], SCHEMA, cls=jsonschema.Draft202012Validator)


def test_each_rule_and_source_has_one_value() -> None:
    rules = [replace(r, sources=("fagsystem", "flis")) for r in report_example.rules() if r.id in ("VH03", "VH05")]
    findings = tuple(f for f in report_example.findings() if f.regel == "VH03")
    sources = tuple(replace(s, kilde=k) for s, k in zip(report_example.sources(), ("fagsystem", "flis"), strict=False))
    result = report_example.example(
        findings=findings,
        sources=sources,
        rules_run=("VH03", "VH05"),
        not_run=(NotRun("VH05", "flis", "kolonnen slut_dato mangler"),),
    )
    made = json.loads(ess_json(result, rules))
    assert values(made) == {"VH03-fagsystem": "0", "VH03-flis": "1", "VH05-fagsystem": "1", "VH05-flis": "NA"}
    told = {entry["id"].rpartition("-")[0]: entry["data"]["description"] for entry in made}
    assert "kolonnen slut_dato mangler" in told["VH05-flis"]
    assert f"{len(findings)} fund" in told["VH03-fagsystem"]


def test_the_expression_is_what_must_hold() -> None:
    rule = replace(report_example.rules()[0], condition="slut < start")
    result = report_example.example(findings=(), not_run=(), rules_run=(rule.id,))
    (entry,) = json.loads(ess_json(result, [rule]))
    assert (entry["rule"]["expression"], entry["value"]) == ("NOT (slut < start)", "1")


def test_severities_are_those_of_the_standard() -> None:
    grades = {entry["id"].partition("-")[0]: entry["rule"]["severity"] for entry in report(report_example.example())}
    assert (grades["VH03"], grades["VH05"], grades["VH07"]) == ("error", "warning", "information")


def test_a_house_rule_of_the_municipality_is_in_the_report() -> None:
    own = replace(report_example.rules()[0], id="HR01")
    result = report_example.example(findings=(), not_run=(), rules_run=("HR01",))
    assert [entry["id"].partition("-")[0] for entry in json.loads(ess_json(result, [own]))] == ["HR01"]
