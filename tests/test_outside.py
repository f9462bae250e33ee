"""What a choice of quarters and codes leaves out of sight: the open cells of a run that chose nothing, less those it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import hand07, outside
from reconcile.results.cells import open_cells
from reconcile.world.context import Context

COURSES = [
    {"cpr": f"01017015{n:02}", "dst_kode": code, "start_dato": date(2019, 1, 1), "slut_dato": end}
    for n, (code, end) in enumerate(
        [("1.1", None), ("1.1", date(2020, 2, 1)), ("1.4", None), ("1.8.1", date(2019, 9, 1))]
    )
]
FIGURES: list[dict[str, Any]] = [
    {"dst_kode": code, "periode": quarter, "antal": count, "kommune": "665"}
    for code, quarter, count in [
        ("1.1", "2019K1", 9),
        ("1.1", "2019K3", 2),
        ("1.1", "2020K1", 7),
        ("1.4", "2020K1", 5),
        ("1.4", "2020K3", 5),
        ("1.8.1", "2019K4", None),
    ]
]


def found(context: Context) -> set[tuple[str, str, str]]:
    return {(row.dst_kode, row.periode, row.status) for table in outside.run(context).tables for row in table.rows}


@pytest.mark.parametrize("codes", [frozenset(), frozenset({"1.4"})])
@pytest.mark.parametrize("periods", ["", "2020K1", "2019K1:2020K4", "2019K2"])
def test_out_of_sight_are_the_open_cells_of_everything_less_those_that_are_shown(
    periods: str, codes: frozenset[str]
) -> None:
    tables = {"fagsystem": COURSES, "hand07": FIGURES}
    with world(tables, periods="") as everything:
        every = {(c.dst_kode, c.periode, c.status) for c in open_cells(hand07.judged(everything)).values()}
    assert len(every) == 4
    with world(tables, periods=periods) as narrow:
        chosen = replace(narrow, codes=codes)
        judged = {str(quarter) for quarter in chosen.perioder}
        shown = {cell for cell in every if cell[1] in judged and (not codes or cell[0] in codes)}
        assert found(chosen) == (every - shown if periods or codes else set())


def test_without_a_published_figure_out_of_sight_nothing_is_made_again() -> None:
    tables = {"fagsystem": COURSES, "hand07": [row for row in FIGURES if row["periode"] == "2020K1"]}
    with world(tables, periods="2020K1") as context:
        context.need(hand07.bridge)
        context.engine.run("DROP TABLE bro_antal")
        assert found(context) == set()
        assert "bro_antal" not in context.engine.names()
