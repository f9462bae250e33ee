"""Which first and last days of courses lie in a judged quarter, each view of the record diff by itself."""

from __future__ import annotations

from datetime import date

import pytest
from support.alone import alone, empty

K2 = {"periode": "2020K2", "fra": date(2020, 4, 1), "til": date(2020, 6, 30)}


def day(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


@pytest.mark.parametrize(
    ("first", "last", "there"),
    [
        ("03-01", "03-31", False),
        ("03-01", "04-01", True),
        ("06-30", "07-01", True),
        ("07-01", "07-02", False),
        ("04-10", "04-10", True),
    ],
)
def test_days_with_a_judged_quarter_between_them(first: str, last: str, there: bool) -> None:
    rows = [{"foerste_dag": day(first), "sidste_dag": day(last)}] * 2
    found = alone("postdiff", "postdiff_omfang", "foerste_dag, sidste_dag", postdiff_forloeb=rows, periode=[K2])
    assert found == ([(day(first), day(last))] if there else [])


@pytest.mark.parametrize(
    ("first", "last", "own", "in_scope"),
    [
        ("04-01", "04-30", True, 1), ("04-01", "04-30", False, 0), ("04-01", "05-31", True, 0), ("04-02", "04-30", True, 0),
        ("04-30", "04-01", True, 0),
    ],
)  # fmt: skip
def test_an_equal_course_is_in_scope_by_its_own_two_days(first: str, last: str, own: bool, in_scope: int) -> None:
    """Courses from 1 to 30 April touch the quarter; the same first day with another last is another course's."""
    course = {"id": "N-1", "egen": own, "foerste_dag": day(first), "sidste_dag": day(last)}
    post = {
        **course,
        "kendt_paa_id": 1,
        "forloebsnoegle": "",
        "noegletype": "ydelse_id",
        "noegle": "N-1",
        "i_omfang": 1,
    }
    found = alone(
        "postdiff", "postdiff_noegle",
        "noegletype, noegle, i_omfang", postdiff_post=empty(**post), postdiff_skiller=[{"id": "N-2"}],
        postdiff_forloeb=[course, {**course, "id": "N-2"}],
        postdiff_omfang=[
            {"foerste_dag": day("04-01"), "sidste_dag": day("04-30")}, {"foerste_dag": day("04-30"),
            "sidste_dag": day("04-01")},
        ],
    )  # fmt: skip
    assert found == [("ydelse_id", "N-1", in_scope)]
