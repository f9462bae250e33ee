"""A run over several kommuner: the sources are read once, and each kommune is then run on its own part of them.

The part is what the kommune's own extracts would hold: the courses that it handles or pays for, its postings and published
figures, and of the YR source every row of each person it finances a week of, whoever finances the others, so that counters are
followed across kommuner. A row that says no kommune belongs to nobody, and is said. The controls and their views know nothing
of it: each kommune has an engine of its own, whose canonical tables hold its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from reconcile.domain.canonical import PUBLISHED, TABLES
from reconcile.engine.base import literal
from reconcile.engine.duckdb import Engine, Sealed, open_engine
from reconcile.errors import InputError, listed
from reconcile.i18n import Count, _
from reconcile.privacy import door
from reconcile.privacy.pseudonym import read_key
from reconcile.reference import kommuner, own_kommuner
from reconcile.results.rows import SourceInfo
from reconcile.runs.pipeline import PERSONAL, Executed, Request, execute, parts_of, sources_read
from reconcile.settings.config import Config, Kommune
from reconcile.sources.agreement import check_published
from reconcile.sources.load import Loaded, input_bytes, load_sources
from reconcile.sources.numbers import learn_numbers
from reconcile.sources.table import source_info
from reconcile.world.prepare import Reader, create_tables, set_options

#: Where a kommune's acceptances, approvals and prints lie in the working folder.
FOLDER = "kommuner"

#: Sources of money by person.
_MONEY = ("oekonomi", "disponering", "afregning")
#: SQL for whose a row is, of the sources whose rows are one kommune's; a delivery of YR may say it in its name only.
_OWNER: Mapping[str, str] = {
    "fagsystem": "coalesce(handlekommune, betalingskommune)",
    "flis": "coalesce(handlekommune, betalingskommune)",
    **dict.fromkeys(_MONEY, "kommune"),
    "yr": (
        "coalesce(finansieringskommune,"
        " nullif(regexp_extract(fil, 'yr-ydelsesrefusion-beregning-0?([0-9]{3})-[0-9]+-', 1, 'i'), ''), bopaelskommune)"
    ),
    **dict.fromkeys(PUBLISHED, "kommune"),
}


@dataclass(frozen=True)
class Whole:
    """The sources of every kommune, read once: the database they lie in, what was read, and the kommuner of the run.

    ``nobodys`` and ``outside`` are sentences about rows that say no kommune, or one that is not in the run.
    """

    database: Sealed
    loaded: Loaded
    codes: tuple[str, ...]
    nobodys: tuple[str, ...]
    outside: tuple[str, ...]


@contextmanager
def read_whole(request: Request, started: datetime) -> Iterator[Whole]:
    """Read the sources of the command once, into a database that is gone afterwards.

    Raises:
        InputError: a source cannot be read, or its rows do not say whose they are.
    """
    config = request.config
    wanted = sources_read(request.command)
    parts_of(request)
    _check_read_here(config, wanted)
    if request.key is None and wanted & set(config.kilder) & PERSONAL:
        read_key(config.key_file)  # each kommune needs it: better said before everything is read
    with open_engine(input_bytes=input_bytes(config, wanted)) as engine:
        create_tables(engine)
        set_options(engine, "", config.regler, started.date())
        names = [name for name in TABLES if name in wanted]
        loaded = load_sources(
            engine, config, names, quarantine=request.quarantine, progress=request.progress, passwords=request.passwords
        )
        _check_owners(engine, loaded)
        codes = config.kommune.codes or _all_codes(engine, loaded)
        nobodys, outside = tuple(_nobodys(engine, loaded)), tuple(_outside(engine, loaded, codes))
        yield Whole(_kept(engine), loaded, codes, nobodys, outside)


def run_part(request: Request, started: datetime, whole: Whole, kommune: str) -> Executed:
    """Run one kommune on its part.

    Raises:
        InputError: its published figures contradict each other.
    """
    config = config_of(request.config, kommune)
    return execute(
        replace(request, config=config),
        started,
        part_of(whole, kommune),
        folder=request.config.folder / FOLDER / kommune,
    )


def config_of(config: Config, kommune: str) -> Config:
    """The configuration of one kommune of the run."""
    return config.model_copy(update={"kommune": Kommune(kode=kommune, navn=kommuner().get(kommune, ""))})


def part_of(whole: Whole, kommune: str) -> Reader:
    """Fills the canonical tables with the part of a kommune."""

    def read(engine: Engine) -> Loaded:
        """Fill the engine with one kommune's rows of what was read for all."""
        engine.connection.execute("SET threads = 1")  # the kommuner share the cores, one each
        engine.attach_lent(whole.database, "landet")
        for name, select in _selects(own_kommuner(kommune)).items():
            engine.run(f"INSERT INTO {name} BY NAME {select}")
        engine.connection.execute("DETACH landet")
        door.forget()
        learn_numbers(engine, [TABLES[name] for name in whole.loaded.present])
        sources = [_part_info(engine, source) for source in whole.loaded.sources]
        caveats = [*whole.loaded.caveats, *whole.nobodys, *check_published(engine)]
        return replace(whole.loaded, sources=sources, caveats=caveats, quarantined=[])  # what was set aside is nobody's

    return read


