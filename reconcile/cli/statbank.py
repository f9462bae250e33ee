"""``reconcile statbank TABEL``: fetch a StatBank table into the working folder and say what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import CONFIG, QUIET, PeriodType, chosen_periods, lang_option, progress
from reconcile.domain.cpr import mask
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.i18n import Count, _, day, number
from reconcile.privacy import screen

if TYPE_CHECKING:
    from reconcile.settings.config import Config
    from reconcile.statbank.cells import Key
    from reconcile.statbank.fetch import Fetched

_HELP = _(
    """Hent en tabel fra Statistikbanken til arbejdsmappen.

TABEL er for eksempel HAND07 (modtagere) eller HAND01 (fuldtidsydelser). Jeres kommunes tal gemmes i hentet/ med dato,
den nyeste kopi i ind/, og der står, hvad der er ændret siden sidst.
"""
)

#: How many changes of each kind are listed without ``-v``.
_LISTED = 20


@click.command("statbank", help=_HELP)
@click.argument("table", metavar=_("TABEL"))
@CONFIG
@click.option(
    "--period",
    "--periode",
    "periods",
    multiple=True,
    type=PeriodType(),
    metavar=_("PERIODE"),
    help=_("Kun disse kvartaler: 2020K3, 2020 eller 2020K1:2020K4. Kan gentages. Ellers hele serien."),
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["CSV", "BULK"], case_sensitive=False),
    default="CSV",
    show_default=True,
    help=_("Hvordan API'et spørges. BULK udelader nuller; de sættes ind igen."),
)
@click.option(
    "--into",
    "--ind-i",
    "--ind",
    "into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("MAPPE"),
    help=_("Hvor den nyeste kopi lægges. Ellers ind/ i arbejdsmappen."),
)
@QUIET
@click.option("--verbose", "-v", is_flag=True, help=_("Vis alle ændringer."))
@lang_option
def statbank(
    *,
    table: str,
    config_path: Path,
    periods: tuple[tuple[Quarter, ...], ...],
    kind: str,
    into: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Fetch, store and tell; every failure is a sentence and exit 2."""
    from datetime import datetime

    from reconcile.settings.config import load_config
    from reconcile.statbank.fetch import fetch

    name = table.strip().upper()
    if not re.fullmatch(r"[A-ZÆØÅ][A-ZÆØÅ0-9]{1,19}", name):
        raise InputError(
            _("«{tabel}» er ikke navnet på en tabel; skriv for eksempel HAND07.").format(tabel=mask(table)[:40])
        )
    config = load_config(config_path)
    with progress(quiet) as say:
        fetched = fetch(
            config,
            name,
            chosen_periods(periods),
            streaming=kind.upper() == "BULK",
            into=into or config.folder / "ind",
            now=datetime.now().astimezone().replace(microsecond=0),
            say=say,
        )
    if quiet:
        return
    for line in [*_stored(fetched), *_changes(fetched, verbose), *fetched.notes, *_unread(fetched, config)]:
        screen.say(line)


def _stored(fetched: Fetched) -> Iterator[str]:
    times = fetched.choice.values[fetched.choice.time]
    text = _("{tabel}: {antal:celle|celler}, {perioder}, kommune {kommuner}.")
    yield text.format(
        tabel=fetched.table.name,
        antal=Count(len(fetched.cells.values)),
        perioder=times[0] if len(times) == 1 else f"{times[0]}–{times[-1]}",
        kommuner=", ".join(fetched.choice.values[fetched.choice.area]),
    )
    if fetched.cells.zeros:
        yield _("Celler, som BULK udelod, og som derfor er 0: {antal}.").format(antal=number(fetched.cells.zeros))
    yield _("Gemt: {dateret} og {nyeste}.").format(dateret=fetched.dated, nyeste=fetched.newest)


def _changes(fetched: Fetched, verbose: bool) -> Iterator[str]:
    change = fetched.change
    if change is None or fetched.since is None:
        yield _("Der er ingen tidligere kopi at sammenligne med.")
        return
    since = day(fetched.since.date())
    if not change.any:
        yield _("Intet er ændret siden {dato}.").format(dato=since)
    else:
        text = _("Ændret siden {dato}: nye celler {nye}, fjernede {fjernede}, ændrede {aendrede}.")
        counts = {"nye": len(change.new), "fjernede": len(change.removed), "aendrede": len(change.changed)}
        yield text.format(dato=since, **{k: number(v) for k, v in counts.items()})
        several = len(fetched.choice.values[fetched.choice.area]) > 1
        changed = {key: f"{_shown(old)} → {_shown(new)}" for key, (old, new) in change.changed.items()}
        for word, cells in (
            (_("ændret"), changed),
            (_("fjernet"), {key: _shown(value) for key, value in change.removed.items()}),
            (_("ny"), {key: _shown(value) for key, value in change.new.items()}),
        ):
            yield from _listed(fetched, word, cells, most=len(cells) if verbose else _LISTED, several=several)
    if change.outside:
        text = _("Celler i den forrige kopi, som der ikke er spurgt om denne gang: {antal}. De står kun i den.")
        yield text.format(antal=number(change.outside))


def _listed(fetched: Fetched, word: str, cells: dict[Key, str], *, most: int, several: bool) -> Iterator[str]:
    for key in list(cells)[:most]:
        yield f"  {word}  {_named(fetched, key, several)}: {cells[key]}"
    if len(cells) > most:
        yield _("  {ord}  … og {antal} til (vis alle med -v)").format(ord=word, antal=number(len(cells) - most))


def _named(fetched: Fetched, key: Key, several: bool) -> str:
    """A cell by its codes; StatBank's ydelsestype as the dst_kode it is, the kommune only where there are several."""
    from reconcile.reference import statbank_codes

    variables = zip(fetched.cells.variables, key, strict=True)
    parts = [statbank_codes().get(c, c) for v, c in variables if several or v != fetched.choice.area]
    return " ".join(parts)


def _shown(value: str) -> str:
    return value or _("(tom)")


def _unread(fetched: Fetched, config: Config) -> Iterator[str]:
    """How to make a source of the copy, when the configuration does not read it."""
    from reconcile.domain.canonical import PUBLISHED
    from reconcile.sources.load import find_files

    name = fetched.table.name.lower()
    if name not in PUBLISHED:
        return
    source = config.kilder.get(name)
    read = find_files(config.folder, source.filer)[0] if source else []
    if not any(path.resolve() == fetched.newest.resolve() for path in read):
        text = _('Kopien læses ikke endnu. Skriv i reconcile.toml:\n  [kilder.{navn}]\n  filer = ["{fil}"]')
        inside = fetched.newest.is_relative_to(config.folder)
        file = fetched.newest.relative_to(config.folder) if inside else fetched.newest.resolve()
        yield text.format(navn=name, fil=file.as_posix())
