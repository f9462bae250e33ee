"""Nøgletal of a few persons, counted by hand: days at the ends of periods, ages, approvals, tilbud, and prices in øre.

Each group of tests reads one run, made once; a person or a code stands for each case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import noegletal

Tables = Mapping[str, list[Any]]
ANNE = "0101601111"


@contextmanager
def running(tables: Mapping[str, Any], split: Sequence[str] = (), **options: Any) -> Iterator[Tables]:
    with world(tables, **options) as context:
        yield {table.name: list(table.rows) for table in noegletal.run(replace(context, split=tuple(split))).tables}


def course(
    cpr: str = ANNE, start: str = "2020-04-01", end: str | None = None, code: str = "1.8.2", **more: Any
) -> dict[str, Any]:
    last = None if end is None else date.fromisoformat(end)
    return {"cpr": cpr, "dst_kode": code, "start_dato": date.fromisoformat(start), "slut_dato": last, **more}


def d(text: str) -> Decimal:
    return Decimal(text)


def vh(tables: Tables, category: str, period: str) -> tuple[int, int, int, int, Decimal]:
    """modtagere, ydelser, åbne, lukkede and helårsmodtagere of a level; nothing where it has no row."""
    rows = [r for r in tables["noegletal_vh"] if (r.kategori, r.periode) == (category, period)]
    return (
        (rows[0].modtagere, rows[0].ydelser, rows[0].aabne, rows[0].lukkede, rows[0].helaarsmodtagere)
        if rows
        else (0, 0, 0, 0, d("0.0000"))
    )


# --- the end date that is no day of the course ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exclusive() -> Iterator[Tables]:
    """``slutdato_inklusiv = false``: a course's last day is the one before its end date. A code for each case."""
    courses = [
        course(start="2020-04-01", end="2020-06-30", code="1.1"), course(start="2020-04-01", end="2020-07-01", code="1.3"),
        course(start="2020-06-30", end="2020-07-01", code="1.4"), course(start="2020-04-01", end="2020-04-01", code="1.8.1"),
        course(start="2020-03-31", end="2020-04-01", code="1.8.2"), course(start="2020-01-01", end="2020-04-02", code="1.12.0.1"),
    ]  # fmt: skip
    with running({"fagsystem": courses}, regler={"slutdato_inklusiv": False}) as tables:
        yield tables


@pytest.mark.parametrize(
    ("code", "second", "third"),
    [
        ("1.1", (1, 1, 0, 1, d("0.9890")), (0, 0, 0, 0, d("0.0000"))),  # 1 April to 29 June: 90 of 91 days
        ("1.3", (1, 1, 1, 0, d("1.0000")), (0, 0, 0, 1, d("0.0000"))),  # to 30 June, and said to end on 1 July
        ("1.4", (1, 1, 1, 0, d("0.0110")), (0, 0, 0, 1, d("0.0000"))),  # 30 June alone
        ("1.8.1", (0, 0, 0, 0, d("0.0000")), (0, 0, 0, 0, d("0.0000"))),  # no day at all
        ("1.8.2", (0, 0, 0, 1, d("0.0000")), (0, 0, 0, 0, d("0.0000"))),  # 31 March alone, and ends on 1 April
        ("1.12.0.1", (1, 1, 0, 1, d("0.0110")), (0, 0, 0, 0, d("0.0000"))),  # to 1 April
    ],
)
def test_a_course_ends_the_day_before_its_end_date_and_is_closed_on_it(
    exclusive: Tables, code: str, second: tuple[Any, ...], third: tuple[Any, ...]
) -> None:
    assert (vh(exclusive, code, "2020K2"), vh(exclusive, code, "2020K3")) == (second, third)


def test_who_was_there_the_day_before_is_primo_where_the_end_is_no_day(exclusive: Tables) -> None:
    flow = {(r.kategori, r.periode): (r.primo, r.tilgang, r.afgang, r.ultimo, r.ind_og_ud) for r in exclusive["flow"]}
    assert flow["1.8.2", "2020K2"] == (1, 0, 1, 0, 0)
    assert flow["1.1", "2020K2"] == (0, 0, 0, 0, 1)
    assert flow["1.3", "2020K2"] == (0, 1, 0, 1, 0)
    assert flow["1.3", "2020K3"] == (1, 0, 1, 0, 0)
    assert ("1.8.1", "2020K2") not in flow


