"""Which code an amount counts on, and what the ledger says of a quarter, on rows small enough to count by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.alone import alone
from support.ottetal import ANNA, BENT, CARL, course, posting, view_rows
from support.worlds import world

Row = tuple[Any, ...]
KR = Decimal
ONE, TWO, FRAME = "538581001", "538501001", "538531004"
#: An account on one code, one on two codes, and one that is rammestyret.
LINKS: list[dict[str, Any]] = [
    {"dst_kode": "1.4", "konto": ONE}, {"dst_kode": "1.8.1", "konto": TWO}, {"dst_kode": "1.8.2", "konto": TWO},
    {"dst_kode": "1.4", "konto": FRAME, "rammestyret": True, "tilbud": "Egely"},
]  # fmt: skip


def seen(view: str, columns: str, periods: str = "2020", **tables: Sequence[Mapping[str, Any]]) -> list[Row]:
    there: dict[str, Any] = {"fagsystem": [], "oekonomi": [], "masteroversigt": LINKS, **tables}
    with world(there, periods=periods) as context:
        return sorted(view_rows(context, view, columns), key=str)


def test_an_account_on_several_codes_counts_on_the_one_the_person_is_active_on() -> None:
    """Anna is active on the second code in July only, Bent on both, Carl on neither: the first by name."""
    courses = [
        course(ANNA, "1.8.2", "2020-07-31", "2020-07-31"), course(BENT, "1.8.1", "2020-07-01", "2020-07-01"),
        course(BENT, "1.8.2", "2020-06-01", "2020-07-01"),
    ]  # fmt: skip
    booked = [posting(cpr, TWO, "2020-07", "10.00") for cpr in (ANNA, BENT, CARL)] + [
        posting(ANNA, TWO, "2020-08", "1.00")
    ]
    found = seen("netto_konto_kode", "cpr, mdr - 24240, dst_kode, valgt, delt", fagsystem=courses, oekonomi=booked)
    assert found == [
        (ANNA, 7, "1.8.1", 0, 0), (ANNA, 7, "1.8.2", 1, 0), (ANNA, 8, "1.8.1", 1, 0), (ANNA, 8, "1.8.2", 0, 0),
        (BENT, 7, "1.8.1", 1, 1), (BENT, 7, "1.8.2", 0, 1), (CARL, 7, "1.8.1", 1, 0), (CARL, 7, "1.8.2", 0, 0),
    ]  # fmt: skip


def test_a_persons_quarter_has_every_posting_and_says_whether_all_are_rammestyrede() -> None:
    booked = [
        posting(ANNA, ONE, "2020-07", "10.00"), posting(ANNA, FRAME, "2020-09", "2.00"), posting(BENT, FRAME, "2020-08",
        "5.00"),
        posting(None, ONE, "2020-07", "1.00"), posting(ANNA, ONE, "2020-10", "-3.00"), posting(CARL, TWO, "2020-07", "4.00"),
    ]  # fmt: skip
    found = seen("oekonomi_person", "cpr, dst_kode, periode, netto, kun_ramme, noegle % 10000000000", oekonomi=booked)
    assert found == [
        (ANNA, "1.4", "2020K3", KR("12.00"), 0, 2), (ANNA, "1.4", "2020K4", KR("-3.00"), 0, 6),
        (BENT, "1.4", "2020K3", KR("5.00"), 1, 4), (CARL, "1.8.1", "2020K3", KR("4.00"), 0, 7),
        (None, "1.4", "2020K3", KR("1.00"), 0, 5),
    ]  # fmt: skip


def test_a_months_money_for_a_person_is_apart_from_what_nobody_judges() -> None:
    """Postings without CPR, on rammestyrede accounts and of another kommune's persons are not there."""
    foreign = {"handlekommune": "101", "betalingskommune": "101"}
    courses = [course(ANNA, "1.4", "2020-07-30", "2020-08-01"), course(BENT, "1.4", "2020-01-01", **foreign)]
    booked = [
        posting(ANNA, ONE, "2020-08", "7.00"), posting(ANNA, FRAME, "2020-07", "9.00"), posting(BENT, ONE, "2020-07", "9.00"),
        posting(None, ONE, "2020-07", "9.00"), posting(CARL, ONE, "2020-07", "1.50"), posting(CARL, ONE, "2020-07", "-1.50"),
    ]  # fmt: skip
    columns = "cpr, mdr - 24240, dage, netto, betaling, bogfoert"
    assert seen("oe_maaned", columns, fagsystem=courses, oekonomi=booked) == [
        (ANNA, 7, 2, KR("0.00"), KR("0.00"), 0), (ANNA, 8, 1, KR("7.00"), KR("7.00"), 1),
        (CARL, 7, 0, KR("0.00"), KR("0.00"), 1),
    ]  # fmt: skip
    told = seen("oe_udenfor", "cpr, periode, netto, trin", fagsystem=courses, oekonomi=booked)
    assert told == [
        (ANNA, "2020K3", KR("9.00"), "rammestyret"), (BENT, "2020K3", KR("9.00"), "mellemkommunale"),
        (None, "2020K3", KR("9.00"), "uden_cpr"),
    ]  # fmt: skip


