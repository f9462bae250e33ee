"""The workbook: its sheets and cells, that data stays text, and that the same result gives the same bytes."""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook
from support import office
from support import report_example as sample

from reconcile.i18n import choose
from reconcile.reports import labels, workbook
from reconcile.reports.workbook import PRINTED_ROWS, Book, Column, widths
from reconcile.reports.xlsx import free_name, write_xlsx
from reconcile.reports.xlsx_charts import gallery
from reconcile.results.declared import TABLES
from reconcile.results.rows import Hand07Cell, ResultTable, verbatim
from reconcile.results.yr import LedgerStatus, YrLedger

GOLDEN = Path(__file__).parent / "golden" / "rapport_xlsx.txt"
#: LibreOffice's filter options: semicolon, quotes, UTF-8, the second sheet only.
_CASES = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,3"  # the third sheet
HOSTILE = ("=1+1", "+45", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "https://example.invalid/", "mailto:a@b.no",
           "0101", "<b>fed</b>", "\t=1", "x" * 40_000, "halvt \ud800", "_x0041_", "1" * 30)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("xlsx") / "rapport.xlsx"
    write_xlsx(sample.example(), target, sample.rules())
    return target


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path)


def _told(cell: Cell) -> str:
    link = f" → {cell.hyperlink.location}" if cell.hyperlink else ""
    return f"{cell.coordinate}\t{cell.value}\t{cell.number_format}{link}"


def test_the_workbook_holds_what_it_held(book: Workbook) -> None:
    """The first rows of every sheet with their formats; RECONCILE_REGENERATE=1 writes the golden file anew."""
    lines = []
    for sheet in book:
        lines.append(f"# {sheet.title} {sheet.dimensions} {sheet.freeze_panes} {sorted(sheet.tables)}")
        last = 60 if sheet.title == "Oversigt" else 4
        rows = sheet.iter_rows(min_row=1, max_row=last)
        lines += [_told(cell) for row in rows for cell in row if cell.value is not None]
    text = "\n".join(lines) + "\n"
    if os.environ.get("RECONCILE_REGENERATE") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_sheet_is_a_real_table_with_frozen_headings_that_prints_on_its_width(book: Workbook) -> None:
    assert {"Oversigt", "8-tal", "HAND07-diff", "Bro", "Fund", "YR", "Regler", "Kilder"} <= set(book.sheetnames)
    for sheet in book:
        assert sheet.tables or sheet.title == "Diagrammer", sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) == (sheet.title != "Diagrammer")  # has page breaks
        assert not sheet.protection.sheet
        for table in sheet.tables.values():
            assert table.autoFilter is not None
        if sheet.title not in ("Oversigt", "Diagrammer"):
            assert sheet.freeze_panes
            assert sheet.print_title_rows == "$1:$1"
            assert sheet["A1"].fill.fgColor.rgb == "FF2F3E50"


def test_the_links_of_the_overview_lead_to_the_rows_they_name(book: Workbook) -> None:
    overview, seen = book["Oversigt"], set()
    for row in overview.iter_rows():
        for cell in row:
            if cell.hyperlink:
                sheet, place = re.fullmatch(r"'(.+)'!(A\d+)", str(cell.hyperlink.location)).groups()
                target = book[sheet][place]
                seen.add(sheet)
                if sheet == "Fund" and place != "A1":
                    assert target.value == cell.value
                    assert book[sheet].cell(target.row - 1, 1).value != cell.value
                if sheet == "HAND07-diff" and place != "A1":
                    assert target.value == overview.cell(row[0].row or 0, 1).value
                    quarter = next(
                        c.value for c in reversed(overview[cell.column_letter][: cell.row]) if "K" in str(c.value)[4:5]
                    )
                    assert book[sheet].cell(target.row, 3).value == quarter
    assert seen == set(book.sheetnames) - {"Oversigt"}


def test_the_same_result_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "igen.xlsx"
    later = sample.example(started=sample.example().started.replace(year=2031))
    write_xlsx(later, other, sample.rules())
    assert other.read_bytes() == path.read_bytes()


