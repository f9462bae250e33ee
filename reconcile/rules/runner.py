"""Runs rules: Great Expectations judges and counts, the rule's own query gives the full rows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reconcile.domain.cpr import mask
from reconcile.engine.base import Engine, Kind, Mistake
from reconcile.engine.gx import Verdict
from reconcile.engine.judging import judge
from reconcile.errors import InputError, ReconcileError
from reconcile.files import out_of_room
from reconcile.i18n import Count, _
from reconcile.results.rows import Finding, NotRun
from reconcile.rules.catalogue import Rule
from reconcile.rules.checks import check_sql, mistake_text, refusal
from reconcile.rules.findings import findings_of, hits_query
from reconcile.world.context import Context


@dataclass(frozen=True)
class RuleRun:
    """The findings of a set of rules, the rules that ran, those that could not, and on how many rows each that ran was tried."""

    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]
    ran: tuple[str, ...]
    tried: Mapping[str, int]


class RuleError(ReconcileError):
    """A shipped rule could not be judged, or two counts of the hits of a rule differ: a fault of the tool.

    Its text is masked for CPR numbers: an error of the database can quote a value.
    """

    def __init__(self, rule: Rule, reason: str) -> None:
        text = _("Reglen {regel} kunne ikke dømmes: {grund}")
        super().__init__(mask(text.format(regel=rule.id, grund=reason.strip())))


def run_rules(context: Context, rules: Iterable[Rule]) -> RuleRun:
    """Judge the rules that can run and collect their findings.

    A rule with a ``kolonner`` entry runs for each of its sources that has the columns; a source that lacks one is
    named in ``not_run`` with the column.

    Raises:
        InputError: the SQL of a house rule is wrong; names every mistake of every rule.
        RuleError: a shipped rule could not be judged.
    """
    wanted = [rule for rule in rules if rule.condition and switched_on(context, rule)]
    check_sql(context.engine, wanted)
    not_run: list[NotRun] = []
    runnable: list[tuple[Rule, str]] = []
    for rule in wanted:
        where, lacking = _where(context, rule)
        not_run.extend(lacking)
        if where:
            runnable.append((rule, context.engine.fill(where)))
    findings = _collect(context, runnable)
    ran = tuple(rule.id for rule, _where in runnable)
    return RuleRun(tuple(findings), tuple(not_run), ran, tried_on(context, [rule for rule, _where in runnable]))


def tried_on(context: Context, rules: Sequence[Rule]) -> dict[str, int]:
    """Rule → how many rows it is tried on, of the sources that it could judge. Each view is counted once."""
    made = context.engine.names()
    counts = {view: _rows_by_source(context, view) for view in {rule.rows for rule in rules} & made}
    return {
        rule.id: sum(rows for source, rows in counts[rule.rows].items() if not rule.sources or source in able)
        for rule in rules
        if rule.rows in counts
        for able in [_able(context, rule)]
    }


def _rows_by_source(context: Context, view: str) -> dict[str, int]:
    source = "kilde" if "kilde" in context.engine.columns(view) else "''"
    return dict(context.engine.rows(f"SELECT {source}, count(*) FROM {view} GROUP BY 1"))


def _able(context: Context, rule: Rule) -> list[str]:
    """The sources of the run that have what a rule of certain sources needs."""
    return [source for source in rule.sources if source in context.present and not lacking(context, rule, source)]


def switched_on(context: Context, rule: Rule) -> bool:
    """A shipped rule always is, a house rule when ``[regler] husregler`` names it."""
    return not rule.house_rule or rule.id in context.regler.husregler


def not_looked_at(
    context: Context, rules: Iterable[Rule], seen: Container[str], asked: Container[str]
) -> Iterator[NotRun]:
    """The rules that are switched on and that no control ran nor named as not run (``seen``), with the reason.

    Of the shipped rules those of the groups ``asked``, the controls of the command; of the house rules all that are named.
    """
    for rule in rules:
        if rule.id in seen or not switched_on(context, rule):
            continue
        needed = rule.sources or tuple(dict.fromkeys(c.split(".")[0] for c in rule.columns if "." in c))
        if absent := ", ".join(source for source in needed if source not in context.present):
            if rule.house_rule or rule.group in asked:
                yield NotRun(rule.id, absent, _("kilden {kilde} er ikke med").format(kilde=absent))
        elif rule.house_rule:
            yield NotRun(rule.id, rule.view, _("visningen {visning} er ikke med").format(visning=rule.view))
        elif rule.group in asked:
            yield NotRun(rule.id, rule.group, _("kontrollen {kontrol} er ikke kørt").format(kontrol=rule.group))


def _collect(context: Context, runnable: Sequence[tuple[Rule, str]]) -> list[Finding]:
    if not runnable:
        return []
    with _hit_rows(context.engine, runnable) as places:
        judged = [(rule.id, places.get(rule.view, rule.view), where) for rule, where in runnable]
        verdicts = judge(context.engine, judged)
        return [
            finding
            for (rule, where), (_id, place, _where) in zip(runnable, judged, strict=True)
            for finding in _of_rule(context, rule, where, verdicts[rule.id], place)
        ]


@contextmanager
def _hit_rows(engine: Engine, runnable: Sequence[tuple[Rule, str]]) -> Iterator[dict[str, str]]:
    """View → a table of its rows that any of its rules hits, for the views that more than two rules read.

    A rule is counted twice by Great Expectations and read once for its findings; of a view over tens of millions of rows
    one reading is enough for all of its rules. Where a condition cannot be worked out the rules read the view, one by one.
    """
    conditions: dict[str, list[str]] = {}
    for rule, where in runnable:
        conditions.setdefault(rule.view, []).append(f"({where})")
    views = engine.names(views_only=True)
    places: dict[str, str] = {}
    for view in sorted(views & {view for view, wheres in conditions.items() if len(wheres) > 2}):
        try:
            engine.run(
                f"CREATE OR REPLACE TABLE ramt_{view} AS SELECT * FROM {view} WHERE {' OR '.join(conditions[view])}"
            )
        except engine.errors as error:
            if out_of_room(error):
                raise
            continue
        places[view] = f"ramt_{view}"
    try:
        yield places
    finally:
        for place in places.values():
            engine.run(f"DROP TABLE {place}")


def _of_rule(context: Context, rule: Rule, where: str, verdict: Verdict, place: str) -> list[Finding]:
    """The findings of a judged rule, as many as GX counted; ``place`` is where its rows are read."""
    if verdict.held and verdict.error is None:
        return []
    columns = context.engine.columns(rule.view)
    query = hits_query(rule, columns, where)
    if verdict.error is not None:
        raise _failed(context, rule, query, verdict.error)
    try:
        query = hits_query(rule, columns, where, place)
        found = list(findings_of(rule, context.engine.records(query), context.pseudonym, rule.view))
    except context.engine.errors as error:
        raise _failed(context, rule, query, str(error)) from None
    if len(found) != verdict.unexpected:
        text = _("Great Expectations talte {antal:række|rækker}, reglens egen forespørgsel {fundet}.")
        raise RuleError(rule, text.format(antal=Count(verdict.unexpected), fundet=len(found)))
    return found


def _failed(context: Context, rule: Rule, query: str, reason: str) -> ReconcileError:
    """What a house rule's data showed to be wrong in it, in words; of a shipped rule, what the engine said."""
    if not rule.house_rule:
        return RuleError(rule, reason)
    found = context.engine.mistake_in(query, run=True) or Mistake(Kind.OTHER)
    return InputError(refusal(rule, mistake_text(found, "condition", rule.view, context.engine.columns(rule.view))))


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
