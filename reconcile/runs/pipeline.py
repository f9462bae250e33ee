"""One run: sources → tables → controls → a RunResult. The reports are made of the result and written elsewhere.

Only one thing is written here: the print of the delivered courses that the next delivery is compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from reconcile import __version__
from reconcile.controls import (
    hand07,
    landscape,
    lempelser,
    noegletal,
    ottetal,
    postdiff,
    redelivery,
    validate,
    yr,
    yr_deliveries,
)
from reconcile.domain.canonical import TABLES
from reconcile.domain.codes import chosen
from reconcile.domain.periods import Quarter
from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.privacy.pseudonym import Lookup, pseudonymiser, read_key
from reconcile.results.rows import PartResult, RunResult, ordered
from reconcile.rules.catalogue import Rule, check_house_rules, load_rules, rules_hash
from reconcile.rules.runner import not_looked_at
from reconcile.settings.config import Config
from reconcile.sources.agreement import check_published
from reconcile.sources.load import Loaded, input_bytes, load_sources
from reconcile.world.context import Context
from reconcile.world.prepare import create_tables, default_periods, prepare, set_options


@dataclass(frozen=True)
class Part:
    """A control of a run.

    ``needs`` are the sources of which at least one must be configured; ``reads`` all it can use; ``before`` a control
    whose views it builds on.
    """

    control: Callable[[Context], PartResult]
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    before: Callable[[Context], PartResult] | None = None


_COURSES = ("fagsystem", "flis", "borger")
_FIGURES = ("hand07", "hand01", "flis_antal", "flis_fuldtid", "godkendt")


def _only(part: PartResult, codes: frozenset[str]) -> PartResult:
    """The rows and findings of the chosen codes; all of them where none is chosen."""
    tables = tuple(replace(t, rows=tuple(r for r in t.rows if chosen(r.dst_kode, codes))) for t in part.tables)
    return replace(part, tables=tables, findings=tuple(f for f in part.findings if chosen(f.dst_kode or "", codes)))


PARTS: Mapping[str, Part] = {
    "validate": Part(validate.run, tuple(TABLES), tuple(TABLES)),
    "hand07": Part(hand07.run, ("hand07", "hand01", "flis_antal", "fagsystem", "flis"), (*_COURSES, *_FIGURES)),
    "ottetal": Part(
        lambda context: ottetal.run(context, codes=context.codes),
        ("fagsystem", "oekonomi", "flis", "flis_antal", "hand07"),
        (*_COURSES, *_FIGURES, "oekonomi", "masteroversigt"),
        hand07.run,
    ),
    "postdiff": Part(lambda context: _only(postdiff.run(context), context.codes), ("fagsystem", "flis"), _COURSES),
    "noegletal": Part(
        lambda context: noegletal.run(context, context.split),
        ("fagsystem", "flis"),
        (*_COURSES, "oekonomi", "masteroversigt", "godkendt"),
        hand07.run,
    ),
    "yr": Part(yr.run, ("yr",), ("yr", "oekonomi")),
}

#: Sources that hold no figures of their own: with these alone there is nothing to work on.
_BESIDE = frozenset({"masteroversigt", "godkendt", "borger"})

#: Sources with CPR numbers: a run that reads one needs the key of the pseudonyms.
PERSONAL = frozenset({"fagsystem", "flis", "borger", "oekonomi", "yr"})

#: What each command runs, in order.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "run": ("validate", "hand07", "ottetal", "postdiff", "noegletal", "yr"),
    "validate": ("validate",),
    "hand07": ("hand07", "postdiff"),
    "ottetal": ("ottetal", "postdiff"),
    "noegletal": ("noegletal",),
    "yr": ("yr",),
}


@dataclass(frozen=True)
class Request:
    """What the user asked for. A ``lookup`` is filled with the persons of the run, for the sagsliste; ``split`` are the
    dimensions that nøgletal are split by."""

    command: str
    config: Config
    chosen: tuple[Quarter, ...] = ()
    codes: frozenset[str] = frozenset()
    quarantine: bool = False
    progress: Callable[[str], None] = field(default=lambda _text: None)
    lookup: Lookup | None = None
    split: tuple[str, ...] = ()


def execute(request: Request, started: datetime) -> tuple[RunResult, Loaded]:
    """Run the command's controls on the sources the configuration has.

    Raises:
        InputError: a source cannot be read, or the command has nothing to work on.
    """
    config = request.config
    _check_own(config)
    parts = _parts(request)
    wanted = {name for part in parts for name in PARTS[part].reads}
    personal = wanted & set(config.kilder) & PERSONAL
    pseudonym = pseudonymiser(read_key(config.key_file) if personal else b"", request.lookup)
    rules = load_rules(own_rules(config))
    check_house_rules(rules, config.regler.husregler)
    with open_engine(input_bytes=input_bytes(config, wanted)) as engine:
        create_tables(engine)
        set_options(engine, config.kommune.kode, config.regler, started.date())
        loaded = load_sources(
            engine,
            config,
            [name for name in TABLES if name in wanted],
            quarantine=request.quarantine,
            progress=request.progress,
        )
        loaded.caveats += check_published(engine)
        context = Context(
            engine=engine,
            kommune=config.kommune.kode,
            regler=config.regler,
            chosen=request.chosen,
            perioder=request.chosen or default_periods(engine),
            present=loaded.present,
            pseudonym=pseudonym,
            today=started.date(),
            codes=request.codes,
            split=request.split,
            own_rules=own_rules(config),
        )
        prepare(context)
        results = _run_parts(context, parts, request.progress)
        results.append(_only(redelivery.run(context, config.folder), request.codes))
        results.append(lempelser.run(context))
        results.append(yr_deliveries.survey(engine, loaded.sources))
        results.append(landscape.survey(engine, loaded.sources, config.regler))
    return _collect(request, started, context, loaded, results, rules), loaded


def _check_own(config: Config) -> None:
    """A new working folder is no municipality yet.

    Raises:
        InputError: the kommune is not filled in, or no source with figures is switched on; says what to do.
    """
    if config.kommune.kode == "000":
        raise InputError(_('[kommune] kode er 000. Skriv jeres kommunekode i reconcile.toml, fx: kode = "665".'))
    if not set(config.kilder) - _BESIDE:
        text = _(
            "Ingen kilder er slået til, så der er intet at sammenligne. Fjern # foran en kilde under [kilder] i"
            " reconcile.toml, og skriv, hvor jeres filer ligger, fx:\n\n"
            '[kilder.fagsystem]\nfiler = ["ind/nexus-*.csv"]'
        )
        raise InputError(text)


def own_rules(config: Config) -> Path | None:
    """The municipality's own suites: ``expectations/`` in the working folder, where there is one."""
    folder = config.folder / "expectations"
    return folder if folder.is_dir() else None


