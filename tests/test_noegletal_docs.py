"""docs/noegletal.md is made of the tables' own descriptions, in Danish and English, and is never out of date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from reconcile.i18n import _, choose
from reconcile.reports import labels
from reconcile.results.declared import TABLES
from reconcile.results.definitions import FIGURES, TEXTS, figure

PAGE = Path(__file__).parent.parent / "docs" / "noegletal.md"
_INTRO = """\
# Nøgletal · Key figures

Denne side er lavet af tabellernes egne beskrivelser (`reconcile/results/definitions.py`);
`RECONCILE_REGENERATE=1 python -m pytest tests/test_noegletal_docs.py` skriver den igen.
This page is made of the tables' own descriptions.
"""


def figures_of(table: str) -> list[str]:
    """The columns of a table that are numbers."""
    hints = get_type_hints(TABLES[table].row_type)
    return [name for name, kind in hints.items() if {kind, *get_args(kind)} & {int, Decimal}]


def _in(language: str, text: str) -> str:
    choose(language)
    try:
        return _(text)
    finally:
        choose("da")


def _lines(language: str, table: str) -> Iterator[str]:
    definition, source = TEXTS[table]
    words = ("tal", "definition", "enhed", "Kilde") if language == "da" else ("figure", "definition", "unit", "Source")
    yield f"{_in(language, definition)} *{words[3]}: {_in(language, source)}.*"
    yield ""
    yield f"| {words[0]} | {words[1]} | {words[2]} |"
    yield "|---|---|---|"
    for name in figures_of(table):
        found = figure(table, name)
        yield f"| `{name}` | {_in(language, found.definition)} | {_in(language, found.unit)} |"
    yield ""


def page() -> str:
    lines = [_INTRO]
    for table in TEXTS:
        heading = TABLES[table].heading
        lines += [f"## `{table}`: {_in('da', heading)} · {_in('en', heading)}", ""]
        lines += [*_lines("da", table), *_lines("en", table)]
    return "\n".join(lines)


def test_the_page_is_what_the_tables_say() -> None:
    if os.environ.get("RECONCILE_REGENERATE"):
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_table_of_the_noegletal_and_every_figure_in_it_is_described() -> None:
    first, last = list(TABLES).index("noegletal_vh"), list(TABLES).index("siden_sidst")
    assert set(TEXTS) == set(list(TABLES)[first:last])
    named = {name for table in TEXTS for name in figures_of(table)}
    assert named == set(FIGURES)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_has_a_heading(name: str) -> None:
    assert labels.column(name)
