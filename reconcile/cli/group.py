"""The group of commands. Command modules import heavy libraries inside their functions: ``--help`` is instant."""

from __future__ import annotations

import click

from reconcile import __version__
from reconcile.cli import accept, add, approve, checks, compare, footing, key, mail, rules, sources, statbank, workspace
from reconcile.cli.click_words import teach_click
from reconcile.cli.help_page import Grouped, add_examples
from reconcile.cli.options import lang_option
from reconcile.i18n import _

teach_click()


@lang_option
@click.group(
    cls=Grouped,
    options_metavar=_("[VALG]"),
    subcommand_metavar=_("KOMMANDO [ARGUMENTER] …"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "Afstem fagsystem, økonomi, FLIS og Danmarks Statistik, og forklar hver forskel.\n\n"
        "Begynd med «reconcile demo» (et eksempel) eller «reconcile init» (din egen arbejdsmappe)."
    ),
)
@click.version_option(__version__, prog_name="reconcile")
def reconcile() -> None:
    """All commands hang here."""


for _made in (
    workspace.init,
    workspace.demo,
    add.add,
    *checks.COMMANDS,
    footing.footing,
    approve.approve,
    accept.accept,
    compare.compare,
    mail.mail,
    rules.rules,
    sources.sources,
    statbank.statbank,
    key.key,
):
    add_examples(_made, str(_made.name))
    reconcile.add_command(_made)
