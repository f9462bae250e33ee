"""Reads the suites in ``expectations/``: one file per table or view, one entry per rule.

An entry says everything that is said about the rule::

    {
      "type": "expect_no_rows_where",
      "kwargs": {"condition": "sidste_dag < foerste_dag"},
      "severity": "critical",
      "meta": {
        "regel": "VH03", "alvor": "fejl",
        "titel": {"da": "Slut før start", "en": "…"},
        "saetning": {"da": "Ydelsen slutter {slut_dato}, før den starter {start_dato}.", "en": "…"},
        "hvorfor": {"da": "…", "en": "…"},
        "goer": {"da": "…", "en": "…"},
        "hvem": "fagsystem",
        "kilde": "where the definition comes from",
        "kolonner": ["fagsystem.slut_dato"],
        "fund": {"vaerdi": "slut_dato", "forventet": "start_dato"}
      }
    }

``saetning`` may name any column of the view in braces. ``fund`` maps the columns of a finding to SQL over the view; the
suite's own ``meta.fund`` gives the defaults. ``kolonner`` are the source columns the rule needs. ``alvor_sql`` replaces
``alvor`` row by row. ``husregel: true`` makes the rule run only when the configuration switches it on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reconcile.errors import InputError
from reconcile.i18n import _, language
from reconcile.resources import EXPECTATIONS
from reconcile.results import Severity

_GX_SEVERITY = {"critical": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFORMATION}
_KNOWN = frozenset(
    "regel alvor alvor_sql titel saetning hvorfor goer hvem kilde kolonner fund husregel kilder gruppe".split()
)


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue.

    ``condition`` is SQL that is true for a hit; it is empty for a rule that a control judges itself (the record
    diff FL01–FL04 and the ledger reconciliation YR20), which stands here so that it is listed and explained alike.
    """

    id: str
    view: str
    condition: str
    severity: Severity
    severity_sql: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    why: Mapping[str, str]
    remedy: Mapping[str, str]
    who: str
    source: str
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    finding: Mapping[str, str]
    house_rule: bool
    entry: Mapping[str, Any]

    def text(self, part: str) -> str:
        """``title``, ``sentence``, ``why`` or ``remedy`` in the chosen language."""
        texts: Mapping[str, str] = getattr(self, part)
        return texts.get(language()) or texts["da"]


def _rule(entry: Mapping[str, Any], suite: Mapping[str, Any], path: Path) -> Rule:
    meta = entry["meta"]
    unknown = sorted(set(meta) - _KNOWN)
    if unknown:
        raise ValueError(_("ukendt felt {felt}").format(felt=", ".join(unknown)))
    severity = Severity(meta["alvor"])
    if _GX_SEVERITY[entry["severity"]] is not severity:
        raise ValueError(_("«severity» og «alvor» siger ikke det samme"))
    return Rule(
        id=meta["regel"],
        view=suite["meta"].get("view", path.stem),
        condition=entry.get("kwargs", {}).get("condition", ""),
        severity=severity,
        severity_sql=meta.get("alvor_sql", f"'{severity}'"),
        title=meta["titel"],
        sentence=meta["saetning"],
        why=meta["hvorfor"],
        remedy=meta["goer"],
        who=meta["hvem"],
        source=meta["kilde"],
        columns=tuple(meta.get("kolonner", ())),
        sources=tuple(meta.get("kilder", suite["meta"].get("kilder", ()))),
        finding={**suite["meta"].get("fund", {}), **meta.get("fund", {})},
        house_rule=bool(meta.get("husregel", False)),
        entry=entry,
    )


def read_suite(path: Path) -> tuple[Rule, ...]:
    """The rules of one suite file; a mistake in it is an InputError that names file, rule and what is wrong."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(_("{fil} kan ikke læses som JSON: {grund}").format(fil=path.name, grund=error)) from None
    rules = []
    for number, entry in enumerate(suite.get("expectations", ()), start=1):
        try:
            rules.append(_rule(entry, suite, path))
        except (KeyError, ValueError, TypeError) as error:
            name = entry.get("meta", {}).get("regel", f"nr. {number}")
            raise InputError(
                _("{fil}: reglen {regel} kan ikke bruges: {grund}").format(fil=path.name, regel=name, grund=error)
            ) from None
    return tuple(rules)


@cache
def load_rules(own_folder: Path | None = None) -> tuple[Rule, ...]:
    """Every rule that ships, and those in the municipality's own folder, sorted by id; two of one id are an error."""
    folders = [EXPECTATIONS, *([own_folder] if own_folder else [])]
    rules = [rule for folder in folders for path in sorted(folder.glob("*.json")) for rule in read_suite(path)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise InputError(_("Reglen {regel} findes to gange i expectations/.").format(regel=rule.id))
        seen.add(rule.id)
    return tuple(sorted(rules, key=lambda rule: rule.id))


def rules_hash(rules: Iterable[Rule]) -> str:
    """SHA-256 over the rules' entries, for the manifest."""
    text = json.dumps([[rule.view, rule.entry] for rule in rules], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