def test_an_ended_course_has_its_days_without_the_end_date(exclusive: Tables) -> None:
    ended = {(r.dst_kode, r.periode): r.median_dage for r in exclusive["varighed_afsluttet"]}
    assert ended["1.1", "2020K2"] == 90
    assert ended["1.4", "2020K3"] == ended["1.8.2", "2020K2"] == 1
    assert ("1.8.1", "2020K2") not in ended


# --- periods, levels and lengths -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def included() -> Iterator[Tables]:
    lengths = [(1, "1.3"), (2, "1.3"), (2, "1.4"), (1, "1.4"), (9, "1.4"), *[(1, "1.13.3")] * 19, (2, "1.13.3")]
    ended = [
        course(f"010160{n:04d}", "2020-08-01", f"2020-08-{days:02d}", code) for n, (days, code) in enumerate(lengths)
    ]
    courses = [
        *ended,
        course(ANNE, "2020-02-29", "2020-02-29", "1.1"),
        course(ANNE, "2020-01-01", "2020-12-31", "1.8.1"),
        course(ANNE, "2020-03-01", "2020-03-31", "1.8.2"),
        course("0203702222", "2020-02-01", "2020-02-29", "1.8.2", handlekommune="101"),
        course("0203702222", "2020-02-01", "2020-02-29", "1.8.2", handlekommune="665", betalingskommune="101"),
        course("0203702222", "2020-02-01", "2020-02-29", "9.9"),
    ]
    with running({"fagsystem": courses}) as tables:
        yield tables


def test_a_leap_day_is_a_day_of_its_month_quarter_and_year(included: Tables) -> None:
    found = [vh(included, "1.1", period) for period in ("2020-02", "2020K1", "2020")]
    assert found == [
        (1, 1, closed, 1, share) for closed, share in ((0, d("0.0345")), (0, d("0.0110")), (0, d("0.0027")))
    ]


def test_a_day_counts_once_in_a_group_however_many_of_its_ydelser_a_person_has(included: Tables) -> None:
    """Anne has 1.8.1 all year and 1.8.2 in March; another has 1.8.2 in February."""
    assert vh(included, "Botilbud", "2020-03") == (1, 2, 1, 1, d("1.0000"))
    assert vh(included, "Botilbud", "2020-02") == (2, 2, 1, 1, d("2.0000"))
    assert vh(included, "1.8.2", "2020-03") == (1, 1, 0, 1, d("1.0000"))
    assert vh(included, "SEL §108", "2020") == (1, 1, 0, 1, d("1.0000"))


def test_a_course_of_another_kommune_or_an_unknown_code_is_in_no_count(included: Tables) -> None:
    assert vh(included, "1.8.2", "2020-02") == (1, 1, 0, 1, d("1.0000"))
    assert vh(included, "9.9", "2020-02") == (0, 0, 0, 0, 0)
    assert vh(included, "I alt", "2020-02")[:2] == (2, 3)


def test_everything_is_a_count_of_its_own_and_the_levels_come_in_order(included: Tables) -> None:
    rows = included["noegletal_vh"]
    levels = [r.niveau for r in rows]
    assert levels == sorted(levels, key=["alle", "gruppe", "paragraf", "dst_kode"].index)
    codes = list(dict.fromkeys(r.kategori for r in rows if r.niveau == "dst_kode"))
    assert codes == ["1.1", "1.3", "1.4", "1.8.1", "1.8.2", "1.13.3"]
    kinds = [r.periodetype for r in rows if r.kategori == "I alt"]
    assert kinds == ["aar", *["kvartal"] * 4, *["maaned"] * 12]


def test_the_middle_of_the_lengths_is_one_of_them_or_between_two(included: Tables) -> None:
    ended = {
        r.dst_kode: (r.afsluttede, r.median_dage, r.gennemsnit_dage)
        for r in included["varighed_afsluttet"]
        if r.periode == "2020K3"
    }
    assert ended["1.3"] == (2, d("1.5"), d("1.5"))
    assert ended["1.4"] == (3, d("2.0"), d("4.0"))  # 1, 2 and 9
    assert ended["1.13.3"] == (20, d("1.0"), d("1.1"))  # 21 days over 20 courses is 1,05, half up


