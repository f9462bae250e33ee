"""What a run writes only when it is asked for: the sagsliste with CPR numbers, and Parquet files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reconcile.i18n import _
from reconcile.privacy import door, screen

if TYPE_CHECKING:
    from reconcile.privacy.pseudonym import Lookup
    from reconcile.results.rows import RunResult
    from reconcile.rules.catalogue import Rule
    from reconcile.settings.config import Config

F = TypeVar("F", bound=Callable[..., Any])
VARIABLE = "RECONCILE_SAGSLISTE_PASSWORD"


def extra_options(command: F) -> F:
    """Add ``--sagsliste``, ``--into``, ``--pdf`` and ``--export``."""
    for option in (
        click.option(
            "--pdf",
            "as_pdf",
            is_flag=True,
            help=_("Skriv også rapport.pdf, med sidetal; kræver Chromium, Chrome, Edge eller WeasyPrint på maskinen."),
        ),
        click.option(
            "--into",
            "--ind-i",
            "into",
            metavar=_("FIL"),
            type=click.Path(path_type=Path, dir_okay=False),
            help=_(
                "Skriv også resultaterne ind i en kopi af jeres egen projektmappe: tabeller med et resultats navn (sager,"
                " hand07_diff …) fornyes; formler, diagrammer, pivottabeller og formater er urørte."
            ),
        ),
        click.option(
            "--export",
            "exports",
            multiple=True,
            type=click.Choice(["parquet"]),
            help=_("Skriv også tabellerne som Parquet, til Power BI og Power Query."),
        ),
        click.option(
            "--sagsliste",
            "with_cases",
            is_flag=True,
            help=_("Skriv også sagsliste.xlsx med CPR-numre, krypteret, til dem der retter sagerne."),
        ),
    ):
        command = option(command)
    return command


def ask_hidden(prompt: str, *, twice: bool = False) -> Callable[[], str] | None:
    """A function that asks for a password without showing it; None where there is no terminal to ask on."""
    if not sys.stdin.isatty():
        return None
    return lambda: str(click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True))


def ask_passwords(config: Config, wanted: Iterable[str]) -> dict[str, str]:
    """The passwords of the databases that the wanted sources are read in, found before anything runs."""
    from reconcile.sources.warehouse import database_passwords

    terminal = sys.stdin.isatty()
    ask = (lambda question: str(click.prompt(question, hide_input=True, err=True))) if terminal else None
    return database_passwords(config, wanted, ask)


def sagsliste_password(config: Config) -> str:
    """The password of the sagsliste, found and judged before anything runs.

    Raises:
        InputError: there is none, or it is too weak.
    """
    from reconcile.privacy.passwords import Place, find_password
    from reconcile.reports.sagsliste import check_password

    place = Place(VARIABLE, "reconcile-sagsliste", config.kommune.kode)
    password = find_password(place, ask_hidden(_("Adgangskode til sagslisten"), twice=True))
    check_password(password)
    return password


@dataclass(frozen=True)
class Extras:
    """What is asked for beside the report: formats of export, the municipality's own workbook, and what prints the page."""

    exports: tuple[str, ...] = ()
    into: Path | None = None
    printer: str = ""


def extras_asked(exports: tuple[str, ...], into: Path | None, *, as_pdf: bool) -> Extras:
    """What is asked for, judged before anything runs. That nothing can print the page is said, and the run goes on.

    Raises:
        InputError: the workbook cannot be used.
    """
    from reconcile.reports.pdf import printer

    if into is not None:
        from reconcile.reports.own_read import check_own

        check_own(into)
    found = printer() if as_pdf else ""
    if found is None:
        screen.say(
            _("rapport.pdf er ikke med: der er hverken Chromium, Chrome, Edge eller WeasyPrint på maskinen."), err=True
        )
    return Extras(exports, into, found or "")


def writers(
    result: RunResult, rules: Sequence[Rule], asked: Extras, lookup: Lookup | None, password: str
) -> list[Callable[[Path], None]]:
    """What writes the extra files into the folder of the report before it is published."""
    made: list[Callable[[Path], None]] = []
    if asked.printer:
        from reconcile.reports.pdf import write_pdf

        made.append(lambda folder: write_pdf(folder, asked.printer))
    if (into := asked.into) is not None:
        from reconcile.reports.own_tables import own_tables
        from reconcile.reports.own_workbook import written_into

        own = written_into(into, own_tables(result, rules))
        made.append(lambda folder: door.write(folder / into.name, own, sealed=True))
    if "parquet" in asked.exports:
        from reconcile.reports.export import write_parquet

        made.append(lambda folder: write_parquet(result, rules, folder))
    if lookup is not None:
        from reconcile.reports.sagsliste import SAGSLISTE, sagsliste

        content = sagsliste(result, lookup, rules, password)
        made.append(lambda folder: _private(folder / SAGSLISTE, content))
    return made


def _private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, where the system knows such a thing."""
    door.write(path, content, sealed=True, mode=0o600)
