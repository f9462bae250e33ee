"""Worlds in one reused engine, judged by plain SQL instead of Great Expectations: for tests that need many of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from reconcile.engine.duckdb import Engine, open_engine
from reconcile.world.context import Context
from reconcile.world.prepare import make_world
from support.judging import judged_by_sql
from support.lent import clear, settle
from support.worlds import Rows, asked, filled


class Quick:
    """Makes one world after the other in the same engine; a new one takes the place of the one before."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        engine.run("SET threads = 1")  # the worlds are tiny, and tests run side by side
        settle(engine)

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
        clear(self.engine.run)  # what the controls made of the world before
        return make_world(self.engine, asked(periods, regler, kommune, today), filled(tables, lacks))


@contextmanager
def quick_worlds() -> Iterator[Quick]:
    """A maker of worlds; meanwhile rules are judged by SQL."""
    with open_engine() as engine, judged_by_sql():
        yield Quick(engine)
