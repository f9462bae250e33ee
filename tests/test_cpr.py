"""No CPR number survives ``mask``, and everything that is none does; what a CPR number is, in the engine's functions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from reconcile.domain import cpr as forms
from reconcile.domain.cpr import MASKED, mask
from reconcile.engine.duckdb import open_engine

DAYS = st.dates().map(lambda day: day.strftime("%d%m%y"))
SERIALS = st.from_regex(r"[0-9]{4}|[0-9A-ZÆØÅ]{3}[A-ZÆØÅ]", fullmatch=True)
AROUND = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="0123456789"), max_size=12)


def written(six: str, serial: str, separator: str) -> str:
    return f"{six}{separator}{serial}"


@given(DAYS, SERIALS, st.sampled_from(["", "-", "–", "\u2011"]), AROUND, AROUND)
def test_every_plausible_cpr_is_hidden_in_any_text(
    six: str, serial: str, separator: str, before: str, after: str
) -> None:
    after = "" if serial[-1].isalpha() or not serial.isdigit() else after
    shown = mask(before + written(six, serial, separator) + after)
    assert written(six, serial, separator) not in shown
    assert not re.search(rf"{six}{separator}{serial}", shown)


@pytest.mark.parametrize("form", [forms._APART, forms._SLASHED, forms._PAIRS, forms._LONG_YEAR, forms._WRITTEN])
@given(st.data())
@examples(100)
def test_a_text_that_is_looked_through_no_more_has_nothing_that_is_hidden(
    form: re.Pattern[str], data: st.DataObject
) -> None:
    assert forms._NINE.search(data.draw(st.from_regex(form)))


@pytest.mark.parametrize(
    "text",
    [
        "0101801234", "010180-1234", "010180 1234", "010180 - 1234", "010180\u00a01234", "010180\u20131234",
        "101801234",
        "10180-1234", "6101801234", "9112991234", "010180A123", "010180-ÆØÅ1", "010180 A123", "01.01.80-1234",
        "01-01-80-1234", "01 01 80 1234", "0101801234.0", "0101801234,00", "CPR0101801234", "nr.0101801234:",
        "010180a123", "3112991234",
    ],
)  # fmt: skip
def test_a_cpr_is_hidden_however_it_is_written(text: str) -> None:
    assert MASKED in mask(text)
    assert not re.search("1234|A123|a123|ØÅ1", mask(text))


@pytest.mark.parametrize(
    "text",
    [
        "538581001", "5.38.58-1-001", "5.38.58 1 001", "153858001", "577712010", "1.234.567,50", "-12.345.678,00",
        "12345678901", "010180", "2020-07-01", "01-07-2020", "01-07-2020 12:30", "2020K3", "3210801234", "0113801234",
        "30011", "yr-ydelsesrefusion-beregning-665-0050-2024-03-03.csv", "010120 SEL § 103", "",
    ],
)  # fmt: skip
def test_accounts_amounts_dates_and_impossible_birthdays_stay_readable(text: str) -> None:
    assert mask(text) == text


def test_two_numbers_beside_each_other_are_both_hidden() -> None:
    assert mask("0101801234, 0202801234 og 0303801234") == f"{MASKED}, {MASKED} og {MASKED}"


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=2))
def test_amounts_with_thousands_points_are_never_touched(amount: object) -> None:
    text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert mask(text) == text


@pytest.mark.parametrize(
    ("cpr", "kind"),
    [
        ("0101801234", "gyldigt"), ("2902004234", "gyldigt"), ("2902001234", "ugyldigt"),
        ("2902011234", "ugyldigt"), ("6101801234", "erstatningsnummer"),
        ("9112991234", "erstatningsnummer"), ("0101801A23", "erstatningsnummer"), ("3102801234", "ugyldigt"),
        ("010180123", "ugyldigt"), ("01018012345", "ugyldigt"), ("6001801234", "ugyldigt"), ("", "ugyldigt"),
        ("3001801A23", "erstatningsnummer"), ("3002801A23", "ugyldigt"), ("0000000000", "ugyldigt"),
    ],
)  # fmt: skip
def test_the_engine_tells_valid_numbers_replacement_numbers_and_others_apart(cpr: str, kind: str) -> None:
    with open_engine() as engine:
        assert engine.rows(f"SELECT cpr_klasse('{cpr}')") == [(kind,)]


@pytest.mark.parametrize(
    ("cpr", "born"),
    [
        ("0101801234", "1980-01-01"), ("0101365234", "2036-01-01"), ("0101374234", "1937-01-01"),
        ("0101364234", "2036-01-01"),
        ("0101585234", "1858-01-01"), ("0101575234", "2057-01-01"), ("0101379234", "1937-01-01"),
        ("6101801234", "1980-01-01"),
    ],
)  # fmt: skip
def test_the_seventh_digit_gives_the_century(cpr: str, born: str) -> None:
    with open_engine() as engine:
        assert engine.rows(f"SELECT CAST(cpr_foedt('{cpr}') AS VARCHAR)") == [(born,)]


@examples(10)
@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_modulus_11_is_the_weighted_sum(cpr: str) -> None:
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    expected = sum(w * int(d) for w, d in zip(weights, cpr, strict=True)) % 11 == 0
    with open_engine() as engine:
        assert engine.rows(f"SELECT cpr_modulus11('{cpr}')") == [(expected,)]
