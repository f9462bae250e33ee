"""What the bridge says of its rules: how many courses each removed and changed, and what the candidates for R4–R8 would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from support.courses import ANNE, course
from support.quick import Quick, quick_worlds

from reconcile.controls import hand07
from reconcile.controls.hand07_bridge import Cell
from reconcile.controls.hand07_candidates import candidates
from reconcile.world.context import Context

BO, CAI = "0202602222", "0303703333"
Q1 = "2020K1"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def built(quick: Quick, courses: Sequence[Any], people: Sequence[Any] = (), **options: Any) -> Context:
    tables: Mapping[str, Sequence[Any]] = {"fagsystem": courses, "borger": people}
    context = quick(tables, periods=options.pop("periods", Q1), **options)
    context.need(hand07.bridge)
    return context


def harmonised(quick: Quick, *courses: dict[str, Any], **options: Any) -> dict[str, tuple[int, int]]:
    context = built(quick, courses, **options)
    return {
        rule: (gone, cut)
        for rule, gone, cut in context.engine.rows("SELECT regel, fjernet, aendret FROM harmonisering")
    }


class TestCounted:
    """Courses removed and changed per rule, among those that touch the shown quarters."""

    def test_r2_counts_courses_not_overlaps(self, quick: Quick) -> None:
        """One course cut twice is changed once; one in a stay is removed; one beside it is neither."""
        found = harmonised(
            quick,
            course("1.12.0.2", "2020-01-01", "2020-03-31"),
            course("1.8.1", "2020-01-05", "2020-01-06"), course("1.8.1", "2020-02-05", "2020-02-06"),
            course("1.12.0.2", "2020-01-01", "2020-01-31", cpr=BO), course("1.8.1", "2020-01-01", "2020-01-31", cpr=BO),
            course("1.12.0.2", "2020-02-01", "2020-02-28", cpr=BO),
        )  # fmt: skip
        assert found == {"R1": (0, 0), "R2": (1, 1), "R3": (0, 0)}

    def test_r3_changes_open_courses_and_removes_those_that_start_after_the_death(self, quick: Quick) -> None:
        dead = [{"cpr": ANNE, "doedsdato": date(2020, 2, 1)}]
        found = harmonised(
            quick,
            course("1.1", "2020-01-01"), course("1.3", "2020-02-01"), course("1.4", "2020-02-02"),
            course("1.8.2", "2020-01-01", "2020-03-31"), course("1.1", "2020-01-01", cpr=BO),
            people=dead,
        )  # fmt: skip
        assert found == {"R1": (0, 0), "R2": (0, 0), "R3": (1, 2)}

    def test_r1_only_removes(self, quick: Quick) -> None:
        child = [{"cpr": ANNE, "foedselsdato": date(2010, 1, 1)}, {"cpr": BO, "foedselsdato": date(1960, 2, 2)}]
        courses = [course("1.1", "2020-01-01"), course("1.4", "2020-01-01"), course("1.1", "2020-01-01", cpr=BO)]
        assert harmonised(quick, *courses, people=child)["R1"] == (2, 0)

    @pytest.mark.parametrize(
        ("start", "end", "counted"),
        [
            ("2019-12-01", "2019-12-31", 0),
            ("2019-12-01", "2020-01-01", 1),
            ("2020-03-31", None, 1),
            ("2020-04-01", None, 0),
        ],
    )
    def test_a_course_must_touch_a_chosen_quarter(
        self, quick: Quick, start: str, end: str | None, counted: int
    ) -> None:
        child = [{"cpr": ANNE, "foedselsdato": date(2010, 1, 1)}]
        assert harmonised(quick, course("1.1", start, end), people=child)["R1"] == (counted, 0)

    def test_where_no_quarter_is_chosen_every_course_is_counted(self, quick: Quick) -> None:
        """The run shows the quarters from the first start; what ended in 2014 lies before the statistic."""
        child = [{"cpr": ANNE, "foedselsdato": date(2010, 1, 1)}]
        courses = [course("1.1", "2012-01-01", "2015-01-01"), course("1.1", "2020-01-01")]
        assert harmonised(quick, *courses, people=child, periods="")["R1"] == (2, 0)


class TestTaken:
    """``kandidat_person``: whom a candidate would take out of what R2 leaves."""

    def taken(self, quick: Quick, name: str, *courses: dict[str, Any], **options: Any) -> set[tuple[str, str, str]]:
        context = built(quick, courses, **options)
        query = "SELECT dst_kode, periode, cpr FROM kandidat_person WHERE kandidat = '" + name + "'"
        return {(code, period, cpr) for code, period, cpr in context.engine.rows(query)}

    def test_who_has_another_course_in_the_quarter_is_not_taken(self, quick: Quick) -> None:
        """A course of six days is short; Bo has a long one beside it."""
        short = course("1.1", "2020-01-01", "2020-01-06")
        others = [{**short, "cpr": BO}, course("1.1", "2020-03-01", "2020-05-31", cpr=BO)]
        assert self.taken(quick, "kort_7", short, *others) == {("1.1", Q1, ANNE)}

    def test_the_days_of_a_course_are_those_it_had_before_the_rules(self, quick: Quick) -> None:
        """31 days of support of which a stay leaves one: not a short course."""
        courses = [course("1.12.0.2", "2020-01-01", "2020-01-31"), course("1.8.1", "2020-01-01", "2020-01-30")]
        assert self.taken(quick, "kort_30", *courses) == set()

    @pytest.mark.parametrize(("born", "taken"), [("2002-01-01", False), ("2002-01-02", True), ("2003-01-01", True)])
    def test_eighteen_on_the_first_of_january_is_no_child(self, quick: Quick, born: str, taken: bool) -> None:
        people = [{"cpr": ANNE, "foedselsdato": date.fromisoformat(born)}]
        found = self.taken(quick, "barn_18", course("1.1", "2020-01-01"), people=people)
        assert found == ({("1.1", Q1, ANNE)} if taken else set())

    @pytest.mark.parametrize(
        ("first_end", "taken"), [("2019-12-31", True), ("2019-12-30", False), ("2020-01-15", True)]
    )
    def test_courses_that_touch_are_one_with_the_firsts_start(self, quick: Quick, first_end: str, taken: bool) -> None:
        """Born 2002-06-01: a child for a start in 2019, 17 for one in 2020. R1 has taken the first course already."""
        people = [{"cpr": ANNE, "foedselsdato": date(2002, 6, 1)}]
        courses = [course("1.1", "2019-06-01", first_end), course("1.1", "2020-01-01")]
        found = self.taken(quick, "sammenlagt_barn", *courses, people=people)
        assert found == ({("1.1", Q1, ANNE)} if taken else set())

    def test_courses_of_another_code_or_person_are_not_one(self, quick: Quick) -> None:
        people = [{"cpr": cpr, "foedselsdato": date(2002, 6, 1)} for cpr in (ANNE, BO)]
        courses = [
            course("1.4", "2019-06-01", "2019-12-31"), course("1.1", "2020-01-01"),
            course("1.1", "2019-06-01", "2019-12-31", cpr=BO),
        ]  # fmt: skip
        assert self.taken(quick, "sammenlagt_barn", *courses, people=people) == set()

    @pytest.mark.parametrize(
        ("died", "periods", "taken"),
        [("2020-03-31", "2020K2", True), ("2020-04-01", "2020K2", False), ("2019-12-31", "2020K1", True),
         ("2020-01-01", "2020K1", False), ("2019-06-01", "2020K1", True)],
    )  # fmt: skip
    def test_a_closed_course_is_gone_in_the_quarters_after_the_death(
        self, quick: Quick, died: str, periods: str, taken: bool
    ) -> None:
        """The course runs through both quarters; one that starts after the death (June 2019) is gone whole."""
        people = [{"cpr": ANNE, "doedsdato": date.fromisoformat(died)}]
        found = self.taken(
            quick, "doed_lukket", course("1.1", "2019-11-01", "2020-06-30"), people=people, periods=periods
        )
        assert found == ({("1.1", periods, ANNE)} if taken else set())

    @pytest.mark.parametrize(
        ("stays", "taken"),
        [
            ([("2020-01-01", "2020-03-31")], True), ([("2020-01-01", "2020-01-05"), ("2020-02-01", "2020-03-31")], True),
            ([("2020-02-01", "2020-03-31"), ("2020-03-20", "2020-03-31")], True), ([("2020-02-02", "2020-03-31")], False),
            ([("2020-01-01", "2020-02-20"), ("2020-02-21", "2020-03-31")], True), ([("2020-01-01", "2020-02-19")], False),
            ([("2020-01-01", "2020-01-31")], False),
        ],
    )  # fmt: skip
    def test_support_from_the_1st_to_the_20th_of_february_is_taken_when_stays_have_all_of_its_days(
        self, quick: Quick, stays: list[tuple[str, str]], taken: bool
    ) -> None:
        """A stay that ended before the support, or begins after it, has none of them."""
        courses = [course("1.12.0.2", "2020-02-01", "2020-02-20"), *(course("1.8.2", *stay) for stay in stays)]
        assert self.taken(quick, "stoette_107", *courses) == ({("1.12.0.2", Q1, ANNE)} if taken else set())

    def test_a_closed_course_that_starts_on_the_day_of_death_has_that_day(self, quick: Quick) -> None:
        people = [{"cpr": ANNE, "doedsdato": date(2020, 1, 1)}]
        found = self.taken(
            quick, "doed_lukket", course("1.1", "2020-01-01", "2020-06-30"), people=people, periods="2020K1:2020K2"
        )
        assert found == {("1.1", "2020K2", ANNE)}

    @pytest.mark.parametrize(
        ("start", "taken"), [("2020-01-01", {"2020K1", "2020K2"}), ("2020-01-02", {"2020K2"}), ("2020-04-01", {"2020K2"}),
                             ("2020-04-02", set())],
    )  # fmt: skip
    def test_a_stay_ends_when_one_of_another_code_begins(self, quick: Quick, start: str, taken: set[str]) -> None:
        """1.8.2 from December; the new stay takes the quarters that begin on its start or later."""
        courses = [course("1.8.2", "2019-12-01"), course("1.8.1", start)]
        found = self.taken(quick, "ophold_ophold", *courses, periods="2020K1:2020K2")
        assert found == {("1.8.2", period, ANNE) for period in taken}

    def test_stays_that_begin_together_or_of_one_code_or_after_the_end_end_nothing(self, quick: Quick) -> None:
        for other in (
            course("1.8.1", "2019-01-01"), course("1.8.2", "2019-06-01"), course("1.8.1", "2019-06-01", cpr=BO),
            course("1.4", "2019-06-01"),
        ):  # fmt: skip
            assert self.taken(quick, "ophold_ophold", course("1.8.2", "2019-01-01"), other) == set()
        ended = [course("1.8.2", "2019-01-01", "2020-01-15"), course("1.8.1", "2020-01-16")]
        assert self.taken(quick, "ophold_ophold", *ended) == set()

    def test_numbers_that_are_no_cpr_number(self, quick: Quick) -> None:
        """61 is day 1 of an erstatningsnummer; the 31st of February is no day."""
        courses = [course("1.1", "2020-01-01", cpr=cpr) for cpr in ("6101501111", "3102501111", ANNE, "010150A111")]
        assert self.taken(quick, "ugyldigt_cpr", *courses) == {("1.1", Q1, "3102501111")}
        assert self.taken(quick, "erstatningsnummer", *courses) == {
            ("1.1", Q1, "6101501111"),
            ("1.1", Q1, "010150A111"),
        }


class TestRanked:
    """``kandidater``: explains what is missing, breaks what agrees, and the rest is too many."""

    def ranked(self, quick: Quick, rests: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
        """Three short courses on 1.1 and one on 1.4; ``rests`` are DST's figure less the own, by code."""
        courses = [course("1.1", "2020-01-01", "2020-01-06", cpr=cpr) for cpr in (ANNE, BO, CAI)]
        context = built(quick, [*courses, course("1.4", "2020-01-01", "2020-01-06")])
        own = {"1.1": 3, "1.4": 1}
        cells = [
            Cell(code, Q1, own[code] + rest, None, None, None, {"raa": own[code], "harmoniseret": own[code]},
                 fagsystem=True, known=True, valid=True, approved=True)
            for code, rest in rests.items()
        ]  # fmt: skip
        found = candidates(context, cells)
        assert [c.plads for c in found] == list(range(1, len(found) + 1))
        return {
            c.kandidat: (c.forklarer, c.bryder, c.fjerner_for_mange, c.fjerner, c.celler_forklaret, c.celler_brudt)
            for c in found
        }

    def test_as_many_as_are_missing_are_explained(self, quick: Quick) -> None:
        """DST has three fewer on 1.1: all three short courses explain them."""
        assert self.ranked(quick, {"1.1": -3})["kort_7"] == (3, 0, 0, 3, 1, 0)

    def test_what_is_removed_beyond_the_rest_is_too_many(self, quick: Quick) -> None:
        assert self.ranked(quick, {"1.1": -1})["kort_7"] == (1, 0, 2, 3, 0, 0)

    def test_where_dst_has_more_everybody_removed_is_too_many(self, quick: Quick) -> None:
        assert self.ranked(quick, {"1.1": 1})["kort_7"] == (0, 0, 3, 3, 0, 0)

    def test_who_is_removed_from_a_cell_that_agrees_breaks_it(self, quick: Quick) -> None:
        assert self.ranked(quick, {"1.1": -3, "1.4": 0})["kort_7"] == (3, 1, 0, 4, 1, 1)

    def test_a_candidate_that_touches_nobody_is_listed_with_zeros(self, quick: Quick) -> None:
        assert self.ranked(quick, {"1.1": -3})["erstatningsnummer"] == (0, 0, 0, 0, 0, 0)

    def test_the_best_comes_first_and_without_a_compared_cell_there_is_none(self, quick: Quick) -> None:
        found = self.ranked(quick, {"1.1": -3, "1.4": 0})
        assert list(found)[:3] == ["kort_14", "kort_30", "kort_7"]
        assert self.ranked(quick, {}) == {}
