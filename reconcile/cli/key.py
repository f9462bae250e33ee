"""``reconcile key rotate``: a new secret key; what goes by the old one follows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from reconcile.cli.extras import ask_passwords
from reconcile.cli.options import CONFIG, QUIET, lang_option, progress
from reconcile.i18n import _, number
from reconcile.privacy.screen import say

#: How many accepted findings that could not follow are named.
_NAMED = 10


@click.group("key", help=_("Arbejdsmappens hemmelige nøgle."), subcommand_metavar=_("KOMMANDO [ARGUMENTER] …"))
@lang_option
def key() -> None:
    """What is done with the key."""


@key.command(
    "rotate",
    help=_(
        "Skift nøglen bag pseudonymerne: accepter, aftryk og godkendelser følger med.\n\n"
        "Gør det, når nogen, der ikke skal kende den gamle, kan have set den. Kilderne læses, for pseudonymerne skal"
        " laves om."
    ),
)
@CONFIG
@click.option(
    "--forget",
    "--glem",
    "forget",
    is_flag=True,
    help=_("Uden at læse kilderne: aftryk slettes, og accepterede fund om borgere er åbne igen."),
)
@QUIET
@lang_option
def rotate(config_path: Path, forget: bool, quiet: bool) -> None:
    """Make the new key, and say what followed."""
    from reconcile.runs.pipeline import sources_read
    from reconcile.runs.rekey import Reading
    from reconcile.runs.rekey import rotate as make
    from reconcile.settings.config import load_config

    config = load_config(config_path)
    passwords = {} if forget else ask_passwords(config, sources_read("run"))
    with progress(quiet) as told:
        done = make(config, datetime.now().astimezone(), Reading(told, passwords), forget=forget)
    text = _("Nøglen er skiftet: {foer} er nu {nu}. Tag en kopi af {fil}, og slet kopier af den gamle.")
    lines = [text.format(foer=done.old, nu=done.new, fil=config.key_file)]
    text = _("Accepterede fund, der har skiftet navn: {antal}. Aftryk, der er skrevet om: {aftryk}.")
    lines.append(text.format(antal=number(done.followed), aftryk=number(done.prints)))
    if done.approvals:
        lines.append(_("Godkendelserne er forseglet med den nye nøgle; en linje i loggen siger det."))
    if done.reports:
        text = _(
            "Rapporter med de gamle pseudonymer: {antal}. Slet dem i {mappe}, hvis den gamle nøgle er set af andre."
        )
        lines.append(text.format(antal=number(done.reports), mappe=config.folder / "ud"))
    if not quiet:
        say("\n".join(lines))
    if done.lost:
        text = _("Accepterede fund, der ikke kunne følge med, og som er åbne, hvis de findes igen: {liste}.")
        more = ["…"] if len(done.lost) > _NAMED else []
        say(text.format(liste=", ".join([*done.lost[:_NAMED], *more])), err=True)
