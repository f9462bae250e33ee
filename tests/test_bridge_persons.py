"""Who stands behind the bridge: whose days a step changes, the date that removes an overlap, FLIS' own days, and the listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from support.courses import ANNE, course
from support.quick import Quick, quick_worlds

from reconcile.controls import hand07, hand07_people
from reconcile.controls.hand07_bridge import _signed, four
from reconcile.world.context import Context

BO, CAI = "0202602222", "0303703333"
FORMER = {"system": "tidligere"}
Q1 = "2020K1"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def built(quick: Quick, tables: Mapping[str, Sequence[Any]], **options: Any) -> Context:
    """A world with the views of the bridge, for the first quarter of 2020 unless told otherwise."""
    context = quick(tables, periods=options.pop("periods", Q1), **options)
    context.need(hand07.bridge)
    return context


class TestChanges:
    """``bro_aendring``: the change in days, and whether the person leaves the count."""

    def changes(self, quick: Quick, *courses: dict[str, Any], **tables: Any) -> list[tuple[Any, ...]]:
        context = built(quick, {"fagsystem": courses, **tables})
        return [(p.dst_kode, p.trin, p.dage, p.dato_uden_overlap) for p in hand07_people.days_changed(context)]

    def test_nobody_whom_no_step_touches(self, quick: Quick) -> None:
        assert self.changes(quick, course("1.1", "2020-01-01"), course("1.8.1", "2020-01-01")) == []

    def test_fewer_days_are_a_change_although_the_person_still_counts(self, quick: Quick) -> None:
        """Open in the former system all of the quarter (91 days), in the present one from March (31)."""
        courses = [course("1.1", "2020-01-01", **FORMER), course("1.1", "2020-03-01")]
        assert self.changes(quick, *courses) == [("1.1", "indlaesning", -60, None)]
        assert hand07_people.leaving(built(quick, {"fagsystem": courses})) == ()

    def test_a_step_that_takes_days_another_course_still_has_changes_nothing(self, quick: Quick) -> None:
        assert self.changes(quick, course("1.1", "2020-02-01", **FORMER), course("1.1", "2020-01-01")) == []

    def test_each_step_has_its_own_part(self, quick: Quick) -> None:
        """Open from January: load rule takes 10 days of the former's; the death on 31 January the 60 after it."""
        courses = [course("1.4", "2020-01-01", **FORMER), course("1.4", "2020-01-11")]
        dead = [{"cpr": ANNE, "doedsdato": date(2020, 1, 31)}]
        assert self.changes(quick, *courses, borger=dead) == [
            ("1.4", "indlaesning", -10, None), ("1.4", "R3", -60, None),
        ]  # fmt: skip

    def test_only_in_the_quarter_that_is_touched(self, quick: Quick) -> None:
        """The stay takes the last day of March; the second quarter is left alone."""
        courses = [course("1.12.0.2", "2020-01-01", "2020-04-30"), course("1.8.1", "2020-03-31", "2020-03-31")]
        context = built(quick, {"fagsystem": courses}, periods="2020K1:2020K2")
        assert [(p.periode, p.dage) for p in hand07_people.days_changed(context)] == [(Q1, -1)]

    def test_who_leaves_at_which_step(self, quick: Quick) -> None:
        courses = [
            course("1.1", "2020-01-01", **FORMER), course("1.1", "2020-01-01", cpr=BO),
            course("1.18.2", "2020-01-01", cpr=CAI), course("1.12.0.2", "2020-01-01", cpr=CAI),
            course("1.12.0.1", "2019-01-01", cpr=CAI),
        ]  # fmt: skip
        context = built(quick, {"fagsystem": courses, "borger": [{"cpr": BO, "foedselsdato": date(2010, 1, 1)}]})
        found = [
            (p.dst_kode, p.trin, p.borger, p.aendring, p.dato_uden_overlap) for p in hand07_people.leaving(context)
        ]
        assert found == [
            ("1.1", "indlaesning", f"P-{ANNE[::-1]}", -1, None), ("1.1", "R1", f"P-{BO[::-1]}", -1, None),
            ("1.12.0.2", "R2", f"P-{CAI[::-1]}", -1, None), ("1.18.2", "gyldighed", f"P-{CAI[::-1]}", -1, None),
        ]  # fmt: skip
        assert hand07.removed_people(context)[CAI, "1.12.0.2", Q1] == "R2"
        assert hand07.step_counts(context) == [
            ("1.1", Q1, "R1", False, 1), ("1.1", Q1, "indlaesning", False, 1),
            ("1.12.0.2", Q1, "R2", False, 1), ("1.18.2", Q1, "gyldighed", False, 1),
        ]  # fmt: skip

    def test_who_leaves_in_two_quarters_stands_once_in_each(self, quick: Quick) -> None:
        """The stay of the first quarter removes all of the support there, and another all of the second's."""
        courses = [
            course("1.12.0.2", "2020-01-01", "2020-06-30"), course("1.8.1", "2020-01-01", "2020-03-31"),
            course("1.12.0.1", "2020-04-02", "2020-06-30"), course("1.8.1", "2020-04-01", "2020-04-01"),
        ]  # fmt: skip
        context = built(quick, {"fagsystem": courses}, periods="2020K1:2020K2")
        assert [(p.periode, p.trin) for p in hand07_people.leaving(context)] == [(Q1, "R2"), ("2020K2", "R2")]
        assert [(p.periode, p.dage) for p in hand07_people.days_changed(context)] == [(Q1, -91), ("2020K2", -91)]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (Fraction(1, 2), "+0,5"),
            (Fraction(-1, 2), "−0,5"),
            (Fraction(1, 3), "+0,3333"),
            (1, "+1"),
            (-1, "−1"),
            (Fraction(3, 2), "+1,5"),
        ],
    )
    def test_a_change_is_said_with_its_sign(self, change: Fraction | int, said: str) -> None:
        assert _signed(change, four) == said