def test_the_payment_of_an_account_on_two_codes_can_be_eithers_and_counts_on_one() -> None:
    courses = [course(ANNA, code, "2020-07-01", "2020-07-31") for code in ("1.8.1", "1.8.2")]
    found = seen(
        "oe_maaned", "dst_kode, dage, netto, betaling, delt, bogfoert", fagsystem=courses,
        oekonomi=[posting(ANNA, TWO, "2020-07", "8.00")],
    )  # fmt: skip
    assert found == [("1.8.1", 31, KR("8.00"), KR("8.00"), 1, 1), ("1.8.2", 31, KR("0.00"), KR("8.00"), 1, 0)]


def test_a_person_stands_once_with_what_each_source_says() -> None:
    """Anna in all three, Bent in FLIS only, Carl in the ledger only; nobody's money is a row without a person."""
    courses = [course(ANNA, "1.4", "2020-07-01", "2020-07-10")]
    flis = [course(ANNA, "1.4", "2020-07-01", "2020-07-09"), course(BENT, "1.4", "2020-09-30")]
    booked = [posting(cpr, ONE, "2020-07", "2.00") for cpr in (ANNA, CARL, None)]
    there: dict[str, Any] = {"fagsystem": courses, "flis": flis, "oekonomi": booked}
    columns = "cpr, fagsystem_dage, betaler_dage, flis_dage, netto"
    assert seen("borger_kvartal", columns, periods="2020K3", **there) == [
        (ANNA, 10, 10, 9, KR("2.00")), (BENT, None, None, 1, None), (CARL, None, None, None, KR("2.00")),
        (None, None, None, None, KR("2.00")),
    ]  # fmt: skip
    columns = (
        "fagsystem_borgere, fagsystem_dage, betaler_borgere, betaler_dage, flis_borgere, flis_dage,"
        " oekonomi_borgere, oekonomi_beloeb"
    )
    assert seen("kvartal_tal", columns, periods="2020K3", **there) == [(1, 10, 1, 10, 2, 10, 2, KR("6.00"))]


QUARTERS = [(f"{year}K{n}", year, n) for year in (2020, 2021) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("first", "last", "spoken_of"),
    [
        (None, 2020 * 12 + 7, "2020K1 2020K2 2020K3"), (2020 * 12 + 1, 2020 * 12 + 9, "2020K1 2020K2 2020K3"),
        (2020 * 12 + 1, 2020 * 12 + 10, "2020K1 2020K2 2020K3 2020K4"), (2021 * 12 + 1, 2021 * 12 + 3, "2021K1"),
        (2020 * 12 + 1, 2021 * 12 + 1, "2020K1 2020K2 2020K3 2020K4 2021K1"), (None, None, ""),
    ],
)  # fmt: skip
def test_the_ledger_speaks_of_the_quarters_begun_before_its_last_booking_in_the_years_it_has(
    first: int | None, last: int | None, spoken_of: str
) -> None:
    """1.1 has an account; 1.3 has none and 9.9 nobody knows. 1.4 has money for the last quarter, whenever it was booked."""
    spans = [
        {"periode": name, "fra": date(year, 3 * n - 2, 1), "til": date(year, 3 * n, 30)} for name, year, n in QUARTERS
    ]
    codes = [("1.1", 1, 1), ("1.4", 1, 2), ("1.3", 1, 0), ("9.9", 0, 1)]
    rows = alone(
        "ottetal", "oe_talt", "dst_kode, periode", {"har_ledger": True}, periode=spans,
        masterkode=[{"dst_kode": code, "kendt": known, "konti": accounts} for code, known, accounts in codes],
        oe_daekning=[{"foerste_mdr": first, "sidste_mdr": last}],
        borger_kvartal=[
            {"dst_kode": code, "periode": period, "netto": netto}
            for code, period, netto in (("1.4", "2021K4", 0), ("1.4", "2021K4", 5), ("1.1", "2021K4", None),
            ("1.3", "2021K4", 5))
        ],
    )  # fmt: skip
    expected = [("1.1", period) for period in spoken_of.split()] + [("1.4", period) for period in spoken_of.split()]
    assert rows == [*expected, ("1.4", "2021K4")]


