"""The one door to a run: an engine with canonical tables, reference data, options, periods and common views.

Commands, tests and benchmarks all come in here; they differ in what fills the canonical tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from reconcile.domain.canonical import PUBLISHED, TABLES, ddl
from reconcile.domain.periods import Quarter, between
from reconcile.engine.base import Engine
from reconcile.engine.duckdb import Engine as DuckDB
from reconcile.engine.duckdb import open_engine
from reconcile.engine.spark_session import Beside
from reconcile.reference import TABLES as REFERENCE
from reconcile.reference import forms, load_reference, own_kommuner
from reconcile.settings.config import Regler
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked, Context

#: Where the prints of deliveries lie in the working folder; a run reads the last one after the database is locked.
PRINTS = "aftryk"

#: Before this quarter no figure exists: DST's statistic begins here (all codes are valid from it at the earliest).
FIRST_QUARTER = Quarter(2015, 1)


#: Fills the canonical tables of a database and says what there is.
Reader = Callable[[DuckDB], Loaded]


@contextmanager
def open_world(asked: Asked, read: Reader, *, input_bytes: int = 0, spark: Beside | None = None) -> Iterator[Context]:
    """The world of a run, ready for its controls; its engine and its files are gone afterwards, whatever happened.

    ``read`` fills the canonical tables (``$i_dag``, ``$kommune`` and the options are set by then); ``input_bytes`` is how
    much it is going to read, which decides whether the engine works in memory. With ``spark`` views and rules are computed
    there.

    Raises:
        InputError: whatever ``read`` refuses.
    """
    with open_engine(input_bytes=input_bytes) as engine:
        create_tables(engine)
        world = make_world(engine, asked, read)
        if asked.folder:  # without a working folder there are no rules of a house
            engine.lock(asked.folder / PRINTS, *([spark.place.folder] if spark else []))
        if spark is None:
            yield world
            return
        elsewhere = spark.engine(engine)
        elsewhere.take(*TABLES, *(f"ref_{name}" for name in REFERENCE), "egen_kommune")
        there = replace(world, engine=elsewhere, driver_world=world)
        prepare(there)
        yield there


def make_world(engine: DuckDB, asked: Asked, read: Reader) -> Context:
    """The world in a database whose canonical tables are there and empty."""
    set_options(engine, asked.kommune, asked.regler, asked.today)
    loaded = read(engine)
    periods = asked.chosen or default_periods(engine)
    world = Context(**vars(asked), engine=engine, reader=engine, perioder=periods, loaded=loaded)
    prepare(world)
    return world


def widened(
    context: Context, quarters: tuple[Quarter, ...], same: Iterable[Callable[[Context], object]] = ()
) -> Context:
    """The same world for other quarters and every code; the views of the one before are no longer its own.

    ``same`` are builders of tables that no choice of quarters or codes changes: what they have made is taken over."""
    driver = widened(context.driver_world, quarters, same) if context.driver_world else None
    wide = replace(context, chosen=(), codes=frozenset(), perioder=quarters, driver_world=driver)
    set_quarters(wide)
    wide.take_over(context, same)
    return wide


def create_tables(engine: Engine) -> None:
    """Create every canonical table, empty, and the reference tables."""
    for table in TABLES.values():
        engine.run(ddl(table))
    load_reference(engine)


def set_options(engine: Engine, kommune: str, regler: Regler, today: date) -> None:
    """Make the options of ``[regler]`` available as ``$name`` in views and rule conditions."""
    options = {name: value for name, value in regler.model_dump().items() if name not in ("husregler", "ugegraense")}
    # Without a limit in the configuration each week has the one that the reference data has for it.
    options["ugegraense_valgt"] = regler.ugegraense
    options |= forms()
    fratraek = 0 if regler.slutdato_inklusiv else 1
    engine.set_parameters({**options, "kommune": kommune, "slutdato_fratraek": fratraek, "i_dag": today})
    engine.add_rows("egen_kommune", {"kommune": "VARCHAR"}, [(code,) for code in own_kommuner(kommune)])


def prepare(context: Context) -> None:
    """Create the period tables and the views every control reads; ``$har_<kilde>`` says which sources are there."""
    context.engine.set_parameters({f"har_{name}": name in context.present for name in TABLES})
    set_quarters(context)
    context.engine.create_views("faelles")


def set_quarters(context: Context) -> None:
    """Create the period tables of the quarters that are judged; the common views do not read them."""
    context.engine.set_parameters({"periode_valgt": bool(context.chosen)})
    set_periods(context.engine, context.perioder)


def set_periods(engine: Engine, quarters: Sequence[Quarter]) -> None:
    """Tables ``periode`` (quarters) and ``maaned`` (their months): name, first and last day, days."""
    types = {"periode": "VARCHAR", "fra": "DATE", "til": "DATE", "dage": "BIGINT"}
    engine.add_rows("periode", types, [(str(q), q.first, q.last, q.days) for q in quarters])
    months = [month for quarter in quarters for month in _months(quarter)]
    types = {"maaned": "VARCHAR", "periode": "VARCHAR", "fra": "DATE", "til": "DATE", "dage": "BIGINT"}
    engine.add_rows("maaned", types, months)


def _months(quarter: Quarter) -> list[tuple[str, str, date, date, int]]:
    rows = []
    first = quarter.first
    for _number in range(3):
        following = (first + timedelta(days=31)).replace(day=1)
        last = following - timedelta(days=1)
        rows.append((f"{first:%Y-%m}", str(quarter), first, last, last.day))
        first = following
    return rows


def default_periods(engine: Engine) -> tuple[Quarter, ...]:
    """The quarters a run shows when the user chose none.

    From the first to the last quarter that any side has a figure for: published figures, the starts and ends of
    courses, and postings; not before DST's statistic begins, and not after today (an end date in 2099 is no figure).
    """
    published = [
        Quarter.parse(row[0]) for t in sorted(PUBLISHED) for row in engine.rows(f"SELECT DISTINCT periode FROM {t}")
    ]
    days = engine.rows(
        """
        SELECT min(dag), max(dag) FROM (
            SELECT start_dato AS dag FROM fagsystem UNION ALL SELECT slut_dato FROM fagsystem
            UNION ALL SELECT start_dato FROM flis UNION ALL SELECT slut_dato FROM flis
            UNION ALL SELECT bogfoert_dato FROM oekonomi
        ) WHERE dag <= $i_dag
        """
    )[0]
    quarters = [q for q in published if q] + [max(Quarter.of(d), FIRST_QUARTER) for d in days if d]
    return between(min(quarters), max(quarters)) if quarters else ()
