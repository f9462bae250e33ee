"""One run: sources → tables → controls → a RunResult. The reports are made of the result and written elsewhere.

Nothing is written here: the print of the delivered courses, which the next delivery is compared with, is handed on and
kept when the reports are published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from reconcile import __version__
from reconcile.controls import (
    disponering,
    hand07,
    identities,
    landscape,
    lempelser,
    noegletal,
    ottetal,
    outside,
    population,
    postdiff,
    redelivery,
    regnskab,
    validate,
    yr,
    yr_deliveries,
)
from reconcile.domain.canonical import TABLES
from reconcile.domain.periods import Quarter
from reconcile.engine.base import SparkPlace
from reconcile.engine.duckdb import Engine
from reconcile.engine.judging import begin
from reconcile.engine.spark_session import Beside, beside
from reconcile.errors import InputError
from reconcile.i18n import N_, _
from reconcile.privacy.pseudonym import Lookup, Pseudonymiser, key_id, read_key
from reconcile.results.redelivery import NewPrint
from reconcile.results.rows import PartResult, ResultTable, RunResult, ordered
from reconcile.rules.catalogue import Rule, check_house_rules, load_rules, rules_hash
from reconcile.rules.runner import not_looked_at
from reconcile.settings.config import Config
from reconcile.sources.agreement import check_published
from reconcile.sources.load import Loaded, input_bytes, load_sources
from reconcile.world.context import Asked, Context
from reconcile.world.prepare import Reader, open_world

#: A control: the world in, its tables, findings and remarks out. It writes nothing and needs no other to have run.
Control = Callable[[Context], PartResult]


@dataclass(frozen=True)
class Part:
    """A control of a command.

    ``title`` is what it is called on the screen;
    ``needs`` are the sources of which at least one must be configured; ``reads`` all it can use.
    """

    title: str
    control: Control
    needs: tuple[str, ...]
    reads: tuple[str, ...]


_COURSES = ("fagsystem", "flis", "borger")
_FIGURES = ("hand07", "hand01", "flis_antal", "flis_fuldtid", "godkendt")

PARTS: Mapping[str, Part] = {
    "validate": Part(N_("forventningerne"), validate.run, tuple(TABLES), tuple(TABLES)),
    "hand07": Part(
        N_("HAND07 og broen"),
        hand07.run,
        ("hand07", "hand01", "flis_antal", "fagsystem", "flis"),
        (*_COURSES, *_FIGURES),
    ),
    "ottetal": Part(
        N_("8-tals kontrol"),
        ottetal.run,
        ("fagsystem", "oekonomi", "flis", "flis_antal", "hand07"),
        (*_COURSES, *_FIGURES, "oekonomi", "masteroversigt"),
    ),
    "regnskab": Part(
        N_("økonomi mod regnskab"), regnskab.run, ("regnskab",), ("regnskab", "oekonomi", "masteroversigt")
    ),
    "postdiff": Part(N_("fagsystem mod FLIS"), postdiff.run, ("fagsystem", "flis"), _COURSES),
    "noegletal": Part(
        N_("nøgletal"),
        noegletal.run,
        ("fagsystem", "flis"),
        (*_COURSES, *_FIGURES, "oekonomi", "masteroversigt", "befolkning", "regnskab", "pladser"),
    ),
    "disponering": Part(
        N_("disponering"),
        disponering.run,
        ("disponering", "afregning"),
        ("disponering", "afregning", "fagsystem", "borger", "oekonomi", "masteroversigt"),
    ),
    "yr": Part(N_("ydelsesrefusion"), yr.run, ("yr",), ("yr", "yr_konto", "yr_tabel", "oekonomi")),
}

#: Controls of every command: what was delivered, and what is new in it. They look at what the others read.
SURVEYS: tuple[Control, ...] = (
    redelivery.run,
    lempelser.run,
    population.run,
    yr_deliveries.run,
    landscape.run,
    outside.run,
)

#: Sources that hold no figures of their own: with these alone there is nothing to work on.
_BESIDE = frozenset({"masteroversigt", "godkendt", "borger", "yr_konto", "yr_tabel", "befolkning", "pladser"})

#: Sources with CPR numbers: a run that reads one needs the key of the pseudonyms.
PERSONAL = frozenset({"fagsystem", "flis", "borger", "oekonomi", "disponering", "afregning", "yr"})

#: What each command runs, in order.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "run": ("validate", "hand07", "ottetal", "regnskab", "postdiff", "noegletal", "disponering", "yr"),
    "validate": ("validate",),
    "hand07": ("hand07", "postdiff"),
    "ottetal": ("ottetal", "regnskab", "postdiff"),
    "noegletal": ("noegletal", "disponering"),
    "yr": ("yr",),
}


@dataclass(frozen=True)
class Request:
    """What the user asked for. A ``lookup`` is filled with the persons of the run, for the sagsliste; ``split`` are the
    dimensions that nøgletal (in ``yr``: its measures) are split by; ``passwords`` are those of the databases, by their
    names; ``key`` is used
    in place of the one in the key file; ``for_public`` asks for the version for publication; ``spark`` is where views and
    rules are computed, if not in DuckDB."""

    command: str
    config: Config
    chosen: tuple[Quarter, ...] = ()
    codes: frozenset[str] = frozenset()
    quarantine: bool = False
    progress: Callable[[str], None] = field(default=lambda _text: None)
    lookup: Lookup | None = None
    split: tuple[str, ...] = ()
    passwords: Mapping[str, str] = field(default_factory=dict)
    key: bytes | None = None
    for_public: bool = False
    spark: SparkPlace | None = None


class Executed(NamedTuple):
    """What a run came to: its result, what was read, and the print of a new delivery, to keep with the reports."""

    result: RunResult
    loaded: Loaded
    new_print: NewPrint | None


def execute(request: Request, started: datetime, part: Reader | None = None, *, folder: Path | None = None) -> Executed:
    """Run the command's controls on the sources the configuration has.

    ``part`` fills the tables where the sources have been read already; ``folder`` is where earlier deliveries lie, if not in
    the working folder.

    Raises:
        InputError: a source cannot be read, or the command has nothing to work on.
    """
    config = request.config
    _check_own(config)
    parts = parts_of(request)
    wanted = {name for part in parts for name in PARTS[part].reads}
    rules = load_rules(own_rules(config))
    check_house_rules(rules, config.regler.husregler)
    key = request.key or (read_key(config.key_file) if wanted & set(config.kilder) & PERSONAL else b"")
    asked = Asked(
        kommune=config.kommune.kode,
        regler=config.regler,
        today=started.date(),
        chosen=request.chosen,
        codes=request.codes,
        split=() if request.command == "yr" else request.split,
        yr_split=tuple(dict.fromkeys((*config.yr.fordel, *(request.split if request.command == "yr" else ())))),
        pseudonym=Pseudonymiser(key, request.lookup),
        own_rules=own_rules(config),
        noegletal=config.noegletal,
        persons_a_pass=config.yr.personer_pr_gang,
        folder=folder or config.folder,
    )

    def read(engine: Engine, spark: Beside | None) -> Loaded:
        """Read the sources that are asked for."""
        names = [name for name in TABLES if name in wanted]
        loaded = load_sources(
            engine,
            config,
            names,
            quarantine=request.quarantine,
            progress=request.progress,
            passwords=request.passwords,
            spark=spark,
        )
        loaded.caveats += check_published(engine)
        return loaded

    judging = {rule.group for rule in rules if rule.condition and not rule.house_rule}
    if judging & set(parts):
        begin()
    size = 0 if part and not request.spark else input_bytes(config, wanted)
    with (
        beside(request.spark, input_bytes=size) as spark,
        open_world(asked, part or partial(read, spark=spark), input_bytes=size, spark=spark) as context,
    ):
        results = _run_parts(context, parts, judging, request.progress)
    new_print = next((part.new_print for part in results if part.new_print), None)
    result = _collect(request, started, context, results, rules)
    return Executed(replace(result, key_id=key_id(key) if key else ""), context.loaded, new_print)


def _check_own(config: Config) -> None:
    """A new working folder is no municipality yet.

    Raises:
        InputError: the kommune is not filled in, or no source with figures is switched on; says what to do.
    """
    if config.kommune.kode == "000":
        raise InputError(
            _('[kommune] kode er 000. Skriv jeres kommune i reconcile.toml, fx: navn = "Lemvig" eller kode = "665".')
        )
    if not set(config.kilder) - _BESIDE:
        text = _(
            "Ingen kilder er slået til, så der er intet at sammenligne. Kør «reconcile add» på jeres filer, eller fjern #"
            " foran en kilde under [kilder] i reconcile.toml, og skriv, hvor filerne ligger, fx:\n\n"
            '[kilder.fagsystem]\nfiler = ["ind/nexus-*.csv"]'
        )
        raise InputError(text)
    if config.kommune.several:
        raise InputError(_("[kommune] kode nævner flere kommuner; kommandoen gælder én. Se guidens «Flere kommuner»."))


def sources_read(command: str) -> frozenset[str]:
    """The sources that a command can use."""
    return frozenset(name for part in COMMANDS[command] for name in PARTS[part].reads)


def own_rules(config: Config) -> Path | None:
    """The municipality's own suites: ``expectations/`` in the working folder, where there is one."""
    folder = config.folder / "expectations"
    return folder if folder.is_dir() else None


