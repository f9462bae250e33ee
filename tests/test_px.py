"""PX and XLSX downloads from StatBank as published figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_jsonstat import load, short

from reconcile.errors import InputError
from reconcile.sources.px import px_rows

PX = """CHARSET="ANSI";
AXIS-VERSION="2010";
CODEPAGE="windows-1252";
LANGUAGE="da";
LANGUAGES="da","en";
TITLE="Modtagere af handicapydelser efter område, ydelsestype "
"og tid; med semikolon";
STUB="område","ydelsestype";
STUB[en]="region","type of service";
HEADING="tid";
VALUES("område")="Lemvig";
VALUES("ydelsestype")="Aktivitets- og samværstilbud (§ 104 i lov om "
"social service)","Individuel tidsbegrænset socialpædagogisk hjælp og støtte (§ 82 b i lov om social service)";
VALUES[en]("type of service")="Activities","Individual help";
VALUES("tid")="2020K1","2020K2","2020K3";
TIMEVAL("tid")=TLIST(Q1),"20201","20202","20203";
CODES("område")="665";
CODES("ydelsestype")="30011","31182";
CODES("tid")="2020K1","2020K2","2020K3";
UNITS="Antal";
NOTE="En note med ""anførsel"" og = tegn";
DATA=
160 157 ".."
"-" 0 "."
;
"""


def written(folder: Path, text: str = PX, encoding: str = "windows-1252") -> Path:
    path = folder / "hand07.px"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def test_a_px_file_is_one_row_per_cell_numbered_from_1(tmp_path: Path) -> None:
    loaded = load(written(tmp_path))
    assert [row[-1] for row in loaded] == [1, 2, 3, 4, 5, 6]
    assert {row[0] for row in loaded} == {"665"}
    assert short(loaded) == [
        ("1.1", "2020K1", 160, None),
        ("1.1", "2020K2", 157, None),
        ("1.1", "2020K3", None, ".."),
        ("1.18.2", "2020K1", 0, None),
        ("1.18.2", "2020K2", 0, None),
        ("1.18.2", "2020K3", None, "."),
    ]


def test_without_codes_the_texts_are_understood(tmp_path: Path) -> None:
    text = "\n".join(line for line in PX.splitlines() if not line.startswith("CODES"))
    assert load(written(tmp_path, text)) == load(written(tmp_path))


def test_heading_runs_fastest_whatever_it_is(tmp_path: Path) -> None:
    turned = PX.replace('STUB="område","ydelsestype"', 'STUB="tid"').replace(
        'HEADING="tid"', 'HEADING="område","ydelsestype"'
    )
    turned = turned.replace('160 157 ".."\n"-" 0 "."', '160 "-" 157 0 ".." "."')
    assert sorted(short(load(written(tmp_path, turned)))) == sorted(short(load(written(tmp_path))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_when_the_file_says_so(tmp_path: Path, encoding: str) -> None:
    text = PX if encoding == "utf-8-sig" else PX.replace('CODEPAGE="windows-1252"', 'CODEPAGE="utf-8"')
    assert load(written(tmp_path, text, encoding)) == load(written(tmp_path))


def test_decimals_have_a_point_in_px(tmp_path: Path) -> None:
    path = written(tmp_path, PX.replace("160 157", "867.6 1234"))
    assert [str(row[3]) for row in load(path, "hand01")][:2] == ["867.6000", "1234.0000"]


def test_a_decimal_in_hand07_is_an_error_with_the_number_of_the_cell(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"hand07\.px, række 2.*157\.5.*cellens nummer"):
        load(written(tmp_path, PX.replace("157", "157.5")))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (PX, "", "STUB og HEADING mangler"),
        (PX, "<html>Log på</html>", "linje 1 er ikke et PX-nøgleord"),
        ("160 157", "160", "5 tal, dimensionerne giver 6"),
        ("160 157", "160 157 158", "7 tal"),
        ("160 157", "160 1,5,7", "8 tal"),
        ("160 157", "160 x157", "celle 2 i DATA er «x157»"),
        ('"."\n;\n', '"."\n', "DATA slutter ikke med semikolon"),
        (PX[PX.index("DATA=") :], "", "DATA mangler"),
        ('VALUES("tid")="2020K1","2020K2","2020K3";\n', "", "VALUES og CODES for «tid»"),
        ('CODES("tid")="2020K1","2020K2"', 'CODES("tid")="2020K1"', "VALUES og CODES for «tid»"),
        ('CODES("tid")="2020K1","2020K2"', 'CODES("tid")="2020K1","2020K1"', "VALUES og CODES for «tid»"),
        ('UNITS="Antal"', 'UNITS="Antal', "PX"),
        ('UNITS="Antal";', 'KEYS("område")=CODES;', "KEYS"),
        ('UNITS="Antal";', 'HEADING="tid";', "HEADING står to gange"),
        ('HEADING="tid"', 'HEADING="tid","køn"', "«køn»"),
        ('CODEPAGE="windows-1252"', 'CODEPAGE="utf-8"', "tegnsættet utf-8"),
        ('CODEPAGE="windows-1252"', 'CODEPAGE="findesikke"', "tegnsættet findesikke"),
    ],
)
def test_a_broken_file_is_an_error_that_names_the_file_and_what_is_wrong(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in PX
    path = written(tmp_path, PX.replace(old, new))
    with pytest.raises(InputError) as error:
        list(px_rows(path, path.name))
    assert "hand07.px" in str(error.value)
    assert words in str(error.value)


def test_a_text_that_is_not_sure_is_an_error(tmp_path: Path) -> None:
    text = "\n".join(line for line in PX.splitlines() if not line.startswith("CODES"))
    with pytest.raises(InputError, match=r"«Noget andet \(§ 85 i lov"):
        load(written(tmp_path, text.replace("Aktivitets- og samværstilbud (§ 104", "Noget andet (§ 85")))


# --- XLSX ------------------------------------------------------------------------------------------------------------

ACTIVITY = "Aktivitets- og samværstilbud (§ 104 i lov om social service)"
SUPPORT = "Individuel tidsbegrænset socialpædagogisk hjælp og støtte (§ 82 b i lov om social service) (2020K3-)"

SHEET: list[list[Any]] = [
    ["Modtagere af handicapydelser efter område, ydelsestype og tid"],
    ["Enhed: Antal"],
    [],
    ["", "", "2020K1", "2020K2"],
    ["Lemvig", ACTIVITY, 160, 157],
    ["", SUPPORT, 0, ".."],
    ["Struer", ACTIVITY, 88, ""],
    ["", SUPPORT, 1, 2],
    [],
    ["Ishøj indberetter for Vallensbæk."],
    ["Kilde: Danmarks Statistik"],
]


def workbook(folder: Path, sheet: Sequence[Sequence[object]] = SHEET) -> Path:
    book = openpyxl.Workbook()
    assert book.worksheets[0] is not None
    for row in sheet:
        book.worksheets[0].append([None if cell == "" else cell for cell in row])
    path = folder / "hand07.xlsx"
    book.save(path)
    return path


def test_the_workbook_of_statbank_is_read_with_blanks_as_above(tmp_path: Path) -> None:
    loaded = load(workbook(tmp_path))
    assert [(k, c, p, None if n is None else int(n), t, r) for k, c, p, n, t, _s, r in loaded] == [
        ("665", "1.1", "2020K1", 160, None, 5),
        ("665", "1.1", "2020K2", 157, None, 5),
        ("665", "1.18.2", "2020K1", 0, None, 6),
        ("665", "1.18.2", "2020K2", None, "..", 6),
        ("671", "1.1", "2020K1", 88, None, 7),
        ("671", "1.1", "2020K2", None, "", 7),
        ("671", "1.18.2", "2020K1", 1, None, 8),
        ("671", "1.18.2", "2020K2", 2, None, 8),
    ]


def test_the_side_columns_may_stand_the_other_way_round(tmp_path: Path) -> None:
    turned: list[list[Any]] = [
        ["", "", "2020K1", "2020K2"],
        [ACTIVITY, "Lemvig", 160, 157],
        ["", "Struer", 88, ""],
        [SUPPORT, "Lemvig", 0, ".."],
        ["", "Struer", 1, 2],
    ]
    assert sorted(r[:5] for r in load(workbook(tmp_path, turned))) == sorted(r[:5] for r in load(workbook(tmp_path)))


def test_the_side_columns_may_have_names_and_codes(tmp_path: Path) -> None:
    named: list[list[Any]] = [
        ["område", "ydelsestype", "2020K1"],
        ["665 Lemvig", "30011 Aktivitets- og samværstilbud", 160],
        ["", "31999 Ny", 3],
    ]
    loaded = load(workbook(tmp_path, named))
    assert [row[:2] for row in loaded] == [("665", "1.1"), ("665", "31999")], "a code we do not know stays what it is"


def test_a_kommune_may_stand_on_a_line_of_its_own(tmp_path: Path) -> None:
    split: list[list[Any]] = [["", "", "2020K1"], ["Lemvig"], ["", ACTIVITY, 160], ["Struer"], ["", ACTIVITY, 88]]
    assert [row[:2] for row in load(workbook(tmp_path, split))] == [("665", "1.1"), ("671", "1.1")]


def test_one_side_column_of_texts_is_the_ydelsestype(tmp_path: Path) -> None:
    single: list[list[Any]] = [
        ["Lemvig"],
        ["", "2020K1"],
        [ACTIVITY, 160],
        [SUPPORT, 0],
        [],
        ["Kilde: Danmarks Statistik"],
    ]
    assert short(load(workbook(tmp_path, single))) == [("1.1", "2020K1", 160, None), ("1.18.2", "2020K1", 0, None)]


def test_a_flis_page_is_still_read_as_one(tmp_path: Path) -> None:
    page: list[list[Any]] = [
        ["Rækkenavne", "2020K1", "2020K2"],
        ["1.1", 160, 157],
        ["1.18.2", 88, 86],
        ["Hovedtotal", 248, 243],
    ]
    assert short(load(workbook(tmp_path, page), "flis_antal"))[2] == ("1.18.2", "2020K1", 88, None)


def test_a_csv_with_texts_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "hand07.csv"
    path.write_text(f"OMRÅDE;YDELSESTYPE;TID;INDHOLD\nLemvig;{ACTIVITY};2020K1;160\n", encoding="utf-8-sig")
    assert load(path)[0][:4] == ("665", "1.1", "2020K1", 160)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["", "", "2020K1"], ["Lemvig", ACTIVITY, 1], ["", "Noget nyt (§ 85 i loven)", 2]], "række 3.*Noget nyt"),
        ([["", "", "2020K1"], ["Lemvig", ACTIVITY, 1], ["", "", 2]], "række 3.*ingen tekst foran"),
        ([["", "", "", "2020K1"], ["Lemvig", ACTIVITY, "Mænd", 1], ["", "", "Kvinder", 2]], "flere variable"),
    ],
)
def test_a_workbook_that_cannot_be_told_is_an_error_with_its_row(
    tmp_path: Path, rows: list[list[Any]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        load(workbook(tmp_path, rows))


def test_notes_and_decimals_of_several_values_of_a_variable_are_not_the_same_keyword_twice(tmp_path: Path) -> None:
    """Real tables have one for each value and cell, some of them twice, in two languages and with blanks; none is used here."""
    long, short_name = "Aktivitets- og samværstilbud (§ 104 i lov om social service)", "Individuel hjælp"
    notes = "".join(
        f'{name}{language}("ydelsestype","{value}")="En note; med semikolon og ""anførsel""";\n'
        for name in ("VALUENOTE", "VALUENOTEX")
        for language in ("", "[en]")
        for value in (long, short_name, short_name)
    )
    notes += "".join(
        f'{name}("{place}", "*","{period}")="brud";\n'
        for name in ("CELLNOTE", "CELLNOTEX")
        for place, period in (("Lemvig", "2020K1"), ("Lemvig", "2020K2"), ("*", "*"), ("*", "*"))
    )
    decimals = ((long, 1), (short_name, 2), (short_name, 2))
    notes += "".join(f'PRECISION("ydelsestype","{value}")={places};\n' for value, places in decimals)
    notes += 'NOTEX("område")="en";\nNOTEX("område")="to";\nNOTE="tre";\n'
    assert load(written(tmp_path, PX.replace("DATA=", notes + "DATA="))) == load(written(tmp_path))


@pytest.mark.parametrize("again", ['VALUES("tid")="2020K1","2020K2","2021K3";', 'STUB="ydelsestype","område";'])
def test_a_keyword_that_says_where_the_numbers_belong_stands_once(tmp_path: Path, again: str) -> None:
    with pytest.raises(InputError, match="står to gange"):
        load(written(tmp_path, PX.replace("DATA=", f"{again}\nDATA=")))
