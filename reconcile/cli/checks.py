"""The commands that run controls and write reports: run, validate, ottetal, hand07, yr. They differ in what they run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from reconcile.cli.extras import Extras, ask_passwords, extra_options, extras_asked, sagsliste_password, writers
from reconcile.cli.kommuner import keep_print, run_kommuner
from reconcile.cli.options import chosen_codes, chosen_periods, common_options, progress
from reconcile.cli.text import fitted
from reconcile.domain.periods import Quarter
from reconcile.i18n import _
from reconcile.privacy import screen

if TYPE_CHECKING:
    from reconcile.results.rows import RunResult
    from reconcile.runs.pipeline import Request
    from reconcile.settings.config import Config

_HELP = {
    "run": _("Kør alt, konfigurationen har kilder til, og skriv ét sæt rapporter."),
    "validate": _("Er hvert udtræk, hvad vi tror? Kør forventningerne (VH- og UD-reglerne)."),
    "ottetal": _("8-tals kontrollen: fagsystem, økonomi, FLIS og Danmarks Statistik."),
    "hand07": _("Sammenlign med godkendelsestallene i HAND07, og forklar forskellen trin for trin."),
    "noegletal": _(
        "Tæl modtagere, forløb, helårsmodtagere, flow, varighed og kombinationer pr. ydelse, gruppe og periode."
    ),
    "yr": _("Ydelsesrefusion: reglerne YR01–YR20, og YR mod økonomien."),
}


def _command(name: str) -> click.Command:
    @click.command(name, help=_HELP[name])
    @common_options
    @extra_options
    @click.pass_context
    def command(ctx: click.Context, /, **options: Any) -> None:
        """Run the checks of one command with the options given, and end with their exit status."""
        ctx.exit(run_checks(name, **options))

    if name == "ottetal":
        option = click.Option(
            ["--code", "--kode", "codes"],
            multiple=True,
            metavar=_("KODE"),
            help=_("Kun denne DST-kode, fx 1.4. Kan gentages."),
        )
        command.params.insert(0, option)
    if name == "noegletal":
        command.params[:0] = _noegletal_options()
    if name == "yr":
        text = _(
            "Fordel også målene på fx bopaelskommune, koen, alder_10 eller gruppering; «alle» for alle. Kan gentages."
        )
        command.params.insert(0, _split_option(text))
    return command


def _split_option(text: str) -> click.Option:
    return click.Option(["--split", "--fordel", "split"], multiple=True, metavar=_("DIMENSION"), help=text)


def _noegletal_options() -> list[click.Parameter]:
    return [
        _split_option(
            _(
                "Fordel også på fx maalgruppe, betalingskommune, tilbud, alder_10 eller koen; «alle» for alle. Kan gentages."
            )
        ),
        click.Option(
            ["--population"],
            type=click.Choice(["handlekommune", "betalingskommune"]),
            help=_("Hvis borgere der tælles; ellers som regler.population."),
        ),
        click.Option(
            ["--public", "--offentlig", "for_public"],
            is_flag=True,
            help=_("En udgave til offentliggørelse: ingen personer, og ingen tal på 1–4, der kan regnes ud."),
        ),
    ]


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
    with_cases: bool = False,
    exports: tuple[str, ...] = (),
    into: Path | None = None,
    as_pdf: bool = False,
    split: tuple[str, ...] = (),
    population: str | None = None,
    for_public: bool = False,
    show: bool = False,
    if_changed: bool = False,
) -> int:
    """Run a command's controls, publish the reports, say the verdict; returns the exit code (0 or 1)."""
    from reconcile.controls.noegletal import check_dimensions
    from reconcile.privacy import second
    from reconcile.privacy.pseudonym import Lookup
    from reconcile.reports.publish import check_place
    from reconcile.reports.terminal import summary
    from reconcile.runs.pipeline import Request, sources_read
    from reconcile.runs.unchanged import unchanged_since
    from reconcile.runs.where import spark_place
    from reconcile.settings.sections import YrFactor

    if out:
        check_place(out)
    if for_public and with_cases:
        raise click.UsageError(_("--sagsliste har CPR-numre og kan ikke laves sammen med --public."))
    config = _config(config_path, population)
    spark = spark_place(engine, config)
    asked_for = extras_asked(exports, into, as_pdf=as_pdf)
    passwords = ask_passwords(config, sources_read(name))
    password, lookup = (sagsliste_password(config), Lookup()) if with_cases else ("", None)
    with progress(quiet) as say, second.possible("xlsxwriter", "reconcile.reports.xlsx"):
        dimensions = check_dimensions(split, get_args(YrFactor)) if name == "yr" else check_dimensions(split)
        asked = (name, config, chosen_periods(periods), chosen_codes(codes), quarantine, say, lookup, dimensions)
        request = Request(*asked, passwords=passwords, for_public=for_public, spark=spark)
        if config.kommune.several:
            return _several(request, out, asked_for, password if with_cases else None, quiet=quiet, show=show)
        before = unchanged_since(request) if if_changed else None
        if before is None:
            result, folder, new = _publish(request, out, asked_for, password)
    if before is not None:
        if not quiet:
            screen.say(_("Intet er ændret siden {mappe}, så intet er kørt.").format(mappe=before.folder))
        return 0
    if not quiet:
        told = [*(() if verbose else new), *summary(result, folder, verbose=verbose).splitlines()]
        screen.say("\n".join(fitted(told)))
    if show:
        click.launch(str(folder / "rapport.html"))
    return result.exit_code


