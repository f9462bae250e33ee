"""The views under the 8-tals kontrol, each on rows small enough to count by hand: accounts, codes, days and amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from support.alone import alone, empty
from support.ottetal import ANNA, BENT, CARL, course, posting, view_rows
from support.worlds import world

Row = tuple[Any, ...]


def seen(
    view: str, columns: str, order: str = "ALL", periods: str = "2020", **tables: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """The rows of a view in a world of these tables; all three sources are there."""
    there: dict[str, Any] = {"fagsystem": [], "oekonomi": [], "masteroversigt": [], **tables}
    with world(there, periods=periods) as context:
        names = [name.strip().split()[-1] for name in columns.split(",")]
        return sorted(view_rows(context, view, columns), key=lambda row: str([row[names.index(n)] for n in names]))


#: Code → rows of the masteroversigt → konti, rammestyret, helt, n, forud, skrevet.
CODES: dict[str, tuple[list[dict[str, Any]], tuple[int, ...]]] = {
    "1.4": ([{"konto": f"53858100{n}"} for n in (1, 2, 3)], (3, 0, 0, 1, 0, 0)),
    "1.1": ([{"konto": None}], (0, 0, 0, 1, 0, 0)),
    "1.3": ([{"konto": "538401001", "rammestyret": True}, {"konto": "538401002"}], (2, 1, 1, 1, 0, 0)),
    "1.8.1": ([{"konto": "538501001", "rammestyret": True, "tilbud": "Egely"}, {"konto": "538501002"}],
              (2, 1, 0, 1, 0, 0)),
    "1.8.2": ([{"konto": "538521001", "rammestyret": True, "tilbud": "Egely"}], (1, 1, 1, 1, 0, 0)),
    "1.12.0.1": ([{"konto": "538511001", "rammestyret": True, "tilbud": "Egely"}, {"konto": "538511001"}],
                 (1, 1, 1, 1, 0, 0)),
    "1.13.4": ([{"konto": "538531003", "rytme": "kvartal"}, {"konto": "538531004", "rytme": "maaned"}],
               (2, 0, 0, 3, 0, 1)),
    "1.13.2": ([{"konto": "538391001", "rytme": "kvartal forud"}, {"konto": "538391002", "rytme": "halvaar"}],
               (2, 0, 0, 6, 3, 1)),
    "1.13.3": ([{"konto": "538541001", "rytme": "aar forud", "rammestyret": True, "tilbud": "Egely"},
                {"konto": "538541002", "rytme": "kvartal"}], (2, 1, 0, 3, 0, 1)),
    "1.12.0.2": ([{"konto": "538391003", "rytme": "aar"}], (1, 0, 0, 12, 0, 1)),
    "1.17": ([{"konto": "538391009", "kommune": "101"}], (0, 0, 0, 1, 0, 0)),
    "9.9": ([{"konto": "538391010", "kommune": "665"}], (1, 0, 0, 1, 0, 0)),
    "1.18.2": ([], (0, 0, 0, 1, 0, 0)),
}  # fmt: skip


@cache
def codes() -> dict[str, Row]:
    links = [{"dst_kode": code, **row} for code, (rows, _told) in CODES.items() for row in rows]
    columns = "dst_kode, kendt, konti, rammestyret, helt, n, forud, skrevet"
    return {row[0]: row[1:] for row in seen("masterkode", columns, masteroversigt=links)}


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_rammestyret_and_billed_as_its_rows_say(code: str) -> None:
    assert codes()[code] == (int(code != "9.9"), *CODES[code][1])


def test_an_account_is_rammestyret_on_all_its_codes_when_one_row_says_so() -> None:
    """1.4's second account is rammestyret on 1.1 only; 1.3 is rammestyret as a whole; a row twice is one."""
    links: list[dict[str, Any]] = [
        {"dst_kode": "1.4", "konto": "538581001"}, {"dst_kode": "1.4", "konto": "538581001"},
        {"dst_kode": "1.4", "konto": "538581002"}, {"dst_kode": "1.1", "konto": "538581002", "rammestyret": True, "tilbud": "A"},
        {"dst_kode": "1.1", "konto": "538591001"}, {"dst_kode": "1.1", "konto": None},
        {"dst_kode": "1.3", "konto": "538401001"}, {"dst_kode": "1.3", "konto": "538401002", "rammestyret": True},
    ]  # fmt: skip
    assert seen("masterkonto", "konto, dst_kode, koder, rammestyret", masteroversigt=links) == [
        ("538401001", "1.3", 1, 1), ("538401002", "1.3", 1, 1), ("538581001", "1.4", 1, 0),
        ("538581002", "1.1", 2, 1), ("538581002", "1.4", 2, 1), ("538591001", "1.1", 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("named", "tilbud", "left"),
    [
        ("Egely", "Egely", False), ("Egely", "EGELY", False), ("egely", "Egely", False), ("Egely|Skovbo", "Skovbo", False),
        ("Egely|Skovbo", "Egely", False), ("Egelyhave", "Egely", True), ("Egely", "Egelyhave", True), ("Egely", None, True),
        (None, "Egely", False), (None, None, False),
    ],
)  # fmt: skip
def test_a_rammestyret_row_takes_out_the_courses_at_its_tilbud_or_all(
    named: str | None, tilbud: str | None, left: bool
) -> None:
    day = date(2020, 1, 1)
    one = {
        "kilde": "fagsystem", "cpr": ANNA, "foerste_dag": day, "sidste_dag": day, "maalgruppe": None, "fil": "a", "raekke": 2,
        "egen": True, "egen_betaler": True, "tilbud": tilbud,
    }  # fmt: skip
    sides = alone(
        "ottetal", "ottetal_forloeb", "side, dst_kode", kildefil=[{"fil": "a", "nr": 1}],
        forloeb=[{**one, "dst_kode": "1.4"}, {**one, "dst_kode": "1.1", "tilbud": "Egely"}],
        kobling=[
            {"dst_kode": "1.4", "rammestyret": True, "tilbud": named},
            {"dst_kode": "1.4", "rammestyret": False, "tilbud": tilbud},
            {"dst_kode": "1.3", "rammestyret": True, "tilbud": "Egely"},
        ],
    )  # fmt: skip
    assert sides == [("fagsystem", "1.1"), ("fagsystem", "1.4"), ("oe", "1.1"), *([("oe", "1.4")] if left else [])]


def test_a_course_is_seen_by_each_side_that_has_it() -> None:
    """Carl's has no day; Bent's is handled by another kommune and paid by the own one; FLIS' rows pay for nothing."""
    own = [
        course(ANNA, "1.4", "2020-01-01", "2020-01-01"), course(CARL, "1.4", "2020-01-02", "2020-01-01"),
        course(BENT, "1.4", "2020-01-01", handlekommune="101", betalingskommune="665"),
    ]  # fmt: skip
    assert seen("ottetal_forloeb", "side, cpr", fagsystem=own, flis=[own[0]]) == [
        ("fagsystem", ANNA), ("flis", ANNA), ("oe", ANNA), ("oe", BENT),
    ]  # fmt: skip


def test_who_has_no_course_of_the_own_kommune_is_another_kommunes() -> None:
    """Anna has an old own course beside; Carl's is handled elsewhere but paid here."""
    foreign = {"handlekommune": "101", "betalingskommune": "101"}
    own = [
        course(ANNA, "1.4", "2020-01-01", **foreign), course(ANNA, "1.1", "2001-01-01", "2001-01-02"),
        course(BENT, "1.4", "2020-01-01", **foreign), course(BENT, "1.1", "2020-01-01", **foreign),
        course(CARL, "1.4", "2020-01-01", handlekommune="101", betalingskommune="665"),
    ]  # fmt: skip
    flis = [course("0404404444", "1.4", "2020-01-01", **foreign)]
    assert seen("fremmed", "cpr", fagsystem=own, flis=flis) == [(BENT,)]


def test_courses_that_overlap_are_one_stretch_and_those_that_touch_are_two_without_a_day_lost() -> None:
    own = [
        course(ANNA, "1.4", "2020-01-01", "2020-03-31", raekke=2), course(ANNA, "1.4", "2020-01-05", "2020-01-06", raekke=9),
        course(ANNA, "1.4", "2020-02-01", "2020-04-02", raekke=4), course(ANNA, "1.4", "2020-04-02", "2020-04-03", raekke=5),
        course(ANNA, "1.4", "2020-04-04", "2020-04-04", raekke=6), course(ANNA, "1.4", "2020-06-30", "2020-07-01", raekke=1),
    ]  # fmt: skip
    stretches = seen("spaend", "side, fra, til, noegle % 10000000000 AS noegle, nr % 10000000000 AS nr", fagsystem=own)
    assert [row[1:] for row in stretches if row[0] == "fagsystem"] == [
        (date(2020, 1, 1), date(2020, 4, 3), 2, 1), (date(2020, 4, 4), date(2020, 4, 4), 6, 1),
        (date(2020, 6, 30), date(2020, 7, 1), 1, 1),
    ]  # fmt: skip
    days = seen("kvartal_person", "periode, fagsystem_dage, betaler_dage, flis_dage", fagsystem=own)
    assert days == [("2020K1", 91, 91, None), ("2020K2", 5, 5, None), ("2020K3", 1, 1, None)]


def test_the_first_row_behind_a_person_is_the_first_file_and_row_of_the_quarter() -> None:
    """Files in the order of their names: a.csv's row 9 comes before b.csv's row 2. January's course has ended by April."""
    own = [
        course(ANNA, "1.4", "2020-01-01", "2020-01-31", fil="a.csv", raekke=9),
        course(ANNA, "1.4", "2020-03-31", "2020-05-01", fil="b.csv", raekke=2),
    ]  # fmt: skip
    columns = "periode, fagsystem_noegle // 10000000000 AS fil, fagsystem_noegle % 10000000000 AS raekke"
    assert seen("kvartal_person", columns, fagsystem=own) == [("2020K1", 1, 9), ("2020K2", 2, 2)]


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ([], None, None), (["2020-03-31"], None, 2020 * 12 + 3), (["2020-03-01", "2020-03-31"], None, 2020 * 12 + 3),
        (["2020-03-31", "2020-04-01"], 2020 * 12 + 1, 2020 * 12 + 4),
        (["2019-12-31", "2020-01-01"], 2019 * 12 + 1, 2020 * 12 + 1),
        (["2020-12-01", "2021-12-31"], 2020 * 12 + 1, 2021 * 12 + 12),
    ],
)  # fmt: skip
def test_the_ledger_speaks_from_the_year_of_its_first_booking_to_the_month_of_its_last(
    days: list[str], first: int | None, last: int | None
) -> None:
    booked = [{"bogfoert_dato": date.fromisoformat(day)} for day in days] or empty(bogfoert_dato=date(2020, 1, 1))
    assert alone("ottetal", "oe_daekning", "foerste_mdr, sidste_mdr", postering=booked) == [(first, last)]


