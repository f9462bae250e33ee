"""What the database refuses in a piece of SQL, as a kind and a word: its own text quotes the query and the data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reconcile.engine.base import Kind, Mistake

if TYPE_CHECKING:
    from reconcile.engine.duckdb import Engine


#: What DuckDB's texts begin with, and the word that matters; tried in order.
_SAYINGS = (
    (Kind.COLUMN, r'Referenced column "([^"]+)"'),
    (Kind.COLUMN, r'does not have a column named "([^"]+)"'),
    (Kind.COLUMN, r'Referenced table "([^"]+)"'),
    (Kind.FUNCTION, r"Function with name (\w+) does not exist"),
    (Kind.FUNCTION, r"No function matches the given name and argument types '(\w+)"),
    (Kind.SYNTAX, r'syntax error at or near "([^"]*)"'),
    (Kind.SYNTAX, r"^Parser Error: (?:syntax error )?(.{0,40})"),
    (Kind.OUTSIDE, r"^Permission Error()"),
    (Kind.VALUE, r"^(?:Conversion|Out of Range|Invalid Input) Error()"),
)


def mistake_in(engine: Engine, query: str, *, run: bool = False) -> Mistake | None:
    """The mistake in a query (``$names`` filled in), or None; with ``run`` also those only its rows show."""
    import duckdb

    try:
        if not _one_select(engine, query):
            return Mistake(Kind.STATEMENT)
        engine.rows(query if run else f"DESCRIBE {query}")
    except duckdb.Error as error:
        return _named(str(error))
    return None


def _one_select(engine: Engine, query: str) -> bool:
    """Whether the engine itself reads the text as one statement that only selects; a search for words would be fooled."""
    import duckdb

    statements = engine.connection.extract_statements(engine.fill(query))
    return [statement.type for statement in statements] == [duckdb.StatementType.SELECT]


def _named(text: str) -> Mistake:
    for kind, pattern in _SAYINGS:
        if found := re.search(pattern, text):
            return Mistake(kind, found[1])
    return Mistake(Kind.OTHER)
