"""The record diff at its edges: the days that touch a quarter, the key a course is known by, and what each rule shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.ottetal import ANNA, BENT, course
from support.quick import Quick, quick_worlds

from reconcile.controls import postdiff
from reconcile.results.rows import PartResult

ONE = course(ANNA, "1.4", "2020-01-01", "2020-03-31", ydelse_id="N-1")
K1 = "2020K1"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def day(text: str) -> date:
    return date.fromisoformat(text)


def run(
    quick: Quick, own: Sequence[Mapping[str, Any]], flis: Sequence[Mapping[str, Any]], periods: str = K1, **options: Any
) -> PartResult:
    return postdiff.run(quick({"fagsystem": own, "flis": flis}, periods=periods, **options))


def told(result: PartResult) -> list[tuple[Any, ...]]:
    """Rule, key, field, fagsystem, FLIS."""
    return [(r.regel, r.noegle, r.felt, r.fagsystem, r.flis) for r in result.tables[0].rows]


class TestScope:
    @pytest.mark.parametrize(
        ("start", "end", "there"),
        [
            ("2020-01-01", "2020-01-01", True), ("2019-01-01", "2020-01-01", True), ("2019-01-01", "2019-12-31", False),
            ("2020-03-31", None, True), ("2020-04-01", None, False), ("2020-02-02", "2020-02-01", False),
            ("2001-01-01", None, True),
        ],
    )  # fmt: skip
    def test_a_course_with_a_day_in_a_judged_quarter(
        self, quick: Quick, start: str, end: str | None, there: bool
    ) -> None:
        assert bool(told(run(quick, [course(ANNA, "1.4", start, end, ydelse_id="N-1")], []))) is there

    def test_between_two_judged_quarters_there_is_none(self, quick: Quick) -> None:
        """The first and the third quarter are judged; the course lies in the second."""
        context = quick({"fagsystem": [course(ANNA, "1.4", "2020-04-01", "2020-06-30")], "flis": []}, periods="2020")
        context.engine.run("DELETE FROM periode WHERE periode IN ('2020K2', '2020K4')")
        assert told(postdiff.run(context)) == []

    def test_one_side_in_scope_is_enough_to_be_compared(self, quick: Quick) -> None:
        later = {**ONE, "start_dato": day("2020-04-01"), "slut_dato": day("2020-04-30")}
        assert [row[:3] for row in told(run(quick, [ONE], [later]))] == [
            ("FL03", "N-1", "slut_dato"),
            ("FL03", "N-1", "start_dato"),
        ]
        assert told(run(quick, [later], [{**later, "slut_dato": None}])) == []

    @pytest.mark.parametrize(
        ("system", "end", "there"),
        [("tidligere", None, False), ("tidligere", day("2020-03-31"), True), ("nuvaerende", None, True)],
    )
    def test_the_load_rule_is_the_fagsystems_only(
        self, quick: Quick, system: str, end: date | None, there: bool
    ) -> None:
        former = {**ONE, "system": system, "slut_dato": end}
        assert [row[0] for row in told(run(quick, [former], []))] == (["FL01"] if there else [])
        assert [row[0] for row in told(run(quick, [], [former]))] == ["FL02"]

    def test_the_end_is_no_day_where_ends_are_exclusive(self, quick: Quick) -> None:
        until = course(ANNA, "1.4", "2019-01-01", "2020-01-01", ydelse_id="N-1")
        assert told(run(quick, [until], [])) != []
        assert told(run(quick, [until], [], regler={"slutdato_inklusiv": False})) == []


class TestKeys:
    def test_an_id_on_both_sides_pairs_whatever_else_differs(self, quick: Quick) -> None:
        other = {**ONE, "cpr": BENT, "dst_kode": "1.1", "start_dato": day("2020-01-02")}
        assert [row[2:] for row in told(run(quick, [ONE], [other]))] == [
            ("cpr", f"P-{ANNA[::-1]}", f"P-{BENT[::-1]}"), ("dst_kode", "1.4", "1.1"),
            ("start_dato", "2020-01-01", "2020-01-02"),
        ]  # fmt: skip

    def test_an_id_on_one_side_only_falls_back_to_person_code_and_start(self, quick: Quick) -> None:
        found = told(run(quick, [ONE], [{**ONE, "ydelse_id": "M-9"}]))
        assert found == [("FL03", f"P-{ANNA[::-1]} 1.4 2020-01-01", "ydelse_id", "N-1", "M-9")]

    def test_courses_whose_ids_nobody_answers_to_are_known_by_their_own(self, quick: Quick) -> None:
        """Two of one start on the same side are two courses, not a key that stands twice."""
        both = [ONE, {**ONE, "ydelse_id": "N-2"}]
        assert [row[:2] for row in told(run(quick, both, []))] == [("FL01", "N-1"), ("FL01", "N-2")]
        assert [row[:2] for row in told(run(quick, [], both))] == [("FL02", "N-1"), ("FL02", "N-2")]

    def test_without_ids_two_of_one_start_are_a_key_that_stands_twice(self, quick: Quick) -> None:
        bare = {**ONE, "ydelse_id": None}
        assert [row[0] for row in told(run(quick, [bare, bare], [bare]))] == ["FL04"]
        assert [row[0] for row in told(run(quick, [bare], [bare, bare]))] == ["FL04"]
        assert [row[0] for row in told(run(quick, [bare, bare], [bare, bare]))] == ["FL04"]
        assert told(run(quick, [bare], [bare])) == []

    @pytest.mark.parametrize(
        "other", [{"cpr": BENT}, {"dst_kode": "1.1"}, {"start_dato": date(2020, 1, 2)}], ids=["person", "code", "start"]
    )
    def test_without_ids_another_person_code_or_start_is_another_course(
        self, quick: Quick, other: dict[str, Any]
    ) -> None:
        bare = {**ONE, "ydelse_id": None}
        assert [row[0] for row in told(run(quick, [bare], [{**bare, **other}]))] == ["FL01", "FL02"]

    def test_an_id_that_stands_twice_on_a_side_is_named_with_both_spans_although_all_are_equal(
        self, quick: Quick
    ) -> None:
        found = told(run(quick, [ONE, ONE], [ONE]))
        assert found == [("FL04", "N-1", None, "2020-01-01/2020-03-31, 2020-01-01/2020-03-31", "2020-01-01/2020-03-31")]

    def test_a_column_of_ids_on_one_side_only_is_not_used(self, quick: Quick) -> None:
        result = run(quick, [ONE], [{**ONE, "ydelse_id": None}], lacks={"flis": ["ydelse_id"]})
        assert told(result) == []
        assert any("ikke ydelse_id begge to" in text for text in result.caveats)


class TestFields:
    @pytest.mark.parametrize(
        ("field", "before", "after"),
        [
            ("slut_dato", day("2020-03-31"), day("2020-03-30")), ("slut_dato", None, day("2020-03-31")), ("tilbud", "A", "a"),
            ("tilbud", None, "A"),
            ("funktionsvurdering", "A", "B"), ("betalingskommune", None, "665"), ("afdeling", "x", None),
            ("maalgruppe", "1.1", "1.1|2"),
            ("maalgruppe", None, "2"), ("handlekommune", "101", None), ("system", "nuvaerende", "tidligere"),
        ],
    )  # fmt: skip
    def test_a_field_that_differs_is_a_row_of_one_finding(
        self, quick: Quick, field: str, before: Any, after: Any
    ) -> None:
        base = {**ONE, "slut_dato": day("2020-03-31")}
        result = run(quick, [{**base, field: before}], [{**base, field: after}])
        assert [(row[0], row[2]) for row in told(result)] == [("FL03", field)]
        assert [finding.vaerdi for finding in result.findings] == [field]

    @pytest.mark.parametrize(
        ("field", "before", "after"),
        [
            ("maalgruppe", "2|1.1", "1.1|2"),
            ("handlekommune", None, "665"),
            ("handlekommune", "665", None),
            ("tilbud", None, None),
        ],
    )
    def test_what_means_the_same_is_no_difference(self, quick: Quick, field: str, before: Any, after: Any) -> None:
        assert told(run(quick, [{**ONE, field: before}], [{**ONE, field: after}])) == []

    def test_several_fields_are_named_in_the_value_in_the_order_of_the_columns(self, quick: Quick) -> None:
        other = {**ONE, "tilbud": "B", "slut_dato": None, "maalgruppe": "2"}
        (finding,) = run(quick, [ONE], [other]).findings
        assert finding.vaerdi == "slut_dato, maalgruppe, tilbud"
        assert (finding.kilde, finding.fil, finding.raekke) == ("flis", "flis.csv", 2)


class TestFindings:
    def test_a_duplicate_says_how_often_and_lies_on_the_side_that_has_it(self, quick: Quick) -> None:
        three = [{**ONE, "raekke": n} for n in (9, 7, 8)]
        (finding,) = run(quick, three, [ONE]).findings
        assert (finding.vaerdi, finding.kilde, finding.raekke) == (3, "fagsystem", 7)
        (finding,) = run(quick, [ONE], three).findings
        assert (finding.vaerdi, finding.kilde, finding.raekke) == (3, "flis", 7)
        (finding,) = run(quick, three, three[:2]).findings
        assert (finding.vaerdi, finding.kilde) == (3, "flis")

    def test_one_sided_courses_are_said_to_lack_in_flis_with_the_row_that_is_there(self, quick: Quick) -> None:
        (own,) = run(quick, [{**ONE, "raekke": 44}], []).findings
        assert (own.regel, own.kilde, own.fil, own.raekke, own.vaerdi) == ("FL01", "flis", "fagsystem.csv", 44, None)
        (other,) = run(quick, [], [{**ONE, "raekke": 45}]).findings
        assert (other.regel, other.fil, other.raekke) == ("FL02", "flis.csv", 45)

    def test_only_the_chosen_codes_are_shown(self, quick: Quick) -> None:
        both = [ONE, {**ONE, "dst_kode": "1.1", "ydelse_id": "N-2"}]
        context = replace(quick({"fagsystem": both, "flis": []}, periods=K1), codes=frozenset({"1.1"}))
        result = postdiff.run(context)
        assert [row[1] for row in told(result)] == ["N-2"]
        assert [finding.dst_kode for finding in result.findings] == ["1.1"]

    def test_the_rules_that_touch_a_person_and_code_with_the_days_they_are_about(self, quick: Quick) -> None:
        """Changed: both courses; FL01: the own one."""
        own = [ONE, course(BENT, "1.1", "2020-02-01", None, ydelse_id="N-2")]
        context = quick({"fagsystem": own, "flis": [{**ONE, "slut_dato": day("2020-03-01")}]}, periods=K1)
        found = postdiff.touched(context)
        assert [(t.rule, t.first, t.last, t.fields) for t in found[ANNA, "1.4"]] == [
            ("FL03", day("2020-01-01"), day("2020-03-31"), ("slut_dato",)),
            ("FL03", day("2020-01-01"), day("2020-03-01"), ("slut_dato",)),
        ]  # fmt: skip
        assert [(t.rule, t.first, t.last) for t in found[BENT, "1.1"]] == [
            ("FL01", day("2020-02-01"), day("9999-12-31"))
        ]

    def test_without_both_extracts_nothing_is_touched(self, quick: Quick) -> None:
        assert postdiff.touched(quick({"fagsystem": [ONE]}, periods=K1)) == {}
        assert postdiff.touched(quick({"flis": [ONE]}, periods=K1)) == {}
