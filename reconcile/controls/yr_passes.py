"""The views of Ydelsesrefusion, made for some of the persons at a time where all of them would not fit in memory.

A table that its file marks ``-- stored, person by person`` has rows that rest on one person's rows alone. It is made for
each part of the persons and put together, so that it is the same as if it were made at once; so are all that rest on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconcile.engine.base import Engine, statements_of_group
from reconcile.world.context import Context

#: What a row takes in memory at most while the heaviest of the tables is made, in bytes.
_A_ROW = 200
_PARTED = re.compile(r"^-- stored, person by person$", re.MULTILINE)


def create_views(context: Context) -> None:
    """Create the views of ``sql/yr/``."""
    engine, count = context.engine, passes(context)
    if count == 1:
        engine.create_views("yr")
        return
    texts = statements_of_group("yr")
    parted = [name for name, text in texts if _PARTED.search(text)]
    engine.run("ALTER TABLE yr RENAME TO yr_alle")
    for number in range(count):
        engine.run(f"CREATE OR REPLACE TABLE yr_del AS SELECT * FROM yr_alle WHERE hash(cpr) % {count} = {number}")
        _one_pass(engine, texts, parted, first=number == 0)
    engine.run("DROP VIEW yr")
    engine.run("DROP TABLE yr_del")
    engine.run("ALTER TABLE yr_alle RENAME TO yr")
    for name in parted:
        engine.run(f"DROP TABLE {name}")
        engine.run(f"ALTER TABLE samlet_{name} RENAME TO {name}")


def passes(context: Context) -> int:
    """How many parts the persons are made in: as many as ``personer_pr_gang`` asks for, else as the memory there is."""
    engine, most = context.engine, context.persons_a_pass
    if engine.memory is None:
        return 1
    if most:
        persons = int(engine.rows("SELECT count(DISTINCT cpr) FROM yr")[0][0])
        return max(1, -(-persons // most))
    rows = int(engine.rows("SELECT count(*) FROM yr")[0][0])
    return max(1, -(-rows * _A_ROW // engine.memory))


def _one_pass(engine: Engine, texts: Sequence[tuple[str, str]], parted: Sequence[str], *, first: bool) -> None:
    """Make the tables of a part of the persons and add them to what is put together; the other views once, of everyone."""
    for name, text in texts:
        if name in parted or first:
            rows = "yr_del" if name in parted else "yr_alle"
            engine.run(f"CREATE OR REPLACE VIEW yr AS SELECT * FROM {rows}")
            engine.create_view(name, text)
    for name in parted:
        start = f"CREATE OR REPLACE TABLE samlet_{name} AS" if first else f"INSERT INTO samlet_{name}"
        engine.run(f"{start} SELECT * FROM {name}")
