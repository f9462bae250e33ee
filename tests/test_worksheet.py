"""Our worksheet writes what XlsxWriter writes, byte for byte, for every kind of cell and whatever stands in it."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from reconcile.privacy import door
from reconcile.reports import workbook
from reconcile.reports.workbook import Book, Column, Link, clean
from reconcile.reports.worksheet import Sheet

_CELLS = (
    st.none()
    | st.text().map(clean)
    | st.integers(-(10**15), 10**15)
    | st.decimals(min_value=-(10**12), max_value=10**12, places=2)
    | st.dates(min_value=date(1900, 1, 1))
)


def written(rows: list[list[object]], sheet_class: type | None) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        plain, formats = book.add_format({"align": "left"}), [book.add_format({"bold": True}), None]
        sheet = book.add_worksheet("Ark", sheet_class)
        sheet.masked = False
        sheet.set_column(0, 0, 9, plain)
        sheet.set_row(1, 30, formats[0])
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                form = formats[(number + column) % 2]
                match value:
                    case None:
                        sheet.write_blank(number, column, None, form)
                    case str():
                        sheet.write_string(number, column, value, form)
                    case date():
                        sheet.write_datetime(number, column, value, form)
                    case _number:
                        sheet.write_number(number, column, value, form)
        sheet.write_url(9, 30, "internal:'Ark'!A1", formats[0], "et sted")
        sheet.add_table(0, 0, 4, 2, {"columns": [{"header": "a"}, {"header": "b"}, {"header": "c"}]})
    return made.getvalue()


@given(st.lists(st.lists(_CELLS, max_size=4), max_size=4))
@example([["&<>\"'", "\x00\x1f", " blank ", "æ\n"], [Decimal("0.10"), 10**15, -5, date(2020, 2, 29)]])
def test_the_workbook_is_that_of_xlsxwriter(rows: list[list[object]]) -> None:
    assert written(rows, Sheet) == written(rows, None)


def test_a_worksheet_beyond_column_z_is_the_same() -> None:
    rows: list[list[object]] = [[f"tekst {column}" for column in range(60)]]
    assert written(rows, Sheet) == written(rows, None)


_VALUES = (
    _CELLS | st.booleans() | st.sampled_from(["", "ens", Link("sted", "To", 3), Decimal("0.001"), 10**9, "x" * 20_000])
)


def tables(rows: list[list[object]]) -> bytes:
    """Two tables of the same rows, the second beginning with a format of its own, in a workbook with a text before them."""
    made = BytesIO()
    with Book(made) as book:
        sheet = book.sheet("Et")
        sheet.write_string(4, 1, "sidst", book.formats["soft"])
        sheet.write_string(0, 0, "først", book.formats["verdict"])
        for name, kinds in (("To", ("wrap", "signed", "share", "")), ("Tre", ("status", "plain", "", "wrap"))):
            columns = [Column(f"Kolonne {number}", kind) for number, kind in enumerate(kinds)]
            book.table_sheets(name, columns, [*rows, ["slut", 1, Decimal("2.50"), None]], kind="read")
    return made.getvalue()


@given(st.lists(st.lists(_VALUES, min_size=4, max_size=4), max_size=5))
@example(
    [["\ud800", 101501111, 1015011111, "0101501111"], ["a", True, Decimal("1.10"), date(2020, 1, 1)], ["", "", "", ""]]
)
def test_rows_written_at_once_are_those_written_cell_by_cell(rows: list[list[object]]) -> None:
    door.forget()
    door.learn([101501111, 1015011111])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "AT_ONCE", 0)
        at_once = tables(rows)
        patch.setattr(workbook, "AT_ONCE", 10**9)
        assert at_once == tables(rows)
    door.forget()
