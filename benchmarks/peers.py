"""The record diff of two extracts with polars and with datacompy, which are no part of our environment.

    RECONCILE_PEERS=/path/to/python python benchmarks/bench.py diff

That Python has ``datacompy[polars]``; it runs this file, which imports nothing of ours but the clock. Of polars the question is
the one that ``kommune_1m.py`` asks DuckDB; of datacompy it is its own report.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from bench import Clock

_ID, _DATES = "ydelse_id", ("start_dato", "slut_dato")


def polars(folder: Path, clock: Clock) -> None:
    """A full join on the id; every row that differs in a field or that one side lacks, and every id that stands twice."""
    pl: Any = import_module("polars")
    with clock:
        left, right = (_read(pl, folder / "data" / "ind", name) for name in ("fagsystem", "flis"))
        compared = [name for name in left.columns if name != _ID]
        both = left.join(right, on=_ID, how="full", suffix="_b")
        differs = [pl.col(name).ne_missing(pl.col(f"{name}_b")) for name in compared]
        missing = [pl.col(_ID).is_null(), pl.col(f"{_ID}_b").is_null()]
        both.filter(pl.any_horizontal(*missing, *differs)).rows()
        for side in (left, right):
            side.group_by(_ID).len().filter(pl.col("len") > 1).rows()


def datacompy(folder: Path, clock: Clock) -> None:
    """Its comparison on the id, and its report."""
    pl: Any = import_module("polars")
    compare: Any = import_module("datacompy").PolarsCompare
    with clock:
        left, right = (_read(pl, folder / "data" / "ind", name) for name in ("fagsystem", "flis"))
        compare(left, right, join_columns=_ID, df1_name="fagsystem", df2_name="flis").report()


def _read(pl: Any, folder: Path, name: str) -> Any:
    if (path := folder / f"{name}.parquet").exists():
        return pl.read_parquet(path)
    read = pl.read_csv(folder / f"{name}.csv", separator=";", infer_schema=False)
    return read.with_columns(pl.col(*_DATES).str.to_date("%Y-%m-%d"))


if __name__ == "__main__":
    measured = Clock()
    {"polars": polars, "datacompy": datacompy}[sys.argv[1]](Path(sys.argv[2]), measured)
    print(json.dumps({"wall": measured.wall, "cpu": measured.cpu, "peak_mb": measured.peak_mb}))
