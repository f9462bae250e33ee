"""Small inputs that went wrong once (tests/cases), each run as a user runs it; and their kind, in small files."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.loading import loading, reader, refused, workbook

from reconcile.domain.canonical import TABLES
from reconcile.errors import InputError
from reconcile.settings.config import Regler, load_config
from reconcile.sources.printed import read_grid
from reconcile.world.context import Asked
from reconcile.world.prepare import open_world

HEADERS: list[Any] = ["ydelse_id", "cpr", "dst_kode", "start_dato", "slut_dato", "handlekommune"]
ROW: list[Any] = ["1", "1018012343", "1.4", date(2020, 1, 1), date(2020, 12, 31), "665"]


def stray(path: Path, cell: str) -> bytes:
    """A small table, and a value far from it."""
    book = openpyxl.Workbook()
    for row in (HEADERS, ROW):
        book.worksheets[0].append(row)
    book.worksheets[0][cell] = "x"
    book.save(path)
    return path.read_bytes()


def changed(path: Path, **by: tuple[str, str]) -> bytes:
    """The workbook with text of its sheet replaced."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            text = data
            for find, to in by.values() if name.startswith("xl/worksheets/") else ():
                text = text.replace(find.encode(), to.encode())
            new.writestr(name, text)
    return path.read_bytes()


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD2000", "G1048576"])
def test_a_cell_far_from_the_table_is_named_before_room_is_made_for_it(tmp_path: Path, cell: str) -> None:
    said = refused(tmp_path, "fagsystem", {"a.xlsx": stray(tmp_path / "a.xlsx", cell)})
    assert f"Sheet!{cell} ligger langt fra tabellen" in said
    assert "Slet cellen i Excel, og gem filen igen" in said
    with pytest.raises(InputError, match=f"Sheet!{cell}"):
        read_grid(tmp_path / "a.xlsx")


