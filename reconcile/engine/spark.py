"""Spark in the place of DuckDB: views and rules are computed there, over Parquet files in a folder that both can reach.

DuckDB still reads the sources and converts them strictly; its tables go to the folder as they are. A view is Spark's view,
made when it is first read and again when something under it was replaced; a stored view is a Parquet file. Only what Spark
Connect can do is used, so that the session may be on another machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp
from sqlglot.errors import SqlglotError

from reconcile.engine import spark_mistakes
from reconcile.engine.base import (
    Mistake,
    Value,
    fill,
    is_there,
    literal,
    statements_of_group,
    view_statement,
    with_bound,
    with_values,
)
from reconcile.engine.translate import UnportableError, parsed, reads, to_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from reconcile.engine.duckdb import Engine as DuckDB

#: What DuckDB's types are in a Parquet file that Spark reads: those Spark has not are decimals.
_TYPES = {"VARCHAR": "STRING", "INTEGER": "INT", "HUGEINT": "DECIMAL(38,0)", "UBIGINT": "DECIMAL(20,0)"}
#: How Great Expectations asks whether there is a table.
#: The small tables of Python rows, beside the sources' own in the reading database.
_SMALL = "smaa"


@dataclass(frozen=True)
class _Relation:
    """A table or view: what a view says and reads, where a table of the reading database or its Parquet file is."""

    text: str = ""
    needs: frozenset[str] = frozenset()
    lent: str = ""
    file: Path | None = None
    ready: bool = False

    @property
    def is_view(self) -> bool:
        """Whether it says what it reads, and has no rows of its own."""
        return bool(self.text)


class Spark:
    """The engine of a run on Spark: ``reader`` is the database the sources were read into, ``folder`` is reached by both."""

    def __init__(self, session: SparkSession, reader: DuckDB, folder: Path) -> None:
        self.session, self.reader, self._folder = session, reader, folder
        self._relations: dict[str, _Relation] = {}
        self._files = 0
        self.parameters = dict(reader.parameters)
        reader.connection.execute(f"ATTACH ':memory:' AS {_SMALL}")

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What Spark raises, and what cannot be said to it."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        return (PySparkException, Py4JError, UnportableError, SqlglotError)

    @property
    def memory(self) -> int | None:
        """Spark shares the work out by itself."""
        return None

    def set_parameters(self, parameters: Mapping[str, Value]) -> None:
        """Add values for ``$name`` in SQL."""
        self.parameters.update({name: literal(value) for name, value in parameters.items()})

    def fill(self, sql: str) -> str:
        """SQL with its ``$names`` replaced by literals."""
        return fill(sql, self.parameters)

    def run(self, sql: str) -> None:
        """Create or drop a table or a view; nothing else is done to what is there."""
        tree = parsed(self.fill(sql))
        if isinstance(tree, exp.Drop):
            self._drop(*reads(tree))
        elif isinstance(tree, exp.Create) and isinstance(tree.expression, exp.Query):
            self._create(tree.this.name, tree.expression, view=tree.kind == "VIEW")
        else:
            raise UnportableError(tree.key.upper())

    def rows(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Every row of a query; ``values`` stand for its ``?``."""
        return self.answer(with_values(sql, values))[1]

    def answer(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns of a query and every row of it."""
        frame = self.frame(sql)
        fields = frame.schema.fields
        whole = [number for number, field in enumerate(fields) if _is_whole(field.dataType)]
        return [field.name for field in fields], [_plain(row, whole) for row in frame.collect()]

    def knows(self, sql: str) -> bool:
        """Whether a statement is about tables or views that are here."""
        try:
            read = reads(parsed(sql))
        except UnportableError:
            return False
        return bool(read) and read <= self.names()

    def records(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows of a query as dicts."""
        names, rows = self.answer(sql)
        yield from (dict(zip(names, row, strict=True)) for row in rows)

    def frame(self, sql: str) -> DataFrame:
        """A query as Spark has it."""
        tree = parsed(self.fill(sql))
        self._settle_all(reads(tree))
        return self.session.sql(to_spark(tree))

    def cursor(self) -> Cursor:
        """A cursor of the DB-API for Great Expectations."""
        return Cursor(self, self.reader.cursor())

    def names(self, *, views_only: bool = False) -> frozenset[str]:
        """The tables and views there are."""
        return frozenset(name for name, what in self._relations.items() if what.is_view or not views_only)

    def columns(self, relation: str) -> tuple[str, ...]:
        """The column names of a table or view."""
        return tuple(self.frame(f"SELECT * FROM {relation}").columns)

    def take(self, *tables: str) -> None:
        """From here on read these tables of the database the sources were read into. What it has as a view of a file of
        ours is here already."""
        ours = self.reader.names(views_only=True)
        for table in (name for name in tables if name not in ours):
            self._put(table, _Relation(lent=f"{self.reader.home}.{table}"))

    def adopt(self, name: str, frame: DataFrame) -> None:
        """A view of that name over rows that Spark has read itself."""
        self._put(name, _Relation(ready=True))
        frame.createOrReplaceTempView(name)

    def files_of(self, table: str) -> list[Path]:
        """The Parquet files of a table that was made here."""
        folder = self._relations[table].file
        return sorted(folder.glob("*.parquet")) if folder else []

    def add_rows(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Create a small table of Python rows (reference data, parameters, lookups)."""
        self.reader.add_rows(f"{_SMALL}.{table}", types, rows)
        self._put(table, _Relation(lent=f"{_SMALL}.{table}"))

    def create_views(self, group: str) -> None:
        """Create the views of a folder of ``sql/`` in the order of their file names."""
        for name, select in statements_of_group(group):
            self.create_view(name, select)

    def create_view(self, name: str, select: str) -> None:
        """Create one view, or a table when its comments say ``-- stored``."""
        self.run(view_statement(name, select))

    def mistake_in(self, query: str, *, run: bool = False) -> Mistake | None:
        """The mistake in a query (``$names`` filled in), or None; with ``run`` also those only its rows show."""
        return spark_mistakes.mistake_in(self, query, run=run)

    def _create(self, name: str, query: exp.Expr, *, view: bool) -> None:
        needs, text = reads(query), to_spark(query)
        if view:
            self._put(name, _Relation(text=text, needs=needs))
            return
        self._settle_all(needs)
        file = self._new_file(name)
        frame = self.session.sql(text)
        frame.write.parquet(str(file))
        self._put(name, _Relation(file=file))
        self._show(name, file, _ddl((field.name, field.dataType.simpleString()) for field in frame.schema.fields))

    def _put(self, name: str, what: _Relation) -> None:
        """A relation of that name from here on; the views over it are made again when they are read."""
        self._forget(name)
        self._relations[name] = what

    def _drop(self, name: str) -> None:
        self._forget(name)
        self.session.catalog.dropTempView(name)
        del self._relations[name]

    def _forget(self, name: str) -> None:
        known = self._relations
        old, over = known.get(name), {name}
        for other, what in known.items():  # a view comes after what it reads, unless that was replaced
            if what.is_view and what.needs & over:
                over.add(other)
        for other in over & known.keys():
            known[other] = replace(known[other], ready=False)
        if old and old.file:
            shutil.rmtree(old.file, ignore_errors=True)

    def _settle_all(self, names: frozenset[str]) -> None:
        for name in sorted(names):
            what = self._relations.get(name)
            if what is None:
                raise UnportableError(name)
            if not what.ready:
                self._settle(name, what)

    def _settle(self, name: str, what: _Relation) -> None:
        if what.is_view:
            self._settle_all(what.needs)
            self.session.sql(what.text).createOrReplaceTempView(name)
            self._relations[name] = replace(what, ready=True)
        elif what.lent:
            file = self._new_file(name)
            columns = [
                (column, _TYPES.get(kind, kind)) for column, kind, *_rest in self.reader.rows(f"DESCRIBE {what.lent}")
            ]
            chosen = ", ".join(
                f"CAST({column} AS {kind}) AS {column}" if kind.startswith("DECIMAL") else column
                for column, kind in columns
            )
            file.mkdir(mode=0o700)
            target = literal((file / "del.parquet").as_posix())
            self.reader.connection.execute(f"COPY (SELECT {chosen} FROM {what.lent}) TO {target} (FORMAT parquet)")
            self._relations[name] = replace(what, file=file)
            self._show(name, file, _ddl(columns))

    def _show(self, name: str, file: Path, ddl: str) -> None:
        self.session.read.schema(ddl).parquet(str(file)).createOrReplaceTempView(name)
        self._relations[name] = replace(self._relations[name], ready=True)

    def _new_file(self, name: str) -> Path:
        self._files += 1
        return self._folder / f"{self._files}-{name}"


def _ddl(columns: Any) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in columns)


def _is_whole(kind: Any) -> bool:
    return bool(kind.typeName() == "decimal" and kind.scale == 0)


def _plain(row: Sequence[Any], whole: Sequence[int]) -> tuple[Any, ...]:
    """A row as DuckDB gives it: whole numbers of any size are int."""
    values = list(row)
    for number in whole:
        if isinstance(values[number], Decimal):
            values[number] = int(values[number])
    return tuple(values)


class Cursor:
    """A cursor of the DB-API for Great Expectations: what it asks of the run's tables Spark answers; what it asks of the
    connection itself, as for its version, the reading database does."""

    def __init__(self, engine: Spark, beside: Any) -> None:
        self._engine, self._beside = engine, beside
        self._rows: list[tuple[Any, ...]] | None = None
        self._names: list[str] = []

    def __getattr__(self, name: str) -> Any:
        """Anything else of a connection."""
        return getattr(self._beside, name)

    @property
    def description(self) -> Any:
        """The columns of the answer."""
        return self._beside.description if self._rows is None else [(name, *[None] * 6) for name in self._names]

    def execute(self, sql: str, *values: Any) -> Cursor:
        """Ask; an answer of Spark's is fetched at once."""
        self._rows = None
        text = with_bound(sql, *values)  # Great Expectations binds its limits
        if self._engine.knows(text):
            self._names, self._rows = (["1"], [(1,)]) if is_there(text) else self._engine.answer(text)
        else:
            self._beside.execute(sql, *values)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        """What was asked for."""
        if self._rows is None:
            return list(self._beside.fetchall())
        rows, self._rows = self._rows, []
        return rows
