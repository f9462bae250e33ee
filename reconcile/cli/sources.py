"""``reconcile sources``: the datalandskab, from the files that are there now."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import CONFIG, lang_option, progress
from reconcile.cli.text import table_lines
from reconcile.i18n import _, number, shown
from reconcile.privacy import screen

if TYPE_CHECKING:
    from reconcile.results.survey import LandscapeRow

_HELP = _("Datalandskabet: hvad hver kilde leverer, til hvem, for hvilke borgere, hvor langt tilbage og hvor friskt.")


@click.command("sources", help=_HELP)
@CONFIG
@click.option("--quarantine", is_flag=True, help=_("Sæt rækker, der ikke kan læses, til side i stedet for at stoppe."))
@click.option("--quiet", "-q", is_flag=True, help=_("Vis ikke, hvilken fil der læses."))
@lang_option
def sources(config_path: Path, quarantine: bool, quiet: bool) -> None:
    """Read every configured source and show one line for each file; nothing is written."""
    from reconcile.cli.extras import ask_passwords
    from reconcile.controls import landscape
    from reconcile.domain.canonical import TABLES
    from reconcile.settings.config import load_config
    from reconcile.sources.load import input_bytes, load_sources
    from reconcile.world.context import Asked
    from reconcile.world.prepare import open_world

    config = load_config(config_path)
    today = datetime.now().astimezone().date()
    asked = Asked(kommune=config.kommune.kode, regler=config.regler, today=today)
    passwords = ask_passwords(config, TABLES)
    with progress(quiet) as say:
        read = partial(
            load_sources,
            config=config,
            wanted=tuple(TABLES),
            quarantine=quarantine,
            progress=say,
            passwords=passwords,
        )
        with open_world(asked, read, input_bytes=input_bytes(config, TABLES)) as world:
            rows: list[LandscapeRow] = list(landscape.run(world).tables[0].rows)
            loaded = world.loaded
    headings = (
        _("Kilde"),
        _("Leverer"),
        _("Til"),
        _("Population"),
        _("Fil"),
        _("Rækker"),
        _("Fra"),
        _("Nyeste"),
        _("Alder"),
        "SHA-256",
    )
    lines = table_lines(headings, [_line(row, today) for row in rows], right=(5,))
    screen.say("\n".join(lines) or _("Konfigurationen har ingen kilder."))
    if loaded.quarantined:
        text = _("Rækker, der ikke kan læses og ikke er talt med: {antal}.")
        screen.say(text.format(antal=number(len({(problem.file, problem.row) for problem in loaded.quarantined}))))


def _line(row: LandscapeRow, today: date) -> tuple[str, ...]:
    from reconcile.reports.labels import source, word
    from reconcile.reports.page_findings import age

    old = age(row.nyeste, today) if isinstance(row.nyeste, date) else ""
    first, newest = (shown(value) if value else "" for value in (row.fra, row.nyeste))
    return (
        source(row.kilde),
        word(row.leverer),
        row.modtager,
        word(row.population or ""),
        row.fil,
        number(row.raekker),
        first,
        newest,
        old,
        row.sha256[:16],
    )
