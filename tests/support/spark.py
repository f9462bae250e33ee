"""What the tests of the Spark job share: when they run, two runs compared, and folders of typed rows."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_WANTED = os.environ.get("RECONCILE_SPARK") == "1"
_LACKS = [name for name, there in (("pyspark", find_spec("pyspark")), ("java", shutil.which("java"))) if not there]
#: A job of its own, because it needs Java and takes minutes.
MARKS = [
    pytest.mark.skipif(not _WANTED, reason="a job of its own: RECONCILE_SPARK=1"),
    pytest.mark.skipif(bool(_LACKS) and not os.environ.get("CI"), reason=f"not here: {', '.join(_LACKS)}"),
]
_KINDS = {"kr": "DECIMAL(18,2)", "dag": "DATE", "tal": "INTEGER"}
#: What is another on two runs of the same: when they ran.
_TIMES = ("tid",)


def same(duckdb: Path, spark: Path) -> None:
    """Every CSV byte for byte, and resultat.json but its times."""
    names = sorted(path.name for path in duckdb.glob("*.csv"))
    assert names == sorted(path.name for path in spark.glob("*.csv"))
    for name in names:
        assert (duckdb / name).read_bytes() == (spark / name).read_bytes(), name
    ours, theirs = (json.loads((folder / "resultat.json").read_bytes()) for folder in (duckdb, spark))
    for told in (ours, theirs):
        for name in _TIMES:
            assert told["koersel"].pop(name)
    assert ours.keys() == theirs.keys()
    for part, value in ours.items():
        assert value == theirs[part], part


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV as systems write them."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("windows-1252")
    header, *rows = csv.reader(text.splitlines(), delimiter=";")
    return header, rows


def write_typed(folder: Path, files: Sequence[Path], types: Mapping[str, str]) -> None:
    """The rows of CSV files as a folder of Parquet files with typed columns; ``types`` names those that are no text."""
    for number, path in enumerate(files):
        header, rows = rows_of(path)
        columns = {name: [_typed(row[place], types.get(name)) for row in rows] for place, name in enumerate(header)}
        write_parquet(folder / f"part-{number:05}.snappy.parquet", columns, {n: _KINDS[k] for n, k in types.items()})


def write_parquet(path: Path, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str] | None = None) -> None:
    """A Parquet file of columns of Python values; ``types`` are DuckDB's, where they are not plain from the values."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    told = types or {}
    cells = (f'unnest(CAST(? AS {told[n]}[])) AS "{n}"' if n in told else f'unnest(?) AS "{n}"' for n in columns)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT {', '.join(cells)}", [list(cells) for cells in columns.values()])
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def _typed(text: str, kind: str | None) -> Any:
    match kind:
        case None:
            return text or None
        case _any if not text:
            return None
        case "kr":
            return Decimal(text.replace(".", "").replace(",", "."))
        case "tal":
            return int(text)
        case _day:
            return date.fromisoformat(text) if text[4] == "-" else date(int(text[6:]), int(text[3:5]), int(text[:2]))