def test_hostile_data_is_text_and_nothing_else(tmp_path: Path) -> None:
    cell = sample.cell("1.4", "2020K3")[0]
    found = [replace(sample.findings()[0], fund_id=f"F{n}", sentence=verbatim(text), ydelse=text, fil=text, vaerdi=text)
             for n, text in enumerate(HOSTILE)]  # fmt: skip
    cells = tuple(replace(cell, dst_kode=text, forklaring=text) for text in HOSTILE)
    target = tmp_path / "r.xlsx"
    tables = (ResultTable("hand07_diff", Hand07Cell, cells),)
    write_xlsx(
        sample.example(findings=tuple(found), navn="=1+1", caveats=HOSTILE, tables=tables), target, sample.rules()
    )
    with zipfile.ZipFile(target) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
        relations = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
    assert not any("<f>" in sheet for sheet in sheets)
    assert not any("External" in relation for relation in relations)
    rows = load_workbook(target)["Fund"].iter_rows(min_row=2)
    written = {row[11].value: row[11].data_type for row in rows}
    assert set(written.values()) == {"s"}
    assert {"=1+1", "0101", "https://example.invalid/", "1" * 30} <= set(written)
    assert max(len(str(text)) for text in written) == 32_767


def test_numbers_dates_and_missing_values_keep_their_types(book: Workbook) -> None:
    eight = book["8-tal"]
    head = [cell.value for cell in eight[1]]
    row = {name: eight[2][place] for place, name in enumerate(head)}
    assert row["Økonomi, kr."].value == pytest.approx(8_800_953.88)
    assert row["Økonomi, kr."].number_format.startswith("#,##0.00")
    assert row["Fagsystem, fuldtid"].number_format == '#,##0.00;-#,##0.00;"–"'
    missing = next(row for row in book["YR"].iter_rows(min_row=2) if row[6].value is None)
    assert missing[6].fill.fgColor.rgb == "FFF1F3F5"
    assert book["YR"]["A2"].is_date


def test_the_bridge_adds_up_across_every_row(book: Workbook) -> None:
    rows = list(book["Bro"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(sample.CODES) * 4
    for row in rows:
        raw, *changes, harmonised, rest, dst = (Decimal(str(value)) for value in row[3:])
        assert raw + sum(changes) == harmonised
        assert harmonised + rest == dst


def test_a_difference_in_kroner_keeps_its_oere(tmp_path: Path) -> None:
    row = YrLedger(
        date(2020, 7, 1), "557710", "Sygedagpenge", 1, Decimal("-10.25"), None, Decimal("0.75"), LedgerStatus.MISSING
    )
    target = tmp_path / "r.xlsx"
    write_xlsx(sample.example(tables=(ResultTable("yr_regnskab", YrLedger, (row,)),)), target, sample.rules())
    cells = load_workbook(target)["YR mod økonomi"][2]
    assert (cells[6].value, cells[6].number_format) == (0.75, '+#,##0.00;-#,##0.00;"–"')
    assert cells[7].value == "Regnskab mangler"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("12.3456", "", "#,##0.00"), ("-12.3456", "signed", "+#,##0.00"), ("0.0049", "", "#,##0.0000"),
        ("-0.0049", "signed", "+#,##0.0000"), ("0.005", "signed", "+#,##0.00"), ("0.25", "share", "#,##0.0000"),
        ("0.0000", "signed", "+#,##0.00"),
    ],
)  # fmt: skip
def test_two_decimals_are_shown_of_a_number_that_keeps_them_all_but_never_nothing_of_something(
    value: str, kind: str, shown: str, tmp_path: Path
) -> None:
    with Book(tmp_path / "b.xlsx") as book:
        book.table_sheets("Ark", [Column("Tal", kind)], [[Decimal(value)]])
    cell = load_workbook(tmp_path / "b.xlsx")["Ark"]["A2"]
    assert cell.number_format.split(";")[0] == shown
    assert Decimal(str(cell.value)) == Decimal(value)