def test_postings_are_netted_per_person_account_and_month_of_the_ydelse() -> None:
    """A range of one month is a month; nobody's postings are one; each account apart."""
    span = {"ydelsesperiode": date(2020, 7, 1), "ydelsesperiode_til": date(2020, 7, 1)}
    booked = [
        posting(ANNA, "538581001", "2020-07", "10.01"), posting(ANNA, "538581001", "2020-09", "-0.02", **span),
        posting(ANNA, "538581001", "2020-09", "5.00", ydelsesperiode=date(2020, 8, 1)),
        posting(ANNA, "538581002", "2020-07", "1.00"), posting(None, "538581001", "2020-07", "2.00"),
        posting(None, "538581001", "2020-07", "3.00"), posting(BENT, "538581001", "2020-07", "4.00"),
        {**posting(BENT, "538581001", "2020-12", "9.00"), "kommune": "101"},
    ]  # fmt: skip
    found = seen(
        "netto_konto", "cpr, konto, mdr - 24240 AS mdr, netto, antal, noegle % 10000000000 AS raekke", oekonomi=booked
    )
    assert found == [
        (ANNA, "538581001", 7, Decimal("9.99"), 2, 2), (ANNA, "538581001", 8, Decimal("5.00"), 1, 4),
        (ANNA, "538581002", 7, Decimal("1.00"), 1, 5), (BENT, "538581001", 7, Decimal("4.00"), 1, 8),
        (None, "538581001", 7, Decimal("5.00"), 2, 6),
    ]  # fmt: skip