def _selects(own: tuple[str, ...]) -> dict[str, str]:
    """Table → the rows of a kommune in it. ``borger`` comes last: its persons are those of the others."""
    codes = f"({', '.join(map(literal, own))})"
    selects = {name: f"SELECT * FROM landet.{name}" for name in TABLES}
    for name in ("fagsystem", "flis"):
        selects[name] += f" WHERE handlekommune IN {codes} OR betalingskommune IN {codes}"
    for name in (*_MONEY, *PUBLISHED):
        selects[name] += f" WHERE kommune IN {codes}"
    selects["masteroversigt"] += f" WHERE kommune IS NULL OR kommune IN {codes}"
    others = f"CASE WHEN ejer IN {codes} THEN finansieringskommune ELSE ejer END AS finansieringskommune"
    selects["yr"] = (
        f"SELECT * EXCLUDE (ejer) REPLACE ({others}) FROM landet.yr"
        f" WHERE ejer IS NOT NULL AND cpr IN (SELECT cpr FROM landet.yr WHERE ejer IN {codes})"
    )
    persons = " UNION ALL ".join(f"SELECT cpr FROM {name}" for name in ("fagsystem", "flis", *_MONEY, "yr"))
    selects["borger"] = f"{selects.pop('borger')} WHERE cpr IN ({persons})"
    return selects


def _part_info(engine: Engine, source: SourceInfo) -> SourceInfo:
    """A source with the rows of the part, and the files they stand in."""
    counts = dict(engine.rows(f"SELECT fil, count(*) FROM {source.kilde} GROUP BY fil"))
    files = [replace(file, raekker=counts[file.fil]) for file in source.filer if file.fil in counts]
    info = source_info(engine, TABLES[source.kilde], files, source.kolonner, 0)
    return replace(info, bruges_til=source.bruges_til)


def _kept(engine: Engine) -> Sealed:
    """Move the tables to a database file that several can read at once."""
    sealed = engine.attach(engine.folder / "kommuner.duckdb", "landet")
    engine.lend(sealed)
    for name in TABLES:
        owner = f", {_OWNER[name]} AS ejer" if name == "yr" else ""
        order = f" ORDER BY {_OWNER[name]}" if name in _OWNER else ""
        engine.run(f"CREATE TABLE landet.{name} AS SELECT *{owner} FROM {name}{order}")
        engine.run(f"DROP TABLE {name}")
    engine.connection.execute("DETACH landet")
    return sealed


def _owned(loaded: Loaded) -> list[str]:
    return [name for name in _OWNER if name in loaded.present]


def _check_read_here(config: Config, wanted: Iterable[str]) -> None:
    """What Spark reads is not shared out between kommuner.

    Raises:
        InputError: names the source.
    """
    for name in wanted:
        if name in config.kilder and config.kilder[name].spark:
            text = _(
                "[kilder.{navn}] læses af Spark og kan ikke deles mellem flere kommuner; kør én kommune ad gangen."
            )
            raise InputError(text.format(navn=name))


def _check_owners(engine: Engine, loaded: Loaded) -> None:
    """Rows of a source that never says whose they are would count for every kommune.

    Raises:
        InputError: names the sources and the column each lacks.
    """
    columns = {"fagsystem": "handlekommune", "flis": "handlekommune", "yr": "finansieringskommune"}
    mute = [
        name
        for name in _owned(loaded)
        if engine.rows(f"SELECT count(*) > 0 AND count({_OWNER[name]}) = 0 FROM {name}")[0][0]
    ]
    if mute:
        text = _("[kilder.{navn}]: ingen række siger, hvilken kommune den hører til; kolonnen {kolonne} mangler.")
        heading = _("En kørsel over flere kommuner skal kunne kende kommunerne fra hinanden.")
        lines = (text.format(navn=name, kolonne=columns.get(name, "kommune")) for name in mute)
        raise InputError(listed(heading, lines))


def _all_codes(engine: Engine, loaded: Loaded) -> tuple[str, ...]:
    """The kommuner that any source has a row of.

    Raises:
        InputError: there is none.
    """
    pays = [f"SELECT betalingskommune FROM {name}" for name in ("fagsystem", "flis")]
    owners = [f"SELECT {_OWNER[name]} FROM {name}" for name in _owned(loaded)]
    found = {row[0] for row in engine.rows(" UNION ".join([*pays, *owners]))} & set(kommuner())
    if not found:
        raise InputError(_("Ingen af kilderne har en række med en kendt kommune."))
    return tuple(sorted(found))


def _nobodys(engine: Engine, loaded: Loaded) -> Iterator[str]:
    """The rows that no kommune is judged on, because they do not say whose they are."""
    text = _("{kilde}: {antal:række|rækker} siger ikke, hvilken kommune de hører til, og er ikke talt med hos nogen.")
    for name in _owned(loaded):
        if count := engine.rows(f"SELECT count(*) FROM {name} WHERE {_OWNER[name]} IS NULL")[0][0]:
            yield text.format(kilde=name, antal=Count(count))


def _outside(engine: Engine, loaded: Loaded, codes: tuple[str, ...]) -> Iterator[str]:
    """The rows of kommuner that are not in the run."""
    text = _("{kilde}: {antal:række|rækker} hører til kommuner, der ikke er med i kørslen.")
    own = ", ".join(literal(code) for kommune in codes for code in own_kommuner(kommune))
    for name in _owned(loaded):
        inside = f"{_OWNER[name]} IN ({own})"
        if name in ("fagsystem", "flis"):
            inside += f" OR coalesce(betalingskommune, '') IN ({own})"
        if count := engine.rows(f"SELECT count(*) FROM {name} WHERE NOT ({inside})")[0][0]:
            yield text.format(kilde=name, antal=Count(count))
