"""Files as rows of text, with the row numbers Excel shows: CSV by two ways, workbooks, Parquet."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.loading import workbook

from reconcile.engine.duckdb import Engine, open_engine
from reconcile.errors import InputError
from reconcile.sources import readers
from reconcile.sources.cells import DATE, NUMBER
from reconcile.sources.readers import RawFile, read_file

WANTED = ("cpr", "dst_kode", "tekst")


ENGINES: list[Engine] = []


@pytest.fixture(scope="module", autouse=True)
def one_engine() -> Iterator[None]:
    """One engine for the many small files here, as in a run."""
    with open_engine() as engine:
        ENGINES.append(engine)
        yield


def read(path: Path, wanted: Sequence[str] = WANTED, **options: Any) -> tuple[RawFile, list[tuple[Any, ...]]]:
    raw = read_file(ENGINES[0], path, path.name, wanted, **options)
    cells = ", ".join(f"c{i}" for i in range(len(raw.headers)))
    return raw, ENGINES[0].rows(f"SELECT raekke, {cells} FROM raa ORDER BY raekke")


def rows(path: Path, content: str | bytes, **options: Any) -> list[tuple[Any, ...]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, **options)[1]


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **options)
    return str(caught.value)


# --- CSV ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_rows(tmp_path: Path, encoding: str, mark: str) -> None:
    text = "cpr;tekst\r\n0101801234;Særlig – “æøå” €\r\n0202801234;\r\n".replace(";", mark)
    assert rows(tmp_path / "a.csv", text.encode(encoding)) == [
        (2, "0101801234", "Særlig – “æøå” €"),
        (3, "0202801234", None),
    ]


def test_a_byte_that_no_encoding_has_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"cpr;tekst\n1;K\xf8ge\n2;\x9d\n")
    assert refused(tmp_path / "a.csv").startswith("a.csv: linje 3 er hverken UTF-8 eller windows-1252.")


def test_blank_rows_and_rows_of_delimiters_are_passed_over_and_counted(tmp_path: Path) -> None:
    text = "cpr;tekst\n\n1;a\n;\n  \n \t;\u00a0\n2;b\n\n\n"
    assert rows(tmp_path / "a.csv", text) == [(3, "1", "a"), (7, "2", "b")]


def test_a_row_with_a_line_break_in_quotes_is_one_row_as_in_excel(tmp_path: Path) -> None:
    text = 'cpr;tekst\n1;"to\nlinjer; og ""citat"""\n2;b\n'
    assert rows(tmp_path / "a.csv", text) == [(2, "1", 'to\nlinjer; og "citat"'), (3, "2", "b")]


