"""What controls, rules and the world ask of the place where SQL runs: everything they use of it, and no more.

SQL is DuckDB's dialect in the portable subset that ``tests/test_portable_sql.py`` holds; an engine of another dialect
translates it. Reading files and converting them strictly is no part of this: DuckDB does that for every engine.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from reconcile.resources import SQL

Value = str | int | Decimal | date | bool | None


def literal(value: Value) -> str:
    """A Python value as an SQL literal; text is quoted."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")  # 1E+4 would be a float
        case date():
            return f"DATE '{value.isoformat()}'"
        case _text:
            return "'" + str(value).replace("'", "''") + "'"


def with_values(sql: str, values: Sequence[Any] | None) -> str:
    """SQL with each ``?`` replaced by a value as a literal."""
    if values is None:
        return sql
    first, *parts = sql.split("?")
    return first + "".join(literal(value) + part for value, part in zip(values, parts, strict=True))


def with_bound(sql: str, values: Sequence[Any] = ()) -> str:
    """SQL with each ``$1``, ``$2`` replaced by a value as a literal."""
    return re.sub(r"\$(\d+)", lambda found: literal(values[int(found[1]) - 1]), sql) if values else sql


def is_there(sql: str) -> bool:
    """Whether Great Expectations asks no more than whether a table is there: that needs no work, for it judges those that are."""
    return re.fullmatch(r"\s*SELECT 1\s+FROM \w+\s+LIMIT (?:1|\$1)\s*", sql) is not None


def fill(sql: str, parameters: Mapping[str, str]) -> str:
    """SQL with its ``$names`` replaced by literals."""
    return string.Template(sql).safe_substitute(parameters)


@cache
def statements_of_group(group: str) -> tuple[tuple[str, str], ...]:
    """The views of a folder of ``sql/`` with their texts, in the order of their file names: ``020_yr_netto.sql`` is
    ``yr_netto``."""
    paths = sorted((SQL / group).glob("*.sql"))
    return tuple((path.stem.split("_", 1)[1], path.read_text(encoding="utf-8")) for path in paths)


def view_statement(name: str, select: str) -> str:
    """What creates a view; a table where its comments say ``-- stored``, because several rules read it."""
    stored = re.search(r"^-- stored", select, re.MULTILINE) is not None
    return f"CREATE OR REPLACE {'TABLE' if stored else 'VIEW'} {name} AS {select}"


class Kind(Enum):
    """What sort of mistake is in a piece of SQL."""

    COLUMN = auto()
    FUNCTION = auto()
    SYNTAX = auto()
    VALUE = auto()
    STATEMENT = auto()
    OUTSIDE = auto()
    UNPORTABLE = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Mistake:
    """A mistake in SQL; ``word`` is the column, function, sign or construct it is about, empty where there is none."""

    kind: Kind
    word: str = ""


@dataclass(frozen=True)
class SparkPlace:
    """Where Spark is (``local[2]`` or ``sc://host:15002``), and the folder in which tables are shared with it."""

    session: str
    folder: Path


class Engine(Protocol):
    """Where the SQL of a run runs.

    ``parameters`` stand as ``$name`` in views and rule conditions and are put in as literals, so that the same text
    can be read, run and translated.
    """

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What it raises when a statement cannot be carried out. Their texts can quote SQL and values."""

    @property
    def memory(self) -> int | None:
        """The bytes of memory it may use; None where it shares the work out by itself, however much it is."""

    def set_parameters(self, parameters: Mapping[str, Value]) -> None:
        """Add values for ``$name`` in SQL."""

    def fill(self, sql: str) -> str:
        """SQL with its ``$names`` replaced by literals."""

    def run(self, sql: str) -> object:
        """Run a statement with ``$names`` filled in."""

    def rows(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Every row of a query; ``values`` stand for its ``?``."""

    def records(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows of a query as dicts, fetched in batches."""

    def cursor(self) -> Any:
        """A cursor of the DB-API for Great Expectations: ``execute``, ``description``, ``fetchall``, ``close``."""

    def names(self, *, views_only: bool = False) -> frozenset[str]:
        """The tables and views there are."""

    def columns(self, relation: str) -> tuple[str, ...]:
        """The column names of a table or view."""

    def take(self, *tables: str) -> None:
        """From here on read these tables of the database the sources were read into; there they are already."""

    def add_rows(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Create a small table of Python rows (reference data, parameters, lookups)."""

    def create_views(self, group: str) -> None:
        """Create the views of a folder of ``sql/`` in the order of their file names."""

    def create_view(self, name: str, select: str) -> None:
        """Create one view, or a table when its comments say ``-- stored``."""

    def mistake_in(self, query: str, *, run: bool = False) -> Mistake | None:
        """The mistake in a query (``$names`` filled in), or None; with ``run`` also those only its rows show."""
