"""Engines that are used again: a new one takes a tenth of a second, and the tests make a thousand small worlds."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from reconcile.domain.canonical import TABLES
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked, Context
from reconcile.world.prepare import create_tables, make_world

#: After so many worlds an engine is closed: what is deleted from its tables still takes room.
_WORN = 60
#: What a world does that the next would see: reference data of its own, settings, other files.
_CHANGES = re.compile(r"\b(?:INTO|UPDATE|DELETE FROM|TABLE|VIEW) ref_|^\s*(?:SET|ATTACH)\b", re.IGNORECASE)


Run = Callable[..., Any]


def relations(run: Run) -> dict[tuple[str, str], int]:
    """Kind and name of each table and view of an engine → how many rows it holds or has held."""
    query = """
        SELECT 'TABLE', table_name, estimated_size FROM duckdb_tables()
        UNION ALL SELECT 'VIEW', view_name, 0 FROM duckdb_views() WHERE NOT internal
    """
    return {(kind, name): rows for kind, name, rows in run(query).fetchall()}


def clear(run: Run, lasting: Container[tuple[str, str]]) -> None:
    """Drop what is not lasting, and empty the canonical tables that are not empty: a statement for each takes its time."""
    run("BEGIN")
    for (kind, name), rows in relations(run).items():
        if (kind, name) not in lasting:
            run(f"DROP {kind} {name}")
        elif rows and name in TABLES:
            run(f"DELETE FROM {name}")
    run("COMMIT")


class _Lent:
    """An engine with empty canonical tables, and how to make it so again."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.engine: Engine = self._stack.enter_context(open_engine())
        create_tables(self.engine)
        self._parameters = dict(self.engine.parameters)
        self._run: Run = self.engine.run
        self._lasting = frozenset(relations(self._run))
        self._left = _WORN
        self.engine.run = self._watched  # type: ignore[method-assign]

    def _watched(self, sql: str, values: Any = None) -> Any:
        if _CHANGES.search(sql):
            self._left = 0
        return self._run(sql, values)

    def emptied(self) -> bool:
        """Whether it can be lent again: everything the world made is gone."""
        self._left -= 1
        if self._left < 0:
            return False
        clear(self._run, self._lasting)
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
