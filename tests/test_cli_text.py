"""Tables and sentences on a terminal: within its width, and on a pipe one row a line."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.cli.text import aligned, fitted, table_lines

ROWS = [
    ("Kilde", "Fil", "Rækker"),
    ("Fagsystem", "nexus-2020-dagtilbud-og-stoette-i-eget-hjem.csv", "553"),
    ("FLIS", "flis.csv", "8"),
]


def test_a_table_that_fits_stands_on_its_lines() -> None:
    assert aligned(ROWS, right=(2,), within=100) == aligned(ROWS, right=(2,))
    assert len(aligned(ROWS, right=(2,), within=100)) == 3


def test_a_text_that_is_too_wide_goes_on_below_and_numbers_keep_their_column() -> None:
    lines = aligned(ROWS, right=(2,), within=40)
    assert max(map(len, lines)) <= 40
    assert "".join(line[11:32].strip() for line in lines[1:4]).startswith("nexus-2020-dagtilbud")
    assert lines[-1].endswith(" 8")


@given(st.lists(st.tuples(*(st.text("abc -", max_size=60),) * 3), min_size=1, max_size=5))
def test_no_letter_is_lost_within_a_width(rows: list[tuple[str, ...]]) -> None:
    lines = aligned(rows, within=50)
    assert max(map(len, lines)) <= 50
    for letter in "abc":
        assert sum(line.count(letter) for line in lines) == sum(cell.count(letter) for row in rows for cell in row)


def test_a_pipe_gets_a_row_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert table_lines(ROWS[0], ROWS[1:]) == ["\t".join(row) for row in ROWS]
    assert fitted(["a " * 200]) == ["a " * 200]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert max(map(len, [*table_lines(ROWS[0], [("x " * 90, "y", "1")]), *fitted(["a " * 200])])) <= 100
    place = "/en-lang/sti-med-streger/" * 9
    assert fitted([f"Rapport: {place}"])[-1].strip() == place  # whole, so that it can be copied


def test_a_narrow_terminal_is_without_a_column_that_can_be_spared_before_a_word_is_broken() -> None:
    rows = [("Kode", "Ydelse", "Fejl"), ("1.12.0.1", "Socialpædagogisk støtte i botilbudslignende tilbud", "1")]
    assert len(aligned(rows, right=(2,), within=40, spare=(1,))) > 2  # the name goes on below, in whole words
    narrow = aligned(rows, right=(2,), within=28, spare=(1,))
    assert narrow == ["Kode      Fejl", "1.12.0.1     1"]
    assert aligned(rows, right=(2,), within=100, spare=(1,)) == aligned(rows, right=(2,))
