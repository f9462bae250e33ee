"""Ydelsesrefusion on DuckDB and on Spark: time and memory at a number of rows.

    python benchmarks/spark.py [million rows] [engine …]

Each engine (duckdb, local[2]) runs in a process of its own on the same Parquet file: it is read by DuckDB, the views of YR are
made and its rules judged. The hits of every rule must agree. Needs Java 17 and the extra [spark]. The time is that of the
processors: of the process, and of Java's with its start.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from yr_40m import LACKING, _read_parquet, load_rules_yr
from yr_data import write_parquet

from reconcile.controls import yr
from reconcile.domain.canonical import TABLES
from reconcile.engine.base import SparkPlace
from reconcile.engine.duckdb import Engine
from reconcile.engine.spark_session import beside
from reconcile.settings.config import Regler
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked
from reconcile.world.prepare import open_world


def once(data: Path, engine: str) -> dict[str, object]:
    """Load, make the views and judge; in a process of its own."""
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    asked = Asked(kommune="101", regler=Regler(), today=date(2021, 6, 1), pseudonym=lambda cpr: f"P-{cpr[::-1]}")

    def read(reader: Engine) -> Loaded:
        _read_parquet(reader, data)
        return Loaded(present={"yr": frozenset(TABLES["yr"].names) - LACKING})

    wall, cpu = time.perf_counter(), time.process_time()
    place = None if engine == "duckdb" else SparkPlace(engine, Path(tempfile.gettempdir()))
    size = data.stat().st_size * 10  # it is packed
    with beside(place, input_bytes=size) as spark, open_world(asked, read, input_bytes=size, spark=spark) as context:
        yr.create_views(context)
        hits = Counter(finding.regel for finding in yr.judge(context, load_rules_yr()).findings)
        java, memory = _java() if place else (0.0, 0)
        return {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu + java,
            "memory_mb": (memory + _most_memory("self")) // 1024,
            "hits": dict(sorted(hits.items())),
        }


def _java() -> tuple[float, int]:
    """Processor seconds and most memory (kB) of the Java process of this one."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    seconds, memory = 0.0, 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        memory += _most_memory(child)
    return seconds, memory


def _most_memory(process: str) -> int:
    """The most memory a process has had, in kB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Run each engine and print a line."""
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(once(Path(sys.argv[2]), sys.argv[3])))
        return
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    hits = None
    with tempfile.TemporaryDirectory(prefix="yr-bench-") as folder:
        data = write_parquet(Path(folder), millions)
        for engine in sys.argv[2:] or ("duckdb", "local[2]"):
            command = [sys.executable, __file__, "--once", str(data), engine]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            told = "{wall:.0f} s, processor {cpu:.0f} s, {memory_mb} MB".format(**found)
            print(f"{millions:g} million rows, {engine}: {told}", flush=True)
            if hits not in (None, found["hits"]):
                sys.exit(f"the hits differ: {hits} {found['hits']}")
            hits = found["hits"]


if __name__ == "__main__":
    main()
