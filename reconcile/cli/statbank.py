"""``reconcile statbank TABEL``: fetch a StatBank table into the working folder and say what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import CONFIG, QUIET, NewPath, PeriodType, chosen_periods, lang_option, progress
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
    """Hent tabeller fra Statistikbanken til arbejdsmappen.

TABEL er for eksempel HAND07 (modtagere), HAND01 (fuldtidsydelser), FOLK1A (folketal) eller REGK31 (regnskab). Tallene gemmes i
hentet/ med dato, den nyeste kopi i ind/, og der står, hvad der er ændret siden sidst, og hvad der skal stå i reconcile.toml.
"""
)

#: The word for every kommune.
_ALL = "alle"

#: How many changes of each kind are listed without ``-v``.
_LISTED = 20


@click.command("statbank", help=_HELP)
@click.argument("tables", metavar=_("TABEL…"), nargs=-1, required=True)
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
    type=NewPath(file_okay=False),
    metavar=_("MAPPE"),
    help=_("Hvor den nyeste kopi lægges. Ellers ind/ i arbejdsmappen."),
)
@click.option(
    "--municipalities",
    "--kommuner",
    "others",
    multiple=True,
    metavar=_("KOMMUNER"),
    help=_(
        "Flere kommuner end jeres: koder eller navne med komma, gruppe (fra [noegletal]) eller alle (og hele landet)."
    ),
)
@QUIET
@click.option("--verbose", "-v", is_flag=True, help=_("Vis alle ændringer."))
@lang_option
def statbank(
    *,
    tables: tuple[str, ...],
    config_path: Path,
    periods: tuple[tuple[Quarter, ...], ...],
    kind: str,
    into: Path | None,
    others: tuple[str, ...],
    quiet: bool,
    verbose: bool,
) -> None:
    """Fetch, store and tell; every failure is a sentence and exit 2."""
    from datetime import datetime

    from reconcile.cli.statbank_config import lines
    from reconcile.settings.config import load_config
    from reconcile.statbank.fetch import fetch

    names = [_named_table(table) for table in dict.fromkeys(tables)]
    config = load_config(config_path)
    beside = _others(others, config)
    found = []
    for name in names:
        with progress(quiet) as say:
            fetched = fetch(
                config,
                name,
                chosen_periods(periods),
                streaming=kind.upper() == "BULK",
                into=into or config.folder / "ind",
                now=datetime.now().astimezone().replace(microsecond=0),
                say=say,
                others=beside,
            )
        found.append(fetched)
        for line in () if quiet else [*_stored(fetched), *_changes(fetched, verbose), *fetched.notes]:
            screen.say(line)
    for line in (
        () if quiet else lines(found, config, [kommune for kommune in beside if kommune != "000"], all_=_ALL in others)
    ):
        screen.say(line)


def _named_table(text: str) -> str:
    name = text.strip().upper()
    if not re.fullmatch(r"[A-ZÆØÅ][A-ZÆØÅ0-9]{1,19}", name):
        raise InputError(
            _("«{tabel}» er ikke navnet på en tabel; skriv for eksempel HAND07.").format(tabel=mask(text)[:40])
        )
    return name


def _others(given: Sequence[str], config: Config) -> list[str]:
    """The kommuner of ``--kommuner`` as codes, in the order given; «alle» is every one and the country.

    Raises:
        InputError: a word is no kommune, or the group is not in the configuration.
    """
    from reconcile.reference import kommuner
    from reconcile.settings.kommuner import code_of, unknown

    made: list[str] = []
    for word in (part.strip() for text in given for part in text.split(",") if part.strip()):
        if word.casefold() == _ALL:
            made += ["000", *sorted(kommuner())]
        elif word.casefold() == "gruppe":
            if not config.noegletal.gruppe:
                raise InputError(_('Der er ingen gruppe. Skriv den under [noegletal], fx gruppe = ["615", "710"].'))
            made += config.noegletal.gruppe
        elif (code := word[-3:] if re.fullmatch("0?[0-9]{3}", word) else code_of(word)) and code in (
            "000",
            *kommuner(),
        ):
            made.append(code)
        else:
            raise InputError(unknown(mask(word)[:40]))
    return [code for code in dict.fromkeys(made) if code != config.kommune.kode]


def _stored(fetched: Fetched) -> Iterator[str]:
    times = fetched.choice.values[fetched.choice.time]
    text = _("{tabel}: {antal:celle|celler}, {perioder}, kommune {kommuner}.")
    yield text.format(
        tabel=fetched.table.name,
        antal=Count(len(fetched.cells.values)),
        perioder=times[0] if len(times) == 1 else f"{times[0]}–{times[-1]}",
        kommuner=_listed_areas(fetched.choice.values[fetched.choice.area]),
    )
    if fetched.cells.zeros:
        yield _("Celler, som BULK udelod, og som derfor er 0: {antal}.").format(antal=number(fetched.cells.zeros))
    yield _("Gemt: {dateret} og {nyeste}.").format(dateret=fetched.dated, nyeste=fetched.newest)


def _listed_areas(codes: Sequence[str]) -> str:
    """The kommuner, or how many where they are more than a line has room for."""
    if len(codes) <= _LISTED:
        return ", ".join(codes)
    return _("{foerste} og {antal} til").format(foerste=", ".join(codes[:3]), antal=number(len(codes) - 3))


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
        changed = {key: f"{_or_empty(old)} → {_or_empty(new)}" for key, (old, new) in change.changed.items()}
        for word, cells in (
            (_("ændret"), changed),
            (_("fjernet"), {key: _or_empty(value) for key, value in change.removed.items()}),
            (_("ny"), {key: _or_empty(value) for key, value in change.new.items()}),
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


def _or_empty(value: str) -> str:
    return value or _("(tom)")
