"""The options every command shares, and what they become."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reconcile.domain.periods import Quarter, merge_choices, parse_choice
from reconcile.errors import InputError
from reconcile.i18n import LANGUAGES, _

if TYPE_CHECKING:
    pass

F = TypeVar("F", bound=Callable[..., Any])

#: The configuration of a working folder.
NAME = "reconcile.toml"


class NewPath(click.Path):
    """Where something is written: what is not there yet gets no name that looks like a CPR number, for a name is seen by all."""

    def __init__(self, **kinds: bool) -> None:
        super().__init__(path_type=Path, **kinds)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path that was typed."""
        from reconcile.privacy import door

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        new = [part.name for part in (path, *path.parents) if not os.path.lexists(part)]
        if any(door.by_form(name) != name for name in new):
            self.fail(_("navnet ligner et CPR-nummer; vælg et andet"), param, ctx)
        return path


def find_config(_ctx: click.Context, _param: click.Parameter, given: Path | None) -> Path:
    """The configuration that was named; else the one here, in a folder above, or in the only folder below that has one. Where
    several have one, it is refused when it is read: not every command needs it.

    The option has no default of its own: click 8.4.0 does not tell a callback yet whether a value was typed or is the default.
    """
    here = Path.cwd()
    if given is not None:
        return given
    if Path(NAME).is_file():
        return Path(NAME)
    above = next((folder / NAME for folder in here.parents if (folder / NAME).is_file()), None)
    below = [] if above else sorted(here.glob(f"*/{NAME}"))
    return below[0].relative_to(here) if len(below) == 1 else above or Path(NAME)


CONFIG = click.option(
    "--config",
    "config_path",
    metavar=_("FIL"),
    type=click.Path(path_type=Path, dir_okay=False),
    callback=find_config,
    help=_(
        "Konfigurationen, ellers reconcile.toml her eller i en mappe over eller under; stier i den regnes fra dens mappe."
    ),
)
QUIET = click.option("--quiet", "-q", is_flag=True, help=_("Skriv kun fejl."))


class PeriodType(click.ParamType[tuple[Quarter, ...]]):
    """``2020K3``, ``2020`` or ``2020K1:2020K4``."""

    name = "periode"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Quarter, ...]:
        """The quarters of the text; a usage error for anything else."""
        chosen = parse_choice(str(value))
        if chosen is None:
            text = _("«{tekst}» er ikke en periode; skriv 2020K3, 2020 eller 2020K1:2020K4.")
            self.fail(text.format(tekst=value), param, ctx)
        return chosen


def common_options(command: F) -> F:
    """Add the options of every command that runs controls."""
    options = [
        CONFIG,
        click.option(
            "--period",
            "--periode",
            "periods",
            multiple=True,
            type=PeriodType(),
            metavar=_("PERIODE"),
            help=_("Hvad der dømmes og vises: 2020K3, 2020 eller 2020K1:2020K4. Kan gentages."),
        ),
        click.option(
            "--out",
            type=NewPath(file_okay=False),
            metavar=_("MAPPE"),
            help=_("Hvor rapporten skrives. Ellers ud/<tid>/ i arbejdsmappen."),
        ),
        click.option(
            "--quarantine",
            is_flag=True,
            help=_("Sæt rækker, der ikke kan læses, til side i karantaene.csv i stedet for at stoppe."),
        ),
        click.option("--open", "show", is_flag=True, help=_("Vis rapporten, når den er skrevet.")),
        click.option(
            "--if-changed",
            "--hvis-nyt",
            "if_changed",
            is_flag=True,
            help=_("Kør kun, hvis filer, opsætning eller accepter er ændret siden sidst (til planlagte kørsler)."),
        ),
        click.option("--engine", default="duckdb", type=click.Choice(["duckdb", "spark"]), help=_("Hvor SQL kører.")),
        QUIET,
        click.option("--verbose", "-v", is_flag=True, help=_("Skriv mere undervejs.")),
    ]
    for option in reversed(options):
        command = option(command)
    return lang_option(command)


def lang_option(command: F) -> F:
    """``--lang``: read before the commands are made (see cli/__init__.py), so here it only stands in the help."""
    return click.option(
        "--lang", type=click.Choice(LANGUAGES), expose_value=False, help=_("Sprog: da eller en. Også RECONCILE_LANG.")
    )(command)


def chosen_periods(periods: tuple[tuple[Quarter, ...], ...]) -> tuple[Quarter, ...]:
    """The quarters of every ``--period`` together."""
    return merge_choices(periods)


def chosen_codes(codes: tuple[str, ...]) -> frozenset[str]:
    """The dst_koder of every ``--kode``; each that is no code and no beginning of one is a mistake."""
    from reconcile.reference import dst_codes

    unknown = [c for c in codes if not any(known == c or known.startswith(f"{c}.") for known in dst_codes())]
    if unknown:
        text = _("--kode «{kode}» er ikke en kendt DST-kode.")
        raise InputError("\n".join(text.format(kode=code) + _meant(code) for code in unknown))
    return frozenset(codes)


def _meant(word: str) -> str:
    """« Mente du …?»: the code of a paragraph or of StatBank's number, each of a list, the one above it, or the nearest."""
    from reconcile.errors import did_you_mean
    from reconcile.reference import dst_codes, rows, statbank_codes

    parts = re.split(r"[\s;,+]+", word.strip())
    if len(parts) > 1 and all(part in dst_codes() for part in parts):
        return _(" Skriv {valg}.").format(valg=" ".join(f"--kode {part}" for part in parts))
    section = re.fullmatch(r"(?:sel\s*)?§*\s*([0-9]{2,3})\s*([a-z]?)", word.strip(), re.IGNORECASE)
    number = "".join(section.groups()).lower() if section else None
    near = [r["dst_kode"] for r in rows("ydelseskode") if number in re.findall("[0-9]+[a-z]?", r["paragraf"])]
    near = near or [
        code for code in (statbank_codes().get(word), word.replace(",", "."), _above(word)) if code in dst_codes()
    ]
    return (
        _(" Mente du {koder}?").format(koder=_(" eller ").join(f"«{c}»" for c in dict.fromkeys(near)))
        if near
        else (did_you_mean(word, sorted(dst_codes())))
    )


def _above(code: str) -> str:
    """The code a level up: 1.4 of 1.4.1."""
    return code.rpartition(".")[0]


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line on the terminal that tells what is going on; nothing when stderr is piped or ``--quiet``."""
    if quiet or not sys.stderr.isatty():
        yield lambda _text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield status.update
