"""Many small files of Ydelsesrefusion, and one file where nearly every amount is wrong; read by us and by DuckDB alone."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import duckdb
from bench import Clock

from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.settings.config import Regler, load_config
from reconcile.sources.load import input_bytes, load_sources
from reconcile.world.prepare import create_tables, set_options

ROWS = 100
_TOML = '[kommune]\nkode = "665"\n[kilder.yr]\nfiler = ["{files}"]\n'
_HEAD = "cpr;uge;ydelse;bruttoudgift;refusionssats;refusion;ydelsestaeller;koerselsperiode;finansieringskommune\n"
_TYPES = {
    **{"cpr": "VARCHAR", "uge": "DATE", "ydelse": "VARCHAR", "bruttoudgift": "DECIMAL(18,2)"},
    **{"refusionssats": "DECIMAL(9,4)", "refusion": "DECIMAL(18,2)", "ydelsestaeller": "BIGINT"},
    **{"koerselsperiode": "VARCHAR", "finansieringskommune": "VARCHAR"},
}


def write(folder: Path, size: float) -> None:
    """Write so many monthly files and the configuration that names them."""
    chance = random.Random(7)
    for n in range(int(size)):
        month = date(2012 + n // 12, 1 + n % 12, 1)
        lines = "".join(
            f"01015{chance.randrange(10**5):05d};{month};Sygedagpenge;1000,00;40;400,00;"
            f"{chance.randrange(1, 90)};{month:%Y-%m};665\n"
            for _row in range(ROWS)
        )
        (folder / f"yr-{month:%Y-%m}.csv").write_text(_HEAD + lines, encoding="utf-8")
    (folder / "reconcile.toml").write_text(_TOML.format(files="yr-*.csv"), encoding="utf-8")


def write_bad(folder: Path, size: float) -> None:
    """Write a Parquet file where six refunds in seven have three decimals."""
    select = f"""
        SELECT lpad(CAST(101500000 + i % 80000 AS VARCHAR), 10, '0') AS cpr, DATE '2020-01-06' AS uge, 'Sygedagpenge' AS ydelse,
            CAST(i % 9000 AS DECIMAL(18, 2)) AS bruttoudgift, 40 AS refusionssats,
            CAST(CASE WHEN i % 7 = 0 THEN 2.5 ELSE 258.184 + i % 1000 END AS DOUBLE) AS refusion, '665' AS finansieringskommune
        FROM range({int(size)}) AS r(i)
    """
    duckdb.sql(f"COPY ({select}) TO '{folder}/yr.parquet' (FORMAT parquet)")
    (folder / "reconcile.toml").write_text(_TOML.format(files="yr.parquet"), encoding="utf-8")


def ours(folder: Path, size: float, clock: Clock) -> None:
    """Read them as ``reconcile yr`` does."""
    config = load_config(folder / "reconcile.toml")
    with open_engine(input_bytes=input_bytes(config, ["yr"])) as engine:
        create_tables(engine)
        set_options(engine, "665", Regler(), date(2021, 6, 1))
        with clock:
            load_sources(engine, config, ["yr"], quarantine=False, progress=lambda _text: None)
        assert engine.rows("SELECT count(*), count(DISTINCT fil) FROM yr") == [(size * ROWS, size)]  # noqa: S101


def by_hand(folder: Path, size: float, clock: Clock) -> None:
    """Read them into a table, with the types given."""
    with duckdb.connect() as connection, clock:
        connection.execute(
            f"CREATE TABLE yr AS SELECT * FROM read_csv('{folder}/yr-*.csv', delim = ';', decimal_separator = ',',"
            f" header = true, filename = true, types = {_TYPES})"
        )
        assert connection.execute("SELECT count(*) FROM yr").fetchall() == [(size * ROWS,)]  # noqa: S101


def refused(folder: Path, _size: float, clock: Clock) -> None:
    """Read the bad file."""
    try:
        ours(folder, 0, clock)
    except InputError as error:
        if "tre decimaler" not in str(error):
            raise


def count_bad(folder: Path, _size: float, clock: Clock) -> None:
    """Read the bad file into a table and count what is bad."""
    with duckdb.connect() as connection, clock:
        connection.execute(f"CREATE TABLE yr AS FROM read_parquet('{folder}/yr.parquet')")
        connection.execute("SELECT count(*) FROM yr WHERE refusion <> CAST(refusion AS DECIMAL(18, 2))").fetchall()
