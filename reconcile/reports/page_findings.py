"""What to do and by whom, and the tables that are shown as they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from typing import Any

from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter
from reconcile.i18n import _, both, value_text
from reconcile.reports import counts, labels
from reconcile.reports.labels import SEVERITIES, Label, counted
from reconcile.results.columns import column_of
from reconcile.results.declared import declared
from reconcile.results.rows import Finding, ResultTable, RunResult, Severity
from reconcile.rules.catalogue import Rule

EXAMPLES = 5
TABLE_ROWS = 12
#: With two decimals, what is less than this is 0,00.
_SMALLEST = Decimal("0.005")
#: Tables in time order are shown from their newest end.
_TIMES = frozenset({"uge", "maaned", "periode", "koerselsperiode"})


@dataclass(frozen=True)
class RuleHits:
    """The hits of one rule: what it is called, what to do, how many, and a few of them.

    ``cases`` is how many things there are to do, ``counts`` the same by severity, ``scope`` the persons, months and kr. they
    are about, ``tried`` the rows it was tried on; ``count`` is how many findings there are, of which ``examples`` are the
    gravest.
    """

    id: str
    title: str
    why: str
    remedy: str
    label: Label
    cases: int
    counts: str
    scope: str
    tried: str
    count: int
    examples: tuple[Finding, ...]


@dataclass(frozen=True)
class Person:
    """Someone who has something to do, and the rules that say so."""

    name: str
    cases: int
    rules: tuple[RuleHits, ...]


@dataclass(frozen=True)
class PlainTable:
    """A table shown as it is: headings, which of them hold numbers, and the first rows."""

    id: str
    name: str
    title: str
    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int


@dataclass(frozen=True)
class RuleLine:
    """A rule in the table of rules that ran: on how many ``rows`` (None: not counted), and how many of them it ``found``."""

    id: str
    title: str
    source: str
    label: Label | None
    rows: int | None
    found: int


def hits(result: RunResult, rules: Mapping[str, Rule]) -> tuple[RuleHits, ...]:
    """The rules that were hit: the gravest first, then those with most cases."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        groups[finding.regel].append(finding)
    cases, amounts = counts.by_rule(result), counts.amounts(result)
    made = [
        replace(
            _hits(name, group, cases[name], amounts.get(name), rules.get(name)), tried=tried(result, name, len(group))
        )
        for name, group in groups.items()
    ]
    return tuple(sorted(made, key=lambda hit: (_grave(hit.examples), -hit.cases, hit.id)))


def by_person(all_hits: Sequence[RuleHits], rules: Mapping[str, Rule]) -> tuple[Person, ...]:
    """The same hits by who acts, in the order in which each first appears."""
    people: dict[str, list[RuleHits]] = {}
    for hit in all_hits:
        rule = rules.get(hit.id)
        people.setdefault(labels.word(rule.who) if rule and rule.who else _("Ikke fordelt"), []).append(hit)
    return tuple(
        Person(name[:1].upper() + name[1:], sum(hit.cases for hit in group), tuple(group))
        for name, group in people.items()
    )


def _grave(group: Iterable[Finding]) -> int:
    return min(SEVERITIES.index(finding.alvor) for finding in group)


def _hits(
    name: str,
    group: list[Finding],
    cases: Mapping[Severity, int],
    amount: Decimal | None,
    rule: Rule | None,
) -> RuleHits:
    examples = nsmallest(EXAMPLES, group, key=Finding.importance)
    return RuleHits(
        id=name,
        title=rule.text("title") if rule else name,
        why=rule.text("why") if rule else "",
        remedy=rule.text("remedy") if rule else "",
        label=labels.severity(SEVERITIES[_grave(group)]),
        cases=sum(cases.values()),
        counts=", ".join(counts.enumerated_severities(cases)),
        scope=counts.scope(group, amount),
        tried="",
        count=len(group),
        examples=tuple(examples),
    )


def rule_lines(result: RunResult, rules: Mapping[str, Rule]) -> tuple[RuleLine, ...]:
    """The rules that ran, with their hits; also those that were hit without being named as run."""
    counts = Counter(finding.regel for finding in result.findings)
    lines = []
    for name in sorted({*result.rules_run, *counts}):
        rule = rules.get(name)
        title, source = (rule.text("title"), rule.source) if rule else ("", "")
        label = labels.severity(rule.severity) if rule else None
        lines.append(RuleLine(name, title, source, label, result.tried.get(name), counts[name]))
    return tuple(lines)


def tried(result: RunResult, rule: str, found: int) -> str:
    """``prøvet 1.738 rækker, 4 fund``: on how many rows a rule was tried, where that is known, and how many findings it gave."""
    hit = counted(found, *both("{antal} fund")) if found else _("ingen fund")
    if (rows := result.tried.get(rule)) is None:
        return hit
    return counted(rows, _("prøvet {antal} række, {fund}"), _("prøvet {antal} rækker, {fund}"), fund=hit)


def other_tables(result: RunResult) -> tuple[PlainTable, ...]:
    """Every table that has no place of its own on the page."""
    return tuple(plain(table) for table in result.tables if table.rows and not declared(table.name).own_place)


def plain(table: ResultTable, limit: int = TABLE_ROWS) -> PlainTable:
    """A table's first rows as text; a table in time order from its newest end."""
    columns = table.columns
    rows = table.rows
    chosen = rows[-limit:][::-1] if columns and columns[0] in _TIMES else rows[:limit]
    values = [[getattr(row, column) for column in columns] for row in chosen]
    numeric = tuple(any(isinstance(row[i], int | Decimal) for row in values) for i in range(len(columns)))
    return PlainTable(
        id=f"tabel-{table.name.replace('_', '-')}",
        name=table.name,
        title=labels.table(table.name),
        headings=tuple(labels.column(column) for column in columns),
        numeric=numeric,
        rows=tuple(
            tuple(cell(_measured(columns[i], value), number=numeric[i]) for i, value in enumerate(row))
            for row in values
        ),
        count=len(table.rows),
    )


def _measured(column: str, value: Any) -> Any:
    """A value in words; one with more decimals (fuldtid) has two, unless it is a share or two would make nothing of it."""
    if isinstance(value, Decimal) and column_of(column).kind != "share" and abs(value) >= _SMALLEST:
        return rounded(value, 2)
    return labels.value_label(column, value)


def cell(value: Any, *, number: bool) -> str:
    """A value of any table as a person reads it; zero is a quiet dash in a column of numbers."""
    if number and isinstance(value, int | Decimal) and not isinstance(value, bool) and not value:
        return "–"
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(value_text(part) for part in value)
    return value_text(value)


def age(newest: date | None, today: date, judged: Sequence[str] = ()) -> str:
    """How fresh a source is: how far it reaches into the quarters that were judged, or, where none were, how old it is on the
    day of the run. A source of an old quarter is not old."""
    if newest is None:
        return ""
    if newest > today:
        return _("frem i tiden")
    quarters = [quarter for period in judged if (quarter := Quarter.parse(period))]
    if not quarters:
        days = (today - newest).days
        return _("i dag") if not days else counted(days, _("{antal} dag gammel"), _("{antal} dage gammel"))
    days = (min(today, max(quarter.last for quarter in quarters)) - newest).days
    if days <= 0:
        return _("når hele perioden")
    return counted(days, _("{antal} dag før periodens slutning"), _("{antal} dage før periodens slutning"))
