"""Every identity of a run is counted again from its tables, and a table that does not add up is said. That any world adds up is
looked at where random worlds are counted by hand (``test_ottetal_brute``, ``test_ottetal_edges_brute``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from support.ottetal import WHOLE
from support.quick import Quick, quick_worlds
from support.report_example import example

from reconcile.controls import hand07, identities, ottetal
from reconcile.reports.html import render_html
from reconcile.results.rows import PartResult

ALL = {
    "bro_sum", "bro_fuldtid_sum", "bro_personer", "bro_dage", "flis_dage", "kant_aarsager", "kant_personer", "handle_betaler",
    "begge_kun", "beloeb_dele", "kroner_sum",
}  # fmt: skip


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def parts(quick: Quick, tables: dict[str, Any], **options: Any) -> tuple[list[PartResult], bool]:
    context = quick(tables, **options)
    return [hand07.run(context), ottetal.run(context)], context.has("flis")


def held(made: list[PartResult], flis: bool) -> dict[str, tuple[int, int]]:
    return {row.identitet: (row.gaaet_efter, row.antal) for row in identities.check(made, flis_persons=flis).rows}


def test_a_whole_world_adds_up_everywhere(quick: Quick) -> None:
    found = held(*parts(quick, WHOLE))
    assert set(found) == ALL
    assert all(right == count > 0 for right, count in found.values())


@pytest.mark.parametrize(
    ("table", "changed", "broken"),
    [
        ("bro", {"aendring": 1}, {"bro_sum", "bro_personer"}),
        ("bro_fuldtid", {"aendring": Decimal("0.5")}, {"bro_fuldtid_sum"}),
        ("ottetal_aarsager", {"til": 9}, {"kant_aarsager", "kant_personer"}),
        ("ottetal_beloeb", {"beloeb": Decimal("0.01")}, {"beloeb_dele"}),
        ("ottetal_kroner", {"beloeb": Decimal("0.01")}, {"kroner_sum"}),
        ("ottetal", {"fagsystem_betaler_borgere": 9}, {"handle_betaler", "begge_kun"}),
        ("ottetal", {"flis_fuldtid": Decimal("9")}, {"flis_dage"}),
    ],
)
def test_a_figure_that_is_changed_breaks_the_identities_it_stands_in(
    quick: Quick, table: str, changed: dict[str, Any], broken: set[str]
) -> None:
    late = {**WHOLE, "oekonomi": WHOLE["oekonomi"][:-3]}  # somebody is not paid for, so that there is a cause
    made, flis = parts(quick, late)

    def spoiled(part: PartResult) -> PartResult:
        return replace(part, tables=tuple(_spoiled(t, changed) if t.name == table else t for t in part.tables))

    found = held([spoiled(part) for part in made], flis)
    assert {name for name, (right, count) in found.items() if right != count} == broken


def _spoiled(table: Any, changed: dict[str, Any]) -> Any:
    rows = list(table.rows)
    place = next(n for n, row in enumerate(rows) if getattr(row, "aendring", 0) is not None)
    rows[place] = replace(rows[place], **changed)
    return replace(table, rows=tuple(rows))


def test_the_pages_last_section_says_how_many_were_right(quick: Quick) -> None:
    made, flis = parts(quick, WHOLE)
    table = identities.check(made, flis_persons=flis)
    wrong = replace(table, rows=(replace(table.rows[0], gaaet_efter=0), *table.rows[1:]))
    page = render_html(replace(example(), tables=(wrong,)))
    last = page[page.rindex("<section") :]
    assert 'id="identiteter"' in last
    assert f"gået efter: 0 af {table.rows[0].antal}" in last
    assert last.count("gået efter: ") == len(table.rows)
    assert (last.count('<span class="t-bad">'), last.count('<span class="t-ok">')) == (1, len(table.rows) - 1)
