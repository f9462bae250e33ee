"""A proposed source, read as a run would read it: three rows, what is wrong, and what several files are to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.domain.canonical import TABLES, Kind
from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.i18n import kr, number, shown
from reconcile.privacy.door import MASKED
from reconcile.settings.config import Config, Kilde
from reconcile.sources.load import Loaded, input_bytes, load_sources
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
        files, count = engine.rows(f"SELECT count(DISTINCT fil), count(*) FROM {table}")[0]
        kinds = [column.kind for column in TABLES[table].columns if column.name in names]
        told = tuple(tuple(cell(k, v) for k, v in zip(kinds, row, strict=True)) for row in rows)
        several = len(loaded.sources[0].filer) > 1 and table in ("fagsystem", "flis")
        serie = ("hele" if files == 1 else "dele") if several else ""
        return Trial(names, told, count, tuple(loaded.caveats), serie=serie)


def _only_serie(table: str, values: Mapping[str, Any], folder: Path) -> bool:
    """Whether all that is wrong is that nobody knows if the files are parts or whole extracts."""
    if table not in ("fagsystem", "flis") or values.get("serie"):
        return False
    return not try_source(table, {**values, "serie": "hele"}, folder, asked_serie=False).wrong


def _names(table: str, loaded: Loaded) -> tuple[str, ...]:
    return tuple(name for name in TABLES[table].names if name in loaded.present[table])


def cell(kind: Kind, value: object) -> str:
    """A value as it was read, for a person to look at; a CPR number is masked."""
    match value:
        case None:
            return ""
        case date():
            return f"{value:%Y-%m}" if kind in (Kind.MONTH, Kind.MONTHS) else shown(value)
        case Decimal() if kind is Kind.MONEY:
            return kr(value)
        case int() | Decimal() if not isinstance(value, bool):
            return number(value)
    return MASKED if kind is Kind.CPR else str(value) if not isinstance(value, bool) else shown(value)
