"""The municipality's own workbook: its tables are renewed by name, and everything else in it is as it was, or it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableFormula
from support import office
from support import report_example as sample

from reconcile.errors import InputError
from reconcile.reports.own_read import Given, check_own
from reconcile.reports.own_tables import own_tables
from reconcile.reports.own_workbook import written_into

COLUMNS = ("dst_kode", "periode", "antal", "dag", "tekst")
ROWS = [("1.1", "2020K1", 7 + n, date(2020, 1, n + 1), f"Bl\u00e5b\u00e6r & <b>{n}</b>") for n in range(4)]


def given(rows: Sequence[tuple[object, ...]] | None = None) -> dict[str, Given]:
    names = tuple(frozenset({name, name.capitalize().casefold()}) for name in COLUMNS)
    return {"proeve": Given(names, ROWS if rows is None else rows)}


def template(path: Path, change: Callable[[Workbook], None] = lambda _book: None, *, rows: int = 2) -> Path:
    """A workbook with a table on its second sheet, with what people put around one."""
    book = Workbook()
    front, sheet = book.worksheets[0], book.create_sheet("Mine tal")
    headings = ["Periode", "Antal", "dag", "Dobbelt", "tekst"]
    sheet.append(["Noter over tabellen"])
    sheet.append([])
    sheet.append(headings)
    for n in range(rows):
        sheet.append(["gammel", n, date(2019, 1, 1), f"=B{4 + n}*2", "gammel tekst"])
        sheet.cell(4 + n, 3).number_format = "dd/mm/yy"
        sheet.cell(4 + n, 2).fill = PatternFill("solid", fgColor="FFEEAA")
    last = 3 + rows
    table = Table(displayName="Proeve", ref=f"A3:E{last}")
    table._initialise_columns()  # type: ignore[attr-defined]
    for column, heading in zip(table.tableColumns, headings, strict=True):
        column.name = heading
    table.tableColumns[3].calculatedColumnFormula = TableFormula(attr_text="Proeve[[#This Row],[Antal]]*2")
    sheet.add_table(table)
    sheet["G3"], sheet["G4"] = "Ved siden af", "min egen tekst"
    sheet["G4"].font = Font(bold=True)
    front["A1"], front["A2"] = "Sum", f"=SUM('Mine tal'!$B$4:$B${last})"
    book.defined_names["mine"] = DefinedName("mine", attr_text=f"'Mine tal'!$B$4:$B${last}")
    choice = DataValidation(type="list", formula1='"a,b"', sqref=f"E4:E{last}")
    sheet.add_data_validation(choice)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=4, max_row=last))
    front.add_chart(chart, "D4")
    change(book)
    book.save(path)
    return path


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(path: Path, more: dict[str, bytes]) -> Path:
    """The workbook with parts that openpyxl would not keep."""
    with ZipFile(path, "a") as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def test_a_table_is_renewed_by_its_name_and_column_by_column(tmp_path: Path) -> None:
    made = load_workbook(BytesIO(written_into(template(tmp_path / "egen.xlsx"), given())))
    sheet = made["Mine tal"]
    assert sheet.tables["Proeve"].ref == "A3:E7"
    assert sheet.tables["Proeve"].autoFilter is None or sheet.tables["Proeve"].autoFilter.ref == "A3:E7"
    assert [[cell.value for cell in row] for row in sheet["A4:C7"]] == [
        ["2020K1", 7 + n, row[0].parent.cell(4 + n, 3).value] for n, row in enumerate(sheet["A4:C7"])
    ]
    assert [cell[0].value.date() for cell in sheet["C4:C7"]] == [row[3] for row in ROWS]
    assert [cell[0].value for cell in sheet["E4:E7"]] == [row[4] for row in ROWS]
    assert [cell[0].value for cell in sheet["D4:D7"]] == ["=B4*2", "=B5*2", "=B6*2", "=B7*2"]


def test_formats_notes_and_what_follows_the_table_are_kept_and_follow_it(tmp_path: Path) -> None:
    content = written_into(template(tmp_path / "egen.xlsx"), given())
    made = load_workbook(BytesIO(content))
    sheet = made["Mine tal"]
    assert (sheet["A1"].value, sheet["G4"].value, sheet["G4"].font.bold) == (
        "Noter over tabellen",
        "min egen tekst",
        True,
    )
    assert {cell[0].fill.fgColor.rgb for cell in sheet["B4:B7"]} == {"00FFEEAA"}
    assert {cell[0].number_format for cell in sheet["C4:C7"]} == {"dd/mm/yy"}
    assert made.worksheets[0]["A2"].value == "=SUM('Mine tal'!$B$4:$B$7)"
    assert made.defined_names["mine"].attr_text == "'Mine tal'!$B$4:$B$7"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "E4:E7"
    assert b"'Mine tal'!$B$4:$B$7" in parts(content)["xl/charts/chart1.xml"]
    assert b'fullCalcOnLoad="1"' in parts(content)["xl/workbook.xml"]


def test_a_table_that_becomes_shorter_leaves_nothing_behind(tmp_path: Path) -> None:
    made = load_workbook(BytesIO(written_into(template(tmp_path / "egen.xlsx", rows=9), given(ROWS[:1]))))
    sheet = made["Mine tal"]
    assert sheet.tables["Proeve"].ref == "A3:E4"
    assert [cell.value for row in sheet["A5:E12"] for cell in row if cell.value is not None] == []
    assert made.worksheets[0]["A2"].value == "=SUM('Mine tal'!$B$4:$B$4)"


def test_a_result_without_rows_leaves_one_empty_row(tmp_path: Path) -> None:
    sheet = load_workbook(BytesIO(written_into(template(tmp_path / "egen.xlsx"), given([]))))["Mine tal"]
    assert sheet.tables["Proeve"].ref == "A3:E4"
    assert [sheet.cell(4, column).value for column in (1, 2, 3, 5)] == [None] * 4


def test_a_row_of_totals_moves_with_the_table(tmp_path: Path) -> None:
    def with_totals(book: Workbook) -> None:
        sheet = book["Mine tal"]
        sheet["A6"], sheet["B6"] = "I alt", "=SUBTOTAL(109,Proeve[Antal])"
        sheet.tables["Proeve"].ref, sheet.tables["Proeve"].totalsRowCount = "A3:E6", 1

    sheet = load_workbook(BytesIO(written_into(template(tmp_path / "e.xlsx", with_totals), given())))["Mine tal"]
    assert sheet.tables["Proeve"].ref == "A3:E8"
    assert (sheet["A8"].value, sheet["B8"].value) == ("I alt", "=SUBTOTAL(109,Proeve[Antal])")
    assert sheet["A6"].value == "2020K1"


def test_parts_that_a_library_would_lose_are_kept_byte_for_byte(tmp_path: Path) -> None:
    kept = {
        "xl/vbaProject.bin": bytes(range(256)),
        "xl/slicers/slicer1.xml": b"<slicers/>",
        "xl/pivotTables/pivotTable1.xml": b"<pivotTableDefinition/>",
        "xl/drawings/drawing9.xml": b"<xdr:wsDr><xdr:sp/></xdr:wsDr>",
        "xl/media/image1.png": b"\x89PNG",
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/model/item.data": b"\x00model",
        "xl/connections.xml": b"<connections/>",
        "customXml/item1.xml": b"<a/>",
    }
    path = with_parts(template(tmp_path / "egen.xlsx"), kept)
    before, after = parts(path.read_bytes()), parts(written_into(path, given()))
    assert set(after) == set(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/workbook.xml", "xl/charts/chart1.xml",
    }  # fmt: skip
    assert written_into(path, given()) == written_into(path, given())


def test_a_pivot_of_the_table_is_read_anew_and_the_order_of_counting_is_left_out(tmp_path: Path) -> None:
    source = b'<cacheSource type="worksheet"><worksheetSource name="Proeve"/></cacheSource>'
    cache = b'<pivotCacheDefinition r:id="rId1">' + source + b"</pivotCacheDefinition>"
    path = with_parts(
        template(tmp_path / "egen.xlsx"),
        {"xl/pivotCache/pivotCacheDefinition1.xml": cache, "xl/calcChain.xml": b"<calcChain/>"},
    )
    made = parts(written_into(path, given()))
    assert b'<pivotCacheDefinition r:id="rId1" refreshOnLoad="1">' in made["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert "xl/calcChain.xml" not in made


def _in_the_way(book: Workbook) -> None:
    book["Mine tal"]["B6"] = "en note"


def _merged(book: Workbook) -> None:
    book["Mine tal"].merge_cells("A6:B6")


def _own_column(book: Workbook) -> None:
    book["Mine tal"]["E3"] = "Min note"
    book["Mine tal"].tables["Proeve"].tableColumns[4].name = "Min note"


def _other_name(book: Workbook) -> None:
    book["Mine tal"].tables["Proeve"].displayName = "Noget_andet"


def _with_cpr(book: Workbook) -> None:
    book["Mine tal"]["G9"] = "Ring til 010190-1234"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_in_the_way, "arket \u00abMine tal\u00bb har noget i B6, hvor tabellen Proeve skal v\u00e6re"),
        (_merged, "flettede celler i A6:B6"),
        (_own_column, "har kolonnen \u00abMin note\u00bb, som resultatet ikke har"),
        (_other_name, "har ingen tabel med et resultats navn (proeve \u2026)"),
        (_with_cpr, "der st\u00e5r CPR-numre i den"),
    ],
)
def test_what_could_not_be_kept_is_refused_with_its_place(
    change: Callable[[Workbook], None], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        written_into(template(tmp_path / "egen.xlsx", change), given())


@pytest.mark.parametrize(
    ("part", "content", "said"),
    [
        ("_xmlsignatures/sig1.xml", b"<a/>", "digitalt underskrevet"),
        ("xl/workbook.bin", b"x", "gemt som .xlsb"),
    ],
)
def test_a_workbook_that_would_be_broken_is_refused_before_anything_runs(
    part: str, content: bytes, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        check_own(with_parts(template(tmp_path / "egen.xlsx"), {part: content}))


def test_what_is_no_workbook_is_refused_before_anything_runs(tmp_path: Path) -> None:
    locked = tmp_path / "laast.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0 en adgangskode")
    for path, said in (
        (locked, "adgangskode"),
        (tmp_path / "mangler.xlsx", "findes ikke"),
        (tmp_path / "rapport.xlsx", "kald den noget andet"),
    ):
        with pytest.raises(InputError, match=said):
            check_own(path)


def test_every_table_of_a_run_can_be_written_by_heading_or_by_name(tmp_path: Path) -> None:
    tables = own_tables(sample.example(), sample.rules())
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Kode", "periode", "DST", "rest"])
    sheet.append(["x", "x", 1, 1])
    sheet.add_table(Table(displayName="hand07_diff", ref="A1:D2"))
    book.save(tmp_path / "egen.xlsx")
    made = load_workbook(BytesIO(written_into(tmp_path / "egen.xlsx", tables))).worksheets[0]
    cells = {(cell.dst_kode, cell.periode): cell for cell in sample.example().table("hand07_diff").rows}
    rows = list(made.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(cells)
    for code, period, dst, rest in rows:
        assert (cells[code, period].dst, cells[code, period].rest) == (dst, rest)
    assert {"sager", "fund", "ottetal", "bro"} <= set(tables)


def test_money_keeps_its_oere(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("1.1", "2020K1", Decimal("12345678901234.07"), date(2020, 1, 1), "x")]
    content = parts(written_into(template(tmp_path / "egen.xlsx"), given(rows)))
    assert b"<v>12345678901234.07</v>" in content["xl/worksheets/sheet2.xml"]


def test_a_workbook_saved_by_libreoffice_is_renewed_and_opened_again(tmp_path: Path) -> None:
    office.needed()
    theirs = office.saved(template(tmp_path / "egen.xlsx"), tmp_path / "lo")
    renewed = tmp_path / "ny.xlsx"
    renewed.write_bytes(written_into(theirs, given()))
    again = load_workbook(office.saved(renewed, tmp_path / "igen"), data_only=True)
    assert again.worksheets[0]["A2"].value == 7 + 8 + 9 + 10
    sheet = again["Mine tal"]
    assert [cell[0].value for cell in sheet["E4:E7"]] == [row[4] for row in ROWS]
    assert sheet["G4"].value == "min egen tekst"
    assert len(again.worksheets[0]._charts) == 1  # type: ignore[attr-defined]
