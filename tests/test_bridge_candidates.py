"""What each candidate for one of DST's unpublished rules would take away, at the edges of its days and persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.quick import Quick, quick_worlds

from reconcile.controls import hand07

ANNA, BO = "0101501111", "0201501112"
START = date(2020, 7, 6)


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def course(cpr: str, code: str, days: int, **more: Any) -> dict[str, Any]:
    start = more.pop("start", START)
    return {"cpr": cpr, "dst_kode": code, "start_dato": start, "slut_dato": start + timedelta(days - 1), **more}


def taken(quick: Quick, rows: list[dict[str, Any]], view: str, born: date = date(1950, 1, 1)) -> set[tuple[Any, ...]]:
    """Candidate and person, of the view, after a run with a published figure."""
    figures = [{"dst_kode": code, "periode": "2020K3", "antal": Decimal(9)} for code in {r["dst_kode"] for r in rows}]
    people = [{"cpr": cpr, "foedselsdato": born} for cpr in {r["cpr"] for r in rows}]
    context = quick({"fagsystem": rows, "hand07": figures, "borger": people}, periods="2020K3")
    assert any(table.name == "kandidater" for table in hand07.run(context).tables)
    return set(context.engine.rows(f"SELECT kandidat, cpr FROM {view}"))


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (6, {"kort_7", "kort_14", "kort_30"}), (7, {"kort_14", "kort_30"}), (13, {"kort_14", "kort_30"}),
        (14, {"kort_30"}), (29, {"kort_30"}), (30, set()),
    ],
)  # fmt: skip
def test_a_short_course_has_fewer_days_than_the_name_says(quick: Quick, days: int, names: set[str]) -> None:
    """Both of its ends are days of it."""
    assert taken(quick, [course(ANNA, "1.4", days)], "kandidat_person") == {(name, ANNA) for name in names}


def test_support_is_taken_from_whom_it_is_in_the_stay_and_from_nobody_else(quick: Quick) -> None:
    """Bo has as many days of support in the quarter as Anna, and no stay."""
    rows = [course(ANNA, "1.8.2", 60), course(ANNA, "1.12.0.2", 40), course(BO, "1.12.0.2", 40)]
    assert ("stoette_107", ANNA) in taken(quick, rows, "kandidat_person")
    assert ("stoette_107", BO) not in taken(quick, rows, "kandidat_person")
    longer = [course(ANNA, "1.8.2", 30), course(ANNA, "1.12.0.2", 40), course(BO, "1.12.0.2", 30)]
    assert not {(name, cpr) for name, cpr in taken(quick, longer, "kandidat_person") if name == "stoette_107"}


@pytest.mark.parametrize("start", [date(2020, 9, 30), date(2020, 7, 1)])
def test_a_day_at_the_end_of_the_quarter_is_enough(quick: Quick, start: date) -> None:
    """On the first day of the quarter the support ends, or on its last the support begins; the stay is around it."""
    support = course(ANNA, "1.12.0.2", 40, start=start if start.day == 30 else start - timedelta(39))
    rows = [course(ANNA, "1.8.2", 120, start=start - timedelta(60)), support]
    assert ("stoette_107", ANNA) in taken(quick, rows, "kandidat_person")


@pytest.mark.parametrize(("born", "child"), [(date(2002, 1, 1), False), (date(2002, 1, 2), True)])
def test_courses_that_are_one_begin_with_a_child_who_is_16_on_the_first_of_january(
    quick: Quick, born: date, child: bool
) -> None:
    """The first begins in 2019, when who is born on 1 January 2002 is 17 all year; the second touches it, a year later."""
    rows = [course(ANNA, "1.4", 365, start=date(2019, 7, 1)), course(ANNA, "1.4", 365, start=date(2020, 6, 30))]
    assert (("sammenlagt_barn", ANNA) in taken(quick, rows, "kandidat_person", born)) is child