def test_an_account_no_row_maps_has_its_number_and_sum_per_judged_month() -> None:
    foreign = {"handlekommune": "101", "betalingskommune": "101"}
    booked = [
        posting(ANNA, "538391001", "2020-07", "1.00", raekke=9), posting(None, "538391001", "2020-07", "-3.50", raekke=8),
        posting(ANNA, "538391001", "2020-08", "2.00"), posting(BENT, "538391001", "2020-07", "50.00"),
        posting(ANNA, "538391002", "2020-12", "4.00"), posting(ANNA, ONE, "2020-07", "1.00"),
    ]  # fmt: skip
    rows = seen(
        "oe_ukendt_konto", "konto, kontotekst, maaned, antal, beloeb, raekke", periods="2020K3", oekonomi=booked,
        fagsystem=[course(BENT, "1.4", "2020-01-01", **foreign)],
    )  # fmt: skip
    assert rows == [
        ("538391001", "5.38.39-1-001", "2020-07", 2, KR("-2.50"), 8),
        ("538391001", "5.38.39-1-001", "2020-08", 1, KR("2.00"), 4),
    ]


def test_as_many_as_twelve_levels_of_an_account_are_read() -> None:
    levels = [f"1.{n}" for n in range(1, 13)]
    row = {"konto": ONE, "dst_kode": "1.4", "maalgruppe": "|".join(levels)}
    assert alone("ottetal", "masterniveau", "niveau", kobling=[row]) == sorted((level,) for level in levels)


def test_levels_of_maalgruppe_are_read_one_by_one_and_an_account_with_an_open_row_is_for_everyone() -> None:
    links: list[dict[str, Any]] = [
        {"dst_kode": "1.4", "konto": ONE, "maalgruppe": "1.1| 2 |"}, {"dst_kode": "1.4", "konto": ONE, "maalgruppe": "1.1"},
        {"dst_kode": "1.1", "konto": TWO, "maalgruppe": "1.1"}, {"dst_kode": "1.1", "konto": TWO, "maalgruppe": None},
        {"dst_kode": "1.3", "konto": TWO, "maalgruppe": "3"}, {"dst_kode": "1.3", "konto": None, "maalgruppe": "4"},
    ]  # fmt: skip
    assert seen("masterniveau", "konto, dst_kode, niveau", masteroversigt=links) == [
        (TWO, "1.3", "3"), (ONE, "1.4", "1.1"), (ONE, "1.4", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("registered", "fits"),
    [
        ("1.1", 1),
        ("1.1.3", 1),
        ("1.10", 0),
        ("1", 0),
        ("2", 1),
        ("12", 0),
        ("3|2", 1),
        ("3|1.1.9", 1),
        ("1.1|3", 1),
        ("3", 0),
    ],
)
def test_a_maalgruppe_is_under_a_level_at_a_point_only(registered: str, fits: int) -> None:
    """FLIS' course and the one without a målgruppe are not asked about."""
    courses = [("oe", registered), ("oe", registered), ("flis", "9"), ("oe", None)]
    found = alone(
        "ottetal", "maalgruppe_konto", "maalgruppe, passer, niveauer",
        ottetal_forloeb=[{"side": side, "maalgruppe": group} for side, group in courses],
        masterniveau=[{"konto": ONE, "dst_kode": "1.4", "niveau": level} for level in ("2", "1.1")],
    )  # fmt: skip
    assert found == [(registered, fits, "1.1|2")]
