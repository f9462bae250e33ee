"""Engines that are used again: a new one takes a tenth of a second, and the tests make a thousand small worlds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from reconcile.domain.canonical import TABLES, ddl
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked, Context
from reconcile.world.prepare import create_tables, make_world

#: After so many worlds an engine is closed: what it remembers of them takes room.
_WORN = 300
#: What a world does that the next would see: reference data of its own, settings, other files.
_CHANGES = re.compile(r"\b(?:INTO|UPDATE|DELETE FROM|TABLE|VIEW) ref_|^\s*(?:SET|ATTACH)\b", re.IGNORECASE)


Run = Callable[..., Any]


def settle(engine: Engine) -> None:
    """Create the canonical tables, and a schema for everything that a world makes: it is thrown away whole."""
    create_tables(engine)
    cursor = engine.cursor
    engine.cursor = lambda: cursor().execute("USE verden")  # type: ignore[method-assign]
    clear(engine.run)


def clear(run: Run) -> None:
    """Throw away what a world made, and make the canonical tables anew that are not empty: rows that are deleted are passed
    over in every query."""
    run("USE main; DROP SCHEMA IF EXISTS verden CASCADE")
    for (name,) in run("SELECT table_name FROM duckdb_tables() WHERE estimated_size > 0").fetchall():
        if name in TABLES:
            run(ddl(TABLES[name]).replace("CREATE TABLE", "CREATE OR REPLACE TABLE", 1))
    run("CREATE SCHEMA verden; USE verden")


class _Lent:
    """An engine with empty canonical tables, and how to make it so again."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.engine: Engine = self._stack.enter_context(open_engine())
        settle(self.engine)
        self._parameters = dict(self.engine.parameters)
        self._run: Run = self.engine.run
        self._left = _WORN
        self.engine.run = self._watched  # type: ignore[method-assign]

    def _watched(self, sql: str, values: Any = None) -> Any:
        if _CHANGES.search(sql, 0, 200):  # where a statement says what it does
            self._left = 0
        return self._run(sql, values)

    def emptied(self) -> bool:
        """Whether it can be lent again: everything the world made is gone."""
        self._left -= 1
        if self._left < 0:
            return False
        clear(self._run)
        for name in tuple(self.engine._scratch):
            self.engine.drop(name)
        self.engine.parameters = dict(self._parameters)
        return True

    def close(self) -> None:
        """Close the engine and remove its folder."""
        self._stack.close()


_FREE: list[_Lent] = []


@contextmanager
def lent_world(asked: Asked, read: Callable[[Engine], Loaded]) -> Iterator[Context]:
    """As ``open_world`` where no folder is asked for, in an engine that other tests had before."""
    assert asked.folder is None, "a world with a working folder is locked: open_world"
    lent = _FREE.pop() if _FREE else _Lent()
    try:
        yield make_world(lent.engine, asked, read)
    finally:
        if lent.emptied():
            _FREE.append(lent)
        else:
            lent.close()


def close() -> None:
    """Close every engine that is not in use."""
    while _FREE:
        _FREE.pop().close()