class TestOverlaps:
    """The date that removes an overlap of 1.12.0.2 with a stay."""

    def dates(self, quick: Quick, *courses: dict[str, Any], periods: str = Q1) -> list[tuple[str, date | None]]:
        context = built(quick, {"fagsystem": courses}, periods=periods)
        return context.engine.rows("SELECT periode, dato_uden_overlap FROM bro_dato ORDER BY ALL")

    def test_the_support_ends_the_day_before_the_stay(self, quick: Quick) -> None:
        support = course("1.12.0.2", "2020-01-01", "2020-03-31")
        assert self.dates(quick, support, course("1.8.1", "2020-01-02", "2020-01-31")) == [(Q1, date(2020, 1, 1))]

    def test_a_stay_from_the_first_day_puts_the_support_off_until_after_it(self, quick: Quick) -> None:
        support = course("1.12.0.2", "2020-01-01", "2020-03-31")
        assert self.dates(quick, support, course("1.8.1", "2020-01-01", "2020-01-31")) == [(Q1, date(2020, 2, 1))]

    def test_a_stay_until_the_last_day_from_the_first_leaves_no_date(self, quick: Quick) -> None:
        support = course("1.12.0.2", "2020-01-01", "2020-03-31")
        assert self.dates(quick, support, course("1.8.1", "2020-01-01", "2020-03-31")) == [(Q1, None)]

    def test_the_first_of_several_dates_is_said(self, quick: Quick) -> None:
        courses = [
            course("1.12.0.2", "2020-01-01", "2020-03-31"), course("1.8.1", "2020-02-10", "2020-02-12"),
            course("1.8.1", "2020-01-20", "2020-01-21"),
        ]  # fmt: skip
        assert self.dates(quick, *courses) == [(Q1, date(2020, 1, 19))]

    def test_the_overlap_must_lie_in_the_quarter(self, quick: Quick) -> None:
        """The overlap is one day, the last of March; then one day, the first of April."""
        for day, quarter in (("2020-03-31", "2020K1"), ("2020-04-01", "2020K2")):
            courses = [course("1.12.0.2", "2020-01-01", "2020-06-30"), course("1.8.1", day, day)]
            found = self.dates(quick, *courses, periods="2020K1:2020K2")
            assert [period for period, _date in found] == [quarter]

    def test_nobody_without_support_and_stay_at_once(self, quick: Quick) -> None:
        assert self.dates(quick, course("1.12.0.2", "2020-01-01", cpr=BO), course("1.8.1", "2020-01-01")) == []


