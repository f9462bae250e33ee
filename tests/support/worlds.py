"""A small world in memory: canonical tables from dicts of Python values, ready for a control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from reconcile.domain.canonical import PUBLISHED, TABLES
from reconcile.domain.periods import parse_choice
from reconcile.engine.duckdb import literal, open_engine
from reconcile.settings.config import Regler
from reconcile.world.context import Context
from reconcile.world.prepare import create_tables, prepare, set_options

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
) -> Iterator[Context]:
    """A prepared Context.

    ``tables`` gives rows of canonical tables with typed values (date, Decimal, …); absent columns are NULL, and a
    table that is not named is a source that is not there. ``lacks`` names columns a source does not have.
    ``fil`` is ``<table>.csv`` and ``raekke`` the row's number in a file with a header, unless given. The pseudonym is
    ``P-`` and the CPR reversed, so that tests can read it and it still is not a CPR.
    """
    lacks = lacks or {}
    options = Regler.model_validate(dict(regler or {}))
    with open_engine() as engine:
        create_tables(engine)
        for name, rows in tables.items():
            insert(engine, name, rows)
        set_options(engine, kommune, options, today)
        chosen = parse_choice(periods) or ()
        context = Context(
            engine=engine,
            kommune=kommune,
            regler=options,
            chosen=chosen,
            perioder=chosen,
            present={name: frozenset(TABLES[name].names) - set(lacks.get(name, ())) for name in tables},
            pseudonym=lambda cpr: f"P-{cpr[::-1]}",
            today=today,
        )
        prepare(context)
        yield context


def insert(engine: Any, name: str, rows: Rows) -> None:
    """Insert rows in a canonical table; defaults as the loader gives them."""
    columns = engine.columns(name)
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
