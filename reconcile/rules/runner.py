"""Runs rules: Great Expectations judges and counts, the rule's own query gives the full rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconcile.domain.cpr import mask
from reconcile.engine.gx import Verdict, judge
from reconcile.errors import ReconcileError
from reconcile.i18n import _
from reconcile.results.rows import Finding, NotRun
from reconcile.rules.catalogue import Rule
from reconcile.rules.findings import findings_of, hits_query
from reconcile.world.context import Context


@dataclass(frozen=True)
class RuleRun:
    """The findings of a set of rules, the rules that ran, and those that could not."""

    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]
    ran: tuple[str, ...]


class RuleError(ReconcileError):
    """A rule could not be judged, or two counts of its hits differ: a mistake in a house rule, or a fault of the tool.

    Its text is masked for CPR numbers: an error of the database can quote a value.
    """

    def __init__(self, rule: Rule, reason: str) -> None:
        text = _("Reglen {regel} kunne ikke dømmes: {grund}")
        hint = _(" Ret den i expectations/, eller tag den ud af husregler.") if rule.house_rule else ""
        super().__init__(mask(text.format(regel=rule.id, grund=reason.strip())) + hint)


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
    return [finding for rule, where in runnable for finding in _of_rule(context, rule, where, verdicts[rule.id])]


def _of_rule(context: Context, rule: Rule, where: str, verdict: Verdict) -> list[Finding]:
    """The findings of a judged rule, as many as GX counted."""
    import duckdb

    if verdict.error is not None:
        raise RuleError(rule, verdict.error)
    if verdict.held:
        return []
    try:
        query = hits_query(rule, context.engine.columns(rule.view), where)
        found = list(findings_of(rule, context.engine.records(query), context.pseudonym, rule.view))
    except duckdb.Error as error:
        raise RuleError(rule, str(error)) from None
    if len(found) != verdict.unexpected:
        text = _("Great Expectations talte {antal} rækker, reglens egen forespørgsel {fundet}.")
        raise RuleError(rule, text.format(antal=verdict.unexpected, fundet=len(found)))
    return found


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

    A plain name in the rule's ``kolonner`` is a column of the judged source, ``borger.doedsdato`` one of another;
    ``handlekommune|betalingskommune`` asks for at least one of them.
    """
    needed = [[c if "." in c else f"{source}.{c}" for c in column.split("|")] for column in rule.columns]
    return [" / ".join(column) for column in needed if not any(context.has(*name.split(".")) for name in column)]


def _lacks(columns: Sequence[str]) -> str:
    return _("kolonnen {kolonner} mangler").format(kolonner=", ".join(columns))
