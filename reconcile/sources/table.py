"""A canonical table once a source is in it: its defaults, and what a report says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconcile.domain.canonical import Table
from reconcile.engine.duckdb import Engine
from reconcile.i18n import Count, _
from reconcile.results.rows import FileInfo, SourceInfo


def defaults(engine: Engine, table: Table) -> list[str]:
    """Defaults that hold for every file of a table; what mattered is said."""
    caveats = []
    if "system" in table.names:
        engine.run(f"UPDATE {table.name} SET system = 'nuvaerende' WHERE system IS NULL")
        endless = _count(engine, f"{table.name} WHERE slut_dato >= DATE '9999-01-01'")
        if endless:
            engine.run(f"UPDATE {table.name} SET slut_dato = NULL WHERE slut_dato >= DATE '9999-01-01'")
            text = _("{kilde}: {antal:forløb|forløb} slutter i år 9999 og regnes som åbne.")
            caveats.append(text.format(kilde=table.name, antal=Count(endless)))
    return caveats


def _count(engine: Engine, relation: str) -> int:
    return int(engine.rows(f"SELECT count(*) FROM {relation}")[0][0])


#: The column that tells how fresh a source is.
_NEWEST: Mapping[str, str] = {
    "fagsystem": "greatest(max(start_dato), max(slut_dato) FILTER (slut_dato <= $i_dag))",
    "flis": "greatest(max(start_dato), max(slut_dato) FILTER (slut_dato <= $i_dag))",
    "oekonomi": "max(bogfoert_dato)",
    **dict.fromkeys(("disponering", "afregning"), "max(fra)"),
    "yr": "max(uge)",
    "borger": "max(doedsdato)",
}


def source_info(
    engine: Engine, table: Table, infos: Sequence[FileInfo], columns: Iterable[str], aside: int
) -> SourceInfo:
    """What a report says of a source, now that its rows are in the table."""
    newest: Any = None
    if table.name in _NEWEST:
        newest = engine.rows(f"SELECT {_NEWEST[table.name]} FROM {table.name}")[0][0]
    kept = tuple(name for name in table.names if name in set(columns))
    return SourceInfo(table.name, tuple(infos), sum(i.raekker for i in infos), kept, newest, aside)
