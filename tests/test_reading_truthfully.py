"""What a file means, read as a person reads it: units, series, totals and notes, null words, periods and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.loading import COURSES, loading, refused, workbook

from reconcile.domain.periods import Quarter
from reconcile.sources.series import date_in_name
from reconcile.sources.units import unit_of

FIRST = "1;0205603912;1.4;01-01-2022;{slut};665\n"
SECOND = "2;0305603911;1.4;01-01-2022;;665\n"
MONTHLY = "ydelse_id;cpr;dst_kode;start_dato;slut_dato;handlekommune\n"


@pytest.mark.parametrize(
    "text",
    [
        "2023K3",
        "2023Q3",
        "2023 k3",
        "2023-K3",
        "K3 2023",
        "Q3-2023",
        "3. kvartal 2023",
        "3. kvt. 2023",
        "3.kvartal 2023",
    ],
)
def test_a_quarter_is_read_as_people_write_it(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2023, 3)


@pytest.mark.parametrize("text", ["2023K5", "3 2023", "5. kvartal 2023", "2023", "K3", "3. kvartal"])
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert Quarter.parse(text) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Beløb (t.kr.)", 1000),
        ("1.000 kr.", 1000),
        ("i 1000 kr", 1000),
        ("Beløb i mio. kr.", 1_000_000),
        ("Beløb", 1),
        ("Beløb i kr.", 1),
        ("Netto kr.", 1),
        ("Over 11.000 kr.", 1),
    ],
)
def test_a_unit_is_read_in_a_heading(text: str, unit: int) -> None:
    assert unit_of(text) == unit


def test_amounts_in_thousands_are_scaled_and_said(tmp_path: Path) -> None:
    ledger = "Konto;Dato;Beløb (t.kr.)\n5.38.58-1-002;28-07-2023;9,5\n5.38.58-1-002;28-07-2023;-1.234,567\n"
    columns = {"konto": "Konto", "beloeb": "Beløb (t.kr.)", "bogfoert_dato": "Dato"}
    with loading(tmp_path, "oekonomi", {"a.csv": ledger}, kolonner=columns) as read:
        assert read.column("beloeb") == [Decimal("9500.00"), Decimal("-1234567.00")]
        assert read.loaded.caveats == ["a.csv, kolonne «Beløb (t.kr.)»: beløbene er i t.kr. og er ganget med 1.000."]


def test_a_title_above_the_table_gives_the_unit(tmp_path: Path) -> None:
    rows = [["Regnskab 2020, alle beløb i mio. kr."], ["konto", "beloeb", "bogfoert_dato"]]
    book = workbook(tmp_path / "a.xlsx", {"Ark1": [*rows, ["5.38.58-1-002", 1.5, date(2020, 7, 1)]]})
    with loading(tmp_path, "oekonomi", {"a.xlsx": book}) as read:
        assert read.column("beloeb") == [Decimal("1500000.00")]


def test_a_heading_and_a_title_that_disagree_are_refused(tmp_path: Path) -> None:
    ledger = "Alt i mio. kr.;;\nkonto;Beløb (t.kr.);bogfoert_dato\n5.38.58-1-002;9,5;28-07-2023\n"
    said = refused(tmp_path, "oekonomi", {"a.csv": ledger}, kolonner={"beloeb": "Beløb (t.kr.)"})
    assert "enheden er i tvivl (1000, 1000000)" in said


def monthly(slut: str = "", *, more: str = SECOND) -> str:
    return MONTHLY + FIRST.format(slut=slut) + more


def test_of_monthly_whole_extracts_the_newest_holds(tmp_path: Path) -> None:
    files = {"nexus-2023-08.csv": monthly("15-08-2023"), "nexus-2023-07.csv": monthly()}
    with loading(tmp_path, "fagsystem", files) as read:
        assert read.rows("ydelse_id", "slut_dato") == [("1", date(2023, 8, 15)), ("2", None)]
        assert "nexus-2023-08.csv er det nyeste (efter datoen i filnavnet)" in read.loaded.caveats[0]


def test_a_course_that_the_newest_extract_has_no_more_is_gone_and_counted(tmp_path: Path) -> None:
    more = "".join(f"{i};0305603911;1.4;01-01-2022;;665\n" for i in range(3, 20))
    files = {"n-2023-07.csv": monthly(more=SECOND + more), "n-2023-08.csv": MONTHLY + SECOND + more}
    with loading(tmp_path, "fagsystem", files) as read:
        assert "1" not in read.column("ydelse_id")
        assert "fagsystem: 1 forløb stod i et ældre udtræk" in read.loaded.caveats[1]


def test_parts_of_one_extract_are_added(tmp_path: Path) -> None:
    files = {"a-2023-07.csv": MONTHLY + FIRST.format(slut=""), "b-2023-08.csv": MONTHLY + SECOND}
    with loading(tmp_path, "fagsystem", files) as read:
        assert read.column("ydelse_id") == ["1", "2"]


def test_half_the_keys_in_common_is_a_question(tmp_path: Path) -> None:
    other = "3;0305603911;1.4;01-01-2022;;665\n"
    files = {"a.csv": monthly(), "b.csv": monthly(more=other)}
    said = refused(tmp_path, "fagsystem", files)
    assert "50 %" in said
    assert "a.csv og b.csv" in said
    assert 'serie = "hele"' in said
    assert 'serie = "dele"' in said


@pytest.mark.parametrize(
    ("name", "day"),
    [("n-2023-08.csv", date(2023, 8, 1)), ("n_20230831.csv", date(2023, 8, 31)), ("31-08-2023.csv", date(2023, 8, 31))],
)
def test_the_date_in_a_name_is_read(name: str, day: date) -> None:
    assert date_in_name(name) == day


@pytest.mark.parametrize("last", ["I alt;;;", "Kilde: Fagsystemet", "Total;;;\n\nAnm.: foreløbig;;;"])
def test_totals_and_notes_at_the_end_are_left_out_and_said(tmp_path: Path, last: str) -> None:
    with loading(tmp_path, "fagsystem", {"a.csv": f"{COURSES}0101801234;1.4;01-01-2020;\n{last}\n"}) as read:
        assert read.column("dst_kode") == ["1.4"]
        assert "er sum eller note" in read.loaded.caveats[0]


def test_a_total_in_the_middle_is_still_a_mistake(tmp_path: Path) -> None:
    row = "0101801234;1.4;01-01-2020;\n"
    assert "a.csv, række 3" in refused(tmp_path, "fagsystem", {"a.csv": f"{COURSES}{row}I alt;;;\n{row}"})


@pytest.mark.parametrize("word", ["NULL", "(null)", "N/A", "ukendt", "-"])
def test_a_null_word_is_an_empty_cell_and_said(tmp_path: Path, word: str) -> None:
    text = (
        f"cpr;dst_kode;start_dato;slut_dato;handlekommune;maalgruppe\n0101801234;1.4;01-01-2020;{word};{word};{word}\n"
    )
    with loading(tmp_path, "fagsystem", {"a.csv": text}) as read:
        assert read.rows("slut_dato", "handlekommune", "maalgruppe") == [(None, None, None)]
        assert len([c for c in read.loaded.caveats if "er læst som tomme" in c]) == 3


def test_dates_with_points_are_dates(tmp_path: Path) -> None:
    with loading(tmp_path, "fagsystem", {"a.csv": f"{COURSES}0101801234;1.4;31.12.2020;\n"}) as read:
        assert read.column("start_dato") == [date(2020, 12, 31)]


def test_three_points_are_no_figure_and_not_empty(tmp_path: Path) -> None:
    with loading(tmp_path, "hand07", {"a.csv": "dst_kode;periode;antal\n1.4;K3 2020;...\n"}) as read:
        assert read.rows("periode", "antal", "antal_tekst") == [("2020K3", None, "...")]


def test_a_byte_order_mark_in_the_middle_makes_no_other_person(tmp_path: Path) -> None:
    half = (
        '\ufeff"cpr";"dst_kode";"start_dato"\n"0101801234";"1.4";"01-01-2020"\n\ufeff"0101801234";"1.4";"01-02-2020"\n'
    )
    with loading(tmp_path, "fagsystem", {"a.csv": half}) as read:
        assert set(read.column("cpr")) == {"0101801234"}


def test_one_header_for_two_columns_is_refused(tmp_path: Path) -> None:
    text = "cpr;dst_kode;Dato\n0101801234;1.4;01-01-2020\n"
    said = refused(tmp_path, "fagsystem", {"a.csv": text}, kolonner={"start_dato": "Dato", "slut_dato": "Dato"})
    assert "bruges til flere kolonner (start_dato, slut_dato)" in said


@pytest.mark.parametrize("column", ["handlekommune", "tilbud", "ydelse_id"])
def test_a_header_that_says_cpr_is_for_cpr_only(tmp_path: Path, column: str) -> None:
    text = "cpr;dst_kode;start_dato;Borgers CPR-nr\n0101801234;1.4;01-01-2020;0101801234\n"
    said = refused(tmp_path, "fagsystem", {"a.csv": text}, kolonner={column: "Borgers CPR-nr"})
    assert f"men er sat til {column}" in said
    assert "0101801234" not in said


def test_a_counter_can_be_no_cpr_number_and_is_not_repeated(tmp_path: Path) -> None:
    text = "cpr;uge;ydelse;bruttoudgift;ydelsestaeller\n0101801234;06-01-2020;Kontanthjælp;1,00;105701121\n"
    said = refused(tmp_path, "yr", {"a.csv": text})
    assert "større, end et antal kan være" in said
    assert "105701121" not in said
    assert "105.701.121" not in said


@pytest.mark.parametrize("cell", ["0105701121", "010570.1121", "01051970-1121", "0105 70 1121", "(0105701121)"])
def test_a_kommune_that_is_none_is_never_kept(tmp_path: Path, cell: str) -> None:
    text = f"cpr;dst_kode;start_dato;handlekommune\n0101801234;1.4;01-01-2020;{cell}\n"
    with loading(tmp_path, "fagsystem", {"a.csv": text}) as read:
        assert read.column("handlekommune") == ["?"]


@pytest.mark.parametrize("folder", ["a$kommune", "$i_dag"])
def test_a_dollar_in_a_path_is_a_letter(tmp_path: Path, folder: str) -> None:
    with loading(tmp_path / folder, "fagsystem", {"a$kommune.csv": f"{COURSES}0101801234;1.4;01-01-2020;\n"}) as read:
        assert read.column("fil") == ["a$kommune.csv"]


def test_an_amount_with_three_decimals_is_refused_for_its_decimals(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx", {"Ark1": [["konto", "beloeb", "bogfoert_dato"], ["538581001", 258.184, date(2020, 1, 1)]]}
    )
    assert "tre decimaler eller flere" in refused(tmp_path, "oekonomi", {"a.xlsx": book})


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    import openpyxl

    rows = [["cpr", "dst_kode", "start_dato"], ["0101801234", "1.4", "01-01-2020"], ["0201801234", "1.4", "01-01-2020"]]
    workbook(tmp_path / "a.xlsx", {"Ark1": rows})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    with loading(tmp_path, "fagsystem", {"a.xlsx": (tmp_path / "a.xlsx").read_bytes()}) as read:
        assert len(read.column("cpr")) == 2
        assert read.loaded.caveats[0] == "a.xlsx: 1 række er skjult i arket (fx af et filter), men er læst med."
