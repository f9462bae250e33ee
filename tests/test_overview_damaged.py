"""Masteroversigter that somebody has worked in: what can be read is read and said, the rest is named cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.loading import loading, refused, workbook
from test_overview import KOMPONENT, LEMVIG, LINKS, komponent, lemvig

HEADS = ["dst_kode", "konto", "maalgruppe", "paragraf"]
NBSP = "\u00a0"
Cells = list[Any]


def book(folder: Path, *rows: Cells, **sheets: list[Cells]) -> dict[str, bytes]:
    """A workbook with the canonical headers over the rows."""
    return {"m.xlsx": workbook(folder / "m.xlsx", {"Ark1": [HEADS, *rows], **sheets})}


def read(folder: Path, *rows: Cells) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Row, code and account of each link, and what was said."""
    with loading(folder, "masteroversigt", book(folder, *rows)) as found:
        return found.rows("raekke", "dst_kode", "konto"), found.loaded.caveats


@pytest.mark.parametrize(
    ("cell", "shown", "meant"),
    [
        (datetime(2022, 4, 1), "2022-04-01", "1.4"),
        (date(2022, 1, 4), "2022-01-04", "1.4"),  # an American Excel
        (date(2002, 8, 1), "2002-08-01", "1.8.2"),
        (time(1, 4), "01:04:00", "1.4"),
        (time(1, 8, 2), "01:08:02", "1.8.2"),
        (44652, "44652", "1.4"),  # a date shown as a number
        ("1. apr", "1. apr", "1.4"),
        ("01-apr", "01-apr", "1.4"),
        ("apr-01", "apr-01", "1.4"),
        ("1. april", "1. april", "1.4"),
        ("01-08-02", "01-08-02", "1.8.2"),
        ("01-01-2022", "01-01-2022", "1.1"),
        ("1.4.2022", "1.4.2022", "1.4"),
        ("2022-03-01", "2022-03-01", "1.3"),
    ],
)
def test_a_code_that_a_spreadsheet_made_a_day_is_named_with_what_it_was(
    tmp_path: Path, cell: Any, shown: str, meant: str
) -> None:
    said = refused(tmp_path, "masteroversigt", book(tmp_path, ["1.13.2", 538391002], [cell, 538581001]))
    assert f"m.xlsx, række 3, kolonne «dst_kode», værdi «{shown}»: en dato eller et klokkeslæt" in said
    assert f"gør kolonnen til tekst, og skriv koden. Mente du «{meant}»?" in said
    assert "(1 fejl)" in said


def test_a_day_that_was_no_code_has_nothing_it_could_mean(tmp_path: Path) -> None:
    said = refused(tmp_path, "masteroversigt", book(tmp_path, [date(2022, 12, 31), 538581001]))
    assert "værdi «2022-12-31»: en dato eller et klokkeslæt" in said
    assert "Mente du" not in said


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (1.4, "1.4"),
        ("1.4 ", "1.4"),
        (f"{NBSP}1.8.2.{NBSP}", "1.8.2"),
        ("1.4 (§ 103)", "1.4"),
        (30014, "1.4"),
        ("30014 Beskyttet beskæftigelse", "1.4"),
        ("1.8.1 1.8.2", "1.8.1 1.8.2"),
        ("1.8.1 + 1.8.2", "1.8.1 1.8.2"),
        ("1.8.1\n1.8.2", "1.8.1 1.8.2"),
        (1.18, "1.18"),
        (1, "1"),
    ],
)
def test_a_code_is_what_stands_there_and_several_are_several(tmp_path: Path, cell: Any, codes: str) -> None:
    links, _said = read(tmp_path, [cell, 538581001])
    assert links == [(2, code, "538581001") for code in codes.split()]


@pytest.mark.parametrize("cell", ["1. 12. 0. 1", "1.8.1-2", "1.8.1/2", "1.12.O.1", "l.4", "DST 1.4", "?"])
def test_a_code_that_is_not_quite_one_stays_as_it_is_written_and_is_no_other(tmp_path: Path, cell: str) -> None:
    links, _said = read(tmp_path, [cell, 538581001])
    assert links == [(2, cell, "538581001")]


