"""CSV and JSON that Excel and programs read without being told how."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
import simplejson
from hypothesis import example as instance
from hypothesis import given
from hypothesis import strategies as st
from support.report_example import example

from reconcile.errors import Problem
from reconcile.reports.tables import (
    Records,
    cell,
    csv_bytes,
    findings_table,
    quarantine_csv,
    result_json,
    table_csv,
    to_json,
)
from reconcile.results.rows import Finding, ResultTable, Severity, verbatim


class Colour(StrEnum):
    RED = "rød"


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("", ""), (0, "0"), (-5, "-5"), (Decimal("-1234.50"), "-1234,50"), (Decimal("0.00"), "0,00"),
        (Decimal("1E+3"), "1000"), (Decimal("1E-7"), "0,0000001"), (True, "ja"), (False, "nej"), (date(2020, 7, 1),
        "2020-07-01"),
        (Colour.RED, "rød"), ("1.1", "1.1"), ("tekst", "tekst"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_excel_reads_it_in_danish(value: object, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize("text", ["=1+1", "+45 12", "-5", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_gets_an_apostrophe_and_numbers_never(text: str) -> None:
    assert cell(text) == f"'{text}"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=2, max_size=2), max_size=5
    )
)
def test_every_text_reads_back_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    header, *found = read(csv_bytes(("a", "b"), rows))
    assert header == ["a", "b"]
    assert [[text.removeprefix("'") for text in row] for row in found] == [
        [t.removeprefix("'") for t in row] for row in rows
    ]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for text in row)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_an_amount_reads_back_exactly_from_csv_and_json(amount: Decimal) -> None:
    assert Decimal(cell(amount).replace(",", ".")) == amount
    assert simplejson.loads(to_json({"x": amount}), use_decimal=True)["x"] == amount


def test_the_file_opens_in_excel_with_a_double_click() -> None:
    assert (
        csv_bytes(("kode", "beløb"), [("1.1", Decimal("1.50"))])
        == b"\xef\xbb\xbf" + "kode;beløb\r\n1.1;1,50\r\n".encode()
    )


def test_the_columns_of_a_table_are_the_fields_of_its_rows_also_when_it_is_empty() -> None:
    @dataclass(frozen=True)
    class Row:
        kode: str
        antal: int | None

    assert read(table_csv(ResultTable("t", Row, [Row("1.1", None), Row("1.3", 0)]))) == [
        ["kode", "antal"],
        ["1.1", ""],
        ["1.3", "0"],
    ]
    assert read(table_csv(ResultTable("t", Row, []))) == [["kode", "antal"]]


def test_the_columns_of_fund_csv_are_those_that_others_rely_on() -> None:
    header = read(table_csv(findings_table(replace(example(), findings=()))))[0]
    expected = "fund_id;regel;alvor;kilde;borger;dst_kode;ydelse;periode;vaerdi;forventet;besked;fil;raekke"
    assert ";".join(header) == expected


def test_a_finding_keeps_the_type_of_its_value() -> None:
    finding = Finding(
        "F1",
        "YR01",
        Severity.ERROR,
        "yr",
        "P",
        None,
        "x",
        "2020-U27",
        Decimal("-10000.00"),
        "-5",
        "a.csv",
        2,
        sentence=verbatim("=b"),
    )
    row = read(table_csv(findings_table(replace(example(), findings=(finding,)))))[1]
    assert row == ["F1", "YR01", "fejl", "yr", "P", "", "x", "2020-U27", "-10000,00", "'-5", "'=b", "a.csv", "2"]


def test_the_quarantine_says_row_column_and_reason_sorted_and_without_values() -> None:
    problems = [Problem.make("b.csv", 2, "cpr", "0101801234", "tom"),
                Problem.make("a.csv", 10, "start_dato", "31-02-2020", "ikke en dato"),
                Problem.make("a.csv", 9, "", "", "0101801234 står her")]  # fmt: skip
    assert read(quarantine_csv(problems)) == [
        ["fil", "raekke", "kolonne", "grund"],
        ["a.csv", "9", "", "xxxxxx-xxxx står her"],
        ["a.csv", "10", "start_dato", "ikke en dato"],
        ["b.csv", "2", "cpr", "tom"],
    ]


def test_resultat_json_holds_every_table_and_what_the_reader_must_know() -> None:
    result = example()
    document = json.loads(result_json(result))
    assert {"koersel", "kilder", "fund", "harmonisering", "ikke_koert", "forbehold", "hand07_diff", "bro"} <= set(
        document
    )
    assert len(document["fund"]) == len(result.findings)
    assert document["koersel"]["tid"] == result.started.isoformat(timespec="seconds")
    assert all(set(steps) == {"fjernet", "aendret"} for steps in document["harmonisering"].values())


def test_the_same_result_is_the_same_bytes() -> None:
    assert result_json(example()) == result_json(example())


def test_json_writes_times_dates_and_letters_plainly_and_refuses_what_it_does_not_know() -> None:
    assert to_json({"d": date(2020, 7, 1), "t": datetime(2020, 7, 1, 12, 0, 0, 5), "æ": "ø"}).decode() == (
        '{\n "d": "2020-07-01",\n "t": "2020-07-01T12:00:00",\n "æ": "ø"\n}\n'
    )
    with pytest.raises(TypeError):
        to_json({"x": object()})


_VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
)
_ROW = st.tuples(*[_VALUES | st.lists(_VALUES, max_size=3).map(tuple) | st.sampled_from(Colour)] * 3)


def slowly(document: object) -> str:
    def other(value: date) -> str:
        return value.isoformat()

    return simplejson.dumps(document, use_decimal=True, default=other, ensure_ascii=False, indent=1) + "\n"


@given(st.dictionaries(st.text(), _VALUES | st.dictionaries(st.text(), _VALUES, max_size=2), max_size=4))
def test_a_document_is_the_json_of_the_library(document: dict[str, object]) -> None:
    assert to_json(document).decode() == slowly(document)


@given(st.lists(st.text(), min_size=3, max_size=3, unique=True), st.lists(_ROW, min_size=1, max_size=4))
@instance(
    ["%s", "b", '"'],
    [("},\n{", 1, ("a\nb", None)), (True, 1, ()), ("1", Colour.RED, (Decimal("1.10"),)), ("", "rød", "")],
)
def test_a_table_is_the_same_json_however_it_is_written(names: list[str], rows: list[tuple[object, ...]]) -> None:
    made = to_json({"tabel": Records(names, list(zip(*rows, strict=True))), "b": 1}).decode()
    assert made == slowly({"tabel": [dict(zip(names, row, strict=True)) for row in rows], "b": 1})


@given(st.lists(_ROW, max_size=4))
def test_a_table_is_the_same_csv_however_it_is_written(rows: list[tuple[object, ...]]) -> None:
    @dataclass(frozen=True)
    class Row:
        a: object
        b: object
        c: object

    assert table_csv(ResultTable("t", Row, [Row(*row) for row in rows])) == csv_bytes(("a", "b", "c"), rows)
