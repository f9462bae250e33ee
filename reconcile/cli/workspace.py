"""``reconcile init`` and ``reconcile demo``: a working folder, empty or with the sample municipality."""

from __future__ import annotations

from pathlib import Path

import click

from reconcile.cli.options import lang_option
from reconcile.i18n import _
from reconcile.privacy.screen import say


@click.command(
    "init", help=_("Lav en arbejdsmappe: reconcile.toml, masteroversigt.csv, en hemmelig nøgle og .gitignore.")
)
@click.argument("folder", default=".", metavar=_("[MAPPE]"), type=click.Path(path_type=Path, file_okay=False))
@lang_option
def init(folder: Path) -> None:
    """Write the files of an empty working folder; nothing that exists is overwritten."""
    from reconcile.runs.workspace import create

    for path, written in create(folder):
        say(_("lavet: {fil}").format(fil=path) if written else _("findes i forvejen: {fil}").format(fil=path))
    say(_("\nRet [kommune] og [kilder] i {fil}, og kør «reconcile run».").format(fil=folder / "reconcile.toml"))


@click.command("demo", help=_("Skriv eksempelkommunen, og kør alt på den."))
@click.argument(
    "folder", default="reconcile-demo", metavar=_("[MAPPE]"), type=click.Path(path_type=Path, file_okay=False)
)
@click.option("--quiet", "-q", is_flag=True, help=_("Skriv kun fejl."))
@lang_option
def demo(folder: Path, quiet: bool) -> None:
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
    )
    if not quiet:
        say(_("\nEksemplet har plantede fejl; de står i {fil}.").format(fil=folder / "PLANTET.md"))
