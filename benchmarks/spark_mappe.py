"""A folder of typed rows of Ydelsesrefusion, read strictly by DuckDB and by Spark: time and memory at a number of rows.

    python benchmarks/spark_mappe.py [million rows] [engine …]

Each engine (duckdb, local[2]) reads the same Parquet files in a process of its own, to the canonical table. What they make of
them must agree: rows, persons, weeks and amounts. Needs Java 17 and the extra [spark]. The time is that of the processors: of
the process, and of Java's with its start.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
from spark import _java
from yr_data import write_parquet

from reconcile.engine.base import SparkPlace
from reconcile.engine.duckdb import open_engine
from reconcile.engine.spark_session import beside
from reconcile.settings.config import Regler, load_config
from reconcile.sources.load import input_bytes, load_sources
from reconcile.world.prepare import create_tables, set_options

_MADE = """
SELECT count(*), count(DISTINCT cpr), min(uge), max(uge), sum(bruttoudgift), sum(refusion), sum(medfinansieringssats),
    sum(ydelsestaeller), min(koerselsperiode), count(DISTINCT finansieringskommune), count(DISTINCT raekke)
FROM yr
"""


def write_folder(folder: Path, millions: float) -> None:
    """Write the rows as a folder that a platform could have: exact amounts, days, whole numbers, text."""
    data = write_parquet(folder, millions)
    (folder / "yr").mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT * EXCLUDE (raa, fil, raekke) REPLACE (CAST(refusion AS DECIMAL(18, 2)) AS refusion,"
            f" CAST(medfinansiering AS DECIMAL(18, 2)) AS medfinansiering) FROM read_parquet('{data}'))"
            f" TO '{folder / 'yr'}' (FORMAT parquet, FILE_SIZE_BYTES '20MB')"
        )
    data.unlink()


def once(folder: Path, engine: str) -> dict[str, object]:
    """Read the folder; in a process of its own."""
    config = folder / f"{engine[:5]}.toml"
    place = None if engine == "duckdb" else SparkPlace(engine, folder)
    source = 'spark = "yr"' if place else 'filer = ["yr/*.parquet"]'
    config.write_text(f'[kommune]\nkode = "101"\n[kilder.yr]\n{source}\n', encoding="utf-8")
    wall, cpu = time.perf_counter(), time.process_time()
    settings = load_config(config)
    size = input_bytes(settings, ["yr"])
    with open_engine(input_bytes=size) as database, beside(place, input_bytes=size) as spark:
        create_tables(database)
        set_options(database, "101", Regler(), date(2021, 6, 1))
        load_sources(database, settings, ["yr"], quarantine=False, progress=lambda _text: None, spark=spark)
        java, memory = _java() if place else (0.0, 0)
        took = time.perf_counter() - wall, time.process_time() - cpu + java
        made = list(map(str, database.rows(_MADE)[0]))
        made[-1] = made[0] if place is None else made[-1]  # on DuckDB every file has its own numbers
    return {"wall": took[0], "cpu": took[1], "memory_mb": memory // 1024, "made": made}


def main() -> None:
    """Run each engine and print a line."""
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(once(Path(sys.argv[2]), sys.argv[3])))
        return
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    made = None
    with tempfile.TemporaryDirectory(prefix="yr-bench-") as folder:
        write_folder(Path(folder), millions)
        for engine in sys.argv[2:] or ("duckdb", "local[2]"):
            command = [sys.executable, __file__, "--once", folder, engine]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            print(
                f"{millions:g} million rows, {engine}: {found['wall']:.0f} s, processor {found['cpu']:.0f} s",
                flush=True,
            )
            if made not in (None, found["made"]):
                sys.exit(f"they differ: {made} {found['made']}")
            made = found["made"]


if __name__ == "__main__":
    main()
