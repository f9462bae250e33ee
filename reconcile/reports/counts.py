"""What is counted where a reader meets a count: cases by their own severity, with the persons they are about.

``fund.csv`` stays the evidence. A run that made no cases (one read back from an earlier version) counts its findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from reconcile.i18n import _, both, kr
from reconcile.reports.labels import SEVERITIES, counted, severity_count
from reconcile.results.cases import Case
from reconcile.results.cells import is_cell
from reconcile.results.rows import Finding, RunResult, Severity


def cases(result: RunResult) -> Sequence[Case]:
    """The cases that are made of findings, in the order of ``sager.csv``."""
    table = result.table("sager")
    return [case for case in table.rows if not is_cell(case.sag_id)] if table else []


def open_cells(result: RunResult) -> Sequence[Case]:
    """The cases that are open cells, accepted ones among them."""
    table = result.table("sager")
    return [case for case in table.rows if is_cell(case.sag_id)] if table else []


def severities(result: RunResult) -> Counter[Severity]:
    """How many cases of each severity there are."""
    return Counter(case.alvor for case in cases(result)) or Counter(finding.alvor for finding in result.findings)


def by_rule(result: RunResult) -> Mapping[str, Counter[Severity]]:
    """The same for each rule."""
    made: dict[str, Counter[Severity]] = {}
    rows: Iterable[Case | Finding] = cases(result) or result.findings
    for row in rows:
        made.setdefault(row.regel, Counter())[row.alvor] += 1
    return made


def scope(found: Sequence[Finding], amount: Decimal | None) -> str:
    """``8 borgere, 46 måneder, 212.400,00 kr.``: how many persons, months or weeks, and kr. the findings of a rule are about."""
    persons = len({finding.borger for finding in found if finding.borger})
    parts = [counted(persons, _("{antal} borger"), _("{antal} borgere"))] if persons else []
    if all(finding.periode and "-U" in finding.periode for finding in found):
        parts.append(counted(len(found), _("{antal} uge"), _("{antal} uger")))
    elif all(finding.periode and "-" in finding.periode for finding in found):
        parts.append(counted(len(found), _("{antal} måned"), _("{antal} måneder")))
    elif len(found) != persons:
        parts.append(counted(len(found), *both("{antal} fund")))
    return ", ".join([*parts, *([_("{beloeb} kr.").format(beloeb=kr(amount))] if amount is not None else [])])


def amounts(result: RunResult) -> Mapping[str, Decimal]:
    """Rule → what its cases are about in kr., for the rules about money."""
    made: dict[str, Decimal] = {}
    for case in cases(result):
        if case.beloeb is not None:
            made[case.regel] = made.get(case.regel, Decimal(0)) + case.beloeb
    return made


def enumerated_severities(counts: Mapping[Severity, int]) -> list[str]:
    """``["4 fejl", "5 oplysninger"]``: the severities that there are some of."""
    return [severity_count(grade, counts[grade]) for grade in SEVERITIES if counts.get(grade)]
