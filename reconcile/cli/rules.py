"""``reconcile rules``: every rule, or one explained."""

from __future__ import annotations

from pathlib import Path

import click

from reconcile.cli.options import lang_option
from reconcile.i18n import _
from reconcile.privacy.screen import say


@click.command("rules", help=_("Vis alle regler, eller forklar én: hvad den siger, hvorfor, og hvad der skal gøres."))
@click.argument("rule", required=False, metavar=_("[REGEL]"))
@lang_option
def rules(rule: str | None) -> None:
    """List the catalogue or explain a rule; an unknown rule is a mistake with a suggestion."""
    from reconcile.errors import InputError, did_you_mean
    from reconcile.reports import labels
    from reconcile.rules.catalogue import load_rules

    own = Path("expectations")
    known = {r.id: r for r in load_rules(own.resolve() if own.is_dir() and Path("reconcile.toml").is_file() else None)}
    if rule is None:
        for each in known.values():
            say(f"{each.id}  {labels.word(each.severity):<11}  {each.text('title')}")
        say(_("\nForklar én med «reconcile rules VH07»."))
        return
    found = known.get(rule.upper())
    if found is None:
        raise InputError(_("Reglen «{regel}» findes ikke.").format(regel=rule) + did_you_mean(rule, list(known)))
    told = {
        _("Alvor"): labels.word(found.severity),
        _("Siger"): found.text("sentence"),
        _("Hvorfor"): found.text("why"),
        _("Gør"): found.text("remedy"),
        _("Hvem"): labels.word(found.who),
        _("Kilde"): found.source,
        _("Kolonner"): ", ".join(found.columns) or "–",
        _("Betingelse"): found.condition or _("dømmes af kontrollen selv"),
        _("Visning"): found.view,
    }
    width = max(map(len, told)) + 2
    lines = [f"{name + ':':<{width}}{text}" for name, text in told.items()]
    say("\n".join([f"{found.id} {found.text('title')}", "", *lines]))