def test_the_key_figures_have_names_that_formulas_can_rely_on_in_every_run_and_language(
    book: Workbook, tmp_path: Path
) -> None:
    choose("en")
    write_xlsx(sample.empty(), tmp_path / "en.xlsx", sample.rules())
    choose("da")
    other = load_workbook(tmp_path / "en.xlsx")
    assert set(book.defined_names) == set(other.defined_names)
    told = {}
    for name, defined in book.defined_names.items():
        ((sheet, place),) = defined.destinations
        assert book[sheet].cell(book[sheet][place].row, 1).value == name
        told[name.removeprefix("koersel_")] = book[sheet][place].value
    assert told["kommune"] == sample.example().kommune
    assert told["aabne_celler"] == sample.example().open_cells
    assert told["sager_fejl"] + told["sager_advarsel"] + told["sager_oplysning"] == sum(
        not case.sag_id.startswith("CELLE") for case in sample.example().table("sager").rows
    )
    ((sheet, place),) = other.defined_names["koersel_forskelle"].destinations
    assert other[sheet][place].value is None  # nothing was compared: no figure, and not 0


def test_the_set_up_of_the_print_is_written_as_excel_has_it(path: Path) -> None:
    """What LibreOffice forgives, Excel repairs or leaves out: names with the number of their sheet, whole rows as titles."""
    with zipfile.ZipFile(path) as parts:
        told = parts.read("xl/workbook.xml").decode()
        pages = [parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, told.count("<sheet ") + 1)]
    sheets = re.findall(r'<sheet name="([^"]+)"', told)
    seen = set()
    for name, number, place in re.findall(
        r'<definedName name="_xlnm\.(\w+)" localSheetId="(\d+)"[^>]*>([^<]+)</definedName>', told
    ):
        sheet, _mark, area = place.rpartition("!")
        quoted = sheets[int(number)] if re.fullmatch(r"[^\W\d]\w*", sheets[int(number)]) else f"'{sheets[int(number)]}'"
        assert sheet == quoted
        form = {"Print_Area": r"\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", "Print_Titles": r"\$1:\$1"}[name]
        assert re.fullmatch(form, area), place
        assert (name, number) not in seen
        seen.add((name, number))
    assert told.count('name="_xlnm.') == len(seen) > len(sheets)
    for title, page in zip(sheets, pages, strict=True):
        setup = re.search(r"<pageSetup [^>]*>", page)[0]
        assert 'paperSize="9"' in setup
        assert ('fitToHeight="0"' in setup) == ('<pageSetUpPr fitToPage="1"/>' in page) == (title != "Diagrammer")
        assert "fitToWidth" not in setup  # 1, which Excel leaves out
        order = [page.index(f"<{tag}") for tag in ("sheetPr", "sheetData", "pageMargins", "pageSetup", "headerFooter")]
        assert order == sorted(order)
    charts = pages[sheets.index("Diagrammer")]
    breaks = re.findall(r'<brk id="(\d+)" max="16383" man="1"/>', charts)
    assert f'<rowBreaks count="{len(breaks)}" manualBreakCount="{len(breaks)}">' in charts
    # 21 columns of 48 points, and wider by 9/7 where the workbook's font is missing, between margins of 0.4 inch.
    scale = re.search(r'<pageSetup [^>]*scale="(\d+)"', charts)
    assert scale
    assert "Diagrammer!$A$1:$U$" in told
    assert 21 * 48 * 9 / 7 * int(scale[1]) / 100 <= 841.9 - 2 * 0.4 * 72


def test_an_empty_run_has_the_sheets_that_are_always_there(tmp_path: Path) -> None:
    target = tmp_path / "tom.xlsx"
    write_xlsx(sample.empty(), target, sample.rules())
    book = load_workbook(target)
    assert book.sheetnames == ["Oversigt", "Fund", "Regler", "Kilder"]
    assert book["Fund"]["A1"].value == "Ingen rækker."


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS_PER_SHEET", 40)
    target = tmp_path / "r.xlsx"
    write_xlsx(sample.example(), target, sample.rules())
    book = load_workbook(target)
    parts = [sheet for sheet in book if sheet.title.startswith("Fund")]
    assert [sheet.title for sheet in parts] == ["Fund", "Fund del 2", "Fund del 3"]
    assert [sheet.max_row - 1 for sheet in parts] == [40, 40, 10]


