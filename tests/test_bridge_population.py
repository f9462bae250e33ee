"""Whose courses the bridge counts: the handlekommune's or the betalingskommune's, and those of a kommune that is reported for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import hand07

START, END = date(2020, 1, 1), date(2020, 1, 31)


def course(n: int, code: str = "1.1", **more: Any) -> dict[str, Any]:
    return {"cpr": f"{n:02d}01501111", "dst_kode": code, "start_dato": START, "slut_dato": END, **more}


def own(courses: Sequence[dict[str, Any]], column: str = "egen", **options: Any) -> list[int]:
    """The numbers of the courses that are own ones in that sense."""
    with world({"fagsystem": courses}, **options) as context:
        query = f"SELECT cpr FROM forloeb WHERE {column} ORDER BY cpr"
        return [int(cpr[:2]) for (cpr,) in context.engine.rows(query)]


#: handlekommune and betalingskommune of the courses 1–6, for a run of 665.
SIX = [
    course(1), course(2, handlekommune="665"), course(3, handlekommune="101"),
    course(4, betalingskommune="101"), course(5, handlekommune="101", betalingskommune="665"),
    course(6, handlekommune="665", betalingskommune="101"),
]  # fmt: skip


def test_an_empty_handlekommune_is_the_own_one_and_an_empty_betalingskommune_the_handlekommune() -> None:
    assert own(SIX) == [1, 2, 4, 6]
    assert own(SIX, "egen_betaler") == [1, 2, 5]


def test_with_the_population_of_the_payer_both_are_the_payers() -> None:
    by_payer: dict[str, Any] = {"regler": {"population": "betalingskommune"}}
    assert own(SIX, **by_payer) == own(SIX, "egen_betaler", **by_payer) == [1, 2, 5]


@pytest.mark.parametrize("column", ["egen", "egen_betaler"])
def test_ishoej_reports_for_vallensbaek_but_not_section_95_and_96(column: str) -> None:
    """1.17 is § 95 and 1.13.2 § 96; Ishøj's own courses on them are its own."""
    courses = [
        course(1, "1.1", handlekommune="187"), course(2, "1.17", handlekommune="187"),
        course(3, "1.13.2", handlekommune="187"), course(4, "1.13.4", handlekommune="187"),
        course(5, "1.17", handlekommune="183"), course(6, "1.13.2"), course(7, "1.1", handlekommune="101"),
    ]  # fmt: skip
    assert own(courses, column, kommune="183") == [1, 4, 5, 6]


def test_a_code_that_only_begins_as_an_excepted_one_is_reported_for() -> None:
    """1.1 begins as 1.17 does, and 1.13.2 stands last in the list of what is excepted."""
    courses = [course(n, code, handlekommune="187") for n, code in enumerate(["1.1", "1.13", "1.13.2", "13.2"], 1)]
    assert own(courses, kommune="183") == [1, 2, 4]


def test_taarnby_reports_for_dragoer_whatever_the_code() -> None:
    courses = [course(1, "1.17", handlekommune="155"), course(2, "1.1", handlekommune="155"), course(3)]
    assert own(courses, kommune="185") == [1, 2, 3]


def test_who_is_reported_for_does_not_report_back() -> None:
    assert own([course(1, handlekommune="183"), course(2, handlekommune="187")], kommune="187") == [2]


def test_the_two_ends_of_a_course_can_belong_to_two_kommuner() -> None:
    """Ishøj handles, Vallensbæk pays for a § 95: Ishøj's own in the statistics, not in the ledger."""
    courses = [course(1, "1.17", handlekommune="183", betalingskommune="187")]
    assert own(courses, kommune="183") == [1]
    assert own(courses, "egen_betaler", kommune="183") == []


def test_the_bridge_counts_the_populations_courses_only() -> None:
    with world({"fagsystem": SIX}) as context:
        context.need(hand07.bridge)
        assert context.engine.rows("SELECT raa, harmoniseret FROM bro_antal WHERE periode = '2020K1'") == [(4, 4)]
    with world({"fagsystem": SIX}, regler={"population": "betalingskommune"}) as context:
        context.need(hand07.bridge)
        assert context.engine.rows("SELECT raa, harmoniseret FROM bro_antal WHERE periode = '2020K1'") == [(3, 3)]


def test_an_open_course_is_active_until_the_end_of_time_and_a_closed_one_until_its_end() -> None:
    courses = [course(1), {**course(2), "slut_dato": None}]
    query = "SELECT foerste_dag, sidste_dag, aaben FROM forloeb ORDER BY cpr"
    with world({"fagsystem": courses}) as context:
        assert context.engine.rows(query) == [(START, END, False), (START, date(9999, 12, 31), True)]
    with world({"fagsystem": courses}, regler={"slutdato_inklusiv": False}) as context:
        assert context.engine.rows(query) == [(START, date(2020, 1, 30), False), (START, date(9999, 12, 31), True)]


def test_a_person_has_the_birth_of_borger_else_of_the_cpr_and_the_latest_where_there_are_two() -> None:
    people: list[dict[str, Any]] = [
        {"cpr": "0101501111", "foedselsdato": date(1949, 12, 31), "doedsdato": date(2020, 1, 1)},
        {"cpr": "0101501111", "foedselsdato": date(1950, 1, 2), "doedsdato": date(2020, 1, 2)},
        {"cpr": "0401501111"},
    ]
    tables = {"fagsystem": [course(1), course(2), course(2)], "flis": [course(3)], "borger": people}
    with world(tables) as context:
        found = context.engine.rows("SELECT cpr, klasse, foedselsdato, doedsdato FROM person ORDER BY cpr")
    assert found == [
        ("0101501111", "gyldigt", date(1950, 1, 2), date(2020, 1, 2)),
        ("0201501111", "gyldigt", date(1950, 1, 2), None),
        ("0301501111", "gyldigt", date(1950, 1, 3), None),
        ("0401501111", "gyldigt", date(1950, 1, 4), None),
    ]


def test_published_figures_are_those_of_the_own_kommune_and_rows_that_say_the_same_are_one() -> None:
    one = {"dst_kode": "1.1", "periode": "2020K1", "antal": 3, "kommune": "665"}
    tables: dict[str, list[dict[str, Any]]] = {
        "hand07": [
            {**one, "fil": "b.csv"}, {**one, "fil": "a.csv", "raekke": 9, "kommune": None},
            {**one, "antal": 8, "kommune": "101"}, {**one, "periode": "2020K2", "antal": None, "antal_tekst": ".."},
        ],
        "flis_antal": [one],
    }  # fmt: skip
    with world(tables) as context:
        query = "SELECT kilde, periode, antal, antal_tekst, fil, raekke, gange FROM offentliggjort ORDER BY ALL"
        assert context.engine.rows(query) == [
            ("flis_antal", "2020K1", 3, None, "flis_antal.csv", 2, 1),
            ("hand07", "2020K1", 3, None, "a.csv", 9, 2),
            ("hand07", "2020K2", None, "..", "hand07.csv", 5, 1),
        ]
