"""The commands that run controls and write reports: run, validate, ottetal, hand07, yr. They differ in what they run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from reconcile.cli.options import check_engine, chosen_periods, common_options, progress
from reconcile.i18n import _
from reconcile.periods import Quarter

_HELP = {
    "run": _("Kør alt, konfigurationen har kilder til, og skriv ét sæt rapporter."),
    "validate": _("Er hvert udtræk, hvad vi tror? Kør forventningerne (VH- og UD-reglerne)."),
    "ottetal": _("8-tals kontrollen: fagsystem, økonomi, FLIS og Danmarks Statistik."),
    "hand07": _("Sammenlign med godkendelsestallene i HAND07, og forklar forskellen trin for trin."),
    "yr": _("Ydelsesrefusion: reglerne YR01–YR20, og YR mod økonomien."),
}


def _command(name: str) -> click.Command:
    @click.command(name, help=_HELP[name])
    @common_options
    @click.pass_context
    def command(ctx: click.Context, **options: Any) -> None:
        ctx.exit(run_checks(name, **options))

    if name == "ottetal":
        option = click.Option(
            ["--kode", "codes"], multiple=True, metavar="KODE", help=_("Kun denne dst_kode, fx 1.4. Kan gentages.")
        )
        command.params.insert(0, option)
    return command


COMMANDS = tuple(_command(name) for name in _HELP)


def run_checks(
    name: str,
    *,
    config_path: Path,
    periods: tuple[tuple[Quarter, ...], ...],
    out: Path | None,
    quarantine: bool,
    engine: str,
    quiet: bool,
    verbose: bool,
    codes: tuple[str, ...] = (),
) -> int:
    """Run a command's controls, publish the reports, say the verdict; returns the exit code (0 or 1)."""
    from reconcile.config import load_config
    from reconcile.pipeline import Request, execute
    from reconcile.reports.publish import publish
    from reconcile.reports.terminal import summary

    check_engine(engine)
    config = load_config(config_path)
    started = datetime.now().astimezone().replace(microsecond=0)
    with progress(quiet) as say:
        request = Request(name, config, chosen_periods(periods), frozenset(codes), quarantine, say)
        result, loaded = execute(request, started)
        folder = out or config.folder / "ud" / f"{started:%Y-%m-%d-%H%M%S}"
        publish(result, loaded, folder, say)
    if not quiet:
        click.echo(summary(result, folder, verbose=verbose))
    return result.exit_code