def test_a_quote_inside_a_text_is_a_letter(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", 'cpr;tekst\n1;5" rør\n') == [(2, "1", '5" rør')]


@pytest.mark.parametrize("tail", ['1;"aldrig slut\n2;b\n3;c\n', '1;a\n2;"Solen" bosted\n', '1;a\n2;"x\n3;"y"\n'])
def test_quotes_that_do_not_match_are_refused_with_the_row_and_no_row_is_swallowed(tmp_path: Path, tail: str) -> None:
    (tmp_path / "a.csv").write_text("cpr;tekst\n" + tail, encoding="utf-8")
    row = 2 if tail.startswith('1;"') else 3
    assert refused(tmp_path / "a.csv").startswith(f"a.csv, række {row}: anførselstegnene passer ikke")


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "Udtræk fra Nexus, 2020\n\nDannet af: NN;\n CPR\u00a0;TEKST  ;\n1;a;\n"
    raw_rows = rows(tmp_path / "a.csv", text)
    assert raw_rows == [(5, "1", "a")]


def test_excels_hint_of_the_delimiter_is_no_header(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", "sep=;\ncpr;tekst\n1;a\n") == [(3, "1", "a")]


def test_a_data_row_that_looks_like_a_header_does_not_win_over_it(tmp_path: Path) -> None:
    raw, found = read_text(tmp_path, "cpr;dst_kode;tekst\n1;1.1;cpr\n2;tekst;b\n")
    assert raw.headers == ("cpr", "dst_kode", "tekst")
    assert len(found) == 2


def read_text(folder: Path, text: str) -> tuple[RawFile, list[tuple[Any, ...]]]:
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    return read(folder / "a.csv")


def test_trailing_delimiters_hold_nothing(tmp_path: Path) -> None:
    raw, found = read_text(tmp_path, "cpr;tekst;;\n1;a;;\n2;b\n3;c;;;;\n")
    assert raw.headers == ("cpr", "tekst")
    assert [row[0] for row in found] == [2, 3, 4]
    assert raw.ragged == ()


def test_rows_of_another_width_are_problems_that_name_the_row(tmp_path: Path) -> None:
    raw, found = read_text(tmp_path, "cpr;dst_kode;tekst\n1;1.1\n2;1.1;a\n3;1.1;b;c\n")
    assert [row[0] for row in found] == [3]
    assert [(p.row, p.reason[:39]) for p in raw.ragged] == [
        (2, "rækken har 2 felter, overskriften har 3"),
        (4, "rækken har 4 felter, overskriften har 3"),
    ]


def test_old_mac_line_ends_are_read(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", b"cpr;tekst\r1;a\r2;b\r") == [(2, "1", "a"), (3, "2", "b")]


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    for text in ("cpr;tekst\n", "cpr;tekst", '"cpr";"tekst"\r\n\r\n'):
        raw, found = read_text(tmp_path, text)
        assert (raw.headers, found) == (("cpr", "tekst"), [])


CELLS = st.text(st.sampled_from('abæ1,.;" \t\n\r\u00a0-='), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
@examples(60)
def test_whatever_the_cells_hold_they_come_back_with_excels_row_numbers(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], ending: str, quote_all: bool
) -> None:
    text = io.StringIO(newline="")
    quote_all = quote_all or any("\r" in cell for row in table for cell in row)
    style: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=";", lineterminator=ending, quoting=style)
    writer.writerows([["cpr", "dst_kode", "tekst"], *table])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(text.getvalue().encode())
    blank = " \t\r\n\u00a0"
    expected = [
        (number, *(cell or None for cell in row))
        for number, row in enumerate(table, start=2)
        if any(cell.strip(blank) for cell in row)
    ]
    assert read(path)[1] == expected


LINES = st.lists(st.text(st.sampled_from('ab;;" \u00a0'), max_size=8), max_size=7)


@given(LINES)
@examples(60)
def test_the_fast_way_and_the_slow_way_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text("\n".join(["cpr;tekst", *lines]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "_plain_csv", lambda *_args: None)
        slow = outcome(path)
    assert outcome(path) == slow


def outcome(path: Path) -> object:
    try:
        raw, found = read(path)
    except InputError as error:
        return str(error)
    return raw, found


def test_a_file_whose_lines_are_its_rows_is_read_without_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_land", lambda *_args, **_more: pytest.fail("slow"))
    assert rows(tmp_path / "a.csv", "cpr;tekst\n1;a\n;\n2;b\n") == [(2, "1", "a"), (4, "2", "b")]
    assert rows(tmp_path / "a.csv", 'cpr;tekst\n1;"a;b"\n') == [(2, "1", "a;b")]
    assert rows(tmp_path / "a.csv", "cpr;tekst\n1;Køge\n".encode("windows-1252")) == [(2, "1", "Køge")]


def test_many_rows_keep_their_numbers(tmp_path: Path) -> None:
    text = "cpr;tekst\n" + "".join(f"{n};r{n}\n" for n in range(2, 300_002))
    found = rows(tmp_path / "a.csv", text)
    assert len(found) == 300_000
    assert all(row == (n, str(n), f"r{n}") for n, row in enumerate(found, start=2))


def test_a_file_name_with_signs_that_mean_something_to_others_is_a_name(tmp_path: Path) -> None:
    rows(tmp_path / "a1.csv", "cpr;tekst\n9;forkert\n")
    for name in ("a[1].csv", "a*.csv" if os.name == "posix" else "a(1).csv", "a'$kommune.csv"):
        assert rows(tmp_path / name, "cpr;tekst\n1;a\n") == [(2, "1", "a")]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_file_that_may_not_be_read_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def denied(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / name).write_bytes(b"cpr;tekst\n1;a\n")
    with open_engine() as engine:
        monkeypatch.setattr(Path, "open", denied)
        monkeypatch.setattr(zipfile, "is_zipfile", denied)
        with pytest.raises(InputError, match=r"kan ikke læses \(.*Permission denied"):
            read_file(engine, tmp_path / name, name, WANTED)


def test_another_kind_of_file_is_refused_with_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert refused(tmp_path / "a.pdf") == "a.pdf: «.pdf» læses ikke. Brug CSV, XLSX eller Parquet."


# --- workbooks ----------------------------------------------------------------------------------------------------


def sheet(path: Path, table: Sequence[Sequence[Any]], **options: Any) -> list[tuple[Any, ...]]:
    workbook(path, {"Ark1": table})
    return read(path, **options)[1]


def test_numbers_dates_and_booleans_are_what_they_are(tmp_path: Path) -> None:
    table: list[list[Any]] = [
        ["cpr", "dst_kode", "tekst"],
        [101801234, 1.1, True],
        [1e15, 0.1 + 0.2, False],
        [-1234.5, date(2020, 7, 1), datetime(2020, 7, 1, 23, 59)],
        ["0101801234", "1.10", time(3, 4)],
    ]
    assert sheet(tmp_path / "a.xlsx", table) == [
        (2, NUMBER + "101801234", NUMBER + "1.1", "ja"),
        (3, NUMBER + "1000000000000000", NUMBER + "0.3", "nej"),
        (4, NUMBER + "-1234.5", DATE + "2020-07-01", DATE + "2020-07-01"),
        (5, "0101801234", "1.10", "03:04:00"),
    ]


def test_leading_blank_rows_and_columns_titles_and_notes_do_not_disturb(tmp_path: Path) -> None:
    table = [
        [],
        [None, "Nexus, udtræk"],
        [],
        [None, " CPR ", "Tekst\u00a0", None, "en note"],
        [None, "1", "a", None, None],
        [],
        [None, "2", None, None, "endnu en note"],
        [None, None, None, None, "kun en note"],
    ]
    found = sheet(tmp_path / "a.xlsx", table)
    assert [(row[0], row[1], row[2]) for row in found if row[1]] == [(5, "1", "a"), (7, "2", None)]


def test_a_header_on_two_lines_in_its_cell_is_one_header(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Ark1": [["DST\nkode", "cpr"], ["1.1", "1"]]})
    assert read(tmp_path / "a.xlsx", ["DST kode", "cpr"])[0].headers == ("DST kode", "cpr")


def test_a_merged_cell_counts_for_every_row_it_covers(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Ark1": [["dst_kode", "tekst"], ["1.4", "a"], [None, "b"]]}, merge=["A2:A3"])
    assert read(tmp_path / "a.xlsx")[1] == [(2, "1.4", "a"), (3, "1.4", "b")]


def test_the_sheet_that_looks_like_the_source_is_read(tmp_path: Path) -> None:
    sheets = {"Vejledning": [["Skriv cpr i første kolonne"], ["tekst"]], "Data": [["cpr", "tekst"], ["1", "a"]]}
    workbook(tmp_path / "a.xlsx", {**sheets, "Tom": []})
    assert read(tmp_path / "a.xlsx")[1] == [(2, "1", "a")]


def test_a_named_sheet_is_read_and_a_sheet_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    table = {"2019": [["cpr", "tekst"], ["1", "a"]], "2020": [["cpr", "tekst"], ["2", "b"]]}
    workbook(tmp_path / "a.xlsx", table)
    assert read(tmp_path / "a.xlsx", sheet="2020")[1] == [(2, "2", "b")]
    assert "arket «2021» findes ikke; der er «2019», «2020»" in refused(tmp_path / "a.xlsx", sheet="2021")


def test_two_sheets_that_could_both_be_meant_are_a_question_and_none_is_lost_silently(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"2019": [["cpr", "tekst"], ["1", "a"]], "2020": [["cpr", "tekst"], ["2", "b"]]})
    assert "arkene «2019», «2020» ligner hinanden. Skriv ark = " in refused(tmp_path / "a.xlsx")
    workbook(tmp_path / "b.xlsx", {"Skabelon": [["cpr", "tekst"]], "2020": [["cpr", "tekst"], ["2", "b"]]})
    assert read(tmp_path / "b.xlsx")[1] == [(2, "2", "b")]


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Gammel": [["cpr", "tekst"], ["1", "a"]], "Ny": [["cpr", "tekst"], ["2", "b"]]})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["Gammel"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1] == [(2, "2", "b")]
    assert read(tmp_path / "a.xlsx", sheet="Gammel")[1] == [(2, "1", "a")]


def test_formulas_give_their_saved_values_and_an_empty_text_is_empty(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        ark = book.add_worksheet()
        ark.write_row(0, 0, ["cpr", "tekst"])
        ark.write_formula(1, 0, "=1+1", value=2)
        ark.write_formula(1, 1, '=IF(1=2,"x","")', value="")
    assert read(tmp_path / "a.xlsx")[1] == [(2, NUMBER + "2", '=IF(1=2,"x","")')]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():  # the way Excel writes it
            new.writestr(name, old.read(name).replace(b'<c r="B2">', b'<c r="B2" t="str">'))
    assert read(tmp_path / "b.xlsx")[1] == [(2, NUMBER + "2", None)]


def test_an_error_cell_and_a_formula_never_calculated_are_not_taken_for_empty(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    ark = book.worksheets[0]
    ark["B2"], ark["C2"] = "cpr", "tekst"
    ark["B3"], ark["C3"] = "1", "=A1+1"
    ark["B4"], ark["C4"] = "2", "#N/A"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1] == [(3, "1", "=A1+1"), (4, "2", "#N/A")]


def test_an_old_workbook_that_is_really_html_is_a_sentence(tmp_path: Path) -> None:
    for name, said in (("a.xls", "filen er tekst (HTML eller CSV)"), ("a.xlsx", "projektmappen kan ikke læses")):
        (tmp_path / name).write_text("<html><table></table></html>", encoding="utf-8")
        assert f"{name}: {said}" in refused(tmp_path / name)


def test_a_locked_workbook_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from python_calamine import CalamineWorkbook, PasswordError

    def locked(_path: str) -> None:
        raise PasswordError("Workbook is password protected")

    workbook(tmp_path / "a.xlsx", {"Ark1": [["cpr"]]})
    patched = type("Locked", (), {"from_path": staticmethod(locked)})
    monkeypatch.setattr("python_calamine.CalamineWorkbook", patched)
    assert refused(tmp_path / "a.xlsx") == "a.xlsx: projektmappen er låst med adgangskode. Gem den uden adgangskode."
    assert CalamineWorkbook is not patched


def test_an_empty_workbook_is_said_to_be_empty(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Ark1": []})
    assert refused(tmp_path / "a.xlsx") == "a.xlsx: filen er tom; den har ingen overskrift. Træk den ud igen."


# --- Parquet ------------------------------------------------------------------------------------------------------


def parquet(path: Path, select: str) -> Path:
    duckdb.sql(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def test_parquet_keeps_its_types_and_is_numbered_as_if_it_had_a_header(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet",
        "SELECT a, CAST(b AS DECIMAL(12,2)) AS b, c FROM (VALUES ('x', 1.50, DATE '2020-07-01'), (NULL, 2, NULL)) t(a, b, c)",
    )
    raw, found = read(path)
    assert raw.types == ("VARCHAR", "DECIMAL(12,2)", "DATE")
    assert [row[0] for row in found] == [2, 3]
    assert found[0][1:] == ("x", Decimal("1.50"), date(2020, 7, 1))


def test_parquet_with_odd_names_and_time_zones_is_read(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a [1].parquet", 'SELECT 1 AS "dst ""kode""", TIMESTAMPTZ \'2020-06-30 22:30:00+00\' AS dag'
    )
    raw, found = read(path)
    assert raw.headers == ('dst "kode"', "dag")
    assert found == [(2, 1, datetime(2020, 7, 1, 0, 30))]


def test_a_parquet_file_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"ikke parquet")
    assert "a.parquet: Parquet-filen kan ikke læses" in refused(tmp_path / "a.parquet")
