"""Cells at the edge of what their kind allows: the greatest and the least, the first and the last day, every known word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconcile.domain.canonical import Kind
from reconcile.engine.base import literal
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.sources.cells import DATE, NUMBER
from reconcile.sources.convert import (
    LEVELS,
    MOST_PERSONS,
    MOST_WEEKS,
    NO_KOMMUNE,
    UNITS,
    beyond,
    clean,
    expression,
    first_month,
    groups,
    kommune,
    last_month,
    month,
    months,
    remedy,
    rhythm,
    scaled,
    unit,
    year,
)

D = Decimal


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine() as made:
        yield made


def read(engine: Engine, kind: Kind, text: str) -> Any:
    return engine.rows(f"SELECT {expression(kind, 't')} FROM (SELECT {clean(literal(text))} AS t)")[0][0]


def scaled_by(engine: Engine, factor: int, text: str) -> Any:
    return engine.rows(f"SELECT {scaled('t', factor)} FROM (SELECT {clean(literal(text))} AS t)")[0][0]


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "kr"),
        [
            ("9999999999999999,99", D("9999999999999999.99")), ("-9999999999999999,99", D("-9999999999999999.99")),
            ("10000000000000000", None), ("0,01", D("0.01")), ("0,001", None), ("0,010", None), ("0,0100", D("0.01")),
            ("999", D(999)),
            ("1.000", D(1000)), ("1000.000", None), ("1.00", None), ("01.000", D(1000)), ("0001.000", None), ("-0", D(0)),
            ("−5,25", D("-5.25")), ("5,25−", D("-5.25")), ("-5-", None), ("", None),
        ],
    )  # fmt: skip
    def test_amounts(self, engine: Engine, text: str, kr: Decimal | None) -> None:
        assert read(engine, Kind.MONEY, text) == kr

    @pytest.mark.parametrize(
        ("text", "figure"),
        [("0,0001", D("0.0001")), ("0,00001", None), ("0,00010", D("0.0001")), ("867,6", D("867.6")),
         ("99999999999999,9999", D("99999999999999.9999")), ("100000000000000", None), (NUMBER + "0.12340", D("0.1234"))],
    )  # fmt: skip
    def test_figures_have_four_decimals(self, engine: Engine, text: str, figure: Decimal | None) -> None:
        assert read(engine, Kind.FIGURE, text) == figure

    @pytest.mark.parametrize(
        ("text", "rate"),
        [
            ("0", D(0)), ("0,0", D(0)), ("1", D(1)), ("0,99", None), ("0,0001", None), ("1,0001", D("1.0001")), ("40 %", D(40)),
            ("40%", D(40)), ("-0,4", None), ("-1", D(-1)), ("00,5", None), ("99999,9999", D("99999.9999")), ("100000", None),
            (NUMBER + "0.4", None), (NUMBER + "0.0", D(0)), (NUMBER + "20", D(20)), ("0,00", D(0)), ("0,4 %", None),
        ],
    )  # fmt: skip
    def test_a_rate_between_0_and_1_is_a_fraction_and_refused(
        self, engine: Engine, text: str, rate: Decimal | None
    ) -> None:
        assert read(engine, Kind.RATE, text) == rate

    @pytest.mark.parametrize(
        ("text", "number"),
        [(str(MOST_WEEKS), MOST_WEEKS), (str(-MOST_WEEKS), -MOST_WEEKS), (str(MOST_WEEKS + 1), None), ("9.999", 9999),
         ("10.000", None), ("0101501111", None), ("12,0", None), ("1.2", None), (NUMBER + "9999.0", 9999),
         (NUMBER + "9999.5", None), (NUMBER + "10000", None), ("007", 7)],
    )  # fmt: skip
    def test_a_counter_is_a_whole_number_of_four_digits(self, engine: Engine, text: str, number: int | None) -> None:
        assert read(engine, Kind.WHOLE, text) == number

    @pytest.mark.parametrize(
        ("factor", "text", "kr"),
        [
            (1000, "1,5", D("1500.00")), (1000, "0,00001", D("0.01")), (1000, "0,000001", None),
            (1000, "1.234,56789", D("1234567.89")),
            (1000000, "0,00000001", D("0.01")), (1000000, "0,000000001", None), (1000000, "-2,5", D("-2500000.00")),
            (1000, "x", None),
            (1000, "9999999999999,99999", D("9999999999999999.99")), (1000, "10000000000000", None),
            (1000, NUMBER + "1.25", D(1250)),
        ],
    )  # fmt: skip
    def test_thousands_may_have_three_more_decimals_and_millions_six(
        self, engine: Engine, factor: int, text: str, kr: Decimal | None
    ) -> None:
        assert scaled_by(engine, factor, text) == kr

    @pytest.mark.parametrize(
        ("kind", "text", "too_many"),
        [
            (Kind.WHOLE, str(MOST_WEEKS), False), (Kind.WHOLE, str(MOST_WEEKS + 1), True), (Kind.WHOLE, "9.999", False),
            (Kind.WHOLE, "10.000", True), (Kind.FIGURE, str(MOST_PERSONS), False), (Kind.FIGURE, str(MOST_PERSONS + 1), True),
            (Kind.FIGURE, "9.999.999,9999", False), (Kind.FIGURE, "10.000.000", True), (Kind.FIGURE, "9999999.5", False),
            (Kind.FIGURE, "0101501111", True), (Kind.FIGURE, "..", False), (Kind.MONEY, "0101501111", False),
            (Kind.WHOLE, "", False), (Kind.FIGURE, "x", False),
        ],
    )  # fmt: skip
    def test_more_than_a_count_can_be_is_never_repeated(self, kind: Kind, text: str, too_many: bool) -> None:
        assert beyond(kind, text) is too_many
        if too_many:
            assert "større, end et antal kan være" in remedy(kind, text)


class TestDates:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("29-02-2020", date(2020, 2, 29)), ("29-02-2019", None), ("29-02-2000", date(2000, 2, 29)), ("29-02-1900", None),
            ("31-12-9999", date(9999, 12, 31)), ("01-01-1000", date(1000, 1, 1)), ("31-04-2020", None),
            ("30.04.2020", date(2020, 4, 30)),
            ("31.04.2020", None), ("2020-02-29 23:59:59.999", date(2020, 2, 29)), ("2020-02-29T00:00", date(2020, 2, 29)),
            ("2020-02-29 1:00", None), (DATE + "2020-12-31", date(2020, 12, 31)), (DATE + "31-12-2020", None),
            ("00-00-2020", None),
            ("32-01-2020", None), ("01-13-2020", None), ("1.1.2020", None), ("01-01.2020", None), ("01.01-2020", None),
        ],
    )  # fmt: skip
    def test_a_day_that_exists_in_one_of_three_forms(self, engine: Engine, text: str, day: date | None) -> None:
        assert read(engine, Kind.DATE, text) == day

    @pytest.mark.parametrize(
        ("text", "first"),
        [("2020-12", date(2020, 12, 1)), ("2020-01-31", date(2020, 1, 1)), ("31-12-2020", date(2020, 12, 1)),
         ("29.02.2020", date(2020, 2, 1)), ("29.02.2019", None), ("2020-13", None), ("202013", None),
         ("2020M01", date(2020, 1, 1)),
         (DATE + "2020-07-15", date(2020, 7, 1)), ("2020-07-15 10:00", date(2020, 7, 1)), ("juli 2020", None),
         ("2020-7", None)],
    )  # fmt: skip
    def test_a_month_is_its_first_day(self, text: str, first: date | None) -> None:
        assert month(text) == first

    @pytest.mark.parametrize(
        ("text", "span"),
        [
            ("2020-01:2020-03", ("2020-01-01", "2020-03-01")), ("2020-01 : 2020-03", ("2020-01-01", "2020-03-01")),
            ("2020-01–2020-03", ("2020-01-01", "2020-03-01")), ("2020-01 til 2020-03", ("2020-01-01", "2020-03-01")),
            ("2020-12:2021-01", ("2020-12-01", "2021-01-01")), ("2020-03:2020-03", ("2020-03-01", "2020-03-01")),
            ("2020-03", ("2020-03-01", "2020-03-01")), ("2020-03:", ("2020-03-01", "2020-03-01")), ("2020-03:2020-02", None),
            (":2020-02", None), ("2020-01:x", None), ("x:2020-01", None), ("2020-01:2020-02:2020-03", None),
            ("2020-01-15:2020-02-15", ("2020-01-01", "2020-02-01")),
        ],
    )  # fmt: skip
    def test_a_posting_is_for_a_month_or_from_one_to_another(self, text: str, span: tuple[str, str] | None) -> None:
        found = months(text)
        assert (found and tuple(map(str, found))) == span
        assert str(first_month(text)) == (span[0] if span else "None")
        assert str(last_month(text)) == (span[1] if span and span[0] < span[1] else "None")

    @pytest.mark.parametrize(("text", "read_as"), [("2020", "2020"), ("1000", "1000"), ("2999", "2999"), ("3000", None),
    ("0999", None),
                                                   ("20200", None), (NUMBER + "2020", "2020"), ("2020K1", None)])  # fmt: skip
    def test_a_year_has_four_digits_and_is_of_this_or_the_last_millennium(self, text: str, read_as: str | None) -> None:
        assert year(text) == read_as


class TestWords:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("665", "665"), ("0665", "665"), ("665 Lemvig", "665"), ("Lemvig", "665"), ("LEMVIG KOMMUNE", "665"),
            ("Københavns Kommune", "101"),
            ("København", "101"), ("Region Hovedstaden", "Region Hovedstaden"), ("1", "001"), ("12", "012"),
            ("1234", NO_KOMMUNE),
            ("0101501111", NO_KOMMUNE), ("665 0101501111", NO_KOMMUNE), ("Lemvig 2", NO_KOMMUNE), ("ukendt", "ukendt"),
            ("½", NO_KOMMUNE),
            ("6651", NO_KOMMUNE), ("06651", NO_KOMMUNE), (NUMBER + "665", "665"), ("665-Lemvig", "665"),
        ],
    )  # fmt: skip
    def test_a_kommune_by_code_or_name_and_nothing_else_with_a_digit_in_it(self, text: str, code: str) -> None:
        assert kommune(text) == code

    @pytest.mark.parametrize("text", ["maaned", "kvartal", "halvaar", "aar"])
    def test_a_rhythm_is_in_arrears_or_in_advance(self, text: str) -> None:
        assert rhythm(text) == rhythm(text.upper()) == rhythm(text.replace("aa", "å")) == text
        assert rhythm(f"{text} forud") == rhythm(f"{text}-forud") == rhythm(f"  {text}   Forud ") == f"{text} forud"

    @pytest.mark.parametrize(
        ("text", "name"),
        [("månedsvis", "maaned"), ("kvartalsvis forud", "kvartal forud"), ("halvårlig", "halvaar"), ("årlig", "aar"),
         ("uge", None),
         ("forud", None), ("maaned bagud", None), ("maaned forud forud", None), ("", None), ("kvartal kvartal", None)],
    )  # fmt: skip
    def test_another_word_is_no_rhythm(self, text: str, name: str | None) -> None:
        assert rhythm(text) == name

    @pytest.mark.parametrize(("name", "word"), [(name, word) for name, words in UNITS.items() for word in words])
    def test_every_word_for_a_unit_is_known_alone_and_with_what_is_written_around_it(
        self, name: str, word: str
    ) -> None:
        for text in (word, word.upper(), f"pr. {word}", f"kr. pr. {word}", f"{word}.", f"per {word}", f"kr./{word}"):
            assert unit(text) == name, text

    @pytest.mark.parametrize(("text", "name"), [("Døgntakst", "dag"), ("døgnstakst", "dag"), ("time", None), ("pr. time", None),
                                                ("", None), ("takst", None), ("Månedstakst", "maaned"),
                                                ("ugetakst", "uge")])  # fmt: skip
    def test_a_takst_is_for_its_unit(self, text: str, name: str | None) -> None:
        assert unit(text) == name

    @pytest.mark.parametrize("word", LEVELS)
    def test_the_masterarks_words_for_a_maalgruppe_are_levels(self, word: str) -> None:
        assert groups(word) == groups(word.upper()) == LEVELS[word]

    @pytest.mark.parametrize(
        ("text", "levels"),
        [("1.1|2", "1.1|2"), ("1.1;2", "1.1|2"), (" 1.1 | 2 ", "1.1|2"), ("Handicap|Social", "1.1|2"), ("|", None), ("", None),
         ("1.1||2", "1.1|2"),
         ("andet", "andet")],
    )  # fmt: skip
    def test_several_maalgrupper_stand_with_a_line_between(self, text: str, levels: str | None) -> None:
        assert groups(text) == levels


class TestRemedies:
    @pytest.mark.parametrize(
        ("kind", "value", "options", "said"),
        [
            (Kind.MONEY, None, {}, "cellen er tom"), (Kind.LINK_CODE, None, {}, "rækken har en konto, men ingen kode"),
            (Kind.FIGURE, "-1", {"converted": True}, "kan ikke være under 0"),
            (Kind.FIGURE, "1,5", {"converted": True, "whole": True}, "helt tal"),
            (Kind.MONEY, NUMBER + "1.234", {}, "tre decimaler eller flere"),
            (Kind.MONEY, NUMBER + "1.23", {}, "skriv 1.234,50"),
            (Kind.MONEY, "1234567", {}, "større, end der er plads til"), (Kind.MONEY, "12345", {}, "skriv 1.234,50"),
            (Kind.RATE, "100000", {}, "større, end der er plads til"), (Kind.RATE, "0,4", {}, "ikke 0,4"),
            (Kind.DATE, "31-02-2020", {}, "ikke en dato, der findes"), (Kind.CPR, "x", {}, "ti cifre"),
        ],
    )  # fmt: skip
    def test_the_sentence_says_what_is_wrong_with_this_very_cell(
        self, kind: Kind, value: str | None, options: dict[str, bool], said: str
    ) -> None:
        assert said in remedy(kind, value, **options)
