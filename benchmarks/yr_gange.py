"""Ydelsesrefusion in passes: time, memory and disk at a number of rows, made at once and a part of the persons at a time.

    python benchmarks/yr_gange.py [million rows] [passes …]

Each number of passes (1 2 4 where none is given; 0: by the memory there is) runs in a process of its own on the same Parquet
file; the hits of every rule must agree. Set TMPDIR to choose where the data and what is spilled lie: 10 million rows need
some 4 GB. The memory is that of the views and the rules, not of the load.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import cast

from yr_40m import _read_parquet, _world, load_rules_yr
from yr_data import write_parquet

from reconcile.controls import yr, yr_passes
from reconcile.engine.duckdb import Engine


def once(data: Path, passes: int) -> dict[str, object]:
    """Load, make the views in so many passes and judge; in a process of its own."""
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    with _world(data, _read_parquet, {}) as context:
        persons = int(context.engine.rows("SELECT count(DISTINCT cpr) FROM yr")[0][0])
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most memory from here on, not of the load
        stop, most = threading.Event(), [0]
        engine = cast(Engine, context.engine)
        threading.Thread(target=_watch, args=(engine.folder, stop, most), daemon=True).start()
        wall, cpu = time.perf_counter(), time.process_time()
        chosen = replace(context, persons_a_pass=-(-persons // passes) if passes else 0)
        yr.create_views(chosen)
        made = time.perf_counter() - wall
        hits = Counter(finding.regel for finding in yr.judge(chosen, load_rules_yr()).findings)
        stop.set()
        return {
            "views": made,
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "memory_mb": _most_memory() // 1024,
            "passes": yr_passes.passes(chosen),
            "disk_mb": most[0] // 10**6,
            "persons": persons,
            "hits": dict(sorted(hits.items())),
        }


def _most_memory() -> int:
    """The most memory the process has had, in kB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _watch(folder: Path, stop: threading.Event, most: list[int]) -> None:
    """The most that lay in the run's folder, looked at a few times a second."""
    while not stop.wait(0.3):
        size = 0
        for path in folder.rglob("*"):
            try:
                size += path.stat().st_size
            except OSError:
                continue
        most[0] = max(most[0], size)


def main() -> None:
    """Run each number of passes and print a line."""
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(once(Path(sys.argv[2]), int(sys.argv[3]))))
        return
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    hits = None
    with tempfile.TemporaryDirectory(prefix="yr-bench-") as folder:
        data = write_parquet(Path(folder), millions)
        for passes in sys.argv[2:] or ("1", "2", "4"):
            command = [sys.executable, __file__, "--once", str(data), passes]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            told = "{views:.0f} s for the views, {wall:.0f} s in all, processor {cpu:.0f} s, {memory_mb} MB, disk {disk_mb} MB"
            print(
                f"{millions:g} million rows, {found['persons']} persons, passes {found['passes']}: {told.format(**found)}",
                flush=True,
            )
            if hits not in (None, found["hits"]):
                sys.exit(f"The hits differ: {hits} {found['hits']}")
            hits = found["hits"]


if __name__ == "__main__":
    main()