def _parts(request: Request) -> list[str]:
    """The parts of the command that have something to work on; none is a mistake that says what is missing."""
    asked = COMMANDS[request.command]
    able = [name for name in asked if any(source in request.config.kilder for source in PARTS[name].needs)]
    if "postdiff" in able and not {"fagsystem", "flis"} <= set(request.config.kilder):
        able.remove("postdiff")
    if not able:
        needs = " / ".join(PARTS[asked[0]].needs)
        text = _("«{kommando}» mangler en kilde: skriv mindst én af {kilder} under [kilder] i reconcile.toml.")
        raise InputError(text.format(kommando=request.command, kilder=needs))
    return able


def _run_parts(context: Context, parts: list[str], progress: Callable[[str], None]) -> list[PartResult]:
    results = []
    ran: set[Callable[[Context], PartResult]] = set()
    for name in parts:
        part = PARTS[name]
        progress(_("kontrollerer: {del_}").format(del_=name))
        if part.before and part.before not in ran:
            part.before(context)
        results.append(part.control(context))
        ran.add(part.control)
    return results


def _collect(  # noqa: PLR0917 - what a run is made of
    request: Request,
    started: datetime,
    context: Context,
    loaded: Loaded,
    results: list[PartResult],
    rules: tuple[Rule, ...],
) -> RunResult:
    config = request.config
    ran = {rule for part in results for rule in part.rules_run}
    not_run = dict.fromkeys(item for part in results for item in part.not_run)
    left_out = not_looked_at(context, rules, ran | {item.regel for item in not_run}, COMMANDS[request.command])
    return RunResult(
        command=request.command,
        version=__version__,
        started=started,
        kommune=config.kommune.kode,
        navn=config.kommune.navn,
        perioder=tuple(str(quarter) for quarter in context.perioder),
        sources=tuple(loaded.sources),
        tables=tuple(table for part in results for table in part.tables),
        findings=ordered(finding for part in results for finding in part.findings),
        not_run=(*not_run, *left_out),
        caveats=tuple(dict.fromkeys([*loaded.caveats, *(text for part in results for text in part.caveats)])),
        open_cells=sum(part.open_cells for part in results),
        quarantined=len({(problem.file, problem.row) for problem in loaded.quarantined}),
        config_hash=config.sha256,
        rules_hash=rules_hash(rules),
        rules_run=tuple(sorted(ran)),
    )