def shared(
    amount: str, first: str, last: str, *courses: dict[str, Any], links: Sequence[Mapping[str, Any]] = ()
) -> list[Row]:
    """Month of 2020 and amount of the parts of one posting of Anna's from the first to the last month."""
    span = {"ydelsesperiode": date.fromisoformat(f"{first}-01"), "ydelsesperiode_til": date.fromisoformat(f"{last}-01")}
    booked = [posting(ANNA, "538581001", "2020-12", amount, **span)]
    master = links or [{"dst_kode": "1.4", "konto": "538581001"}]
    return seen("delt_periode", "mdr - 24240 AS mdr, beloeb", fagsystem=courses, oekonomi=booked, masteroversigt=master)


def test_a_posting_for_several_months_is_shared_by_the_persons_active_days() -> None:
    """30 days of June and 10 of July: 40,00 kr. are 30,00 and 10,00; August has no day and no part."""
    parts = shared("40.00", "2020-06", "2020-08", course(ANNA, "1.4", "2020-06-01", "2020-07-10"))
    assert parts == [(6, Decimal("30.00")), (7, Decimal("10.00"))]


def test_it_is_shared_by_the_months_days_where_there_are_none() -> None:
    """31 + 29 + 31 = 91 days of January to March 2020; a course on another code is none."""
    parts = shared("91.00", "2020-01", "2020-03", course(ANNA, "1.1", "2020-01-01"), course(BENT, "1.4", "2020-01-01"))
    assert parts == [(1, Decimal("31.00")), (2, Decimal("29.00")), (3, Decimal("31.00"))]


