"""Prices: against a count person by person and day by day; the parts of a change are the change, to the øre."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracles.noegletal import at_the_edges, of_one_person
from oracles.pris import PARTS, side, split
from support.examples import examples
from support.worlds import world

from reconcile.controls import noegletal
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter

PEOPLE = ["0101601111", "0203702222", "3112803334"]
MASTER = [{"dst_kode": "1.8.2", "konto": "538521001"}, {"dst_kode": "1.8.2", "konto": "538521002"}]
DAYS = st.dates(date(2018, 12, 1), date(2020, 12, 31))
COURSE = st.builds(
    lambda cpr, start, length, payer: {
        "cpr": cpr, "dst_kode": "1.8.2", "start_dato": start, "betalingskommune": payer,
        "slut_dato": None if length is None else date.fromordinal(start.toordinal() + length),
    },
    st.sampled_from(PEOPLE), DAYS, st.sampled_from([None, 0, 45, 400]), st.sampled_from([None, "665", "101"]),
)  # fmt: skip
POSTING = st.builds(
    lambda cpr, day, oere, account: {
        "cpr": cpr, "bogfoert_dato": day, "beloeb": Decimal(oere) / 100, "konto": account,
    },
    st.sampled_from([*PEOPLE, None]), DAYS, st.integers(-10**6, 10**6), st.sampled_from(["538521001", "538521002"]),
)  # fmt: skip


#: Days at the edges of a quarter of either year, and one person's courses over and in each other; each is paid for.
EDGES = [
    {"dst_kode": "1.8.2", "betalingskommune": payer, **course}
    for payer, courses in (
        (None, [*at_the_edges(Quarter(2020, 2)), *of_one_person(PEOPLE[0])]), ("101", of_one_person(PEOPLE[1])),
        (None, of_one_person(PEOPLE[1])[2:4]),
    )
    for course in courses
]  # fmt: skip
PAID = [
    {"cpr": cpr, "bogfoert_dato": date(year, month, day), "beloeb": Decimal(n + year), "konto": "538521001"}
    for n, cpr in enumerate(sorted({course["cpr"] for course in EDGES}))
    for year in (2019, 2020)
    for month, day in ((3, 31), (4, 1), (6, 30), (7, 1))
]


def prices(courses: list[dict[str, Any]], postings: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    tables = {"fagsystem": courses, "oekonomi": postings, "masteroversigt": MASTER, **more.pop("tables", {})}
    with world(tables, **more) as context:
        made = {table.name: table.rows for table in noegletal.run(context).tables}
    return {row.periode: row for row in made["pris"]}


@examples(10)
@example(EDGES, PAID)
@given(st.lists(COURSE, max_size=5), st.lists(POSTING, max_size=8))
def test_every_price_and_part_agrees_with_a_count_person_by_person(
    courses: list[dict[str, Any]], postings: list[dict[str, Any]]
) -> None:
    rows = prices(courses, postings)
    spans = {"2020": (date(2020, 1, 1), date(2020, 12, 31))}
    spans |= {f"2020K{n}": (Quarter(2020, n).first, Quarter(2020, n).last) for n in range(1, 5)}
    for period, (first, last) in spans.items():
        earlier = first.replace(year=2019), last.replace(year=2019)
        now, before = side(courses, postings, first, last), side(courses, postings, *earlier)
        length, length_before = (last - first).days + 1, (earlier[1] - earlier[0]).days + 1
        days = sum(own for own, *_rest in now.values())
        amount = sum(own + between for _days, own, between in now.values())
        row = rows.get(period)
        if row is None:
            assert (days, amount) == (0, 0)
            continue
        booked = any(first <= p["bogfoert_dato"] <= last for p in postings)
        assert row.beloeb == (Decimal(amount) / 100 if booked else None)
        assert row.helaarsmodtagere == rounded(Fraction(days, length), 4)
        price = rounded(Fraction(amount, 100) / Fraction(days, length), 2) if days and booked else None
        assert row.kr_pr_helaarsmodtager == price
        if booked and any(earlier[0] <= p["bogfoert_dato"] <= earlier[1] for p in postings):
            parts = split(now, before, length, length_before)
            assert {name: getattr(row, name) * 100 for name in PARTS} == parts
            assert sum(getattr(row, name) for name in PARTS) == row.aendring == row.beloeb - row.beloeb_aaret_foer
        else:
            assert row.aendring is row.volumen is row.beloeb_aaret_foer is None


def _people(per_age: int, *, koen: tuple[str | None, ...] = (None,), ages: Any = range(126)) -> list[dict[str, Any]]:
    return [
        {"kommune": "665", "periode": "2020K3", "antal": Decimal(per_age), "alder": f"{age} år", "koen": sex}
        for age in ages
        for sex in koen
    ]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (_people(10), 470),
        (_people(10, koen=("Mænd", "Kvinder")), 940),
        (_people(10, koen=("Mænd", "Kvinder", "I alt")), 470),
        (_people(10, ages=["18-64", "0-17", "I alt "]), 10),
        (_people(10, ages=["18-24", "25–49", "50 - 64", "65+"]), 30),
        (_people(10, ages=["18-24", "25-49", "50-66"]), None),
        (_people(10, koen=("Mænd",)), None),
        ([*_people(10), *_people(10)], None),
    ],
)
def test_the_inhabitants_of_18_to_64_are_counted_once_however_the_table_was_fetched(
    people: list[dict[str, Any]], expected: int | None
) -> None:
    course = {"cpr": PEOPLE[0], "dst_kode": "1.8.2", "start_dato": date(2020, 1, 1)}
    posting = {"cpr": PEOPLE[0], "konto": "538521001", "beloeb": Decimal("1000.00"), "bogfoert_dato": date(2020, 8, 1)}
    row = prices([course], [posting], tables={"befolkning": people})["2020"]
    assert (row.indbyggere, row.befolkning_fra) == (expected, "2020K3")
    assert row.kr_pr_indbygger == (rounded(Fraction(1000, expected), 2) if expected else None)
    assert row.helaarsmodtagere_pr_1000 == (rounded(Fraction(1000, expected), 4) if expected else None)


def test_the_quarter_of_the_population_is_a_choice() -> None:
    people = [{"kommune": "665", "periode": "2020K1", "antal": Decimal(500), "alder": "18-64"}]
    posting = {"konto": "538521001", "beloeb": Decimal("1000.00"), "bogfoert_dato": date(2020, 8, 1)}
    chosen = {"befolkningskvartal": "K1"}
    row = prices([], [posting], tables={"befolkning": people}, noegletal=chosen)["2020"]
    assert (row.indbyggere, row.kr_pr_indbygger, row.befolkning_fra) == (500, Decimal("2.00"), "2020K1")


def test_every_amount_says_its_funktioner_and_its_price_level() -> None:
    course = {"cpr": PEOPLE[0], "dst_kode": "1.8.2", "start_dato": date(2020, 1, 1)}
    posting = {"cpr": PEOPLE[0], "konto": "538521001", "beloeb": Decimal("1000.00"), "bogfoert_dato": date(2020, 8, 1)}
    master = [*MASTER, {"dst_kode": "1.8.2", "konto": "538391004"}]
    for level, told in (("2021-PL", "2021-PL"), ("", "løbende priser")):
        tables: dict[str, Any] = {"fagsystem": [course], "oekonomi": [posting], "masteroversigt": master}
        with world(tables, noegletal={"pl": level, "funktioner": ["5.38.39", "5.38.52"]}) as context:
            part = noegletal.run(context)
        made = {table.name: table.rows for table in part.tables}
        assert {(r.funktioner, r.pl) for r in made["pris"]} == {("5.38.39, 5.38.52", told)}
        assert {(r.funktion, r.pl) for r in made["enkeltudgift_kontrol"]} == {("5.38.52", told)}
        for name in ("flis_noegletal", "flis_omraader"):
            assert {r.pl for r in made[name]} == {told}
        (text,) = [text for text in part.caveats if "folketallet" in text]
        assert f"i {told}." in text
        assert "5.38.39, 5.38.52; et års tal" in text


def test_an_account_on_two_codes_is_said() -> None:
    master = [{"dst_kode": code, "konto": "538521001"} for code in ("1.8.1", "1.8.2")]
    with world({"fagsystem": [], "oekonomi": [], "masteroversigt": master}) as context:
        (text,) = [text for text in noegletal.run(context).caveats if "538521001" in text]
    assert "1.8.1, 1.8.2" in text
