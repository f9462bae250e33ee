"""A municipality, whole, and the record diff of two extracts, each from its files, beside the same in DuckDB by hand.

By hand the files are read with their types given; the record diff is a full join on ydelse_id that lists every field that
differs and every id that one side has twice; of a municipality the questions of ``ottetal_1m.py`` are asked too. Nothing is
judged or written. Ours reads strictly, judges, makes the bridge and writes every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import kommune_data
import ottetal_1m as ottetal

from reconcile.cli import main
from reconcile.controls import postdiff
from reconcile.domain.periods import between, parse_choice
from reconcile.engine.duckdb import Engine
from reconcile.settings.config import load_config
from reconcile.sources.load import Loaded, input_bytes, load_sources
from reconcile.world.context import Asked
from reconcile.world.prepare import open_world

if TYPE_CHECKING:
    from bench import Clock

#: The ledger of a municipality has so many months, which is ten or eleven postings a course.
MONTHS, PERIOD = 18, "2019K1:2020K2"
PUBLISHED = "2019K1:2020K4"
_COMPARED = ("cpr", "dst_kode", "start_dato", "slut_dato", "handlekommune", "betalingskommune", "maalgruppe", "system")
_TYPES: Mapping[str, Mapping[str, str]] = {
    "fagsystem": dict.fromkeys(
        ("cpr", "dst_kode", "ydelse_id", "handlekommune", "betalingskommune", "maalgruppe"), "VARCHAR"
    ),
    "flis": dict.fromkeys(
        ("cpr", "dst_kode", "ydelse_id", "handlekommune", "betalingskommune", "maalgruppe"), "VARCHAR"
    ),
    "oekonomi": {"cpr": "VARCHAR", "konto": "VARCHAR", "beloeb": "DECIMAL(18,2)"},
    "masteroversigt": {"dst_kode": "VARCHAR", "konto": "VARCHAR", "maalgruppe": "VARCHAR"},
}
_DIFF = f"""
    SELECT coalesce(a.ydelse_id, b.ydelse_id), a.ydelse_id IS NULL, b.ydelse_id IS NULL,
        {", ".join(f"a.{name}, b.{name}" for name in _COMPARED)}
    FROM fagsystem AS a FULL JOIN flis AS b ON b.ydelse_id = a.ydelse_id
    WHERE a.ydelse_id IS NULL OR b.ydelse_id IS NULL
        OR {" OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in _COMPARED)}
"""
_TWICE = "SELECT ydelse_id, count(*) FROM {name} GROUP BY ydelse_id HAVING count(*) > 1"


def write_extracts(folder: Path, courses: float) -> None:
    """Two extracts of courses and HAND07."""
    kommune_data.write(folder / "data", courses=int(courses))


def write_parquet(folder: Path, courses: float) -> None:
    """The two extracts as Parquet, and HAND07."""
    kommune_data.write(folder / "data", courses=int(courses), parquet=True)


def write_municipality(folder: Path, courses: float) -> None:
    """Two extracts, a ledger of ten postings a course, the masteroversigt and HAND07, with faults of every kind."""
    kommune_data.write(folder / "data", courses=int(courses), months=MONTHS, off=1)


def write_findings(folder: Path, findings: float) -> None:
    """A municipality with about so many findings: the share that is wrong decides it. Below a hundred (the tests) it is small."""
    courses = 200 if 0 < findings < 100 else 20_000
    wrong = round(findings / courses * 15)
    kommune_data.write(
        folder / "data", courses=courses, months=MONTHS, wrong=wrong, differ=min(wrong, 2), off=min(wrong, 1)
    )


def hand07(folder: Path, _courses: float, clock: Clock) -> None:
    """The whole command, with its reports, for the quarters that are published."""
    with clock:
        _call("hand07", folder, "--period", PUBLISHED)


def run(folder: Path, _courses: float, clock: Clock) -> None:
    """The whole command, with its reports."""
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    with clock:
        _call("run", folder, "--period", PERIOD)


def _call(command: str, folder: Path, *options: str) -> None:
    try:
        main(
            [
                command,
                "--config",
                str(folder / "data" / "reconcile.toml"),
                "--out",
                str(folder / "ud"),
                "--quiet",
                *options,
            ]
        )
    except SystemExit as ended:
        if ended.code not in (0, 1, None):
            raise


def load_and_diff(folder: Path, _courses: float, clock: Clock) -> None:
    """Our strict reading of the extracts and the record diff with its findings."""
    config = load_config(folder / "data" / "reconcile.toml")
    sources = ("fagsystem", "flis")

    def read(engine: Engine) -> Loaded:
        return load_sources(engine, config, sources, quarantine=False, progress=lambda _text: None)

    asked = Asked(
        kommune=config.kommune.kode, regler=config.regler, today=date(2021, 6, 1), pseudonym=lambda cpr: cpr[::-1]
    )
    with clock, open_world(asked, read, input_bytes=input_bytes(config, sources)) as context:
        postdiff.run(context)


def diff_by_hand(folder: Path, _courses: float, clock: Clock) -> None:
    """The same two files, the same differences."""
    with clock, duckdb.connect() as engine:
        _read(engine, folder, "fagsystem", "flis")
        _ask(engine, _DIFF, *(_TWICE.format(name=name) for name in ("fagsystem", "flis")))


def municipality_by_hand(folder: Path, _courses: float, clock: Clock) -> None:
    """The same files; the record diff, the eight figures, kroner, and what the rules ask."""
    with clock, duckdb.connect() as engine:
        _read(engine, folder, *_TYPES)
        quarters = parse_choice(PERIOD) or ()
        periods = ", ".join(f"('{q}', DATE '{q.first}', DATE '{q.last}')" for q in between(quarters[0], quarters[-1]))
        engine.execute(f"CREATE TABLE periode AS SELECT * FROM (VALUES {periods}) AS p(periode, fra, til)")
        engine.execute(
            "CREATE TABLE maaned AS SELECT strftime(fra, '%Y-%m') AS maaned, fra, last_day(fra) AS til FROM"
            " (SELECT CAST(unnest(range(min(fra), max(til), INTERVAL 1 MONTH)) AS DATE) AS fra FROM periode)"
        )
        engine.execute("ALTER TABLE oekonomi ADD COLUMN ydelsesperiode DATE")
        engine.execute(f"CREATE TABLE haand AS {ottetal.BY_HAND}")
        twice = [_TWICE.format(name=name) for name in ("fagsystem", "flis")]
        counted = [ottetal.MONTHS_BY_HAND, ottetal.FIGURES_BY_HAND, ottetal.KRONER_BY_HAND]
        _ask(engine, _DIFF, *twice, *counted, *ottetal.RULES_BY_HAND.values())


def _read(engine: duckdb.DuckDBPyConnection, folder: Path, *names: str) -> None:
    for name in names:
        path = folder / "data" / "ind" / f"{name}.csv"
        if (columns := path.with_suffix(".parquet")).exists():
            engine.execute(f"CREATE TABLE {name} AS SELECT * FROM '{columns}'")
            continue
        engine.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', delim = ';', header = true, decimal_separator = ',',"
            f" types = {dict(_TYPES[name])})"
        )


def _ask(engine: duckdb.DuckDBPyConnection, *queries: str) -> None:
    for query in queries:
        engine.execute(query).fetchall()