class TestFlis:
    """FLIS' own days, and the persons whose days differ from the fagsystem's."""

    def test_days_of_flis_are_merged_as_the_fagsystems_are(self, quick: Quick) -> None:
        flis = [
            course("1.1", "2020-01-01", "2020-03-31"), course("1.1", "2020-01-05", "2020-01-06"),
            course("1.1", "2020-02-01", "2020-02-02"),
            course("1.4", "2020-01-01", "2020-01-10"), course("1.4", "2020-01-10", "2020-01-12"),
            course("1.3", "2020-01-01", "2020-01-10"), course("1.3", "2020-01-12", "2020-01-12"),
            course("1.1", "2020-03-31", "2020-03-31", cpr=BO), course("1.1", "2020-04-01", cpr=CAI),
            course("1.8.1", "2020-01-01", "2019-12-31"), course("1.8.2", "2020-01-01", handlekommune="101"),
            course("9.9", "2020-01-01"),
        ]  # fmt: skip
        context = built(quick, {"flis": flis})
        persons = context.engine.rows("SELECT dst_kode, cpr, dage FROM flis_person ORDER BY ALL")
        assert persons == [("1.1", ANNE, 91), ("1.1", BO, 1), ("1.3", ANNE, 11), ("1.4", ANNE, 12)]
        counted = context.engine.rows("SELECT dst_kode, periode, antal, dage FROM flis_talt ORDER BY ALL")
        assert counted == [("1.1", Q1, 2, 92), ("1.3", Q1, 1, 11), ("1.4", Q1, 1, 12)]

    def test_a_stretch_over_two_quarters_has_the_days_of_each(self, quick: Quick) -> None:
        flis = [course("1.1", "2020-03-30", "2020-04-03"), course("1.1", "2020-06-30", "2020-07-01")]
        context = built(quick, {"flis": flis}, periods="2020K1:2020K2")
        found = context.engine.rows("SELECT periode, dage FROM flis_person ORDER BY ALL")
        assert found == [("2020K1", 2), ("2020K2", 4)]

    def test_the_causes_are_the_load_rule_a_difference_of_the_records_or_neither(self, quick: Quick) -> None:
        """Anne's former course is not loaded: 91 − 0. Bo starts 10 days later in FLIS. Cai has one course in two parts there."""
        fagsystem = [
            course("1.1", "2020-01-01", ydelse_id="A", **FORMER), course("1.1", "2020-01-01", cpr=BO, ydelse_id="B"),
            course("1.4", "2020-01-01", cpr=CAI, ydelse_id="C"),
        ]  # fmt: skip
        flis = [
            course("1.1", "2020-01-11", cpr=BO, ydelse_id="B"), course("1.4", "2020-01-01", cpr=CAI, ydelse_id="C"),
        ]  # fmt: skip
        context = built(quick, {"fagsystem": fagsystem, "flis": flis})
        found = [
            (p.borger, p.fagsystem_dage, p.flis_dage, p.forskel, p.aarsag) for p in hand07_people.flis_days(context)
        ]
        assert found == [
            (f"P-{ANNE[::-1]}", 91, 0, -91, "indlaesning"), (f"P-{BO[::-1]}", 91, 81, -10, "FL03 start_dato"),
        ]  # fmt: skip

    def test_days_that_no_rule_explains_are_a_rest(self, quick: Quick) -> None:
        """Two rows with one key on each side, of other days: neither one-sided nor a pair."""
        both = {"fagsystem": [course("1.1", "2020-01-01", "2020-01-31")], "flis": []}
        context = built(quick, both)
        assert [p.aarsag for p in hand07_people.flis_days(context)] == ["FL01"]

    def test_a_rule_about_a_course_in_another_quarter_is_no_cause(self, quick: Quick) -> None:
        """The one-sided course ends the day before the quarter; the other is 31 days in the fagsystem, 30 in FLIS."""
        fagsystem = [course("1.1", "2019-10-01", "2019-12-31"), course("1.1", "2020-01-01", "2020-01-31")]
        flis = [course("1.1", "2020-01-01", "2020-01-30")]
        context = built(quick, {"fagsystem": fagsystem, "flis": flis}, periods="2019K4:2020K1")
        found = [(p.periode, p.forskel, p.aarsag) for p in hand07_people.flis_days(context)]
        assert found == [("2019K4", -92, "FL01"), (Q1, -1, "FL03 slut_dato")]


