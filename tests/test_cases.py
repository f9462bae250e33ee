"""Small inputs that went wrong once (tests/cases), each run as a user runs it; and their kind, in small files."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from support.loading import loading, refused, workbook

from reconcile.errors import InputError
from reconcile.sources.printed import read_grid

HEADERS = ["ydelse_id", "cpr", "dst_kode", "start_dato", "slut_dato", "handlekommune"]
ROW = ["1", "1018012343", "1.4", date(2020, 1, 1), date(2020, 12, 31), "665"]


def stray(path: Path, cell: str) -> bytes:
    """A small table, and a value far from it."""
    book = openpyxl.Workbook()
    for row in (HEADERS, ROW):
        book.active.append(row)
    book.active[cell] = "x"
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
    rows = [["Udtræk"], HEADERS, ROW, []]
    merges = ["A1:F1", *(f"{letter}3:{letter}4" for letter in "ABCDEF")]
    book = workbook(tmp_path / "a.xlsx", {"Ark1": rows}, merges)
    with loading(tmp_path, "fagsystem", {"a.xlsx": book}) as read:
        assert read.column("raekke") == [3]


def test_an_amount_merged_over_rows_is_refused_with_its_range(tmp_path: Path) -> None:
    rows = [["konto", "bogfoert_dato", "beloeb"], ["538581001", date(2020, 1, 1), 100], ["538581002", date(2020, 1, 1)]]
    book = workbook(tmp_path / "a.xlsx", {"Ark1": rows}, ["C2:C3"])
    assert "C2:C3 er flettet" in refused(tmp_path, "oekonomi", {"a.xlsx": book})
