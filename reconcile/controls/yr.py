"""Ydelsesrefusion: the rules YR01–YR20, ``yr_uge``, the measures, the staircase and the weeks around each finding.

The views of ``sql/yr/`` do the work; the rules are one condition each over one of them. ``--period`` limits what is
judged and shown, never what is read: a finding belongs to a chosen quarter when its ISO week has a day in it, a figure
when its month (of ``uge`` as written) lies in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from reconcile.controls import yr_passes
from reconcile.controls.settling import yr_settling
from reconcile.controls.yr_careers import careers
from reconcile.controls.yr_compare import side_by_side
from reconcile.controls.yr_ledger import reconcile_ledger
from reconcile.controls.yr_loss import losses, others
from reconcile.controls.yr_measures import measures
from reconcile.controls.yr_printed import printed_tables
from reconcile.controls.yr_split import split
from reconcile.domain.periods import Quarter, parse_week
from reconcile.i18n import Count, _
from reconcile.results.rows import Finding, PartResult, ResultTable, YrWeek, safe_text
from reconcile.rules.catalogue import Rule, rules_of
from reconcile.rules.runner import RuleRun, run_rules
from reconcile.world.context import Context

#: The two halves of the rules on percentages and amounts; a source with only one of them is judged on that one. YR09
#: needs the percentage alone.
_HALVES = (("refusionssats", "refusion"), ("medfinansieringssats", "medfinansiering"))


def run(context: Context) -> PartResult:
    """The findings, and tables ``yr_uge``, ``yr_maal``, ``yr_trappe``, ``yr_forloeb`` and, with a ledger, ``yr_regnskab``."""
    if not context.has("yr"):
        return PartResult()
    rules = rules_of("yr", context.own_rules)
    context.need(create_views)
    judged = judge(context, rules)
    ledger = reconcile_ledger(context, next(rule for rule in rules if rule.id == "YR20"))
    around = careers(context, judged.findings)
    weeks = judge(context, rules_of("yr_forloeb", context.own_rules))
    cost, foreign, settled = losses(context, judged.findings), others(context), yr_settling(context)
    printed, by_factor = printed_tables(context), split(context)
    more = (
        *by_factor.tables,
        *printed.tables,
        *cost.tables,
        *foreign.tables,
        *side_by_side(context).tables,
        *settled.tables,
        *around.tables,
        *ledger.tables,
    )
    return PartResult(
        tables=(_weeks(context), *measures(context), *more),
        findings=(*judged.findings, *weeks.findings, *ledger.findings),
        not_run=(*judged.not_run, *weeks.not_run, *ledger.not_run, *by_factor.not_run),
        caveats=(
            *_caveats(context),
            *around.caveats,
            *ledger.caveats,
            *foreign.caveats,
            *cost.caveats,
            *settled.caveats,
            *printed.caveats,
        ),
        rules_run=(*judged.ran, *weeks.ran, *ledger.rules_run),
        tried={**judged.tried, **weeks.tried, **ledger.tried},
    )


def create_views(context: Context) -> None:
    """Create the views of ``sql/yr/``; whether the source has a koerselsperiode decides which row is the latest."""
    context.engine.set_parameters({"yr_har_koersel": context.has("yr", "koerselsperiode")})
    yr_passes.create_views(context)


def judge(context: Context, rules: Iterable[Rule]) -> RuleRun:
    """Run the rules over the views; the findings are those of the chosen quarters."""
    ran = run_rules(context, [_halved(context, rule) for rule in rules])
    return replace(ran, findings=tuple(f for f in ran.findings if _in_quarters(f, context.chosen)))


def _halved(context: Context, rule: Rule) -> Rule:
    """The rule without the columns of the half (refusion or medfinansiering) that the source does not have."""
    halves = [tuple(f"yr.{name}" for name in half) for half in _HALVES]
    if not set(sum(halves, ())) <= set(rule.columns):
        return rule
    lacking = [half for half, names in zip(halves, _HALVES, strict=True) if not context.has("yr", *names)]
    if len(lacking) != 1:
        return rule
    return replace(rule, columns=tuple(column for column in rule.columns if column not in lacking[0]))


def _in_quarters(finding: Finding, quarters: Sequence[Quarter]) -> bool:
    """Whether the finding's ISO week, Monday to Sunday, has a day in a chosen quarter."""
    monday = parse_week(finding.periode or "")
    if not quarters or monday is None:
        return True
    return bool({Quarter.of(monday), Quarter.of(monday + timedelta(days=6))} & set(quarters))


def _weeks(context: Context) -> ResultTable:
    where = " OR ".join(f"uge BETWEEN DATE '{q.first}' AND DATE '{q.last}'" for q in context.chosen) or "true"
    records = context.engine.records(f"SELECT * FROM yr_uge WHERE {where} ORDER BY uge, ydelse, kommune")
    rows = (YrWeek(**{**record, "ydelse": safe_text(record["ydelse"])}) for record in records)
    return ResultTable("yr_uge", YrWeek, tuple(rows))


def _caveats(context: Context) -> Iterator[str]:
    misses = context.engine.rows(
        "SELECT count(*) FROM yr_cpr WHERE klasse = 'gyldigt' AND NOT cpr_modulus11(cpr)",
    )[0][0]
    if misses:
        text = _(
            "YR: {antal:gyldigt CPR-nummer|gyldige CPR-numre} opfylder ikke modulus 11; det er ikke en fejl siden 2007."
        )
        yield text.format(antal=Count(misses))
    if context.has("yr", "ydelsestaeller") and not context.has("yr", "koerselsperiode"):
        yield _("YR: uden kolonnen koerselsperiode er en uges tæller taget fra den sidste fil efter navn.")
    yield from _half_run(context)


def _half_run(context: Context) -> Iterator[str]:
    """The rules that ran on refusion or medfinansiering only, and the columns the other half lacks."""
    text = _("{regel} er kun kørt på {art}: kolonnen {kolonner} mangler.")
    rules = {"YR09": [half[:1] for half in _HALVES], "YR10": _HALVES}
    for rule, halves in rules.items():
        there = [context.has("yr", *half) for half in halves]
        if sum(there) != 1 or (rule == "YR09" and not context.has("yr", "ydelsestaeller")):
            continue
        other = there.index(False)
        lacking = [name for name in halves[other] if not context.has("yr", name)]
        yield text.format(regel=rule, art=_HALVES[1 - other][1], kolonner=", ".join(lacking))
