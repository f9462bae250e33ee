"""``ess.json``: the run as an ESS standard validation report.

The structure is version 1.0.0 of «Design of a generic machine-readable validation report structure» (van der Loo and
ten Bosch, ESSnet ValiDat Integration, 2017). One validation per rule and source: ``value`` is "1" when the rule holds
on the source, "0" when it does not, "NA" when it could not be judged. A rule of ours says what is wrong, a rule of the
standard what must hold: hence the ``NOT`` before each condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from reconcile.i18n import both, language
from reconcile.reports import labels
from reconcile.reports.tables import to_json
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import Rule, load_rules

_SEVERITY = {"fejl": "error", "advarsel": "warning", "information": "information"}


def ess_json(result: RunResult, rules: Sequence[Rule] | None = None) -> bytes:
    """The report of a run: every rule that ran or should have.

    ``rules`` are the catalogue the run used, the municipality's own among them; without it, the rules that ship.
    """
    known = {rule.id: rule for rule in (load_rules() if rules is None else rules)}
    hits = Counter((finding.regel, finding.kilde) for finding in result.findings)
    missed = {(item.regel, item.kilde): item.grund for item in result.not_run}
    judged = sorted({*hits, *missed, *_ran(result, known, hits.keys() | missed.keys())})
    return to_json(
        [
            _validation(result, known[rule], name, hits[rule, name], missed.get((rule, name), ""))
            for rule, name in judged
            if rule in known
        ]
    )


def _ran(result: RunResult, rules: dict[str, Rule], said: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Rule and source of what ran. A rule that is not for certain sources is one validation, of what its view is
    about, unless its findings name the sources themselves."""
    present = {info.kilde for info in result.sources}
    named = {rule for rule, _source in said}
    for name in result.rules_run:
        rule = rules.get(name)
        if rule and rule.sources:
            yield from ((name, kilde) for kilde in rule.sources if kilde in present)
        elif rule and name not in named:
            yield name, rule.view


def _validation(result: RunResult, rule: Rule, name: str, hits: int, reason: str) -> dict[str, Any]:
    files = [info.fil for source in result.sources if source.kilde == name for info in source.filer]
    files = files or [info.fil for source in result.sources for info in source.filer]
    found = labels.counted(hits, *both("{antal} fund"))
    return {
        "id": f"{rule.id}-{name}-{result.started:%Y%m%dT%H%M%S}",
        "type": "validation",
        "event": {
            "time": result.started.strftime("%Y%m%dT%H%M%S%z"),
            "actor": f"kommune {result.kommune}",
            "agent": f"reconcile {result.version}",
            "trigger": f"reconcile {result.command}",
        },
        "rule": {
            "language": "SQL (DuckDB)" if rule.condition else f"text/{language()}",
            "expression": f"NOT ({rule.condition})" if rule.condition else rule.text("title"),
            "severity": _SEVERITY[rule.severity],
            "description": f"{rule.id} {rule.text('title')}: {rule.text('why')}",
        },
        "data": {
            "source": files,
            "target": [":".join((result.kommune, name, *result.perioder))],
            "description": f"{labels.source(name)}: {reason or found}",
        },
        "value": "0" if hits else "NA" if reason else "1",
    }