class TestRemarks:
    """What the reader is told of where the bridge begins."""

    def said(self, quick: Quick, tables: Mapping[str, Sequence[Any]]) -> str:
        return " ".join(hand07.run(quick(tables, periods=Q1)).caveats)

    def test_only_of_flis_own_extract_is_it_said_that_the_bridge_begins_there(self, quick: Quick) -> None:
        own, figure = [course("1.1", "2020-01-01")], [{"dst_kode": "1.1", "periode": Q1, "antal": 1}]
        assert "FLIS' eget udtræk" in self.said(quick, {"flis": own, "hand07": figure})
        assert "FLIS' eget udtræk" not in self.said(quick, {"fagsystem": own, "flis": own, "hand07": figure})
        assert "FLIS' eget udtræk" not in self.said(quick, {"hand07": figure})

    def test_only_figures_without_an_extract_cannot_be_explained(self, quick: Quick) -> None:
        own, figure = [course("1.1", "2020-01-01")], [{"dst_kode": "1.1", "periode": Q1, "antal": 1}]
        assert "broen kan ikke forklare dem" in self.said(quick, {"hand07": figure})
        assert "broen kan ikke forklare dem" not in self.said(quick, {"fagsystem": own, "hand07": figure})
        assert "kilden hand07" in self.said(quick, {"fagsystem": own})
        assert "kilden hand07" not in self.said(quick, {"fagsystem": own, "hand07": figure})

    def test_figures_of_others_only_and_of_nobody_are_told_apart(self, quick: Quick) -> None:
        """A table that is empty has no rows of another kommune."""
        other = [{"dst_kode": "1.1", "periode": Q1, "antal": 1, "kommune": "101"}]
        own = [course("1.1", "2020-01-01")]
        assert "hand07 har ingen rækker for kommune 665" in self.said(quick, {"fagsystem": own, "hand07": other})
        assert "har ingen rækker for" not in self.said(quick, {"fagsystem": own, "hand07": []})
        assert "har ingen rækker for" not in self.said(
            quick, {"fagsystem": own, "hand07": [*other, {**other[0], "kommune": None}]}
        )

    def test_an_unknown_code_is_counted_by_course_of_the_own_population(self, quick: Quick) -> None:
        courses = [course("9.9", "2020-01-01"), course("8.8", "2020-01-01", cpr=BO), course("1.1", "2020-01-01")]
        assert "2 forløb har en ukendt DST-kode" in self.said(quick, {"fagsystem": courses})
        assert "ukendt DST-kode" not in self.said(quick, {"fagsystem": courses[2:]})


