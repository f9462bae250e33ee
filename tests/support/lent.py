"""Engines that are used again: a new one takes a tenth of a second, and the tests make a thousand small worlds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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


class _Lent:
    """An engine with empty canonical tables, and how to make it so again."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.engine: Engine = self._stack.enter_context(open_engine())
        create_tables(self.engine)
        self._parameters = dict(self.engine.parameters)
        self._lasting = self._relations()
        self._left = _WORN
        self._run: Callable[..., Any] = self.engine.run
        self.engine.run = self._watched  # type: ignore[method-assign]

    def _watched(self, sql: str, values: Any = None) -> Any:
        if _CHANGES.search(sql):
            self._left = 0
        return self._run(sql, values)

    def _relations(self) -> frozenset[tuple[str, str]]:
        query = "SELECT table_type, table_name FROM information_schema.tables"
        return frozenset(("VIEW" if kind == "VIEW" else "TABLE", name) for kind, name in self.engine.rows(query))

    def emptied(self) -> bool:
        """Whether it can be lent again: everything the world made is gone."""
        self._left -= 1
        if self._left < 0:
            return False
        self._run("BEGIN")
        for name in TABLES:
            self._run(f"DELETE FROM {name}")
        for kind, name in self._relations() - self._lasting:
            self._run(f"DROP {kind} {name}")
        self._run("COMMIT")
        for name in tuple(self.engine._scratch):
            self.engine.drop(name)
        self.engine.parameters = dict(self._parameters)
        return self._relations() == self._lasting

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
