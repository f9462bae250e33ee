"""One view by itself, on hand-made tables in the place of those it is made of: a few milliseconds, and nothing else is tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb

from reconcile.engine.base import literal, statements_of_group

Rows = Sequence[Mapping[str, Any]]


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("SET threads = 1")
    return made


def alone(
    group: str, view: str, columns: str, given: Mapping[str, Any] | None = None, **tables: Rows
) -> list[tuple[Any, ...]]:
    """The columns of the view's rows, sorted.

    ``tables`` are what the view is made of, by name; one without rows is ``empty`` with values that tell its types. A view of the
    group that it reads, and that is not among them, is made of them too. ``given`` are the values of its ``$parameters``.
    """
    texts = dict(statements_of_group(group))
    connection = _connection()

    def read(name: str) -> str:
        return re.sub(r"\$(\w+)", lambda found: literal((given or {})[found[1]]), texts[name])

    def make(name: str) -> None:
        for needed in dict.fromkeys(re.findall(r"(?:FROM|JOIN)\s+(\w+)", read(name))):
            if needed in texts and needed not in tables and needed != name:
                make(needed)
                _clear(needed)
                connection.execute(f"CREATE TEMP TABLE {needed} AS {read(needed)}")

    for name, rows in tables.items():
        names = list(rows[0])
        values = ", ".join(f"({', '.join(_written(row[column]) for column in names)})" for row in rows)
        kept = "WHERE false" if isinstance(rows, Empty) else ""
        _clear(name)
        connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT * FROM (VALUES {values}) AS t({', '.join(names)}) {kept}"
        )
    make(view)
    found: list[tuple[Any, ...]] = connection.execute(f"SELECT {columns} FROM ({read(view)}\n) AS seen").fetchall()
    return sorted(found, key=str)


def _clear(name: str) -> None:
    _connection().execute(f"DROP TABLE IF EXISTS {name}")


def _written(value: Any) -> str:
    """A value as SQL; a number that is too big for 32 bits is one that views multiply on."""
    large = isinstance(value, int) and abs(value) >= 1 << 31
    return f"CAST({literal(value)} AS HUGEINT)" if large else literal(value)


class Empty(list[Mapping[str, Any]]):
    """A table without rows: the one row says its columns and their types only."""


def beside(row: Mapping[str, Any], **others: Any) -> list[Mapping[str, Any]]:
    """Copies of a row, each with one column changed: the rows of others, that must not be taken for it."""
    return [{**row, name: value} for name, value in others.items()]


def empty(**row: Any) -> Empty:
    """A table with these columns and no row."""
    return Empty([row])