def parts_of(request: Request) -> list[str]:
    """The parts of the command that have something to work on.

    Raises:
        InputError: none has; says what is missing.
    """
    asked = COMMANDS[request.command]
    able = [name for name in asked if any(source in request.config.kilder for source in PARTS[name].needs)]
    if "postdiff" in able and not {"fagsystem", "flis"} <= set(request.config.kilder):
        able.remove("postdiff")
    if not able:
        needs = " / ".join(PARTS[asked[0]].needs)
        text = _("«{kommando}» mangler en kilde: skriv mindst én af {kilder} under [kilder] i reconcile.toml.")
        raise InputError(text.format(kommando=request.command, kilder=needs))
    return able


def _run_parts(
    context: Context, parts: list[str], judging: Set[str], progress: Callable[[str], None]
) -> list[PartResult]:
    """What the parts and the surveys come to, in their order. Those that judge rules are run last: what judges is imported
    meanwhile."""
    results = {}
    for number, name in enumerate(sorted(parts, key=lambda part: part in judging), start=1):
        text = _("{nr} af {alle} · {del_}")
        progress(text.format(nr=number, alle=len(parts), del_=_(PARTS[name].title)))
        results[name] = PARTS[name].control(context)
    return [*(results[name] for name in parts), *(survey(context) for survey in SURVEYS)]


def _identities(context: Context, results: list[PartResult]) -> tuple[ResultTable, ...]:
    made = identities.check(results, flis_persons=context.has("flis"))
    return (made,) if made.rows else ()


def _collect(
    request: Request, started: datetime, context: Context, results: list[PartResult], rules: tuple[Rule, ...]
) -> RunResult:
    loaded = context.loaded
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
        tables=tuple(table for part in results for table in part.tables) + _identities(context, results),
        findings=ordered(finding for part in results for finding in part.findings),
        not_run=(*not_run, *left_out),
        caveats=tuple(dict.fromkeys([*loaded.caveats, *(text for part in results for text in part.caveats)])),
        quarantined=len({(problem.file, problem.row) for problem in loaded.quarantined}),
        config_hash=config.sha256,
        rules_hash=rules_hash(rules),
        rules_run=tuple(sorted(ran)),
        tried={rule: rows for part in results for rule, rows in part.tried.items()},
    )
