"""Validation: the VH rules on fagsystem and FLIS, and the gates UD01–UD08 (is an extract what we think it is?)."""

from __future__ import annotations

from reconcile.i18n import Count, _
from reconcile.results.rows import PartResult
from reconcile.rules.catalogue import rules_of
from reconcile.rules.groups import COMMON
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context


def build(context: Context) -> None:
    """Create the views of ``sql/validate/``."""
    context.engine.create_views("validate")


def run(context: Context) -> PartResult:
    """The findings of the VH and UD rules; mod-11 misses are counted in a caveat, never a finding.

    House rules over the canonical tables and the common views run here too.
    """
    context.need(build)
    ran = run_rules(context, [*rules_of("validate", context.own_rules), *rules_of(COMMON, context.own_rules)])
    misses = context.engine.rows(
        "SELECT count(*) FROM person WHERE klasse = 'gyldigt' AND NOT cpr_modulus11(cpr)"
        " AND cpr IN (SELECT cpr FROM forloeb)"
    )[0][0]
    caveats: tuple[str, ...] = ()
    if misses:
        text = _(
            "{antal:gyldigt CPR-nummer|gyldige CPR-numre} opfylder ikke modulus 11; det er ikke en fejl siden 2007."
        )
        caveats = (text.format(antal=Count(misses)),)
    return PartResult(findings=ran.findings, not_run=ran.not_run, caveats=caveats, rules_run=ran.ran, tried=ran.tried)