def test_the_sets_of_codes_on_the_last_day_come_by_how_many_have_them() -> None:
    codes = {
        1: ("1.1",),
        2: ("1.1",),
        3: ("1.8.2", "1.1"),
        4: ("1.12.0.2", "1.8.1", "1.1"),
        5: ("1.4",),
        6: ("1.4", "1.1"),
        7: ("1.4", "1.4"),
    }
    courses = [
        course(f"010160{n:04d}", code=code, tilbud=str(k)) for n, each in codes.items() for k, code in enumerate(each)
    ]
    gone = course("0101609999", "2020-01-01", "2020-06-29", "1.1")
    with running({"fagsystem": [*courses, gone]}, periods="2020K2") as tables:
        found = [(r.kombination, r.koder, r.borgere) for r in tables["kombinationer"]]
    assert found == [
        ("1.1", 1, 2), ("1.4", 1, 2), ("1.1 + 1.4", 2, 1), ("1.1 + 1.8.2", 2, 1), ("1.1 + 1.8.1 + 1.12.0.2", 3, 1),
    ]  # fmt: skip


# --- what a person is ----------------------------------------------------------------------------------------------------

#: Birth date (or a CPR number that has none), a period, and the age by five and by ten years on its last day.
AGES: list[tuple[str, str | None, str, str, str]] = [
    ("0101601101", "1980-06-30", "2020K2", "40–44", "40–49"), ("0101601102", "1980-07-01", "2020K2", "35–39", "30–39"),
    ("0101601103", "1980-07-01", "2020K3", "40–44", "40–49"), ("0101601104", "2000-02-29", "2020-02", "20–24", "20–29"),
    ("0101601105", "2000-02-29", "2020K1", "20–24", "20–29"), ("0101601106", "2015-06-30", "2020K2", "05–09", "00–09"),
    ("0101601107", "2015-07-01", "2020K2", "00–04", "00–09"), ("0101601108", "2010-06-30", "2020K2", "10–14", "10–19"),
    ("0101601109", "2010-07-01", "2020K2", "05–09", "00–09"), ("0101601110", "2020-06-30", "2020K2", "00–04", "00–09"),
    ("0101601112", "2020-07-01", "2020K2", "", ""), ("0101601113", "1920-06-30", "2020K2", "100–104", "100–109"),
    ("0101601114", "1920-07-01", "2020K2", "95–99", "90–99"), ("3102601115", None, "2020K2", "", ""),
    ("0107801116", None, "2020K2", "35–39", "30–39"), ("3006801117", None, "2020K2", "40–44", "40–49"),
]  # fmt: skip


@pytest.fixture(scope="module")
def persons() -> Iterator[Tables]:
    """A code cannot tell so many persons apart: each has a tilbud, and a run's split by age is read through a person's days."""
    courses = [course(cpr, "2020-01-01", tilbud=cpr) for cpr, *_rest in AGES]
    born = [{"cpr": cpr, "foedselsdato": date.fromisoformat(day)} for cpr, day, *_rest in AGES if day]
    approved = [
        {"kommune": "665", "periode": "2020K1", "godkendt": True}, {"kommune": "665", "periode": "2020K2", "godkendt": True},
        {"kommune": "665", "periode": "2020K2", "godkendt": False}, {"kommune": "101", "periode": "2020K3", "godkendt": True},
        {"kommune": "101", "periode": "2020K1", "godkendt": False},
    ]  # fmt: skip
    with running(
        {"fagsystem": courses, "borger": born, "godkendt": approved}, ["alder_5", "alder_10", "koen", "godkendt"]
    ) as tables:
        yield tables


def split(tables: Tables, dimension: str, period: str, category: str = "I alt") -> dict[str, int]:
    return {
        r.vaerdi: r.modtagere
        for r in tables["noegletal_fordelt"]
        if (r.opdeling, r.periode, r.kategori) == (dimension, period, category)
    }


@pytest.mark.parametrize("period", ["2020K2", "2020K3", "2020-02", "2020K1"])
def test_everyone_is_as_old_as_on_the_last_day(persons: Tables, period: str) -> None:
    """Each age of the list is checked in its period; the others' ages are worked out from their birth dates."""
    last = {
        "2020K2": date(2020, 6, 30),
        "2020K3": date(2020, 9, 30),
        "2020-02": date(2020, 2, 29),
        "2020K1": date(2020, 3, 31),
    }[period]
    implied = {"3102601115": None, "0107801116": "1980-07-01", "3006801117": "1980-06-30"}
    for dimension, width in (("alder_5", 5), ("alder_10", 10)):
        expected: dict[str, int] = {}
        for cpr, day, told_in, five, ten in AGES:
            born = date.fromisoformat(text) if (text := implied.get(cpr, day)) else None
            group = ""
            if born and born <= last:
                years = last.year - born.year - ((last.month, last.day) < (born.month, born.day))
                group = f"{years // width * width:02d}–{years // width * width + width - 1:02d}"
            if told_in == period:
                assert group == (five if width == 5 else ten), (cpr, dimension)
            expected[group] = expected.get(group, 0) + 1
        assert split(persons, dimension, period) == expected