def test_days_on_every_code_of_the_account_count() -> None:
    """The account stands on 1.4 and 1.1: 31 days of July on one, 31 of August on the other, in halves."""
    links = [{"dst_kode": code, "konto": "538581001"} for code in ("1.4", "1.1")]
    both = [course(ANNA, "1.4", "2020-07-01", "2020-07-31"), course(ANNA, "1.1", "2020-08-01", "2020-08-31")]
    assert shared("3.01", "2020-07", "2020-08", *both, links=links) == [(7, Decimal("1.51")), (8, Decimal("1.50"))]


@pytest.mark.parametrize("amount", ["0.01", "0.05", "-0.05", "100.00", "-99.99"])
def test_the_parts_are_whole_oere_and_sum_to_the_amount(amount: str) -> None:
    parts = [kr for _month, kr in shared(amount, "2020-01", "2020-12")]
    assert sum(parts) == Decimal(amount)
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)
    assert {part < 0 for part in parts if part} == {amount.startswith("-")}


def test_a_repayment_is_shared_as_the_payment_was() -> None:
    """29 of 60 days: 0,4833 øre is no øre, 0,5166 is one."""
    assert shared("0.01", "2020-01", "2020-02") == [(1, Decimal("0.01")), (2, Decimal("0.00"))]
    assert shared("-0.01", "2020-01", "2020-02") == [(1, Decimal("-0.01")), (2, Decimal("0.00"))]