def test_headings_that_are_alike_are_told_apart(tmp_path: Path) -> None:
    target = tmp_path / "r.xlsx"
    with Book(target) as made:
        made.table_sheets("A", [Column("Kode"), Column("kode"), Column("Kode")], [["a", "b", "c"]])
    assert [cell.value for cell in load_workbook(target)["A"][1]] == ["Kode", "kode 2", "Kode 3"]


def test_columns_are_as_wide_as_their_contents_within_bounds() -> None:
    columns = [Column("K"), Column("Lang overskrift"), Column("T", widest=30), Column("B"), Column("D")]
    rows: list[list[Any]] = [
        ["x" * 20, "a", "y" * 500, Decimal("1234567.89"), date(2020, 1, 1)],
        [None, "", "", None, None],
    ]
    assert widths(columns, rows) == [22.0, 14.0, 30.0, 14.0, 12.0]


@pytest.mark.system
def test_libreoffice_opens_it(path: Path, tmp_path: Path) -> None:
    office.needed()
    text = office.saved(path, tmp_path, _CASES).read_text(encoding="utf-8")
    assert text.startswith("Sag;Alvor;Status;Hvem;Regel;Kode;Ydelsens navn;Borger (pseudonym)")
    assert "1.12.0.2" in text


def test_every_sheet_has_a_line_on_the_first_that_says_what_it_is(book: Workbook) -> None:
    told = {row[0].value: row[1].value for row in book["Oversigt"].iter_rows() if row[0].hyperlink}
    for name in book.sheetnames[1:]:
        assert told[name], name
        assert told[name] != name or name == "Ukendt måling"  # a table that is not declared


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_declared_table_has_a_sheet_with_whole_words_and_a_description(language: str) -> None:
    choose(language)
    names = [labels.sheet(table.name) for table in TABLES.values()]
    assert len({name.casefold() for name in names}) == len(names)
    for table, name in zip(TABLES.values(), names, strict=True):
        assert free_name(name, ()) == name, table.name
        assert table.description, table.name


def test_a_print_of_the_whole_workbook_has_what_is_read_and_no_evidence(book: Workbook) -> None:
    printed = set()
    for sheet in book:
        if not sheet.print_area:
            assert sheet.title == "Oversigt"
            continue
        area = sheet[sheet.print_area.rpartition("!")[2].replace("$", "")]
        if isinstance(area, tuple):
            assert len(area) <= PRINTED_ROWS + 1
            printed.add(sheet.title)
        else:
            assert area.value is None
    assert {"Sager", "HAND07-diff", "8-tal", "Bro", "Diagrammer", "Kilder"} <= printed
    assert not {"Fund", "Regler", "Bro-borgere", "Post-diff", "Diagramtal", "YR"} & printed


def test_a_chart_is_drawn_of_its_own_rows(book: Workbook) -> None:
    shown = gallery(sample.example())
    figures, charts = book["Diagramtal"], book["Diagrammer"]._charts  # type: ignore[attr-defined]
    assert len(charts) == len(shown.drawings) > 15
    titles = {figures.cell(row, 1).value for row in range(2, figures.max_row + 1)}
    for drawing, chart in zip(shown.drawings, charts, strict=True):
        assert drawing.title in titles
        for name, series in zip(drawing.series, chart.series, strict=True):
            sheet, area = series.val.numRef.f.split("!")
            assert sheet == "Diagramtal"
            cells = [row[0] for row in figures[area.replace("$", "")]]
            assert {figures.cell(cell.row, 1).value for cell in cells} == {drawing.title}
            assert [figures.cell(cell.row, 2).value for cell in cells] == [label for label, _values in drawing.points]
            assert [cell.value for cell in cells] == [values.get(name) for _label, values in drawing.points]


def test_the_bars_of_a_bridge_in_the_workbook_meet() -> None:
    bridges = gallery(sample.example()).bridges
    assert [drawing.title.split(" · ")[0] for drawing in bridges].count("1.12.0.2") == 1
    for drawing in bridges:
        level = 0
        for _label, bar in drawing.points:
            if "niveau" in bar:
                assert bar["niveau"] == level or not level
                level = int(bar["niveau"])
            else:
                low, change = int(bar["skjult"]), int(bar.get("fald", bar.get("stigning", bar.get("rest", 0))))
                assert level in (low, low + change)
                level = low if level == low + change else low + change
