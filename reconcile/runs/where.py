"""Where a run computes: in DuckDB, or on Spark as ``[spark]`` says."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

from reconcile.engine.base import SparkPlace
from reconcile.engine.spark_session import check, sweep
from reconcile.settings.config import Config

#: What ``--engine`` can be.
ENGINES = ("duckdb", "spark")


def spark_place(engine: str, config: Config) -> SparkPlace | None:
    """Where Spark computes; None where DuckDB does. What a killed run left in the shared folder goes, either way.

    Raises:
        InputError: Spark cannot be used here; says what to do.
    """
    shared = config.folder / config.spark.mappe if config.spark.mappe else Path(gettempdir())
    if config.spark.mappe:
        sweep(shared)
    if engine != "spark":
        return None
    found = SparkPlace(config.spark.session, shared)
    check(found)
    return found
