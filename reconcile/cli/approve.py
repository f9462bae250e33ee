"""``reconcile approve``: is a quarter ready, the decision on it, and whether what was decided on still stands."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import CONFIG, PeriodType, lang_option
from reconcile.cli.text import fitted
from reconcile.domain.periods import Quarter
from reconcile.i18n import _
from reconcile.privacy.screen import say

if TYPE_CHECKING:
    from reconcile.approval.log import ApprovalLog
    from reconcile.approval.readiness import Readiness
    from reconcile.settings.config import Config

_HELP = _("Er kvartalet klar til godkendelse? Vis status, eller skriv beslutningen i approvals.jsonl.")


@click.command("approve", help=_HELP)
@click.argument("period", required=False, metavar=_("[PERIODE]"), type=PeriodType())
@CONFIG
@click.option(
    "--run",
    "run_folder",
    metavar=_("MAPPE"),
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Rapporten, der besluttes på. Ellers den nyeste i ud/, der dækker kvartalet."),
)
@click.option("--decision", type=click.Choice(["godkend", "afvis"]), help=_("Skriv beslutningen i approvals.jsonl."))
@click.option("--by", "--af", "by", default="", metavar=_("INITIALER"), help=_("Hvem der beslutter."))
@click.option("--note", "--notat", default="", metavar=_("TEKST"), help=_("Begrundelse; skal med, når noget blokerer."))
@click.option("--verify", is_flag=True, help=_("Efterprøv alle beslutninger og de rapporter, de bygger på."))
@click.option("--head", "heads", multiple=True, metavar=_("HASH"), help=_("Med --verify: hashen fra en trykt rapport."))
@lang_option
@click.pass_context
def approve(
    ctx: click.Context,
    /,
    *,
    period: tuple[Quarter, ...] | None,
    config_path: Path,
    run_folder: Path | None,
    decision: str | None,
    by: str,
    note: str,
    verify: bool,
    heads: tuple[str, ...],
) -> None:
    """Show readiness, record a decision, or verify; exits 1 when something blocks or does not stand."""
    from reconcile.settings.config import load_config

    _check_usage(period, decision, verify=verify, rest=bool(by or note or run_folder), heads=heads)
    config = load_config(config_path)
    if verify:
        ctx.exit(_verify(config, heads))
    ctx.exit(_one_quarter(config, _quarter(period), run_folder, decision=decision, by=by, note=note))


def _check_usage(period: object, decision: str | None, *, verify: bool, rest: bool, heads: tuple[str, ...]) -> None:
    if verify and (decision or rest):
        raise click.UsageError(_("--verify kan ikke bruges sammen med --decision, --by, --note og --run."))
    if heads and not verify:
        raise click.UsageError(_("--head bruges sammen med --verify."))
    if not verify and period is None:
        raise click.UsageError(_("Skriv kvartalet, fx: reconcile approve 2020K3."))


def _quarter(period: tuple[Quarter, ...] | None) -> Quarter:
    if period is None or len(period) != 1:
        raise click.UsageError(_("Der godkendes ét kvartal ad gangen, fx 2020K3."))
    return period[0]


def _one_quarter(
    config: Config, quarter: Quarter, run_folder: Path | None, *, decision: str | None, by: str, note: str
) -> int:
    from reconcile.approval.log import read_log
    from reconcile.approval.readiness import decide, readiness
    from reconcile.privacy.pseudonym import read_key

    now = datetime.now().astimezone()
    ready = readiness(config, quarter, now.date(), run_folder)
    if decision is None:
        key = read_key(config.key_file) if config.key_file.is_file() else None
        say("\n".join(fitted(_page(config, ready, read_log(config.folder, key), now.date()))))
        return ready.exit_code
    done = decide(config, ready, decision=decision, by=by, note=note, now=now)
    if done.set_aside:
        text = _("En linje, der ikke blev skrevet færdig, er flyttet til {fil}; den gjaldt ikke.")
        say(text.format(fil=done.set_aside.name))
    text = _("{periode}: «{beslutning}» af {af} er skrevet som linje {nr} i approvals.jsonl, på rapporten i {mappe}.")
    line = done.line.record
    say(text.format(periode=quarter, beslutning=decision, af=by, nr=line["nr"], mappe=ready.folder))
    say(_hash_line(done.line.sha256))
    return 0


def _hash_line(head: str) -> str:
    return _("Sidste linjes hash: {hash}").format(hash=head)


def _page(config: Config, ready: Readiness, log: ApprovalLog, today: date) -> list[str]:
    from reconcile.approval.readiness import decisions
    from reconcile.cli.approve_page import answer, deadlines, freshness, heading, since, ydelser

    lines = [*answer(ready), *heading(config, ready), *deadlines(ready, today), "", *ydelser(ready), ""]
    lines += [*freshness(ready), *since(ready)]
    text = _("Besluttet {tid}: {beslutning} af {af} på {mappe}. {note}")
    for record in decisions(log, ready.quarter):
        parts = {"tid": record["tid"], "beslutning": record["beslutning"], "af": record["af"]}
        lines.append(text.format(**parts, mappe=record["koersel"], note=record["note"]).rstrip())
    if torn := log.torn_sentence():
        lines.append(torn)
    if log.faults:
        lines.append(_("approvals.jsonl er ændret: se «reconcile approve --verify»."))
    if log.head:
        lines.append(_hash_line(log.head))
    return lines


def _verify(config: Config, heads: tuple[str, ...]) -> int:
    from reconcile.approval.verify import verify
    from reconcile.privacy.pseudonym import read_key

    found = verify(config.folder, read_key(config.key_file), heads)
    for problem in found.problems:
        say(f"✕ {problem}")
    for note in found.notes:
        say(note)
    if found.problems:
        say(_("Godkendelserne står ikke, som de blev skrevet. Fejl: {antal}.").format(antal=len(found.problems)))
    elif found.lines:
        text = _("Linjer: {antal}. Kæden er hel, og rapporterne er dem, der blev besluttet på.")
        say(text.format(antal=found.lines))
    else:
        say(_("Der er ingen beslutninger i approvals.jsonl."))
    if found.head:
        say(_hash_line(found.head))
    return found.exit_code
