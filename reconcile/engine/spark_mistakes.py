"""What Spark refuses in a piece of SQL, as a kind and a word: its own text quotes the query and the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from reconcile.engine.base import Kind, Mistake
from reconcile.engine.translate import UnportableError, parsed, reads, refusals

if TYPE_CHECKING:
    from reconcile.engine.spark import Spark

#: What Spark's conditions begin with, and the parameter that is the word that matters; tried in order.
_CONDITIONS = (
    ("UNRESOLVED_COLUMN", Kind.COLUMN, "objectName"),
    ("UNRESOLVED_ROUTINE", Kind.FUNCTION, "routineName"),
    ("DATATYPE_MISMATCH", Kind.FUNCTION, ""),
    ("WRONG_NUM_ARGS", Kind.FUNCTION, "functionName"),
    ("PARSE_SYNTAX_ERROR", Kind.SYNTAX, "error"),
    ("CAST_INVALID_INPUT", Kind.VALUE, ""),
    ("DIVIDE_BY_ZERO", Kind.VALUE, ""),
    ("ARITHMETIC_OVERFLOW", Kind.VALUE, ""),
    ("NUMERIC_VALUE_OUT_OF_RANGE", Kind.VALUE, ""),
)


def mistake_in(engine: Spark, query: str, *, run: bool) -> Mistake | None:
    """The mistake in a query, or None. What would mean something else here than on DuckDB is one."""
    try:
        if found := next(_before_asking(engine, query), None):
            return found
        if run:
            engine.rows(query)
        else:
            engine.frame(query)
    except engine.errors as error:
        return _named(error)
    return None


def _before_asking(engine: Spark, query: str) -> Iterator[Mistake]:
    """The mistakes that can be seen in the text."""
    try:
        tree = parsed(engine.fill(query))
    except UnportableError:
        yield Mistake(Kind.SYNTAX)
        return
    if not isinstance(tree, exp.Query) or any(tree.find_all(exp.Command, exp.Into)):
        yield Mistake(Kind.STATEMENT)
    if any(table.db or not isinstance(table.this, exp.Identifier) for table in tree.find_all(exp.Table)):
        yield Mistake(Kind.OUTSIDE)
    yield from (Mistake(Kind.COLUMN, name) for name in sorted(reads(tree) - engine.names()))
    yield from (Mistake(Kind.UNPORTABLE, reason.partition(":")[0]) for reason in refusals(engine.fill(query)))


def _named(error: Any) -> Mistake:
    condition = error.getCondition() if hasattr(error, "getCondition") else None
    for begins, kind, parameter in _CONDITIONS:
        if condition and condition.startswith(begins):
            told = error.getMessageParameters() or {}
            return Mistake(kind, str(told.get(parameter, "")).strip("`'\"") if parameter else "")
    return Mistake(Kind.OTHER)
