"""``reconcile sources``: the datalandskab, from the files that are there now."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import CONFIG, lang_option, progress
from reconcile.cli.text import table_lines
from reconcile.i18n import _, number, value_text
from reconcile.privacy import screen

if TYPE_CHECKING:
    from reconcile.results.survey import FileReading, LandscapeRow

_HELP = _(
    "Datalandskabet: hvad hver kilde leverer, til hvem, for hvilke borgere, hvor langt tilbage og hvor friskt.\n\n"
    "Med en eller flere filer: hvordan netop de blev læst, og tre rækker."
)


@click.command("sources", help=_HELP)
@click.argument("files", nargs=-1, metavar=_("[FIL…]"))
@CONFIG
@click.option("--quarantine", is_flag=True, help=_("Sæt rækker, der ikke kan læses, til side i stedet for at stoppe."))
@click.option("--quiet", "-q", is_flag=True, help=_("Vis ikke, hvilken fil der læses."))
@lang_option
def sources(files: tuple[str, ...], config_path: Path, quarantine: bool, quiet: bool) -> None:
    """Read every configured source and show one line for each file, or how ``files`` are read; nothing is written."""
    from reconcile.cli.extras import ask_passwords
    from reconcile.controls import landscape
    from reconcile.domain.canonical import TABLES
    from reconcile.engine.spark_session import beside
    from reconcile.runs.where import spark_place
    from reconcile.settings.config import load_config
    from reconcile.sources.load import input_bytes, load_sources
    from reconcile.world.context import Asked
    from reconcile.world.prepare import open_world

    config = load_config(config_path)
    today = datetime.now().astimezone().date()
    asked = Asked(kommune=config.kommune.kode, regler=config.regler, today=today)
    passwords = ask_passwords(config, TABLES)
    place = spark_place("spark" if any(source.spark for source in config.kilder.values()) else "duckdb", config)
    with progress(quiet) as say, beside(place, input_bytes=input_bytes(config, TABLES)) as spark:
        read = partial(
            load_sources,
            config=config,
            wanted=tuple(TABLES),
            quarantine=quarantine,
            progress=say,
            passwords=passwords,
            spark=spark,
        )
        with open_world(asked, read, input_bytes=input_bytes(config, TABLES)) as world:
            rows: list[LandscapeRow] = list(landscape.run(world).tables[0].rows)
            loaded = world.loaded
    if files:
        screen.say("\n".join(_readings_of(files, loaded.readings)))
        return
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
    table = [headings, *(_line(row, today) for row in rows)]
    if sys.stdout.isatty():  # what it delivers and to whom stands in the report and on a pipe
        table = [(kilde, fil, *seen) for kilde, _leverer, _til, _population, fil, *seen, _sum in table]
    lines = table_lines(table[0], table[1:], right=(table[0].index(_("Rækker")),), spare=(table[0].index(_("Fra")),))
    screen.say("\n".join(lines) or _("Konfigurationen har ingen kilder."))
    if loaded.quarantined:
        text = _("Rækker, der ikke kan læses og ikke er talt med: {antal}.")
        screen.say(text.format(antal=number(len({(problem.file, problem.row) for problem in loaded.quarantined}))))


def _readings_of(files: Sequence[str], readings: Sequence[FileReading]) -> list[str]:
    """How the named files were read.

    Raises:
        InputError: a file that is in no source.
    """
    from reconcile.errors import InputError, did_you_mean
    from reconcile.reports.page_reading import described

    lines: list[str] = []
    for name in files:
        found = [row for row in readings if row.fil in (name, PurePath(name.replace("\\", "/")).name)]
        if not found:
            text = _("{fil} er ikke i nogen kilde. Kør «reconcile add {fil}».")
            raise InputError(text.format(fil=name) + did_you_mean(name, [row.fil for row in readings]))
        for row in found:
            shown_as = described(row)
            width = max(len(label) for label, _value in shown_as.facts)
            lines += ["", shown_as.title, *(f"  {label.ljust(width)}  {value}" for label, value in shown_as.facts)]
            lines += [f"  {row_}" for row_ in shown_as.rows]
    return lines[1:]


def _line(row: LandscapeRow, today: date) -> tuple[str, ...]:
    from reconcile.reports.labels import source, word
    from reconcile.reports.page_findings import age

    old = age(row.nyeste, today) if isinstance(row.nyeste, date) else ""
    first, newest = (value_text(value) if value else "" for value in (row.fra, row.nyeste))
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