@pytest.mark.parametrize("mark", ["do.", "Do", '"', "”", '-"-', '- " -', "''", "ditto", "som ovenfor"])
def test_a_ditto_mark_is_as_above_for_codes_and_for_accounts(tmp_path: Path, mark: str) -> None:
    links, said = read(tmp_path, ["1.4", 538581001, "Social"], [mark, 538581002], [None, mark, "Sindslidende"])
    assert links == [(2, "1.4", "538581001"), (3, "1.4", "538581002"), (4, "1.4", "538581002")]
    assert said == []


@pytest.mark.parametrize(
    "cell",
    [
        538581001.5,
        "5,38581E+08",
        "538.581.001",
        "5.38.58.001",
        "5.38.58-1-1",
        "5.38.58-1-OO1",
        "5385810010",
        "5.38.58-1-001 - 003",
        "5.38.58-1-001-5.38.58-1-003",
        "538581001-538581003",
        "se 5.38.58-1-001",
        "Note: 5.38.39-1-008 er ikke med",
        date(2022, 4, 1),
        "=A1",
        "#N/A",
        "ingen",
        0,
    ],
)
def test_an_account_that_is_not_quite_one_is_named_whole_and_once(tmp_path: Path, cell: Any) -> None:
    files = book(tmp_path, ["1.1", 538591001], ["1.4", cell])
    if cell == "#N/A":
        opened = openpyxl.load_workbook(BytesIO(files["m.xlsx"]))
        opened.worksheets[0]["B3"].data_type = "e"
        opened.save(tmp_path / "m.xlsx")
        files = {"m.xlsx": (tmp_path / "m.xlsx").read_bytes()}
    said = refused(tmp_path, "masteroversigt", files)
    assert f"m.xlsx, række 3, kolonne «konto», værdi «{cell}»: ikke en konto; skriv 5.38.58-1-001" in said
    assert "(1 fejl)" in said


def test_accounts_from_one_to_another_are_not_those_two(tmp_path: Path) -> None:
    said = refused(tmp_path, "masteroversigt", book(tmp_path, ["1.4", "5.38.58-1-001 til 5.38.58-1-003"]))
    assert "række 2, kolonne «konto», værdi «5.38.58-1-001 til»: ikke en konto" in said


@pytest.mark.parametrize("cell", ["#REF!", "=A1"])
def test_an_error_in_place_of_a_code_is_named(tmp_path: Path, cell: str) -> None:
    said = refused(tmp_path, "masteroversigt", book(tmp_path, [cell, 538581001]))
    assert f"kolonne «dst_kode», værdi «{cell}»: en fejl eller en formel, der ikke er beregnet" in said


@pytest.mark.parametrize("written", ["§108", f"§{NBSP}108", "§ 108 ", "§  108"])
def test_a_paragraph_written_in_another_way_is_the_same_paragraph(tmp_path: Path, written: str) -> None:
    links, said = read(tmp_path, ["1.8.1", 538501001, None, "§ 108"], [None, 538501002, None, written])
    assert links == [(2, "1.8.1", "538501001"), (3, "1.8.1", "538501002")]
    assert said == []


@pytest.mark.parametrize("row", [["I alt", None], [None, "I alt"], ["Total", 3], [None, "Total 3 konti"],
                                 [None, 18, None, "I alt"], [None, None, None, "Hovedtotal:"]])  # fmt: skip
def test_a_total_row_is_no_link(tmp_path: Path, row: Cells) -> None:
    assert read(tmp_path, ["1.4", 538581001], row, ["1.1", 538591001]) == (
        [(2, "1.4", "538581001"), (4, "1.1", "538591001")],
        [],
    )


