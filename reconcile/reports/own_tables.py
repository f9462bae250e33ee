"""The result tables as they can be written in the municipality's own workbook: known by a result's name, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconcile.reports import labels
from reconcile.reports.own_read import Given
from reconcile.reports.workbook import Column
from reconcile.reports.xlsx import findings_rows, sheets_of
from reconcile.results.columns import COLUMNS
from reconcile.results.rows import Finding, RunResult
from reconcile.rules.catalogue import Rule


def own_tables(result: RunResult, rules: Sequence[Rule]) -> Mapping[str, Given]:
    """Name of a result table → its columns and rows, as in ``rapport.xlsx``. A column is known by its heading, in Danish or in
    the chosen language, and by its name in the CSV files."""
    made = {
        table: _given(columns, rows, _columns_of(table, result)) for table, columns, rows in sheets_of(result).values()
    }
    found = sorted(result.findings, key=Finding.sort_key)
    columns, rows = findings_rows(found, {rule.id: rule for rule in rules}, {})
    return {**made, "fund": _given(columns, rows, Finding.COLUMNS)}


def _columns_of(name: str, result: RunResult) -> Sequence[str]:
    table = result.table(name)
    return table.columns if table else ()


def _given(columns: Iterable[Column], rows: Sequence[Sequence[Any]], names: Sequence[str]) -> Given:
    by_heading = {labels.column(name): name for name in names}
    told = []
    for column in columns:
        name = by_heading.get(column.heading, "")
        danish = COLUMNS[name].heading if name in COLUMNS else ""
        told.append(frozenset(filter(None, (column.heading.casefold(), name, danish.casefold()))))
    return Given(tuple(told), rows)
