"""A small world in memory: canonical tables from dicts of Python values, ready for a control."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from reconcile.domain.canonical import PUBLISHED, TABLES, column_types
from reconcile.domain.periods import parse_choice
from reconcile.engine.base import literal
from reconcile.engine.duckdb import Engine
from reconcile.results.cells import open_cells
from reconcile.results.rows import PartResult
from reconcile.settings.config import Noegletal, Regler
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked, Context
from support.judging import judged_by_sql
from support.lent import lent_world

Rows = Sequence[Mapping[str, Any]]


@contextmanager
def world(
    tables: Mapping[str, Rows],
    *,
    periods: str = "2020",
    regler: Mapping[str, Any] | None = None,
    kommune: str = "665",
    lacks: Mapping[str, Sequence[str]] | None = None,
    today: date = date(2021, 6, 1),
    noegletal: Mapping[str, Any] | None = None,
    by: Callable[[], AbstractContextManager[None]] = judged_by_sql,
) -> Iterator[Context]:
    """A prepared Context; meanwhile rules are judged by SQL, or ``by=nullcontext`` as in a run, by Great Expectations.

    ``tables`` gives rows of canonical tables with typed values (date, Decimal, …); absent columns are NULL, and a
    table that is not named is a source that is not there. ``lacks`` names columns a source does not have.
    ``fil`` is ``<table>.csv`` and ``raekke`` the row's number in a file with a header, unless given. The pseudonym is
    ``P-`` and the CPR reversed, so that tests can read it and it still is not a CPR.
    """
    wanted = replace(asked(periods, regler, kommune, today), noegletal=Noegletal.model_validate(dict(noegletal or {})))
    with by(), lent_world(wanted, filled(tables, lacks)) as made:
        yield made


def asked(periods: str, regler: Mapping[str, Any] | None, kommune: str, today: date) -> Asked:
    """What a test's world is asked for; ``periods=""`` is a run whose user chose none."""
    return Asked(
        kommune=kommune,
        regler=Regler.model_validate(dict(regler or {})),
        today=today,
        chosen=(parse_choice(periods) or ()) if periods else (),
        pseudonym=lambda cpr: f"P-{cpr[::-1]}",
    )


def filled(tables: Mapping[str, Rows], lacks: Mapping[str, Sequence[str]] | None = None) -> Callable[[Engine], Loaded]:
    """A reader that fills the canonical tables with rows of Python values."""

    def read(engine: Engine) -> Loaded:
        for name, rows in tables.items():
            insert(engine, name, rows)
        return Loaded(present=present(tables, lacks))

    return read


def present(names: Iterable[str], lacks: Mapping[str, Sequence[str]] | None = None) -> dict[str, frozenset[str]]:
    """The sources that are there with their columns: all but those in ``lacks``."""
    return {name: frozenset(TABLES[name].names) - set((lacks or {}).get(name, ())) for name in names}


def insert(engine: Any, name: str, rows: Rows) -> None:
    """Insert rows in a canonical table; defaults as the loader gives them."""
    columns = column_types(TABLES[name])
    made = []
    for number, given in enumerate(rows, start=2):
        row: dict[str, Any] = {"fil": f"{name}.csv", "raekke": number, **given}
        if "system" in columns:
            row.setdefault("system", "nuvaerende")
        if name == "yr":
            row.setdefault("raa", hash(tuple(sorted((k, str(v)) for k, v in given.items()))) % 2**64)
        if name in PUBLISHED and row.get("antal") is None:
            row.setdefault("antal_tekst", "..")
        unknown = set(row) - set(columns)
        assert not unknown, f"{name} has no column {sorted(unknown)}"
        made.append(f"({', '.join(literal(row.get(column)) for column in columns)})")
    if made:
        engine.connection.execute(f"INSERT INTO {name} VALUES {', '.join(made)}")


def open_count(part: PartResult) -> int:
    """How many cells of a control's tables are left without a full explanation."""
    return len(open_cells({table.name: table.rows for table in part.tables}))
