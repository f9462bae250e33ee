"""``ess.json``: the run as an ESS standard validation report (Eurostat, «Generic definition of validation reports»).

One result per rule and source: ``value`` 1 holds, 0 does not, NA could not be judged.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from reconcile.reports.tables import to_json
from reconcile.results import RunResult
from reconcile.rules.catalogue import Rule, load_rules

_SEVERITY = {"fejl": "error", "advarsel": "warning", "information": "information"}


def ess_json(result: RunResult) -> bytes:
    """The report: ``id``, ``event``, ``rule``, ``data`` and ``value`` for every rule that was to run."""
    rules = {rule.id: rule for rule in load_rules()}
    hits = Counter(finding.regel for finding in result.findings)
    lacking = {item.regel: item for item in result.not_run}
    names = sorted({*result.rules_run, *hits, *lacking} & set(rules))
    return to_json([_entry(result, rules[name], hits[name], name in result.rules_run or bool(hits[name])) for name in names])


def _entry(result: RunResult, rule: Rule, hits: int, ran: bool) -> dict[str, Any]:
    value = "NA" if not ran else "0" if hits else "1"
    return {
        "id": f"{rule.id}-{result.started:%Y%m%dT%H%M%S}",
        "event": {
            "time": result.started.strftime("%Y%m%dT%H%M%S%z"),
            "actor": "reconcile",
            "agent": f"reconcile {result.version}",
            "trigger": result.command,
        },
        "rule": {
            "language": "SQL",
            "expression": rule.condition or rule.text("title"),
            "severity": _SEVERITY[rule.severity],
            "description": rule.text("why"),
        },
        "data": {
            "source": [f"{source.kilde}/{info.fil}" for source in result.sources for info in source.filer],
            "target": f"{result.kommune}/{rule.view}",
            "description": f"{hits} {rule.text('title')}",
        },
        "value": value,
    }