def test_a_document_type_is_refused_and_nothing_is_expanded(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Ark1": [HEADERS, ROW]})
    bad = changed(tmp_path / "a.xlsx", doctype=("<worksheet ", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet '))
    assert "DOCTYPE" in refused(tmp_path, "fagsystem", {"a.xlsx": bad})


def test_an_error_cell_is_found_whatever_prefix_the_elements_have(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Ark1": [HEADERS, [*ROW[:4], "#N/A", "665"]]})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old:
        sheet = old.read("xl/worksheets/sheet1.xml").decode()
    assert 't="e"' in sheet
    pairs = {tag: (f"<{tag}", f"<x:{tag}") for tag in ("worksheet", "sheetData", "row", "c ", "v>", "f>")}
    pairs |= {"/" + tag: (f"</{tag}>", f"</x:{tag}>") for tag in ("worksheet", "sheetData", "row", "c", "v", "f")}
    prefixed = changed(tmp_path / "a.xlsx", xmlns=("xmlns=", "xmlns:x="), **pairs)
    said = refused(tmp_path, "fagsystem", {"a.xlsx": prefixed})
    assert "a.xlsx, række 2, kolonne «slut_dato», værdi «#N/A»" in said


def test_an_error_in_a_text_column_names_sheet_cell_and_remedy_and_beside_the_table_it_is_nothing(
    tmp_path: Path,
) -> None:
    book = workbook(tmp_path / "a.xlsx", {"Ark1": [HEADERS, ["#REF!", *ROW[1:]]]})
    said = refused(tmp_path, "fagsystem", {"a.xlsx": book})
    assert "række 2, kolonne «ydelse_id», værdi «#REF!»" in said
    assert "Ark1!A2 er en fejl eller en formel, der aldrig er beregnet; åbn i Excel" in said
    book = workbook(tmp_path / "a.xlsx", {"Ark1": [[*HEADERS, "note"], [*ROW, "#REF!"]]})
    with loading(tmp_path, "fagsystem", {"a.xlsx": book}) as read:
        assert read.column("slut_dato") == [date(2020, 12, 31)]


def test_an_end_date_merged_over_rows_ends_every_course_it_covers(tmp_path: Path) -> None:
    rows = [HEADERS, ROW, [*ROW[:4], None, "665"], [*ROW[:4], None, "665"], [*ROW[:4], None, "665"]]
    book = workbook(tmp_path / "a.xlsx", {"Ark1": rows}, ["E2:E4"])
    with loading(tmp_path, "fagsystem", {"a.xlsx": book}) as read:
        assert read.column("slut_dato") == [date(2020, 12, 31)] * 3 + [None]


def test_a_title_merged_above_and_rows_merged_with_nothing_in_them_are_no_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Udtræk"], HEADERS, ROW, []]
    merges = ["A1:F1", *(f"{letter}3:{letter}4" for letter in "ABCDEF")]
    book = workbook(tmp_path / "a.xlsx", {"Ark1": rows}, merges)
    with loading(tmp_path, "fagsystem", {"a.xlsx": book}) as read:
        assert read.column("raekke") == [3]


def test_an_amount_merged_over_rows_is_refused_with_its_range(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["konto", "bogfoert_dato", "beloeb"],
        ["538581001", date(2020, 1, 1), 100],
        ["538581002", date(2020, 1, 1)],
    ]
    book = workbook(tmp_path / "a.xlsx", {"Ark1": rows}, ["C2:C3"])
    assert "C2:C3 er flettet" in refused(tmp_path, "oekonomi", {"a.xlsx": book})


CASES = Path(__file__).parent / "cases"


def loaded(folder: str, source: str) -> tuple[list[tuple[Any, ...]], list[str], tuple[str, ...]]:
    """The rows of one source of a case, what is said of it, and its columns."""
    config = load_config(CASES / folder / "reconcile.toml")
    asked = Asked(kommune="665", regler=Regler(), today=date(2026, 6, 1))
    with open_world(asked, reader(config, source)) as world:
        columns = [name for name in TABLES[source].names if name in world.loaded.present[source]]
        rows = world.engine.rows(f"SELECT {', '.join(columns)} FROM {source} ORDER BY ALL")
        return rows, world.loaded.caveats, tuple(columns)


def test_amounts_in_thousands_are_scaled_and_said(tmp_path: Path) -> None:
    rows, said, columns = loaded("amounts-in-tkr", "oekonomi")
    assert [row[columns.index("beloeb")] for row in rows] == [Decimal("9500.00")]
    assert any("1.000" in text for text in said)


def test_of_two_monthly_snapshots_the_newest_holds(tmp_path: Path) -> None:
    rows, _said, columns = loaded("monthly-snapshots", "fagsystem")
    assert [row[columns.index("slut_dato")] for row in rows] == [date(2023, 8, 15), None]


def test_a_byte_order_mark_in_the_middle_makes_no_other_person(tmp_path: Path) -> None:
    rows, _said, columns = loaded("bom-before-quoted-cell", "fagsystem")
    people = {row[columns.index("cpr")] for row in rows}
    assert all(len(cpr) == 10 and cpr.isdigit() for cpr in people)
    assert len(people) == 8


def test_an_error_cell_under_a_prefix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"hand07\.xlsx, række .*#N/A"):
        loaded("error-cell-prefixed-xlsx", "hand07")


def test_filtered_rows_are_read_and_counted(tmp_path: Path) -> None:
    rows, said, _columns = loaded("filtered-rows", "fagsystem")
    assert len(rows) == 8
    assert any("skjult" in text for text in said)


@pytest.mark.parametrize("name", ["null-word-kommune", "null-word-maalgruppe"])
def test_the_word_null_is_an_empty_cell_and_said(tmp_path: Path, name: str) -> None:
    rows, said, columns = loaded(name, "fagsystem")
    assert {row[columns.index("maalgruppe")] for row in rows} == {None}
    assert any("læst som tomme" in text for text in said)


@pytest.mark.parametrize("path", sorted((CASES / "footnote-as-row" / "v").iterdir()), ids=lambda path: path.stem)
def test_a_footnote_or_total_under_a_pivot_is_no_ydelse(tmp_path: Path, path: Path) -> None:
    with loading(tmp_path, "hand07", {path.name: path.read_bytes()}) as read:
        assert len(read.rows("dst_kode", "periode")) == len(set(read.rows("dst_kode", "periode"))) > 0


@pytest.mark.parametrize(
    ("path", "source"),
    [("corrupt-parquet/parquet-1-0.parquet", "fagsystem"), ("corrupt-zip/xlsx-1-1.xlsx", "fagsystem")],
)
def test_a_damaged_file_is_a_sentence_with_its_name(tmp_path: Path, path: str, source: str) -> None:
    name = Path(path).name
    said = refused(tmp_path, source, {name: (CASES / path).read_bytes()})
    assert name in said
    assert "fejl" in said.split("\n")[0]


def test_a_cell_in_the_last_place_of_a_printed_table_is_refused() -> None:
    with pytest.raises(InputError, match="ligger langt fra tabellen"):
        read_grid(CASES / "stray-cell" / "printed-table.xlsx")


@pytest.mark.parametrize("kind", ["ods", "xls", "xlsb"])
def test_an_error_cell_is_refused_in_every_kind_of_workbook(tmp_path: Path, kind: str) -> None:
    book = xlsb() if kind == "xlsb" else (CASES / "error-cell-other-formats" / f"fag.{kind}").read_bytes()
    said = refused(tmp_path, "fagsystem", {f"fag.{kind}": book})
    assert f"fag.{kind}, række 3, kolonne «slut_dato», værdi «#N/A»" in said


def xlsb() -> bytes:
    """A workbook in Excel's binary form, of the records a reader must have: two courses, the second ends in ``#N/A``."""

    def number(value: int) -> bytes:
        low, rest = value & 0x7F, value >> 7
        return bytes([low | 0x80]) + number(rest) if rest else bytes([low])

    def record(kind: int, body: bytes = b"") -> bytes:
        return number(kind) + number(len(body)) + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    rows = [
        "cpr dst_kode start_dato slut_dato",
        "0105701121 1.4 2020-01-01 2020-12-31",
        "0205701122 1.4 2020-01-01 #N/A",
    ]
    sheet = record(129) + record(148, struct.pack("<IIII", 0, 2, 0, 3)) + record(145)
    for row, cells in enumerate(rows):
        sheet += record(0, struct.pack("<I", row) + bytes(21))
        for column, text in enumerate(cells.split()):
            place = struct.pack("<II", column, 0)
            sheet += record(3, place + b"\x2a") if text == "#N/A" else record(6, place + wide(text))
    sheet += record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Ark1"))
    relation = '<Relationship Id="rId1" Type="{}/worksheet" Target="worksheets/sheet1.bin"/>'.format(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    )
    space = "http://schemas.openxmlformats.org/package/2006"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{space}/content-types"/>')
        archive.writestr("xl/workbook.bin", record(131) + record(143) + bundle + record(144) + record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{space}/relationships">{relation}</Relationships>'
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["ods", "xls", "xlsb"])
@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_off_is_a_sentence(tmp_path: Path, kind: str, cut: float) -> None:
    book = xlsb() if kind == "xlsb" else (CASES / "error-cell-other-formats" / f"fag.{kind}").read_bytes()
    assert f"fag.{kind}" in refused(tmp_path, "fagsystem", {f"fag.{kind}": book[: int(len(book) * cut)]})
