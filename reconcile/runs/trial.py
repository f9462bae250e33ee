"""A proposed source, read as a run would read it: three rows, what is wrong, and what several files are to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reconcile.domain.canonical import TABLES
from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.settings.config import Config, Kilde
from reconcile.sources.load import Loaded, input_bytes, load_sources
from reconcile.sources.reading import cell
from reconcile.world.prepare import create_tables

_SHOWN = 3


@dataclass(frozen=True)
class Trial:
    """What came of reading: column names and three rows as text, how many rows, sentences, and what is wrong.

    ``serie``: ``hele`` or ``dele`` where several files of courses were told to be that, ``tvivl`` where it must be asked.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    caveats: tuple[str, ...] = ()
    wrong: str = ""
    serie: str = ""


def try_source(table: str, values: Mapping[str, Any], folder: Path, *, asked_serie: bool = True) -> Trial:
    """Read the files of a source with the proposed settings."""
    config = Config.model_construct(kilder={table: Kilde.model_validate(values)}, folder=folder)
    with open_engine(input_bytes=input_bytes(config, [table])) as engine:
        create_tables(engine)
        engine.set_parameters({"i_dag": datetime.now().astimezone().date()})
        try:
            loaded = load_sources(engine, config, [table], quarantine=False, progress=lambda _text: None)
        except InputError as error:
            if asked_serie and len(values["filer"]) and _only_serie(table, values, folder):
                return Trial(wrong=str(error), serie="tvivl")
            return Trial(wrong=str(error))
        names = _names(table, loaded)
        rows = engine.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY fil, raekke LIMIT {_SHOWN}")
        count = engine.rows(f"SELECT count(*) FROM {table}")[0][0]
        kinds = [column.kind for column in TABLES[table].columns if column.name in names]
        told = tuple(tuple(cell(k, v) for k, v in zip(kinds, row, strict=True)) for row in rows)
        return Trial(names, told, count, tuple(loaded.caveats), serie=loaded.readings[0].serie)


def _only_serie(table: str, values: Mapping[str, Any], folder: Path) -> bool:
    """Whether all that is wrong is that nobody knows if the files are parts or whole extracts."""
    if table not in ("fagsystem", "flis") or values.get("serie"):
        return False
    return not try_source(table, {**values, "serie": "hele"}, folder, asked_serie=False).wrong


def _names(table: str, loaded: Loaded) -> tuple[str, ...]:
    return tuple(name for name in TABLES[table].names if name in loaded.present[table])
