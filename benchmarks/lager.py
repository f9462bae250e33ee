"""A source in a warehouse: the rows of a PostgreSQL on this machine, against the same rows in a CSV.

    python benchmarks/lager.py [million rows]

The server is started for it as the tests do it (PostgreSQL must be installed); nothing is kept.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.postgres_server import PASSWORD, postgres  # noqa: E402

from reconcile.engine.duckdb import IN_MEMORY, Engine  # noqa: E402
from reconcile.settings.config import Regler, load_config  # noqa: E402
from reconcile.sources.load import Loaded, load_sources  # noqa: E402
from reconcile.world.context import Asked  # noqa: E402
from reconcile.world.prepare import open_world  # noqa: E402

TABLE = """
CREATE TABLE post AS SELECT
    '5.38.58-1-001'::text AS konto, mod(n, 900000)::numeric / 100 AS beloeb, DATE '2020-01-01' + mod(n, 366) AS bogfoert_dato,
    lpad((mod(n, 280000) + 101800000)::text, 10, '0') AS cpr, n::text AS bilag, 'En postering med en tekst'::text AS tekst
FROM generate_series(1, %d) AS n
"""


def main() -> None:
    """Read the same rows both ways and print their times."""
    count = int(float(sys.argv[1] if len(sys.argv) > 1 else 1) * 1_000_000)
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        folder = Path(name)
        server.run(TABLE % count)
        start = f"[kommune]\nkode = 665\n[database.lis]\nadresse = '{server.address}'\n[kilder.oekonomi]\n"
        timed(folder, start + "database = 'lis'\ntabel = 'post'\n", "PostgreSQL", None)
        timed(folder, start + "filer = ['post.csv']\n", "CSV", folder / "post.csv")


def timed(folder: Path, config: str, what: str, copy: Path | None) -> None:
    """Load the source and print how long it took; the CSV is written of what the database gave."""
    (folder / "reconcile.toml").write_text(config, encoding="utf-8")
    wall, cpu = 0.0, 0.0

    def read(engine: Engine) -> Loaded:
        nonlocal wall, cpu
        wall, cpu = time.perf_counter(), time.process_time()
        settings = load_config(folder / "reconcile.toml")
        options: dict[str, Any] = {"quarantine": False, "progress": lambda _text: None, "passwords": {"lis": PASSWORD}}
        loaded = load_sources(engine, settings, ["oekonomi"], **options)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return loaded

    if copy:
        shutil.copyfile(folder / "skrevet.csv", copy)
    with open_world(
        Asked(kommune="665", regler=Regler(), today=date(2021, 6, 1)), read, input_bytes=IN_MEMORY
    ) as world:
        rows = world.engine.rows("SELECT count(*), sum(beloeb) FROM oekonomi")[0]
        if not copy:
            names = "konto, replace(CAST(beloeb AS VARCHAR), '.', ',') AS beloeb, bogfoert_dato, cpr, bilag, tekst"
            target = folder / "skrevet.csv"
            world.engine.run(f"COPY (SELECT {names} FROM oekonomi) TO '{target}' (DELIMITER ';', HEADER)")
    print(f"{what}: {rows[0]} rows, {rows[1]} kr., {wall:.1f} s, processor {cpu:.1f} s", flush=True)


if __name__ == "__main__":
    main()
