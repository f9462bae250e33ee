"""Ydelsesrefusion in passes: whatever part of the persons is worked on at a time, the result is the same."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.quick import quick_worlds

from reconcile.controls import yr, yr_passes
from reconcile.engine.duckdb import Engine
from reconcile.world.context import Context

_FIRST = date(2019, 1, 7)


def rows(seed: int) -> list[dict[str, Any]]:
    """Persons with pauses, resets, standing and jumping counters, rows twice, split weeks, others' weeks and negative sums."""
    chance, made = random.Random(seed), []
    for person in range(17):
        counter, week = chance.randint(1, 60), 0
        while week < 110:
            week += chance.choice((1, 1, 1, 1, 1, 1, 2, 55))
            counter = chance.choice((counter + 1,) * 6 + (counter, counter + 2, 1))
            made.append(_row(chance, f"{person + 1:02d}0380{1000 + person}", week, counter))
            if chance.random() < 0.08:
                made.append({**made[-1]})
    return [{**row, "fil": chance.choice(("a.csv", "b.csv"))} for row in made]


def _row(chance: random.Random, cpr: str, week: int, counter: int) -> dict[str, Any]:
    rate = Decimal(chance.choice((80, 40, 30, 20)))
    gross = Decimal(chance.choice(("1000.00", "12000.00", "-300.00", "0.00")))
    day = _FIRST + timedelta(weeks=week, days=chance.choice((0, 0, 0, 2)))
    return {
        "cpr": cpr,
        "uge": day,
        "ydelse": chance.choice(("Sygedagpenge", "Kontanthjælp", "Ukendt ydelse")),
        "bruttoudgift": gross,
        "refusionssats": rate,
        "refusion": gross * rate / 100,
        "medfinansieringssats": 100 - rate,
        "medfinansiering": Decimal(0),
        "ydelsestaeller": counter,
        "genoptjening": chance.choice((None, None, 0, 30, 60)),
        "koerselsperiode": day.replace(day=1),
        "finansieringskommune": chance.choice(("665", "665", "751", None)),
        "bopaelskommune": "665",
    }


def told(context: Context) -> tuple[Any, ...]:
    """Everything that came of a run, tables in an order of their own."""
    part = yr.run(context)
    tables = {table.name: sorted(map(repr, table.rows)) for table in part.tables}
    return tables, sorted(map(repr, part.findings)), part.caveats, part.rules_run, part.not_run


@pytest.mark.parametrize(("seed", "persons"), [(1, (1, 16)), (2, (5,))])
def test_findings_and_tables_are_the_same_in_passes(seed: int, persons: tuple[int, ...]) -> None:
    with quick_worlds() as world:
        context = world({"yr": rows(seed)}, periods="")
        whole = told(context)
        assert len(whole[1]) > 50
        for most in persons:
            assert told(replace(context, persons_a_pass=most)) == whole


def test_as_many_passes_as_the_persons_asked_for_or_the_memory_need() -> None:
    with quick_worlds() as world:
        context = world({"yr": rows(1)}, periods="")
        assert yr_passes.passes(context) == 1
        assert [yr_passes.passes(replace(context, persons_a_pass=most)) for most in (1, 5, 16, 17, 99)] == [
            17,
            4,
            2,
            1,
            1,
        ]
        count = context.engine.rows("SELECT count(*) FROM yr")[0][0]
        assert isinstance(context.engine, Engine)
        context.engine.options["memory_limit"] = "1GB"
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(yr_passes, "_A_ROW", 3 * 10**9 // count)
            assert yr_passes.passes(context) == 3