@pytest.mark.parametrize("row", [["Botilbud"], [None, "Botilbud"], ["Botilbud", None], [f"{NBSP}Botilbud "]])
def test_a_title_in_the_middle_ends_the_code_above_it_and_is_said(tmp_path: Path, row: Cells) -> None:
    links, said = read(tmp_path, ["1.4", 538581001], row, ["1.1", 538591001])
    assert links == [(2, "1.4", "538581001"), (4, "1.1", "538591001")]
    assert said == ["m.xlsx: «Botilbud» er hverken kode eller konto og er sprunget over (række 3)."]
    refusal = refused(tmp_path, "masteroversigt", book(tmp_path, ["1.4", 538581001], row, [None, 538591001]))
    assert "række 4, kolonne «dst_kode»: rækken har en konto, men ingen kode" in refusal


def test_headers_that_are_repeated_down_the_table_are_no_rows(tmp_path: Path) -> None:
    for layout, headers in ((lemvig, LEMVIG), (komponent, KOMPONENT)):
        rows, _merged = layout()
        rows.insert(11, list(headers))
        files = {"m.xlsx": workbook(tmp_path / "m.xlsx", {"Ark1": rows})}
        with loading(tmp_path, "masteroversigt", files) as found:
            assert found.rows("dst_kode", "konto", "maalgruppe")[:18] == LINKS


def hide_row(opened: openpyxl.Workbook) -> None:
    opened.worksheets[0].row_dimensions[5].hidden = True


def filter_rows(opened: openpyxl.Workbook) -> None:
    opened.worksheets[0].auto_filter.ref = "A3:K21"
    opened.worksheets[0].row_dimensions[5].hidden = True


@pytest.mark.parametrize("change", [hide_row, filter_rows])
def test_a_hidden_row_counts_and_is_said(tmp_path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    rows, merged = lemvig()
    opened = openpyxl.load_workbook(BytesIO(workbook(tmp_path / "m.xlsx", {"Ark1": rows}, merged)))
    change(opened)
    opened.save(tmp_path / "m.xlsx")
    with loading(tmp_path, "masteroversigt", {"m.xlsx": (tmp_path / "m.xlsx").read_bytes()}) as found:
        assert found.rows("dst_kode", "konto", "maalgruppe")[:18] == LINKS
        assert "m.xlsx: række 5 er skjult i arket, men er læst med." in found.loaded.caveats


def test_last_years_sheet_beside_this_years_is_a_question_unless_it_is_hidden(tmp_path: Path) -> None:
    rows, _merged = komponent()
    said = refused(tmp_path, "masteroversigt", {"m.xlsx": workbook(tmp_path / "m.xlsx", {"2022": rows, "2021": rows})})
    assert 'm.xlsx: arkene «2022», «2021» ligner hinanden. Skriv ark = "…"' in said
    opened = openpyxl.load_workbook(tmp_path / "m.xlsx")
    opened["2021"].sheet_state = "hidden"
    opened.save(tmp_path / "m.xlsx")
    with loading(tmp_path, "masteroversigt", {"m.xlsx": (tmp_path / "m.xlsx").read_bytes()}) as found:
        assert len(found.rows("konto")) == 19


def test_an_account_text_stands_in_for_a_blank_account_and_speaks_up_against_another(tmp_path: Path) -> None:
    rows, merged = komponent()
    rows[2][8] = None
    rows[3][9] = "5.38.59 1 002 SEL § 104"
    with loading(
        tmp_path, "masteroversigt", {"m.xlsx": workbook(tmp_path / "m.xlsx", {"Ark1": rows}, merged)}
    ) as found:
        assert found.rows("dst_kode", "konto", "maalgruppe")[:18] == LINKS
        assert found.loaded.caveats == [
            "m.xlsx: kontoen er 5.38.58-1-002, men teksten ved siden af siger 5.38.59-1-002 (række 4); kontoen er brugt,"
            " tjek den."
        ]


def test_a_header_with_a_hyphen_is_the_same_header(tmp_path: Path) -> None:
    rows, merged = lemvig()
    rows[2] = ["DST-kode" if header == "DST kode" else header for header in rows[2]]
    with loading(
        tmp_path, "masteroversigt", {"m.xlsx": workbook(tmp_path / "m.xlsx", {"Ark1": rows}, merged)}
    ) as found:
        assert found.rows("dst_kode", "konto", "maalgruppe")[:18] == LINKS