def test_koen_is_in_the_last_digit(persons: Tables) -> None:
    odd = sum(int(cpr[9]) % 2 for cpr, *_rest in AGES)
    assert split(persons, "koen", "2020K2") == {"mand": odd, "kvinde": len(AGES) - odd}
    assert split(persons, "koen", "2020K2", "1.8.2") == split(persons, "koen", "2020")


def test_a_quarter_is_approved_where_every_own_answer_says_so(persons: Tables) -> None:
    everyone = len(AGES)
    assert [split(persons, "godkendt", f"2020K{n}") for n in range(1, 5)] == [
        {"ja": everyone},
        {"nej": everyone},
        {"": everyone},
        {"": everyone},
    ]
    assert split(persons, "godkendt", "2020-02") == split(persons, "godkendt", "2020") == {}


# --- courses that are split by what they say -----------------------------------------------------------------------------


def test_a_course_in_several_maalgrupper_counts_in_each_and_an_empty_value_in_none() -> None:
    courses = [
        course("0101601101", maalgruppe="1.1|2.3"), course("0101601102", maalgruppe="2.3"), course("0101601103"),
        course("0101601104", maalgruppe="1.1|1.1", end="2020-06-30"),
    ]  # fmt: skip
    dimensions = ["maalgruppe", "betalingskommune", "system", "slutaar", "startmaaned", "gruppe"]
    with running({"fagsystem": courses}, dimensions, periods="2020K2") as tables:
        assert split(tables, "maalgruppe", "2020K2") == {"": 1, "1.1": 2, "2.3": 2}
        assert split(tables, "betalingskommune", "2020K2") == {"665": 4}
        assert split(tables, "system", "2020K2") == {"nuvaerende": 4}
        assert split(tables, "slutaar", "2020K2") == {"": 3, "2020": 1}
        assert split(tables, "startmaaned", "2020K2") == {"2020-04": 4}
        assert split(tables, "gruppe", "2020K2") == {"Botilbud": 4}
        assert list(dict.fromkeys(r.opdeling for r in tables["noegletal_fordelt"])) == sorted(
            dimensions, key=list(noegletal.DIMENSIONS).index
        )


def test_the_payer_is_the_acting_kommune_where_it_is_empty() -> None:
    courses = [
        course("0101601101", handlekommune="101", betalingskommune="665"), course("0101601102", handlekommune="665"),
        course("0101601103", betalingskommune="101"), course("0101601104", handlekommune="665", betalingskommune="665"),
    ]  # fmt: skip
    with running({"fagsystem": courses}, ["betalingskommune", "handlekommune"], periods="2020K2") as tables:
        assert split(tables, "betalingskommune", "2020K2") == {"101": 1, "665": 2}
        assert split(tables, "handlekommune", "2020K2") == {"665": 3}
    with running(
        {"fagsystem": courses}, ["handlekommune"], periods="2020K2", regler={"population": "betalingskommune"}
    ) as tables:
        assert split(tables, "handlekommune", "2020K2") == {"101": 1, "665": 2}


# --- the harmonised figures ----------------------------------------------------------------------------------------------


def test_a_course_that_is_cut_in_two_is_one_course_and_its_days_are_those_left() -> None:
    """1.12.0.2 all of 2020 with a stay in April and May: Q1 is whole, of Q2 June is left, and it is one ydelse in each."""
    support, stay = (
        course(start="2020-01-01", code="1.12.0.2"),
        course(start="2020-04-01", end="2020-05-31", code="1.8.1"),
    )
    with running({"fagsystem": [support, stay]}) as tables:
        found = {r.periode: r for r in tables["noegletal_vh"] if r.kategori == "1.12.0.2"}
    assert [found[p].ydelser_harmoniseret for p in ("2020K1", "2020K2", "2020-04", "2020-06", "2020")] == [
        1,
        1,
        0,
        1,
        1,
    ]
    assert [found[p].modtagere_harmoniseret for p in ("2020K1", "2020K2", "2020-04", "2020-06", "2020")] == [
        1,
        1,
        0,
        1,
        1,
    ]
    assert found["2020K2"].helaarsmodtagere_harmoniseret == d("0.3297")  # 30 of 91 days
    assert found["2020"].helaarsmodtagere_harmoniseret == d("0.8333")  # 305 of 366
    assert (found["2020K2"].ydelser, found["2020K2"].helaarsmodtagere) == (1, 1)