def _config(path: Path, population: str | None) -> Config:
    from reconcile.settings.config import load_config

    config = load_config(path)
    if not population:
        return config
    return config.model_copy(update={"regler": config.regler.model_copy(update={"population": population})})


def _publish(
    request: Request, out: Path | None, extra: Extras, password: str
) -> tuple[RunResult, Path, tuple[str, ...]]:
    """Run, follow up and publish: the result, where its reports lie, and what is new since the run before."""
    from reconcile.files import free_folder
    from reconcile.reports.publish import publish
    from reconcile.rules.catalogue import load_rules
    from reconcile.runs.followup import follow_up
    from reconcile.runs.pipeline import execute, own_rules
    from reconcile.runs.public import public

    config, started = request.config, datetime.now().astimezone().replace(microsecond=0)
    found, loaded, new_print = execute(request, started)
    folder = out or free_folder(config.folder / "ud" / f"{started:%Y-%m-%d-%H%M%S}")
    followed = follow_up(found, config, folder)
    result = public(followed) if request.for_public else followed
    rules = load_rules(own_rules(config))
    extras = writers(result, rules, extra, request.lookup, password)
    publish(result, folder, request.progress, quarantined=loaded.quarantined, rules=rules, extras=extras)
    keep_print(config.folder, new_print)
    _note(config, folder)
    return result, folder, () if request.for_public else result.caveats[len(found.caveats) :]


def _note(config: Config, folder: Path) -> None:
    """Note the run in the list of runs; that it cannot be noted changes no verdict, and is said."""
    from reconcile.errors import InputError
    from reconcile.history.register import note_published

    try:
        note_published(config, folder)
    except InputError as error:
        screen.say(str(error), err=True)


def _several(
    request: Request, out: Path | None, extra: Extras, password: str | None, *, quiet: bool, show: bool
) -> int:
    """Run every kommune of the configuration; returns the exit code."""
    from reconcile.files import free_folder

    started = datetime.now().astimezone().replace(microsecond=0)
    folder = out or free_folder(request.config.folder / "ud" / f"{started:%Y-%m-%d-%H%M%S}")
    code = run_kommuner(request, started, folder, extra=extra, password=password, quiet=quiet)
    if show:
        click.launch(str(folder / "rapport.html"))
    return code
