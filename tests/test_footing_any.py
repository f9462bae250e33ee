"""Fodkontrol of any table: right ones foot, also rounded, and a wrong cell anywhere is the one that is named."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from time import process_time

from hypothesis import assume, given
from hypothesis import strategies as st
from support.footing import Made, judge, made_tables, misses, named_cells, spoiled, suspects, written_tables

from reconcile.results.footing import Footing


@given(made_tables(), st.sampled_from([0, 2]))
def test_any_right_table_foots(table: Made, decimals: int) -> None:
    result = judge(table.text(decimals))
    assert result.foots, table.text(decimals)
    assert result.checked >= len(table.figures) + len(table.figures[0]) - 2


@given(made_tables(), st.data())
def test_any_one_wrong_cell_is_located_and_corrected(table: Made, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(table.figures) - 1))
    column = data.draw(st.integers(0, len(table.figures[0]) - 1))
    by = data.draw(st.integers(2, 10**7).map(lambda n: n if n % 2 else -n))
    (suspect,) = judge(table.changed(row, column, by).text()).suspects
    assert suspect.row.number == row + 1 + len(table.headers)
    assert suspect.column.number == column + 1 + len(table.labels[0])
    assert suspect.expected == table.figures[row][column]


@given(made_tables(), st.data())
def test_any_two_wrong_cells_in_one_column_are_both_named(table: Made, data: st.DataObject) -> None:
    one, two = data.draw(st.lists(st.sampled_from(table.body), min_size=2, max_size=2, unique_by=lambda p: p[0]))
    first, second = data.draw(st.integers(2, 10**6)), data.draw(st.integers(2, 10**6))
    sign = data.draw(st.sampled_from([1, -1]))
    # Two that cancel within the tolerance leave the column footing: nothing then tells which column it is.
    assume(abs(first + sign * second) > 1)
    wrong = table.changed(*one, first).changed(two[0], one[1], sign * second)
    result = judge(wrong.text())
    assert [(s.row.number - 1 - len(table.headers), s.expected) for s in result.suspects] == sorted(
        (r, Decimal(table.figures[r][one[1]])) for r in (one[0], two[0])
    ), wrong.text()
    assert {s.column.number for s in result.suspects} == {one[1] + 1 + len(table.labels[0])}


@given(made_tables(two_columns=False), st.data())
def test_the_order_of_the_columns_does_not_matter(table: Made, data: st.DataObject) -> None:
    row, column = data.draw(st.sampled_from(table.body))
    wrong = table.changed(row, column, data.draw(st.sampled_from([0, 50])))
    order = data.draw(st.permutations(range(len(table.figures[0]))))
    width = len(table.labels[0])
    moved = replace(
        wrong,
        headers=[[*header[:width], *(header[width + i] for i in order)] for header in wrong.headers],
        figures=[[line[i] for i in order] for line in wrong.figures],
    )
    before, after = judge(wrong.text()), judge(moved.text())
    assert sorted(suspects(before)) == sorted(suspects(after))
    assert sorted(misses(before)) == sorted(misses(after))


@given(made_tables(two_rows=True, two_columns=False))
def test_a_compact_pivot_is_understood_from_its_figures_alone(table: Made) -> None:
    rows: list[tuple[str, list[int]]] = []
    for (group, label), line in zip(table.labels, table.figures, strict=True):
        if group.endswith(" i alt"):
            size = sum(g == group.removesuffix(" i alt") for g, _l in table.labels)
            rows.insert(len(rows) - size, (group.removesuffix(" i alt"), line))
        else:
            rows.append((label or group, line))
    compact = replace(
        table,
        headers=[table.headers[0][1:]],
        labels=[[name] for name, _line in rows],
        figures=[line for _name, line in rows],
    )
    result = judge(compact.text())
    assert result.foots, compact.text()


@given(written_tables(), st.data())
def test_a_table_in_any_style_foots_and_a_wrong_cell_anywhere_in_it_is_located(
    table: Made, data: st.DataObject
) -> None:
    assert judge(table.text()).foots, table.text()
    row, column = _anywhere(table, data)
    by = data.draw(st.integers(2, 10**7).map(lambda n: n if n % 2 else -n))
    wrong = table.changed(row, column, by)
    assert _named(table, judge(wrong.text())) == [(row, column, table.figures[row][column])], wrong.text()


@given(written_tables(unit=1000), st.booleans(), st.data())
def test_a_table_of_rounded_figures_foots_and_a_wrong_cell_in_it_is_located(
    table: Made, declared: bool, data: st.DataObject
) -> None:
    title = "Beløb i 1.000 kr.\n" if declared else ""
    result = judge(title + table.text())
    # Undeclared, a sum that is off by two is an error unless another one, off by one, shows the rounding.
    assert result.foots or not (declared or result.rounded), table.text()
    row, column = _anywhere(table, data)
    wrong = table.changed(row, column, data.draw(st.integers(30, 10**6)))
    ((found_row, found_column, expected),) = _named(table, judge(title + wrong.text()), above=bool(title))
    assert (found_row, found_column) == (row, column), wrong.text()
    assert abs(expected - table.figures[row][column]) <= 6


def _anywhere(table: Made, data: st.DataObject) -> tuple[int, int]:
    return (
        data.draw(st.integers(0, len(table.figures) - 1)),
        data.draw(st.integers(0, len(table.figures[0]) - 1)),
    )


def _named(table: Made, result: Footing, *, above: bool = False) -> list[tuple[int, int, Decimal]]:
    """The suspects by their place among the figures; ``above`` when a title stands over the table."""
    top, left = len(table.headers) + above + 1, len(table.labels[0]) + 1
    return [(s.row.number - top, s.column.number - left, s.expected) for s in result.suspects]


@given(st.integers(2, 7), st.integers(2, 6), st.integers(0, 4), st.integers(0, 10**9))
def test_of_several_wrong_cells_those_that_are_determined_are_named_and_never_a_sound_one(
    rows: int, columns: int, wrong: int, seed: int
) -> None:
    table, planted = spoiled(rows, columns, wrong, random.Random(seed))
    named = {(r, c): expected for r, c, expected in named_cells(table)}
    assert named == {cell: value for cell, value in planted.items() if _determined(cell, planted)}


def _determined(cell: tuple[int, int], planted: Mapping[tuple[int, int], int]) -> bool:
    """By graph: rows and columns are nodes, wrong cells are edges. A star can be drawn one way only; two rows and two
    columns that hang together can be joined in several ways with as few edges.
    """
    rows, columns = {cell[0]}, {cell[1]}
    for _again in planted:
        rows |= {r for r, c in planted if c in columns}
        columns |= {c for r, c in planted if r in rows}
    return len(rows) == 1 or len(columns) == 1


def test_four_wrong_cells_in_a_table_of_forty_by_twenty_are_found_within_two_seconds() -> None:
    for seed in range(4):
        table, planted = spoiled(40, 20, 4, random.Random(seed))
        start = process_time()
        named = {(r, c): expected for r, c, expected in named_cells(table)}
        assert process_time() - start < 2
        assert named == {cell: value for cell, value in planted.items() if _determined(cell, planted)}
