"""Which CPR numbers the loaded sources hold: the door is told before anything is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain

from reconcile.domain.canonical import Kind, Table
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import Engine
from reconcile.privacy import door
from reconcile.privacy.known import numbers_in

#: How many numbers are fetched at a time.
_BATCH = 10_000


def learn_numbers(engine: Engine, tables: Sequence[Table]) -> None:
    """Tell the door which CPR numbers the loaded sources hold: their persons, and what looks like one in their texts."""
    persons = [f"SELECT cpr FROM {table.name} WHERE cpr IS NOT NULL" for table in tables if "cpr" in table.names]
    if persons:
        digits = (
            "CASE WHEN regexp_full_match(cpr, '[0-9]{10}') THEN cpr ELSE regexp_replace(cpr, '[^0-9]', '', 'g') END"
        )
        query = f"SELECT {digits} AS tal FROM (SELECT DISTINCT cpr FROM ({' UNION ALL '.join(persons)}))"
        query = f"SELECT CAST(tal AS BIGINT) AS tal FROM ({query}) WHERE length(tal) IN (9, 10)"
        ordered = engine.cursor().execute(f"{query} ORDER BY tal")
        batches = iter(partial(ordered.fetchmany, _BATCH), [])  # there can be millions
        door.learn(chain.from_iterable(chain.from_iterable(batches)))  # rows of one number
    kinds = (Kind.TEXT, Kind.KOMMUNE, Kind.GROUPS)
    places = [(table.name, c.name) for table in tables for c in table.columns if c.kind in kinds]
    if places:  # what has no nine digits on end, whatever stands between them, is passed over without a closer look
        texts = (f"SELECT DISTINCT {name} AS tekst FROM {table} WHERE length({name}) >= 9" for table, name in places)
        apart = r"regexp_replace(tekst, '[^\pN\pL]', '', 'g')"
        # A table of them: the database would move the pattern to every column, and to make it ready takes its time.
        engine.run(f"CREATE OR REPLACE TABLE nummertekst AS {' UNION '.join(texts)}")
        found = (
            row[0] for row in engine.rows(f"SELECT tekst FROM nummertekst WHERE regexp_matches({apart}, '\\pN{{9}}')")
        )
        door.learn(number for text in found if mask(text) != text for number in numbers_in(text))
        engine.run("DROP TABLE nummertekst")
