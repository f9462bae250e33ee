"""Reading printed and pasted tables: numbers, encodings, delimiters, workbooks and what is refused."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.errors import InputError
from reconcile.results.footing import Grid
from reconcile.sources.printed import cell_from_text, read_grid

TABLE = "Ydelse\tA\tI alt\nBørn\t1.234,50\t1.234,50\nTotal\t1.234,50\t1.234,50\n"


def read(tmp_path: Path, data: bytes | str, name: str = "tabel.csv", sheet: str | None = None) -> Grid:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_grid(path, sheet)


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("1234", "1234"),
        ("1.234", "1234"),
        ("1 234", "1234"),
        ("1\u00a0234\u00a0567,50", "1234567.50"),
        ("(12 345)", "-12345"),
        ("1.234,50", "1234.50"),
        ("12.345.678,9", "12345678.9"),
        ("-1.234", "-1234"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("5-", "-5"),
        ("(1.234)", "-1234"),
        ("20,4 %", "20.4"),
        ("20%", "20"),
        ("1.234 kr.", "1234"),
        ("kr. 5,00", "5.00"),
        (" 7 ", "7"),
        ("\u00a07", "7"),
    ],
)
def test_danish_numbers_are_read(text: str, number: str) -> None:
    assert cell_from_text(text).number == Decimal(number)


@pytest.mark.parametrize(
    "text", ["1234.5", "1,234.50", "1.23", "12.34.567", "0.123", "1 23", "1234 567", "1 234.5", "1.234.5", "1,2,3"]
)
def test_numbers_that_are_not_danish_are_text_and_marked(text: str) -> None:
    cell = cell_from_text(text)
    assert cell.number is None
    assert cell.malformed


@pytest.mark.parametrize(
    "text", ["§ 103", "2020K1", "18-29", "01.07.2020", "1.12.0.2", "007", "0101801234", "..", "n/a"]
)
def test_codes_dates_and_words_are_plain_text(text: str) -> None:
    cell = cell_from_text(text)
    assert cell.number is None
    assert not cell.malformed
    assert not cell.empty


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "—"])
def test_blanks_and_dashes_are_empty_cells(text: str) -> None:
    assert cell_from_text(text).empty


def test_percent_and_indent_are_kept() -> None:
    assert cell_from_text("20,4 %").percent
    assert cell_from_text("   § 103").indent == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_excel_writes_gives_the_same_cells(tmp_path: Path, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    data = mark + TABLE.encode(encoding)
    grid = read(tmp_path, data)
    assert texts(grid)[1] == ["Børn", "1.234,50", "1.234,50"]
    assert texts(grid)[0][0] == "Ydelse"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_found_although_the_comma_is_decimal_too(tmp_path: Path, delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(line.split("\t") for line in TABLE.splitlines())
    assert texts(read(tmp_path, out.getvalue()))[1] == ["Børn", "1.234,50", "1.234,50"]


def test_row_numbers_are_those_the_user_sees(tmp_path: Path) -> None:
    grid = read(tmp_path, "Overskrift\n\nYdelse;A\nx;1\n")
    assert grid.rows[3][1].number == 1
    assert {len(row) for row in grid.rows} == {2}


def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Noter"
    book.worksheets[0]["A1"] = "kun tekst"
    for name, value in (("Trappe", 1234.5), ("Andet", 7)):
        sheet = book.create_sheet(name)
        sheet.append(["Titel"])
        sheet.append([])
        for row in (["Ydelse", 2021, "I alt"], ["a", value, 0.1 + 0.2], ["b", "1.234,50", None], ["Total", 3, True]):
            sheet.append(row)
    path = tmp_path / "bog.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_the_first_sheet_with_a_table_and_names_the_others(tmp_path: Path) -> None:
    grid = read_grid(workbook(tmp_path))
    assert (grid.sheet, grid.other_sheets) == ("Trappe", ("Andet",))
    assert grid.rows[2][1].text == "2021"
    assert grid.rows[3][1].number == Decimal("1234.5")
    assert grid.rows[3][1].text == "1234,5"
    assert grid.rows[3][2].number == Decimal("0.3")  # 0.30000000000000004 is binary noise
    assert grid.rows[4][1].number == Decimal("1234.50")
    assert grid.rows[5][2].number is None


def test_a_sheet_can_be_chosen_and_an_unknown_one_is_refused_with_the_names(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    assert read_grid(path, "Andet").rows[3][1].number == 7
    with pytest.raises(InputError, match="«Trapper» findes ikke; filen har: Noter, Trappe, Andet"):
        read_grid(path, "Trapper")
    with pytest.raises(InputError, match="--ark gælder kun Excel"):
        read(tmp_path, TABLE, sheet="Trappe")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "filen er tom"),
        (b" \n\n", "filen er tom"),
        (b"%PDF-1.7 ...", "PDF-fil"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS-fil"),
        (b"PK\x03\x04 not a zip", "beskadiget"),
        (bytes(range(256)) * 4, "ikke en teksttabel"),
        (b"\xff\xfeA", "ikke en teksttabel"),
        (b'a;b\n"' + b"x" * 200_000 + b'";1\n', "kan ikke deles i kolonner"),
        (b";" * 2_000 + b"\n", "over 250000 rækker eller 1000 kolonner"),
    ],
)
def test_what_is_not_a_table_is_refused_in_a_sentence_that_names_the_file(
    tmp_path: Path, data: bytes, said: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read(tmp_path, data)
    assert str(refused.value).startswith("tabel.csv")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="findes ikke"):
        read_grid(tmp_path / "nej.csv")
    with pytest.raises(InputError, match="mappe"):
        read_grid(tmp_path)


def test_a_cpr_number_in_the_file_name_is_masked(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, b"", name="sag-150680-1234.csv")
    assert "1234" not in str(refused.value)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_every_amount_survives_being_printed_in_danish(amount: Decimal) -> None:
    danish = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert cell_from_text(danish).number == amount


@given(st.text())
def test_no_text_breaks_the_cell_reader(text: str) -> None:
    cell = cell_from_text(text)
    assert cell.number is None or cell.number.is_finite()
    assert "\t" not in cell.text
    assert "\n" not in cell.text


def test_formulas_that_were_never_calculated_are_refused_rather_than_read_as_empty(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["Ydelse", "A", "B", "I alt"], ["a", 1, 2, "=B2+C2"], ["I alt", 1, 2, 3]):
        book.worksheets[0].append(line)
    book.save(tmp_path / "bog.xlsx")
    with pytest.raises(InputError, match="formler, der ikke er beregnet"):
        read_grid(tmp_path / "bog.xlsx")
