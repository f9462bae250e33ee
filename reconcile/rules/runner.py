"""Runs rules: Great Expectations judges and counts, the rule's own query gives the full rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconcile.context import Context
from reconcile.engine.gx import judge
from reconcile.i18n import _
from reconcile.results import Finding, NotRun
from reconcile.rules.catalogue import Rule
from reconcile.rules.findings import findings_of, hits_query


@dataclass(frozen=True)
class RuleRun:
    """The findings of a set of rules, the rules that ran, and those that could not."""

    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]
    ran: tuple[str, ...]


class RuleError(RuntimeError):
    """A rule could not be judged, or two counts of its hits differ: a fault of the tool or of a house rule."""


def run_rules(context: Context, rules: Iterable[Rule]) -> RuleRun:
    """Judge the rules that can run and collect their findings.

    A rule with a ``kolonner`` entry runs for each of its sources that has the columns; a source that lacks one is
    named in ``not_run`` with the column.
    """
    wanted = [r for r in rules if r.condition and (not r.house_rule or r.id in context.regler.husregler)]
    not_run: list[NotRun] = []
    runnable: list[tuple[Rule, str]] = []
    for rule in wanted:
        where, lacking = _where(context, rule)
        not_run.extend(lacking)
        if where:
            runnable.append((rule, context.engine.fill(where)))
    findings = _collect(context, runnable)
    return RuleRun(tuple(findings), tuple(not_run), tuple(rule.id for rule, _where in runnable))


def _collect(context: Context, runnable: Sequence[tuple[Rule, str]]) -> list[Finding]:
    if not runnable:
        return []
    verdicts = judge(context.engine, [(rule.id, rule.view, where) for rule, where in runnable])
    findings: list[Finding] = []
    for rule, where in runnable:
        verdict = verdicts[rule.id]
        if verdict.error is not None:
            raise RuleError(f"{rule.id}: {verdict.error}")
        if verdict.held:
            continue
        query = hits_query(rule, context.engine.columns(rule.view), where)
        found = list(findings_of(rule, context.engine.records(query), context.pseudonym, rule.view))
        if len(found) != verdict.unexpected:
            raise RuleError(f"{rule.id}: GX counted {verdict.unexpected} rows, the query gave {len(found)}")
        findings.extend(found)
    return findings


def _where(context: Context, rule: Rule) -> tuple[str, list[NotRun]]:
    """The condition limited to the sources that have the rule's columns; empty when none has."""
    if not rule.sources:
        missing = lacking(context, rule, "")
        return ("", [NotRun(rule.id, missing[0].split(".")[0], _lacks(missing))]) if missing else (rule.condition, [])
    able: list[str] = []
    not_run: list[NotRun] = []
    for source in (source for source in rule.sources if source in context.present):
        if missing := lacking(context, rule, source):
            not_run.append(NotRun(rule.id, source, _lacks(missing)))
        else:
            able.append(f"'{source}'")
    return (f"({rule.condition}) AND kilde IN ({', '.join(able)})" if able else ""), not_run


def lacking(context: Context, rule: Rule, source: str) -> list[str]:
    """The columns the rule needs that are not there, as ``source.column``.

    A plain name in the rule's ``kolonner`` is a column of the judged source, ``borger.doedsdato`` one of another.
    """
    needed = [column if "." in column else f"{source}.{column}" for column in rule.columns]
    return [column for column in needed if not context.has(*column.split("."))]


def _lacks(columns: Sequence[str]) -> str:
    return _("kolonnen {kolonner} mangler").format(kolonner=", ".join(columns))