class TestListed:
    """``celle_borgere``: every counted person of a cell with the first course behind the count."""

    def test_the_first_course_that_touches_the_quarter_stands_behind_a_person(self, quick: Quick) -> None:
        courses = [
            course("1.1", "2019-01-01", "2019-12-31"), course("1.1", "2020-02-01"),
            course("1.1", "2020-02-01", "2020-03-01"), course("1.1", "2020-03-31", cpr=BO),
            course("1.4", "2019-01-01"), course("1.1", "2020-01-01", cpr=CAI, handlekommune="101"),
        ]  # fmt: skip
        context = built(quick, {"fagsystem": courses})
        people = hand07_people.counted(context, {("1.1", Q1)})
        assert [(p.borger, p.raekke, p.slut_dato, p.dage) for p in people] == [
            (f"P-{ANNE[::-1]}", 4, date(2020, 3, 1), 60), (f"P-{BO[::-1]}", 5, None, 1),
        ]  # fmt: skip
        assert {(p.i_fagsystem, p.i_flis, p.rettet) for p in people} == {(True, None, None)}

    def test_a_course_of_another_shown_quarter_is_not_the_one_behind_a_person(self, quick: Quick) -> None:
        """January's course is the first of all; the cell is the second quarter's."""
        courses = [course("1.1", "2020-01-01", "2020-01-31"), course("1.1", "2020-06-30", "2020-07-01")]
        context = built(quick, {"fagsystem": courses}, periods="2020K1:2020K2")
        assert [(p.periode, p.raekke) for p in hand07_people.counted(context, {("1.1", "2020K2")})] == [("2020K2", 3)]

    def test_a_person_in_two_listed_cells_stands_in_each_with_its_own_course(self, quick: Quick) -> None:
        courses = [course("1.4", "2020-02-01", "2020-02-02"), course("1.1", "2020-03-01")]
        context = built(quick, {"fagsystem": [*courses, course("1.1", "2020-01-01", cpr=BO)]})
        people = hand07_people.counted(context, {("1.1", Q1), ("1.4", Q1)})
        assert [(p.dst_kode, p.borger, p.raekke, p.dage) for p in people] == [
            ("1.1", f"P-{ANNE[::-1]}", 3, 31), ("1.1", f"P-{BO[::-1]}", 4, 91), ("1.4", f"P-{ANNE[::-1]}", 2, 2),
        ]  # fmt: skip

    def test_who_only_flis_counts_stands_with_flis_row_and_no_steps(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.1", "2020-01-01")], "flis": [course("1.1", "2020-01-01", cpr=BO)]}
        own, other = hand07_people.counted(built(quick, tables), {("1.1", Q1)})
        assert (own.kilde, own.i_fagsystem, own.i_flis, own.r2, own.dage) == ("fagsystem", True, False, True, 91)
        assert (other.kilde, other.i_fagsystem, other.i_flis, other.r2, other.dage) == ("flis", False, True, None, 0)

    def test_who_stands_in_both_extracts_has_the_steps_of_the_own_system(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.1", "2020-02-01")], "flis": [course("1.1", "2020-01-01")]}
        (person,) = hand07_people.counted(built(quick, tables), {("1.1", Q1)})
        assert (person.i_fagsystem, person.i_flis, person.kilde, person.dage) == (True, True, "fagsystem", 60)
        assert (person.indlaesning, person.gyldighed, person.r1, person.r3, person.r2) == (True,) * 5

    @pytest.mark.parametrize(
        ("passed", "code", "more", "borger"),
        [
            (0, "1.1", FORMER, {}),
            (1, "1.18.2", {}, {}),  # valid from July
            (2, "1.1", {}, {"foedselsdato": date(2010, 1, 1)}),
            (3, "1.1", {}, {"doedsdato": date(2019, 12, 31)}),
            (4, "1.12.0.2", {}, {}),  # during a stay
            (5, "1.1", {}, {}),
        ],
    )
    def test_each_step_says_whether_the_person_is_still_counted_after_it(
        self, quick: Quick, passed: int, code: str, more: dict[str, str], borger: dict[str, date]
    ) -> None:
        courses = [course(code, "2020-01-01", **more), course("1.8.1", "2020-01-01", **more)]
        tables = {"fagsystem": courses, "borger": [{"cpr": ANNE, **borger}]}
        (person,) = hand07_people.counted(built(quick, tables), {(code, Q1)})
        steps = (person.indlaesning, person.gyldighed, person.r1, person.r3, person.r2)
        assert steps == tuple(number < passed for number in range(5))
        assert person.dage == (91 if passed == 5 else 0)

    def test_no_cells_list_nobody(self, quick: Quick) -> None:
        assert hand07_people.counted(built(quick, {"fagsystem": [course("1.1", "2020-01-01")]}), set()) == ()

    def test_only_courses_that_touch_a_shown_quarter_are_listed_without_a_birth_date(self, quick: Quick) -> None:
        courses = [
            course("1.1", "2019-01-01", "2019-12-31", cpr="UKENDT1"), course("1.1", "2020-03-31", cpr="UKENDT2"),
            course("1.1", "2019-01-01", "2020-01-01", cpr="UKENDT3"), course("1.1", "2020-04-01", cpr="UKENDT4"),
            course("1.1", "2020-01-01"), course("1.1", "2020-01-01", cpr=BO),
        ]  # fmt: skip
        born = [{"cpr": BO, "foedselsdato": date(2020, 1, 2)}]
        context = built(quick, {"fagsystem": courses, "borger": born})
        listed = [p.borger for p in hand07_people.undated(context)]
        assert listed == [f"P-{BO[::-1]}", "P-2TDNEKU", "P-3TDNEKU"]
