"""Text to canonical types: exactly right, or an error that names the cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.domain.canonical import Kind
from reconcile.engine.base import literal
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.sources import convert
from reconcile.sources.cells import DATE, NUMBER
from reconcile.sources.convert import LOOKUPS, as_text, clean, expression, remedy, same_type
from reconcile.sources.convert import value as short_cut


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine() as made:
        yield made


def value(engine: Engine, kind: Kind, text: str) -> Any:
    if kind in LOOKUPS:
        cleaned = engine.connection.execute(f"SELECT {clean(literal(text))}").fetchone()
        return LOOKUPS[kind](cleaned[0]) if cleaned and cleaned[0] is not None else None
    sql = f"SELECT {expression(kind, 't')} FROM (SELECT {clean('c')} AS t FROM (SELECT ? AS c))"
    row = engine.connection.execute(sql, [text]).fetchone()
    return row[0] if row else None


def danish(amount: Decimal, thousands: bool) -> str:
    text = f"{amount:,.2f}" if thousands else f"{amount:.2f}"
    return text.translate(str.maketrans(",.", ".,"))


@given(
    st.decimals(min_value=Decimal("-9999999999999999.99"), max_value=Decimal("9999999999999999.99"), places=2),
    st.booleans(),
)
def test_an_amount_is_exact_to_the_oere_at_any_size(engine: Engine, amount: Decimal, thousands: bool) -> None:
    text = danish(amount, thousands)
    assert value(engine, Kind.MONEY, text) == amount
    assert value(engine, Kind.MONEY, f" {text}\u00a0") == amount
    assert value(engine, Kind.MONEY, NUMBER + f"{amount:.2f}") == amount
    if amount < 0:
        assert value(engine, Kind.MONEY, text[1:] + "-") == amount
        assert value(engine, Kind.MONEY, "−" + text[1:]) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,50", "1234.50"), ("1234,5", "1234.50"), ("1234", "1234"), ("1.234", "1234"), ("+5,00", "5"),
        ("-0,01", "-0.01"),
        ("12,3400", "12.34"), ("12,340000", "12.34"), ("0", "0"), ("0,00", "0"), (NUMBER + "1234.5", "1234.5"),
        (NUMBER + "1234.5000", "1234.5"), ("1.000.000", "1000000"), ("007", "7"),
    ],
)  # fmt: skip
def test_amounts_as_danish_extracts_write_them(engine: Engine, text: str, amount: str) -> None:
    assert value(engine, Kind.MONEY, text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "1234.5", "1,234.50", "12,345", "12,500", "12,000", "1.23", "1.2345,00", "12.34,50", "1..234", "1,2,3",
        "12,341", "--5", "5--",
        "1 234,50", "kr. 5", "5 kr", "1e5", ",50", "5,", "x", "-", "1.234.5",
        "٣", NUMBER + "1.234", NUMBER + "0.005", "(5,00)",
        "0,0001", "10000000000000000,00", "99999999999999999999", NUMBER + "1e+17",
    ],
)  # fmt: skip
def test_what_is_not_exactly_an_amount_is_none(engine: Engine, text: str) -> None:
    assert value(engine, Kind.MONEY, text) is None


@given(st.lists(st.floats() | st.decimals(-(10**7), 10**7, places=4).map(float), min_size=20, max_size=60))
@pytest.mark.parametrize("kind", [Kind.MONEY, Kind.FIGURE, Kind.RATE])
def test_a_cell_of_a_column_of_numbers_is_what_its_text_is(engine: Engine, kind: Kind, numbers: list[float]) -> None:
    engine.add_rows("tal", {"x": "DOUBLE"}, [(repr(number),) for number in numbers])
    text = as_text("x", "DOUBLE")
    short, plain = short_cut(kind, "t", "DOUBLE"), expression(kind, clean("t"))
    both = engine.connection.execute(f"SELECT {short}, {plain} FROM (SELECT {text} AS t FROM tal)").fetchall()
    assert [a for a, _b in both] == [b for _a, b in both]


@given(st.decimals(min_value=Decimal(10) ** 16, max_value=Decimal(10) ** 22, places=2), st.booleans())
def test_an_amount_with_no_room_is_said_to_be_too_big(engine: Engine, amount: Decimal, thousands: bool) -> None:
    text = danish(amount, thousands)
    assert value(engine, Kind.MONEY, text) is None
    assert "større, end der er plads til" in remedy(Kind.MONEY, text)


@pytest.mark.parametrize("text", ["1234.5", "12,345", "x", "12.34,50"])
def test_an_amount_written_wrongly_is_told_how_to_be_written(text: str) -> None:
    assert "skriv 1.234,50" in remedy(Kind.MONEY, text)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["", " 23:59", " 00:00:00", "T12:30:15.123"]))
def test_every_date_reads_back_in_both_forms(engine: Engine, day: date, time: str) -> None:
    assert value(engine, Kind.DATE, f"{day.day:02d}-{day.month:02d}-{day.year:04d}{time}") == day
    assert value(engine, Kind.DATE, day.isoformat() + time) == day
    assert value(engine, Kind.DATE, DATE + day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "31-02-2020", "29-02-2021", "2020-02-30", "00-01-2020", "1-1-2020", "01/01/2020",
        "20200101", "01-01-20",
        "2020-13-01", "0020-01-01", "0000-01-01", "01-01-2020 kl. 12", NUMBER + "43831", "i går",
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_or_is_written_otherwise_is_none(engine: Engine, text: str) -> None:
    assert value(engine, Kind.DATE, text) is None


@pytest.mark.parametrize(
    ("text", "cpr"),
    [
        ("0101801234", "0101801234"), ("010180-1234", "0101801234"), (" 010180 1234 ", "0101801234"),
        ("101801234", "0101801234"),
        (NUMBER + "101801234", "0101801234"), ("10180-1234", "0101801234"), ("010180–1234", "0101801234"),
        ("010180a123", "010180A123"),
        ("12345", "12345"), ("ukendt", "UKENDT"), (DATE + "2020-01-01", "20200101"), ("0101801234\t", "0101801234"),
    ],
)  # fmt: skip
def test_a_cpr_gets_its_leading_zero_back_and_a_malformed_one_stays(engine: Engine, text: str, cpr: str) -> None:
    assert value(engine, Kind.CPR, text) == cpr


@pytest.mark.parametrize(
    ("text", "rate"),
    [("40", "40"), ("40,5", "40.5"), ("40 %", "40"), ("40%", "40"), ("0", "0"), ("0,00", "0"), ("100", "100"), ("1", "1"),
     ("40,0000", "40"), (NUMBER + "80", "80"), (NUMBER + "0", "0"), ("-40", "-40")],
)  # fmt: skip
def test_a_rate_is_in_percent(engine: Engine, text: str, rate: str) -> None:
    assert value(engine, Kind.RATE, text) == Decimal(rate)


@pytest.mark.parametrize("text", ["0,4", "0,4 %", "0,0001", NUMBER + "0.4", NUMBER + "-0.4", "0.4", "40 pct", "123456"])
def test_a_fraction_is_refused_as_a_rate(engine: Engine, text: str) -> None:
    assert value(engine, Kind.RATE, text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("-5", -5), ("1.234", 1234), (NUMBER + "5", 5), (NUMBER + "5.0", 5), (NUMBER + "1234", 1234)],
)
def test_a_whole_number(engine: Engine, text: str, number: int) -> None:
    assert value(engine, Kind.WHOLE, text) == number


@pytest.mark.parametrize("text", ["5,0", "5.5", "1.23", "x", NUMBER + "1.234", NUMBER + "5.5", "99999999999999999999"])
def test_what_is_no_whole_number_is_none_a_cell_with_a_fraction_too(engine: Engine, text: str) -> None:
    assert value(engine, Kind.WHOLE, text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.1", "1.1"), (NUMBER + "1.1", "1.1"), ("1.12.0.2", "1.12.0.2"),
        ("1.1 Aktivitets- og samværstilbud (§ 104)", "1.1"),
        ("30011", "1.1"), ("30011 Aktivitets- og samværstilbud", "1.1"), (NUMBER + "31202", "1.12.0.2"),
        ("1.8.1.", "1.8.1"),
        ("9.9", "9.9"), ("1.1a", "1.1a"), ("30011x", "30011x"), ("1,1", "1,1"), ("ukendt", "ukendt"),
        ("1.1/1.4", "1.1/1.4"),
    ],
)  # fmt: skip
def test_a_code_stands_alone_or_before_its_text_and_an_unknown_one_stays(engine: Engine, text: str, code: str) -> None:
    assert value(engine, Kind.CODE, text) == code


@pytest.mark.parametrize("text", [DATE + "2020-04-01", "01:04:00"])
def test_a_date_or_a_time_is_what_a_spreadsheet_made_of_a_code_and_no_code(engine: Engine, text: str) -> None:
    assert value(engine, Kind.CODE, text) is None
    assert "regnearket" in remedy(Kind.CODE, text)


@pytest.mark.parametrize(
    ("text", "kommune"),
    [
        ("665", "665"), ("0665", "665"), (NUMBER + "665", "665"), ("665 Lemvig", "665"), ("Lemvig", "665"),
        ("LEMVIG KOMMUNE", "665"),
        ("Københavns Kommune", "101"), ("Bornholms Regionskommune", "400"), ("Aarhus", "751"), ("1", "001"),
        ("Atlantis", "Atlantis"),
        ("6650", "?"),
    ],
)  # fmt: skip
def test_a_kommune_is_its_three_digits_however_it_is_written(engine: Engine, text: str, kommune: str) -> None:
    assert value(engine, Kind.KOMMUNE, text) == kommune


@pytest.mark.parametrize("text", ["2020-07", "2020M07", "202007", NUMBER + "202007", "2020-07-31", "31-07-2020",
                                  DATE + "2020-07-15",
                                  "2020-07-01 00:00:00"])  # fmt: skip
def test_a_month_or_any_day_in_it(engine: Engine, text: str) -> None:
    assert value(engine, Kind.MONTH, text) == date(2020, 7, 1)


@pytest.mark.parametrize(
    "text", ["2020-13", "2020-02-31", "99-07-2020", "31-02-2020", "000001", "0000-01-01", "juli", NUMBER + "2020.07"]
)
def test_a_month_with_a_day_that_does_not_exist_is_none(engine: Engine, text: str) -> None:
    assert value(engine, Kind.MONTH, text) is None


@pytest.mark.parametrize(
    ("text", "quarter"), [("2020K1", "2020K1"), ("2020Q1", "2020K1"), ("2020", None), ("1. kvt. 2020", "2020K1")]
)
def test_a_quarter(engine: Engine, text: str, quarter: str | None) -> None:
    assert value(engine, Kind.QUARTER, text) == quarter


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        (Kind.YESNO, "Ja", True), (Kind.YESNO, "x", True), (Kind.YESNO, "nej", False),
        (Kind.YESNO, NUMBER + "0", False),
        (Kind.YESNO, "måske", None), (Kind.SYSTEM, "Nuværende", "nuvaerende"),
        (Kind.SYSTEM, "tidligere", "tidligere"),
        (Kind.SYSTEM, "gammelt", None), (Kind.GROUPS, "1.1|2", "1.1|2"), (Kind.GROUPS, "Social; Handicap", "2|1.1"),
        (Kind.GROUPS, NUMBER + "1.2", "1.2"), (Kind.KONTO, NUMBER + "538581001", "538581001"),
        (Kind.KONTO, "x", None),
        (Kind.TEXT, NUMBER + "665", "665"), (Kind.TEXT, " a\u00a0b ", "a b"), (Kind.TEXT, "\t\u200b\u00a0", None),
        (Kind.FIGURE, "867,6", Decimal("867.6")), (Kind.FIGURE, "..", None),
        (Kind.FIGURE, "12,3456", Decimal("12.3456")),
    ],
)  # fmt: skip
def test_the_small_kinds(engine: Engine, kind: Kind, text: str, read: object) -> None:
    assert value(engine, kind, text) == read


@given(st.text(max_size=15), st.sampled_from(list(Kind)))
def test_no_text_breaks_a_conversion(engine: Engine, text: str, kind: Kind) -> None:
    value(engine, kind, text)
    assert remedy(kind, text)


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("CAST(101801234 AS DOUBLE)", NUMBER + "101801234"), ("CAST(1234.5 AS DOUBLE)", NUMBER + "1234.5"),
        ("0.1::DOUBLE + 0.2", NUMBER + "0.3"),
        ("'nan'::DOUBLE", None), ("CAST(1234.56 AS FLOAT)", NUMBER + "1234.56"), ("CAST(5 AS BIGINT)", NUMBER + "5"),
        ("CAST(1.50 AS DECIMAL(9,2))", NUMBER + "1.50"), ("true", "ja"), ("DATE '2020-07-01'", DATE + "2020-07-01"),
        ("TIMESTAMP '2020-07-01 23:00'", DATE + "2020-07-01"), ("'tekst'", "tekst"), ("CAST(NULL AS DOUBLE)", None),
    ],
)  # fmt: skip
def test_a_typed_cell_has_the_text_of_a_workbook_cell(engine: Engine, sql: str, text: str | None) -> None:
    sql_type = engine.rows(f"SELECT typeof({sql})")[0][0]
    assert engine.rows(f"SELECT {as_text('c', sql_type)} FROM (SELECT {sql} AS c)") == [(text,)]


@pytest.mark.parametrize(
    ("kind", "sql_type", "direct"),
    [
        (Kind.DATE, "TIMESTAMP_NS", "DATE"), (Kind.MONTH, "DATE", "DATE"),
        (Kind.MONEY, "DECIMAL(38,2)", "DECIMAL(18,2)"),
        (Kind.MONEY, "DECIMAL(18,4)", None), (Kind.MONEY, "BIGINT", "DECIMAL(18,2)"), (Kind.MONEY, "DOUBLE", None),
        (Kind.WHOLE, "UBIGINT", "BIGINT"), (Kind.WHOLE, "DOUBLE", None), (Kind.RATE, "DECIMAL(9,4)", "DECIMAL(9,4)"),
        (Kind.CPR, "BIGINT", None), (Kind.KONTO, "BIGINT", None), (Kind.TEXT, "VARCHAR", None),
    ],
)  # fmt: skip
def test_only_types_that_lose_nothing_are_taken_as_they_are(kind: Kind, sql_type: str, direct: str | None) -> None:
    assert same_type(kind, sql_type) == direct


def test_every_kind_has_a_remedy_that_is_more_than_cannot_be_read() -> None:
    strict = {
        Kind.DATE,
        Kind.MONEY,
        Kind.FIGURE,
        Kind.RATE,
        Kind.WHOLE,
        Kind.KONTO,
        Kind.MONTH,
        Kind.QUARTER,
        Kind.YESNO,
        Kind.SYSTEM,
    }
    for kind in strict:
        assert remedy(kind, "x") != "kan ikke læses"
    assert (
        convert.remedy(Kind.DATE, None)
        == "cellen er tom, men skal være udfyldt; ret den, hvor den er registreret, og træk filen igen"
    )


CELLS = st.lists(
    st.sampled_from([*"0123456789" * 2, *",.-−+ %xÆ\xa0\t\u200b\ufeff\n", NUMBER, DATE, "1.000", ",50", "00"]),
    max_size=9,
).map("".join) | st.integers(-(10**20), 10**20).map(str)


@given(st.lists(CELLS | st.none(), min_size=1, max_size=30), st.sampled_from([k for k in Kind if k not in LOOKUPS]))
def test_the_short_cut_of_a_plain_cell_gives_what_cleaning_and_converting_give(
    engine: Engine, cells: list[str | None], kind: Kind
) -> None:
    given_rows = ", ".join(f"({'NULL' if cell is None else literal(cell)})" for cell in cells)
    general = expression(kind, clean("c"))
    for short, whole in engine.rows(f"SELECT {convert.value(kind, 'c')}, {general} FROM (VALUES {given_rows}) AS v(c)"):
        assert short == whole
