"""What a run says on the terminal: the verdict, the counts by severity, and where the report lies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from reconcile.i18n import _, number
from reconcile.reports import labels
from reconcile.results.rows import Hand07Cell, RunResult


def summary(result: RunResult, folder: Path, *, verbose: bool) -> str:
    """A few lines; ``verbose`` adds each rule's count, what could not be checked, and the reservations."""
    from reconcile.reports.verdict import judge

    verdict = judge(result)
    lines = [verdict.headline, *([verdict.lead] if verdict.lead else [])]
    if result.quarantined:
        text = _("Rækker sat til side i karantaene.csv: {antal}. Tallene er uden dem.")
        lines.append(text.format(antal=number(result.quarantined)))
    if verbose:
        lines += _details(result)
    elif result.not_run:
        lines.append(_("Ikke alt kunne kontrolleres; rapporten siger hvad og hvorfor."))
    lines.append(_("Rapport: {fil}").format(fil=folder / "rapport.html"))
    return "\n".join(lines)


def _details(result: RunResult) -> list[str]:
    lines = []
    for rule, count in sorted(Counter(finding.regel for finding in result.findings).items()):
        lines.append(f"  {rule}: {number(count)}")
    table = result.table("hand07_diff")
    cells: list[Hand07Cell] = list(table.rows) if table else []
    by_status = sorted(Counter(c.status for c in cells).items())
    lines += [f"  {labels.status(status).text}: {number(count)}" for status, count in by_status]
    lines += [f"  {item.regel} ({labels.source(item.kilde)}): {item.grund}" for item in result.not_run]
    return lines + [f"  {text}" for text in result.caveats]
