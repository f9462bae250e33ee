"""A canonical table once a source is in it: its defaults, how fresh it is, and the CPR numbers that no output may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconcile.domain.canonical import Kind, Table
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import Engine
from reconcile.i18n import Count, _
from reconcile.privacy import door
from reconcile.privacy.known import numbers_in
from reconcile.results.rows import FileInfo, SourceInfo


def learn_numbers(engine: Engine, table: Table) -> None:
    """Tell the door which CPR numbers a loaded source holds: its persons, and what looks like one in its texts."""
    if "cpr" in table.names:
        persons = f"SELECT DISTINCT cpr FROM {table.name} WHERE cpr IS NOT NULL"
        query = f"SELECT regexp_replace(cpr, '[^0-9]', '', 'g') AS tal FROM ({persons})"
        query = f"SELECT list(DISTINCT CAST(tal AS BIGINT)) FROM ({query}) WHERE length(tal) IN (9, 10)"
        door.learn(engine.rows(query)[0][0] or ())  # millions of persons in one value
    names = [c.name for c in table.columns if c.kind in (Kind.TEXT, Kind.KOMMUNE, Kind.GROUPS)]
    if names:  # what has no nine digits on end, whatever stands between them, is passed over without a closer look
        texts = (f"SELECT DISTINCT {name} AS tekst FROM {table.name} WHERE length({name}) >= 9" for name in names)
        apart = r"regexp_replace(tekst, '[^\pN\pL]', '', 'g')"
        query = f"SELECT tekst FROM ({' UNION '.join(texts)}) WHERE regexp_matches({apart}, '\\pN{{9}}')"
        found = (row[0] for row in engine.rows(query))
        door.learn(number for text in found if mask(text) != text for number in numbers_in(text))


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
