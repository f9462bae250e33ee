"""``reconcile init`` and ``reconcile demo``: a working folder, empty or with the sample municipality."""

from __future__ import annotations

from pathlib import Path

import click

from reconcile.cli.options import NewPath, lang_option
from reconcile.i18n import Count, _
from reconcile.privacy.screen import say

#: Endings of files that may be a source.
#: Hidden files, and the lock that Excel lays beside an open workbook.
_PASSED_OVER = (".", "~$")
_READ = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", ".pq", ".json", ".px")


@click.command(
    "init",
    help=_(
        "Lav en arbejdsmappe: reconcile.toml, masteroversigt.csv, en hemmelig nøgle, .gitignore og start.bat.\n\n"
        "På en skærm spørger den om kommunen, og hvor filerne ligger."
    ),
)
@click.argument("folder", default=".", metavar=_("[MAPPE]"), type=NewPath(file_okay=False))
@click.option("--kommune", default="", metavar=_("NAVN"), help=_("Kommunens navn eller dens tre cifre."))
@lang_option
def init(folder: Path, kommune: str) -> None:
    """Write the files of an empty working folder; nothing that exists is overwritten."""
    from reconcile.cli.add import talks
    from reconcile.runs.proposal import config_text, is_untouched
    from reconcile.runs.workspace import create
    from reconcile.settings.edit import replace_config, with_kommune

    given = _known(kommune) if kommune else None
    for path, written in create(folder):
        say(_("lavet: {fil}").format(fil=path) if written else _("findes i forvejen: {fil}").format(fil=path))
    config = folder / "reconcile.toml"
    text = config_text(config)
    if given is None and talks() and is_untouched(text):
        given = _asked_kommune()
    if given:
        replace_config(config, with_kommune(text, *given), text)
        say(_("kommune: {kode} {navn}").format(kode=given[0], navn=given[1]))
    if talks():
        _offer_files(folder, config)
    elif given:
        say(_("\nLæg filerne i {mappe}, og kør «reconcile add».").format(mappe=folder / "ind"))
    else:
        say(_("\nRet [kommune] i {fil}, og kør «reconcile add» på jeres filer.").format(fil=config))


def _known(text: str) -> tuple[str, str]:
    """Code and name of a kommune; a usage error for what is none."""
    from reconcile.settings.kommuner import kommune, unknown

    found = kommune(text)
    if found is None:
        raise click.BadParameter(unknown(text), param_hint="--kommune")
    return found


def _asked_kommune() -> tuple[str, str] | None:
    """The kommune that is typed; None where the person just presses Enter."""
    from reconcile.settings.kommuner import kommune, unknown

    while answer := click.prompt(
        _("Hvilken kommune (navn eller tre cifre; Enter: senere)"), default="", show_default=False
    ):
        if found := kommune(answer):
            return found
        say(unknown(answer))
    return None


def _offer_files(folder: Path, config: Path) -> None:
    """Ask where the files are, and find out what they are."""
    from reconcile.cli.add import add_files

    typed = click.prompt(_("Hvor ligger filerne (mappe)"), default=str(folder / "ind"))
    place = Path(typed.strip().strip('"')).expanduser()
    there = place.iterdir() if place.is_dir() else ()
    files = sorted(
        p for p in there if p.is_file() and p.suffix.lower() in _READ and not p.name.startswith(_PASSED_OVER)
    )
    if files:
        say(_("{mappe} har {antal:fil|filer}.").format(mappe=place, antal=Count(len(files))))
        add_files(files, "", config, talk=True, write=True)
    else:
        text = _("Der er ingen filer i {mappe} endnu. Læg dem dér, og kør «reconcile add {mappe}».")
        say(text.format(mappe=place))


@click.command("demo", help=_("Skriv eksempelkommunen, og kør alt på den."))
@click.argument("folder", default="reconcile-demo", metavar=_("[MAPPE]"), type=NewPath(file_okay=False))
@click.option("--open", "show", is_flag=True, help=_("Vis rapporten, når den er skrevet."))
@click.option("--quiet", "-q", is_flag=True, help=_("Skriv kun fejl."))
@lang_option
def demo(folder: Path, show: bool, quiet: bool) -> None:
    """Write the sample and run everything on 2020. The sample has planted problems; finding them is success: exit 0."""
    from reconcile.cli.checks import run_checks
    from reconcile.domain.periods import parse_choice
    from reconcile.runs.workspace import copy_sample

    copy_sample(folder)
    run_checks(
        "run",
        config_path=folder / "reconcile.toml",
        periods=(parse_choice("2020") or (),),
        out=folder / "rapport",
        quarantine=False,
        engine="duckdb",
        quiet=quiet,
        verbose=False,
        show=show,
    )
    if not quiet:
        say(_("\nEksemplet har plantede fejl; de står i {fil}.").format(fil=folder / "PLANTET.md"))
