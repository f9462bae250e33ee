"""Our worksheet writes what XlsxWriter writes, byte for byte, for every kind of cell and whatever stands in it."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from reconcile.reports.workbook import clean
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
