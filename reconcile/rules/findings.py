"""From the rows of a rule to findings: the query, the sentence, the pseudonym and the stable id."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reconcile.domain.cpr import mask
from reconcile.results.rows import Fact, Finding, Severity
from reconcile.rules.catalogue import PARTS, Rule


def hits_query(rule: Rule, view_columns: Iterable[str], where: str, place: str = "") -> str:
    """The query for the full rows of a rule: parts of the finding, severity, and what its sentence names.

    ``place`` is where the rows are read, when it is not the rule's view itself.
    """
    available = set(view_columns)
    chosen = []
    for part in PARTS:
        default = part if part in available else "cpr" if part == "borger" and "cpr" in available else "NULL"
        chosen.append(f"{rule.finding.get(part, default)} AS p_{part}")
    words = [f"{word} AS w_{word}" for word in placeholders(rule)]
    return f"SELECT {', '.join([*chosen, f'{rule.severity_sql} AS p_alvor', *words])} FROM {place or rule.view} WHERE {where}"


def placeholders(rule: Rule) -> tuple[str, ...]:
    """The names in braces in the rule's sentences, each once, sorted."""
    texts = (*rule.sentence.values(), *rule.as_information.values())
    return tuple(sorted({name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}))


def findings_of(
    rule: Rule, rows: Iterable[Mapping[str, Any]], pseudonym: Callable[[str], str], default_source: str
) -> Iterator[Finding]:
    """A finding for each row of the rule's query.

    Findings of one identity get ids that differ by their number in the group. The group is ordered by their values (not
    their words: an id is the same in every language), and by file and row only where those are the same: an id never
    changes what it is about when rows move.
    """
    words = placeholders(rule)
    found = []
    for row in rows:
        person = pseudonym(row["p_borger"]) if row["p_borger"] else None
        severity = Severity(row["p_alvor"])
        made = make_finding(
            rule=rule.id,
            severity=severity,
            source=row["p_kilde"] or default_source,
            person=person,
            code=row["p_dst_kode"],
            ydelse=row["p_ydelse"],
            period=row["p_periode"],
            value=row["p_vaerdi"],
            expected=row["p_forventet"],
            sentence=(severity is Severity.INFORMATION and rule.as_information) or rule.sentence,
            facts={word: row[f"w_{word}"] for word in words},
            key=str(row["p_noegle"] or ""),
            file=row["p_fil"],
            row=row["p_raekke"],
        )
        found.append(made)
    alike: dict[str, list[Finding]] = {}
    for finding in found:
        alike.setdefault(finding.fund_id, []).append(finding)
    for name, group in sorted(alike.items()):
        first, *others = sorted(group, key=_content_order) if len(group) > 1 else group
        yield first
        for count, finding in enumerate(others, start=2):
            yield replace(finding, fund_id=f"{name}-{count}")


def make_finding(
    *,
    rule: str,
    severity: Severity,
    source: str,
    sentence: Mapping[str, str],
    facts: Mapping[str, Any],
    person: str | None = None,
    code: str | None = None,
    ydelse: str | None = None,
    period: str | None = None,
    value: Decimal | int | date | str | None = None,
    expected: Decimal | int | date | str | None = None,
    key: str = "",
    file: str | None = None,
    row: int | None = None,
) -> Finding:
    """The only way a finding is made: masks every text and gives the id.

    The id rests on rule, source, pseudonym, code, ydelse, period and ``key``, not on the size of the finding nor on
    where it was read: the same finding keeps its id from run to run. The parts are masked before they are hashed, since
    a hash without a key of something that holds a CPR number could be reversed.
    """
    code, ydelse = _masked(code), _masked(ydelse)
    identity = "\x1f".join([rule, source, person or "", code or "", ydelse or "", period or "", mask(key)])
    return Finding(
        fund_id=f"{rule}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}",
        regel=rule,
        alvor=severity,
        kilde=source,
        borger=person,
        dst_kode=code,
        ydelse=ydelse,
        periode=period,
        vaerdi=_masked(value) if isinstance(value, str) else value,
        forventet=_masked(expected) if isinstance(expected, str) else expected,
        fil=_masked(file),
        raekke=row,
        facts={name: _fact(fact) for name, fact in facts.items()},
        sentence=sentence,
    )


def _fact(value: Any) -> Fact:
    """A value of the database as a fact; a kind that facts do not have is text."""
    return value if value is None or isinstance(value, Decimal | int | date) else mask(str(value))


def _masked(text: str | None) -> str | None:
    return None if text is None else mask(text)


def _content_order(finding: Finding) -> tuple[Sequence[str], str, int]:
    facts = [str(finding.facts[name]) for name in sorted(finding.facts)]
    values = [*facts, str(finding.vaerdi), str(finding.forventet), finding.alvor]
    return values, finding.fil or "", finding.raekke or 0
