"""The days that each step of the bridge leaves of a person, counted by hand at the edges of quarters, courses and stays.

One world holds every case, each with a person of its own. 2020 has quarters of 91, 91, 92 and 92 days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import hand07

#: dst_kode, first day, last day (None: open), and what more the course has.
Written = tuple[str, str, str | None] | tuple[str, str, str | None, Mapping[str, Any]]
Days = dict[tuple[str, str], tuple[int | None, ...]]
FORMER = {"system": "tidligere"}


@dataclass(frozen=True)
class Case:
    """A person: the courses, and the days of «code quarter» after raa, indlaesning, gyldighed, R1, R3 and R2 («-»: none).

    One number stands for all six steps; a cell that is not named must not be there.
    """

    name: str
    courses: Sequence[Written]
    days: Mapping[str, str] = field(default_factory=dict)
    born: str | None = None
    died: str | None = None

    def expected(self) -> Days:
        """Cell → the six figures."""
        found: Days = {}
        for cell, text in self.days.items():
            code, quarter = cell.split()
            words = text.split()
            figures = words * 6 if len(words) == 1 else words
            found[code, quarter] = tuple(None if word == "-" else int(word) for word in figures)
        return found


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def counted(cases: Sequence[Case], **options: Any) -> dict[str, Days]:
    """Name of a case → cell → days after the six steps, of one world with all the cases."""
    people = {case.name: f"{1 + n % 28:02d}{1 + n // 28:02d}501111" for n, case in enumerate(cases)}
    courses = [
        {"cpr": people[case.name], "dst_kode": c[0], "start_dato": day(c[1]), "slut_dato": day(c[2]), **more}
        for case in cases
        for c in case.courses
        for more in c[3:] or ({},)
    ]
    persons = [
        {"cpr": people[case.name], "foedselsdato": day(case.born), "doedsdato": day(case.died)} for case in cases
    ]
    found: dict[str, Days] = {case.name: {} for case in cases}
    names = {cpr: name for name, cpr in people.items()}
    with world({"fagsystem": courses, "borger": persons}, **options) as context:
        context.need(hand07.bridge)
        for cpr, code, quarter, raw, corrected, *left in context.engine.rows(
            "SELECT cpr, dst_kode, periode, dage_1, dage_2, dage_3, dage_4, dage_5, dage_6, dage_7 FROM bro_dage"
        ):
            assert raw == corrected, "nothing has been corrected since the only delivery"
            assert (code, quarter) not in found[names[cpr]], "a person stands once in a cell"
            found[names[cpr]][code, quarter] = (raw, *left)
    return found


RAW = [
    Case("one day, the last of a quarter", [("1.1", "2020-03-31", "2020-03-31")], {"1.1 2020K1": "1"}),
    Case("one day, the first of a quarter", [("1.1", "2020-04-01", "2020-04-01")], {"1.1 2020K2": "1"}),
    Case("over the turn of a quarter", [("1.1", "2020-03-31", "2020-04-01")], {"1.1 2020K1": "1", "1.1 2020K2": "1"}),
    Case("ended the day before the year", [("1.1", "2018-01-01", "2019-12-31")]),
    Case("begins the day after the year", [("1.1", "2021-01-01", None)]),
    Case("ends on the last day of the year", [("1.1", "2020-12-31", "2020-12-31")], {"1.1 2020K4": "1"}),
    Case(
        "open since long ago",
        [("1.1", "1999-05-05", None)],
        {"1.1 2020K1": "91", "1.1 2020K2": "91", "1.1 2020K3": "92", "1.1 2020K4": "92"},
    ),
    Case("the leap day alone", [("1.1", "2020-02-29", "2020-02-29")], {"1.1 2020K1": "1"}),
    Case("over the leap day", [("1.1", "2020-02-28", "2020-03-01")], {"1.1 2020K1": "3"}),
    Case("ends before it starts", [("1.1", "2020-02-02", "2020-02-01")]),
    Case(
        "two that overlap are 31 days of January and 10 of February",
        [("1.1", "2020-01-01", "2020-01-31"), ("1.1", "2020-01-15", "2020-02-10")],
        {"1.1 2020K1": "41"},
    ),
    Case("the same course twice", [("1.1", "2020-01-01", "2020-01-31")] * 2, {"1.1 2020K1": "31"}),
    Case(
        "two that touch",
        [("1.1", "2020-01-01", "2020-01-31"), ("1.1", "2020-02-01", "2020-02-29")],
        {"1.1 2020K1": "60"},
    ),
    Case(
        "two with days between them are 10 and 6 days",
        [("1.1", "2020-01-01", "2020-01-10"), ("1.1", "2020-01-20", "2020-01-25")],
        {"1.1 2020K1": "16"},
    ),
    Case(
        "short ones within a long one add nothing",
        [("1.1", "2020-01-01", "2020-03-31"), ("1.1", "2020-01-05", "2020-01-06"), ("1.1", "2020-02-01", "2020-02-02")],
        {"1.1 2020K1": "91"},
    ),
    Case(
        "a last one that sticks out by five days",
        [("1.1", "2020-01-01", "2020-03-31"), ("1.1", "2020-02-01", "2020-02-10"), ("1.1", "2020-03-15", "2020-04-05")],
        {"1.1 2020K1": "91", "1.1 2020K2": "5"},
    ),
    Case(
        "two codes are counted apart",
        [("1.1", "2020-01-01", "2020-01-10"), ("1.4", "2020-01-06", "2020-01-25")],
        {"1.1 2020K1": "10", "1.4 2020K1": "20"},
    ),
    Case("another kommune's", [("1.1", "2020-01-01", "2020-01-10", {"handlekommune": "101"})]),
    Case(
        "another kommune's course beside an own one is no part of it",
        [("1.1", "2020-01-01", "2020-01-10", {"handlekommune": "101"}), ("1.1", "2020-01-09", "2020-01-11")],
        {"1.1 2020K1": "3"},
    ),
    Case("a code nobody knows", [("9.9", "2020-01-01", None)]),
]

LOADED = [
    Case("open in a former system", [("1.1", "2020-02-01", None, FORMER)],
         {"1.1 2020K1": "60 - - - - -", "1.1 2020K2": "91 - - - - -", "1.1 2020K3": "92 - - - - -",
          "1.1 2020K4": "92 - - - - -"}),
    Case("closed in a former system", [("1.1", "2020-02-01", "2020-02-29", FORMER)], {"1.1 2020K1": "29"}),
    Case("moved to the present system in February, and left open in the former until it was closed there",
         [("1.1", "2020-01-01", "2020-01-31", FORMER), ("1.1", "2020-02-01", "2020-03-31")], {"1.1 2020K1": "91"}),
    Case("open in the former system and from March in the present",
         [("1.1", "2020-01-01", None, FORMER), ("1.1", "2020-03-01", "2020-03-31")],
         {"1.1 2020K1": "91 31 31 31 31 31", "1.1 2020K2": "91 - - - - -", "1.1 2020K3": "92 - - - - -",
          "1.1 2020K4": "92 - - - - -"}),
]  # fmt: skip

VALID = [
    Case("the day before the code's first and the first", [("1.18.2", "2020-06-30", "2020-07-01")],
         {"1.18.2 2020K2": "1 1 - - - -", "1.18.2 2020K3": "1"}),
    Case("ends the day before the code's first", [("1.18.2", "2020-06-01", "2020-06-30")],
         {"1.18.2 2020K2": "30 30 - - - -"}),
    Case("begins on the code's first day", [("1.18.2", "2020-07-01", "2020-07-02")], {"1.18.2 2020K3": "2"}),
    Case("a code of 2024 in 2020", [("1.18.3", "2020-01-01", "2020-01-31")], {"1.18.3 2020K1": "31 31 - - - -"}),
]  # fmt: skip

CHILDREN = [
    Case("16 on 1 January of the start", [("1.1", "2020-01-01", "2020-01-31")], {"1.1 2020K1": "31 31 31 - - -"},
         born="2003-01-02"),
    Case("17 on 1 January of the start", [("1.1", "2020-01-01", "2020-01-31")], {"1.1 2020K1": "31"},
         born="2003-01-01"),
    Case("the course of the child goes, the adult's stays: 29 + 31 days",
         [("1.1", "2019-06-01", "2020-02-10"), ("1.1", "2020-02-01", "2020-03-31")],
         {"1.1 2020K1": "91 91 91 60 60 60"}, born="2002-06-01"),
    Case("born on the day the course starts", [("1.1", "2020-01-01", "2020-01-31")],
         {"1.1 2020K1": "31 31 31 - - -"}, born="2020-01-01"),
    Case("born the day after it starts", [("1.1", "2020-01-01", "2020-01-31")], {"1.1 2020K1": "31"},
         born="2020-01-02"),
    Case("17 in the year after the one the course starts in", [("1.4", "2020-12-31", "2020-12-31")],
         {"1.4 2020K4": "1 1 1 - - -"}, born="2003-12-31"),
]  # fmt: skip

DEATHS = [
    Case("an open course until the leap day", [("1.1", "2020-01-01", None)],
         {"1.1 2020K1": "91 91 91 91 60 60", "1.1 2020K2": "91 91 91 91 - -", "1.1 2020K3": "92 92 92 92 - -",
          "1.1 2020K4": "92 92 92 92 - -"}, died="2020-02-29"),
    Case("a closed course stays as it is", [("1.1", "2020-01-01", "2020-03-31")], {"1.1 2020K1": "91"},
         died="2020-02-29"),
    Case("an open course that starts on the day of death", [("1.1", "2020-12-30", None)],
         {"1.1 2020K4": "2 2 2 2 1 1"}, died="2020-12-30"),
    Case("an open course that starts after the death", [("1.1", "2020-12-31", None)],
         {"1.1 2020K4": "1 1 1 1 - -"}, died="2020-12-30"),
    Case("the death lies after the year", [("1.1", "2020-12-01", None)], {"1.1 2020K4": "31"}, died="2021-01-01"),
    Case("open and closed of one code: 10 days beyond the death are the closed one's",
         [("1.1", "2020-10-01", None), ("1.1", "2020-10-11", "2020-10-20")], {"1.1 2020K4": "92 92 92 92 20 20"},
         died="2020-10-10"),
]  # fmt: skip

SUPPORT = ("1.12.0.2", "2020-01-01", "2020-01-31")
STAYS = [
    Case("a stay from the day after", [SUPPORT, ("1.8.1", "2020-02-01", "2020-02-10")],
         {"1.12.0.2 2020K1": "31", "1.8.1 2020K1": "10"}),
    Case("a stay from its last day", [SUPPORT, ("1.8.1", "2020-01-31", "2020-02-10")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 30", "1.8.1 2020K1": "11"}),
    Case("a stay until the day before", [SUPPORT, ("1.8.1", "2019-12-01", "2019-12-31")], {"1.12.0.2 2020K1": "31"}),
    Case("a stay until its first day", [SUPPORT, ("1.12.0.1", "2019-12-01", "2020-01-01")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 30", "1.12.0.1 2020K1": "1"}),
    Case("a stay of the same days", [SUPPORT, ("1.12.0.1", "2020-01-01", "2020-01-31")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 -", "1.12.0.1 2020K1": "31"}),
    Case("a stay that leaves the last day", [SUPPORT, ("1.12.0.1", "2020-01-01", "2020-01-30")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 1", "1.12.0.1 2020K1": "30"}),
    Case("a stay that leaves the first day", [SUPPORT, ("1.12.0.1", "2020-01-02", "2020-01-31")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 1", "1.12.0.1 2020K1": "30"}),
    Case("two stays that touch take 20 days", [SUPPORT, ("1.8.1", "2020-01-01", "2020-01-10"),
                                              ("1.12.0.1", "2020-01-11", "2020-01-20")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 11", "1.8.1 2020K1": "10", "1.12.0.1 2020K1": "10"}),
    Case("two stays with a day between them", [SUPPORT, ("1.8.1", "2020-01-01", "2020-01-10"),
                                              ("1.8.1", "2020-01-12", "2020-01-31")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 1", "1.8.1 2020K1": "30"}),
    Case("a stay in the middle and one from the last day: 31 − 3 − 1", [SUPPORT, ("1.8.1", "2020-01-10", "2020-01-12"),
                                                                       ("1.12.0.1", "2020-01-31", "2020-02-10")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 27", "1.8.1 2020K1": "3", "1.12.0.1 2020K1": "11"}),
    Case("a stay until the first day and one in the middle: 31 − 1 − 3", [SUPPORT, ("1.8.1", "2019-12-01", "2020-01-01"),
                                                                         ("1.12.0.1", "2020-01-10", "2020-01-12")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 27", "1.8.1 2020K1": "1", "1.12.0.1 2020K1": "3"}),
    Case("a stay within a stay takes no more", [SUPPORT, ("1.8.1", "2020-01-05", "2020-01-24"),
                                               ("1.12.0.1", "2020-01-10", "2020-01-12")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 11", "1.8.1 2020K1": "20", "1.12.0.1 2020K1": "3"}),
    Case("three stays leave four stretches: 31 − 3 − 1 − 1", [SUPPORT, ("1.8.1", "2020-01-10", "2020-01-12"),
                                                             ("1.8.1", "2020-01-20", "2020-01-20"),
                                                             ("1.8.1", "2020-01-30", "2020-01-30")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 26", "1.8.1 2020K1": "5"}),
    Case("two courses of support that overlap, and a stay in both: 41 − 7",
         [SUPPORT, ("1.12.0.2", "2020-01-20", "2020-02-10"), ("1.8.1", "2020-01-25", "2020-01-31")],
         {"1.12.0.2 2020K1": "41 41 41 41 41 34", "1.8.1 2020K1": "7"}),
    Case("the stay of a former system that FLIS does not load", [SUPPORT, ("1.8.1", "2020-01-10", None, FORMER)],
         {"1.12.0.2 2020K1": "31", "1.8.1 2020K1": "82 - - - - -", "1.8.1 2020K2": "91 - - - - -",
          "1.8.1 2020K3": "92 - - - - -", "1.8.1 2020K4": "92 - - - - -"}),
    Case("a stay that ends with the death gives the days after it back", [SUPPORT, ("1.8.1", "2020-01-10", None)],
         {"1.12.0.2 2020K1": "31 31 31 31 31 30", "1.8.1 2020K1": "82 82 82 82 1 1",
          "1.8.1 2020K2": "91 91 91 91 - -", "1.8.1 2020K3": "92 92 92 92 - -", "1.8.1 2020K4": "92 92 92 92 - -"},
         died="2020-01-10"),
    Case("support and stay over the turn of a quarter",
         [("1.12.0.2", "2020-03-01", "2020-04-30"), ("1.8.1", "2020-03-31", "2020-04-01")],
         {"1.12.0.2 2020K1": "31 31 31 31 31 30", "1.12.0.2 2020K2": "30 30 30 30 30 29",
          "1.8.1 2020K1": "1", "1.8.1 2020K2": "1"}),
    Case("a stay of no use to another code", [("1.4", "2020-01-01", "2020-01-31"), ("1.8.1", "2020-01-01", "2020-01-31")],
         {"1.4 2020K1": "31", "1.8.1 2020K1": "31"}),
    Case("a midlertidigt ophold beside support", [SUPPORT, ("1.8.2", "2020-01-01", "2020-01-31")],
         {"1.12.0.2 2020K1": "31", "1.8.2 2020K1": "31"}),
]  # fmt: skip

CASES = [*RAW, *LOADED, *VALID, *CHILDREN, *DEATHS, *STAYS]


@cache
def inclusive() -> dict[str, Days]:
    return counted(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_step_leaves_the_days_that_are_counted_by_hand(case: Case) -> None:
    assert inclusive()[case.name] == case.expected()


#: With ``slutdato_inklusiv = false`` the end is the first day without the ydelse.
EXCLUSIVE = [
    Case("starts and ends on one day", [("1.1", "2020-01-01", "2020-01-01")]),
    Case("one day", [("1.1", "2020-03-31", "2020-04-01")], {"1.1 2020K1": "1"}),
    Case("ends on the first of a quarter", [("1.1", "2020-03-01", "2020-04-01")], {"1.1 2020K1": "31"}),
    Case("ends on the second of a quarter", [("1.1", "2020-03-01", "2020-04-02")],
         {"1.1 2020K1": "31", "1.1 2020K2": "1"}),
    Case("open until the death, which is no day of it", [("1.1", "2020-12-01", None)],
         {"1.1 2020K4": "31 31 31 31 30 30"}, died="2020-12-31"),
    Case("starts on the day of death", [("1.1", "2020-12-31", None)], {"1.1 2020K4": "1 1 1 1 - -"},
         died="2020-12-31"),
    Case("a stay from the day the support ends", [("1.12.0.2", "2020-01-01", "2020-01-31"),
                                                 ("1.8.1", "2020-01-31", "2020-02-01")],
         {"1.12.0.2 2020K1": "30", "1.8.1 2020K1": "1"}),
    Case("one course that ends where the next begins", [("1.1", "2020-01-01", "2020-01-31"),
                                                       ("1.1", "2020-01-31", "2020-02-10")], {"1.1 2020K1": "40"}),
]  # fmt: skip


@cache
def exclusive() -> dict[str, Days]:
    return counted(EXCLUSIVE, regler={"slutdato_inklusiv": False})


@pytest.mark.parametrize("case", EXCLUSIVE, ids=lambda case: case.name)
def test_an_end_that_is_no_day_of_the_course_is_counted_nowhere(case: Case) -> None:
    assert exclusive()[case.name] == case.expected()


#: A run on 1 February 2020: of a birth that is still to come no age is made (VH18).
BORN = [
    Case("born today", [("1.1", "2020-02-01", "2020-02-10")], {"1.1 2020K1": "10 10 10 - - -"}, born="2020-02-01"),
    Case("born tomorrow", [("1.1", "2020-02-03", "2020-02-10")], {"1.1 2020K1": "8"}, born="2020-02-02"),
]


@cache
def in_february() -> dict[str, Days]:
    return counted(BORN, today=date(2020, 2, 1))


@pytest.mark.parametrize("case", BORN, ids=lambda case: case.name)
def test_a_child_is_one_from_the_day_it_is_born(case: Case) -> None:
    assert in_february()[case.name] == case.expected()
