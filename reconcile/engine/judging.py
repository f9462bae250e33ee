"""Where Great Expectations judges: in the run's second process, which imports it while the sources are read, or here.

The database stays with the run. What Great Expectations asks of it in the second process is asked of the run, which answers with
the rows; they are counts, and ones for the rows that a rule hits.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from reconcile.engine import gx
from reconcile.engine.base import Engine, is_there, with_bound
from reconcile.engine.gx import Verdict
from reconcile.engine.gx_import import load
from reconcile.privacy import second

Rules = Sequence[tuple[str, str, str]]


def begin() -> None:
    """Begin the run's second process, where it may have one; it imports Great Expectations meanwhile, if that is not here."""
    second.begin(None if _is_here() else _ready)


def _is_here() -> bool:
    return "great_expectations" in sys.modules


def _ready() -> None:
    load()


def judge(engine: Engine, rules: Rules) -> dict[str, Verdict]:
    """``gx.judge``, where Great Expectations is."""
    process = second.here()
    if process is None or _is_here():
        return gx.judge(engine, rules)
    try:
        process.tell(_judged_there, engine.names(), tuple(rules))
        found: dict[str, Verdict] = process.outcome(_Answers(engine))
    except second.LostError:
        second.end()
        return gx.judge(engine, rules)
    except BaseException:
        second.end()  # it waits for an answer
        raise
    return found


class _Answers:
    """What the run answers: what a cursor of the engine came to."""

    def __init__(self, engine: Engine) -> None:
        self._cursor = engine.cursor()
        self._errors = engine.errors

    def __call__(self, question: tuple[Any, ...]) -> tuple[Any, ...]:
        """Description and rows of a statement with its parameters, or the kind and the text of an error."""
        try:
            self._cursor.execute(with_bound(*question))
            about = [(name, *(None,) * 6) for name, *_rest in self._cursor.description or ()]
            return about, self._cursor.fetchall() if about else [], None
        except self._errors as error:
            return [], [], (type(error).__name__, str(error))


class _Asking:
    """Stands in for the engine in the second process, and for the cursor it gives."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self.description: list[Any] = []
        self._rows: list[Any] = []

    def names(self) -> frozenset[str]:
        """The tables and views there are."""
        return self._names

    def cursor(self) -> _Asking:
        """A cursor of the DB-API."""
        return _Asking(self._names)

    def execute(self, *statement: Any) -> None:
        """Have the run do a statement.

        Raises:
            duckdb.Error: it cannot be done.
        """
        if is_there(statement[0]):
            self.description, self._rows = [("1", *(None,) * 6)], [(1,)]
            return
        self.description, self._rows, wrong = second.ask(statement)
        if wrong:
            import duckdb

            raise getattr(duckdb, wrong[0], duckdb.Error)(wrong[1])

    def fetchall(self) -> list[Any]:
        """The rows of the statement."""
        return self._rows

    def begin(self) -> None:
        """There is no transaction: nothing is changed, here or in the run meanwhile."""

    commit = rollback = close = begin


def _judged_there(names: frozenset[str], rules: Rules) -> dict[str, Verdict]:
    return gx.judge(_Asking(names), rules)
