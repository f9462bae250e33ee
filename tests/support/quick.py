"""Worlds in one reused engine, judged by plain SQL instead of Great Expectations: for tests that need many of them.

``test_gx.py`` holds the two judges against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest import mock

import duckdb

from reconcile.domain.canonical import TABLES
from reconcile.engine import base
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.engine.gx import Verdict
from reconcile.world.context import Context
from reconcile.world.prepare import create_tables, make_world
from support.worlds import Rows, asked, filled


class Quick:
    """Makes one world after the other in the same engine; a new one takes the place of the one before."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        engine.run("SET threads = 1")  # the worlds are tiny, and tests run side by side
        create_tables(engine)
        self.lasting = self._relations()

    def _relations(self) -> frozenset[tuple[str, str]]:
        query = "SELECT table_type, table_name FROM information_schema.tables"
        return frozenset(("VIEW" if kind == "VIEW" else "TABLE", name) for kind, name in self.engine.rows(query))

    def __call__(
        self,
        tables: Mapping[str, Rows],
        *,
        periods: str = "2020",
        regler: Mapping[str, Any] | None = None,
        kommune: str = "665",
        lacks: Mapping[str, Sequence[str]] | None = None,
        today: date = date(2021, 6, 1),
    ) -> Context:
        """As ``support.world``; ``periods=""`` is a run whose user chose none."""
        self.engine.run("BEGIN")
        for name in TABLES:
            self.engine.run(f"DELETE FROM {name}")
        for kind, name in self._relations() - self.lasting:  # what the controls made of the world before
            self.engine.run(f"DROP {kind} {name}")
        self.engine.run("COMMIT")
        return make_world(self.engine, asked(periods, regler, kommune, today), filled(tables, lacks))


@contextmanager
def quick_worlds() -> Iterator[Quick]:
    """A maker of worlds; meanwhile rules are judged by ``by_sql``."""
    with open_engine() as engine, mock.patch("reconcile.rules.runner.judge", by_sql):
        yield Quick(engine)


def by_sql(engine: base.Engine, rules: Sequence[tuple[str, str, str]]) -> dict[str, Verdict]:
    """Judge rules by counting their rows on the engine: what Great Expectations must agree with."""
    return {rule: _counted(engine, f"SELECT count(*) FROM {view} WHERE {condition}") for rule, view, condition in rules}


def _counted(engine: base.Engine, query: str) -> Verdict:
    try:
        count = engine.rows(query)[0][0]
    except duckdb.Error as error:
        return Verdict(False, 0, str(error))
    return Verdict(count == 0, count, None)
