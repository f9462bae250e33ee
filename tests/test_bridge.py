"""The bridge at its boundaries, the statuses, and the published figures of 2020."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.quick import Quick, quick_worlds
from support.worlds import open_count

from reconcile.controls import hand07
from reconcile.reference import statbank_codes
from reconcile.results.rows import PartResult, Status

ANNE = "0101501111"
PUBLISHED = Path(__file__).resolve().parent.parent / "samples" / "publiceret"
QUARTERS = ("2020K1", "2020K2", "2020K3", "2020K4")

#: DST, FLIS and their difference in one kommune, 2020K1–K4, as published on FLIS' page of data validation
#: (KOMBIT, April 2022).
VALIDATION_2020 = """
1.1      160 157 159 155  160 157 159 155    0   0   0   0
1.12.0.1 120 122 121 127  121 122 122 128   -1   0  -1  -1
1.12.0.2 369 373 380 388  373 376 384 390   -4  -3  -4  -2
1.13.2     9  10  10  10    9  10  10  10    0   0   0   0
1.13.3     3   3   3   3    3   3   3   3    0   0   0   0
1.13.4   167 167 166 176  167 167 167 176    0   0  -1   0
1.17       0   0   0   0    0   0   0   0    0   0   0   0
1.18.1     0   0   2  11    0   0   2  11    0   0   0   0
1.18.2     0   0  82 118   88  86  84 119  -88 -86  -2  -1
1.3        7   8   8   8    7   8   8   8    0   0   0   0
1.4       70  74  77  76   70  74  78  76    0   0  -1   0
1.8.1     77  77  78  82   79  79  80  84   -2  -2  -2  -2
1.8.2     88  85  87  88   88  85  87  89    0   0   0  -1
"""


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def course(code: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    """A course of Anne, in the own kommune's present system unless told otherwise."""
    return {"cpr": ANNE, "dst_kode": code, "start_dato": day(start), "slut_dato": day(end), **more}


def borger(born: str | None = None, died: str | None = None, cpr: str = ANNE) -> dict[str, Any]:
    return {"cpr": cpr, "foedselsdato": day(born), "doedsdato": day(died)}


def rows(result: PartResult, name: str) -> Sequence[Any]:
    return next((table.rows for table in result.tables if table.name == name), ())


def counts(result: PartResult, code: str, step: str = "harmoniseret") -> list[int]:
    """The persons of a code after a step in the four quarters of 2020 (0 where there is no cell)."""
    found = {s.periode: s.antal for s in rows(result, "bro") if s.dst_kode == code and s.trin == step}
    return [found.get(quarter, 0) for quarter in QUARTERS]


def statuses(result: PartResult) -> dict[tuple[str, str], Status]:
    return {(c.dst_kode, c.periode): c.status for c in rows(result, "hand07_diff")}


def harmonised(result: PartResult) -> dict[str, tuple[int, int]]:
    return {h.regel: (h.fjernet, h.aendret) for h in rows(result, "harmonisering")}


class TestChildren:
    """R1: completed age < 17 on 1 January of the year the course started."""

    @pytest.mark.parametrize(("born", "counted"), [("2003-01-01", 1), ("2003-01-02", 0), ("2002-12-31", 1)])
    def test_seventeen_on_the_first_of_january_stays(self, quick: Quick, born: str, counted: int) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.1", "2020-05-01")], "borger": [borger(born)]}))
        assert counts(result, "1.1", "R1") == [0, counted, counted, counted]
        assert harmonised(result)["R1"] == (1 - counted, 0)

    def test_born_on_a_leap_day(self, quick: Quick) -> None:
        rows = [course("1.1", "2021-02-01"), course("1.4", "2022-02-01")]
        result = hand07.run(quick({"fagsystem": rows, "borger": [borger("2004-02-29")]}, periods="2021:2022"))
        found = {(s.dst_kode, s.periode): s.antal for s in result.tables[1].rows if s.trin == "R1"}
        assert found["1.1", "2021K1"] == 0
        assert found["1.4", "2022K1"] == 1

    def test_the_start_is_the_courses_own_although_the_code_came_later(self, quick: Quick) -> None:
        """Born 2002-12-31: 16 on 1 January 2019, 17 on 1 January 2020, when 1.18.2 had yet to begin."""
        rows = [course("1.18.2", "2019-06-01")]
        assert counts(hand07.run(quick({"fagsystem": rows, "borger": [borger("2002-12-31")]})), "1.18.2") == [0] * 4
        rows = [course("1.18.2", "2020-01-01")]
        result = hand07.run(quick({"fagsystem": rows, "borger": [borger("2002-12-31")]}))
        assert counts(result, "1.18.2") == [0, 0, 1, 1]

    @pytest.mark.parametrize(
        ("cpr", "counted"),
        [("0101034111", 1), ("0201034111", 0), ("6101034111", 1), ("6201034111", 0), ("0201030111", 1)],
        ids=["1 January", "2 January", "erstatningsnummer 1 January", "erstatningsnummer 2 January", "in 1903"],
    )
    def test_without_borger_the_cpr_says_when_a_person_was_born(self, quick: Quick, cpr: str, counted: int) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.1", "2020-01-01", cpr=cpr)]}))
        assert counts(result, "1.1", "R1") == [counted] * 4

    def test_borger_is_believed_before_the_cpr(self, quick: Quick) -> None:
        rows = [course("1.1", "2020-01-01", cpr="0201034111")]
        result = hand07.run(quick({"fagsystem": rows, "borger": [borger("1980-01-01", cpr="0201034111")]}))
        assert counts(result, "1.1") == [1] * 4

    def test_without_any_birth_date_the_course_stays_and_is_listed(self, quick: Quick) -> None:
        rows_in = [course("1.1", "2020-01-01", cpr="010103ABCD"), course("1.4", "2018-01-01", "2019-01-01", cpr="X")]
        result = hand07.run(quick({"fagsystem": rows_in}))
        assert counts(result, "1.1") == [1] * 4
        listed = [(u.dst_kode, u.borger, u.start_dato) for u in rows(result, "uden_foedselsdato")]
        assert listed == [("1.1", "P-DCBA301010", date(2020, 1, 1))]
        assert sum("uden fødselsdato" in text and text.startswith("1 ") for text in result.caveats) == 1

    def test_with_birth_dates_nothing_is_said_of_them(self, quick: Quick) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.1", "2020-01-01")]}))
        assert not rows(result, "uden_foedselsdato")
        assert not [text for text in result.caveats if "fødselsdato" in text]


class TestDeaths:
    """R3: the slut_dato of open courses is the day of death."""

    @pytest.mark.parametrize(
        ("died", "inclusive", "counted"),
        [
            ("2020-06-30", True, [1, 1, 0, 0]),
            ("2020-07-01", True, [1, 1, 1, 0]),
            ("2020-06-30", False, [1, 1, 0, 0]),
            ("2020-07-01", False, [1, 1, 0, 0]),
            ("2020-07-02", False, [1, 1, 1, 0]),
        ],
    )
    def test_on_the_last_and_the_first_day_of_a_quarter(
        self, quick: Quick, died: str, inclusive: bool, counted: list[int]
    ) -> None:
        tables = {"fagsystem": [course("1.1", "2019-01-01")], "borger": [borger(died=died)]}
        result = hand07.run(quick(tables, regler={"slutdato_inklusiv": inclusive}))
        assert counts(result, "1.1") == counted
        assert harmonised(result)["R3"] == (0, 1)

    @pytest.mark.parametrize(
        ("started", "inclusive", "expected"),
        [
            ("2020-05-11", True, (1, 0)),
            ("2020-05-10", True, (0, 1)),
            ("2020-05-10", False, (1, 0)),
            ("2020-05-09", False, (0, 1)),
        ],
        ids=["the day after", "the day itself", "the day itself, ends not counted", "the day before"],
    )
    def test_a_course_that_starts_about_the_day_of_death(
        self, quick: Quick, started: str, inclusive: bool, expected: tuple[int, int]
    ) -> None:
        tables = {"fagsystem": [course("1.1", started)], "borger": [borger(died="2020-05-10")]}
        result = hand07.run(quick(tables, regler={"slutdato_inklusiv": inclusive}))
        assert harmonised(result)["R3"] == expected
        assert counts(result, "1.1", "R1") == [0, 1, 1, 1]
        assert counts(result, "1.1") == [0, expected[1], 0, 0]

    def test_a_closed_course_of_a_dead_person_is_not_touched(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.1", "2020-01-01", "2020-12-31")], "borger": [borger(died="2020-03-01")]}
        result = hand07.run(quick(tables))
        assert counts(result, "1.1") == [1] * 4
        assert harmonised(result)["R3"] == (0, 0)

    def test_without_days_of_death_the_rule_is_named_as_not_run(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.1", "2020-01-01")], "borger": [borger()]}
        assert "R3" in [item.regel for item in hand07.run(quick(tables, lacks={"borger": ["doedsdato"]})).not_run]
        assert "R3" in [item.regel for item in hand07.run(quick({"fagsystem": tables["fagsystem"]})).not_run]
        assert "R3" not in [item.regel for item in hand07.run(quick(tables)).not_run]


class TestStays:
    """R2: the days of 1.12.0.2 on which the person has 1.12.0.1 or 1.8.1 leave it."""

    def support(self, quick: Quick, *stays: dict[str, Any], **tables: Any) -> tuple[list[int], tuple[int, int]]:
        """The four quarters of a 1.12.0.2 of all 2020, and R2's removed and changed courses."""
        fagsystem = [course("1.12.0.2", "2020-01-01", "2020-12-31"), *stays]
        result = hand07.run(quick({"fagsystem": fagsystem, **tables}))
        return counts(result, "1.12.0.2"), harmonised(result)["R2"]

    def test_a_stay_in_the_middle_leaves_a_stretch_before_and_one_after(self, quick: Quick) -> None:
        assert self.support(quick, course("1.8.1", "2020-04-01", "2020-09-30")) == ([1, 0, 0, 1], (0, 1))

    def test_one_day_more_in_a_quarter_is_enough_to_count(self, quick: Quick) -> None:
        assert self.support(quick, course("1.12.0.1", "2020-04-02", "2020-09-29")) == ([1, 1, 1, 1], (0, 1))

    def test_a_stay_of_the_whole_course_removes_it(self, quick: Quick) -> None:
        assert self.support(quick, course("1.8.1", "2020-01-01", "2020-12-31")) == ([0] * 4, (1, 0))

    def test_an_open_stay_takes_everything_from_its_start(self, quick: Quick) -> None:
        assert self.support(quick, course("1.12.0.1", "2020-06-30")) == ([1, 1, 0, 0], (0, 1))

    def test_two_stays_that_overlap_are_cut_once(self, quick: Quick) -> None:
        stays = [course("1.8.1", "2020-02-01", "2020-06-30"), course("1.12.0.1", "2020-03-01", "2020-10-01")]
        assert self.support(quick, *stays) == ([1, 0, 0, 1], (0, 1))

    def test_a_gap_of_one_day_between_stays_counts(self, quick: Quick) -> None:
        stays = [course("1.8.1", "2020-01-01", "2020-05-09"), course("1.8.1", "2020-05-11", "2020-12-31")]
        assert self.support(quick, *stays) == ([0, 1, 0, 0], (0, 1))

    def test_a_stay_that_touches_but_does_not_overlap_changes_nothing(self, quick: Quick) -> None:
        stays = [course("1.8.1", "2019-01-01", "2019-12-31"), course("1.8.1", "2021-01-01")]
        assert self.support(quick, *stays) == ([1] * 4, (0, 0))

    def test_another_persons_stay_does_not_block(self, quick: Quick) -> None:
        assert self.support(quick, course("1.8.1", "2020-01-01", cpr="0202602222")) == ([1] * 4, (0, 0))

    def test_a_midlertidigt_ophold_does_not_block(self, quick: Quick) -> None:
        assert self.support(quick, course("1.8.2", "2020-01-01")) == ([1] * 4, (0, 0))

    @pytest.mark.parametrize(
        "stay",
        [
            course("1.8.1", "2019-01-01", system="tidligere"),
            course("1.8.1", "2019-01-01", handlekommune="101"),
            course("1.8.1", "2020-02-01", "2020-01-01"),
        ],
        ids=["not loaded by FLIS", "another kommune's", "without a day"],
    )
    def test_a_stay_that_is_not_left_by_the_steps_before_does_not_block(
        self, quick: Quick, stay: dict[str, Any]
    ) -> None:
        assert self.support(quick, stay) == ([1] * 4, (0, 0))

    def test_a_childs_stay_is_gone_before_it_can_block(self, quick: Quick) -> None:
        """Born 2003-06-01: a child for the stay of 2019 (removed), 16 on 1 January 2020 (removed), 17 in 2021."""
        fagsystem = [course("1.12.0.2", "2021-01-01"), course("1.8.1", "2019-01-01")]
        result = hand07.run(quick({"fagsystem": fagsystem, "borger": [borger("2003-06-01")]}, periods="2021"))
        assert [c.harmoniseret for c in rows(result, "hand07_diff") if c.dst_kode == "1.12.0.2"] == [1] * 4

    def test_a_stay_blocks_only_until_the_death_that_closes_it(self, quick: Quick) -> None:
        found = self.support(quick, course("1.8.1", "2020-01-01"), borger=[borger(died="2020-04-01")])
        assert found == ([0, 1, 1, 1], (0, 1))

    def test_the_stay_itself_is_counted_as_it_is(self, quick: Quick) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.12.0.2", "2020-01-01"), course("1.8.1", "2020-04-01")]}))
        assert counts(result, "1.8.1") == [0, 1, 1, 1]


class TestLoadRuleAndValidity:
    def test_flis_loads_only_closed_courses_from_a_former_system(self, quick: Quick) -> None:
        fagsystem = [
            course("1.1", "2020-01-01", system="tidligere"),
            course("1.1", "2020-01-01", "2020-12-31", system="tidligere", cpr="0202602222"),
            course("1.1", "2020-01-01", cpr="0303703333"),
        ]
        result = hand07.run(quick({"fagsystem": fagsystem}))
        assert counts(result, "1.1", "raa") == [3] * 4
        assert counts(result, "1.1", "indlaesning") == [2] * 4
        assert {p.borger for p in rows(result, "bro_borgere")} == {"P-1111051010"}

    def test_a_course_from_before_its_code_counts_from_the_codes_first_quarter(self, quick: Quick) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.18.2", "2019-01-01")]}))
        assert counts(result, "1.18.2", "raa") == [1] * 4
        assert counts(result, "1.18.2", "gyldighed") == [0, 0, 1, 1]
        assert [statuses(result)["1.18.2", q] for q in QUARTERS] == ["kode_ikke_gyldig"] * 2 + ["mangler_dst"] * 2

    def test_a_course_that_ends_before_its_code_begins_is_dropped(self, quick: Quick) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.18.2", "2019-01-01", "2020-06-30")]}))
        assert counts(result, "1.18.2", "gyldighed") == [0] * 4

    def test_an_unknown_code_is_in_no_bridge_and_it_is_said(self, quick: Quick) -> None:
        fagsystem = [course("9.9", "2020-01-01"), course("1.1", "2020-01-01")]
        result = hand07.run(quick({"fagsystem": fagsystem}))
        assert {s.dst_kode for s in rows(result, "bro")} == {"1.1"}
        assert any("ukendt DST-kode" in text and text.startswith("1 ") for text in result.caveats)

    def test_empty_handlekommune_is_the_own_one(self, quick: Quick) -> None:
        fagsystem = [
            course("1.1", "2020-01-01", handlekommune=None),
            course("1.1", "2020-01-01", cpr="0202602222", handlekommune="101"),
        ]
        assert counts(hand07.run(quick({"fagsystem": fagsystem})), "1.1", "raa") == [1] * 4

    def test_the_population_can_be_the_betalingskommunes(self, quick: Quick) -> None:
        fagsystem = [course("1.1", "2020-01-01", handlekommune="101", betalingskommune="665")]
        assert counts(hand07.run(quick({"fagsystem": fagsystem})), "1.1", "raa") == [0] * 4
        context = quick({"fagsystem": fagsystem}, regler={"population": "betalingskommune"})
        assert counts(hand07.run(context), "1.1", "raa") == [1] * 4

    @pytest.mark.parametrize(("kommune", "counted"), [("183", 2), ("187", 1), ("101", 0)])
    def test_ishoej_reports_for_vallensbaek(self, quick: Quick, kommune: str, counted: int) -> None:
        fagsystem = [
            course("1.1", "2020-01-01", handlekommune="183"),
            course("1.1", "2020-01-01", cpr="0202602222", handlekommune="187"),
        ]
        assert counts(hand07.run(quick({"fagsystem": fagsystem}, kommune=kommune)), "1.1", "raa") == [counted] * 4

    def test_a_person_with_several_courses_counts_once(self, quick: Quick) -> None:
        fagsystem = [
            course("1.1", "2020-01-01", "2020-01-31"),
            course("1.1", "2020-02-01"),
            course("1.1", "2020-02-01"),
        ]
        assert counts(hand07.run(quick({"fagsystem": fagsystem})), "1.1") == [1] * 4


def figure(code: str, quarter: str, count: int | None, **more: Any) -> dict[str, Any]:
    return {"dst_kode": code, "periode": quarter, "antal": count, **more}


def one_cell(quick: Quick, tables: Mapping[str, Any], **options: Any) -> Any:
    """The cell of 1.1 in 2020K1."""
    cells = rows(hand07.run(quick(tables, periods="2020K1", **options)), "hand07_diff")
    return next(cell for cell in cells if cell.dst_kode == "1.1")


class TestStatus:
    """The first status that holds."""

    @pytest.mark.parametrize(
        ("dst", "own", "rest", "tolerance", "expected"),
        [
            (5, 5, 0, 0, "ens"),
            (5, 7, 0, 0, "forklaret"),
            (5, 7, -1, 1, "inden_for_tolerance"),
            (5, 7, 1, 1, "inden_for_tolerance"),
            (5, 5, 1, 1, "inden_for_tolerance"),
            (5, 7, -1, 0, "delvist_forklaret"),
            (5, 7, 1, 0, "delvist_forklaret"),
            (5, 7, -2, 0, "uforklaret"),
            (5, 7, 2, 1, "uforklaret"),
            (5, 7, -3, 0, "uforklaret"),
            (5, 5, -1, 0, "uforklaret"),
            (0, 0, 0, 0, "ens"),
            (None, 5, None, 9, "mangler_dst"),
            (None, None, None, 0, "mangler_dst"),
            (5, None, None, 9, "mangler_egen"),
            (0, None, None, 0, "mangler_egen"),
        ],
    )
    def test_by_figures(
        self, dst: int | None, own: int | None, rest: int | None, tolerance: int, expected: str
    ) -> None:
        judged = hand07.judge(valid=True, approved=True, dst=dst, own=own, rest=rest, tolerance=tolerance)
        assert judged == expected

    @pytest.mark.parametrize("figures", [(5, 5, 0), (5, 7, -2), (None, 5, None), (5, None, None)])
    def test_a_code_that_did_not_exist_wins_over_everything(self, figures: tuple[int | None, ...]) -> None:
        dst, own, rest = figures
        for approved in (True, False):
            judged = hand07.judge(valid=False, approved=approved, dst=dst, own=own, rest=rest, tolerance=9)
            assert judged == "kode_ikke_gyldig"
        assert hand07.judge(valid=True, approved=False, dst=dst, own=own, rest=rest, tolerance=9) == "ikke_godkendt"

    def test_two_errors_that_cancel_are_not_equal(self, quick: Quick) -> None:
        """Raw 1 = DST 1, but the one counted is a child: what DST should publish is 0."""
        tables = {
            "fagsystem": [course("1.1", "2020-01-01")],
            "borger": [borger("2010-01-01")],
            "hand07": [figure("1.1", "2020K1", 1)],
        }
        cell = one_cell(quick, tables)
        assert (cell.forskel_fagsystem, cell.rest, cell.status) == (0, 1, "uforklaret")

    def test_a_refusal_of_the_own_kommune_is_not_approved_anothers_is(self, quick: Quick) -> None:
        tables: dict[str, Any] = {"fagsystem": [course("1.1", "2020-01-01")], "hand07": [figure("1.1", "2020K1", 1)]}
        tables["godkendt"] = [{"kommune": "101", "periode": "2020K1", "godkendt": False}]
        assert one_cell(quick, tables).status == "ens"
        tables["godkendt"] += [{"kommune": "665", "periode": "2020K1", "godkendt": False}]
        assert one_cell(quick, tables).status == "ikke_godkendt"

    def test_empty_marked_absent_and_zero_are_four_things(self, quick: Quick) -> None:
        def cell(*published: dict[str, Any]) -> Any:
            return one_cell(quick, {"fagsystem": [course("1.1", "2020-01-01")], "hand07": list(published)})

        marked = cell(figure("1.1", "2020K1", None, antal_tekst=".."))
        empty = cell(figure("1.1", "2020K1", None, antal_tekst=""))
        absent = cell(figure("1.4", "2020K1", 3))
        zero = cell(figure("1.1", "2020K1", 0))
        assert [c.status for c in (marked, empty, absent)] == ["mangler_dst"] * 3
        assert len({c.forklaring for c in (marked, empty, absent)}) == 3
        assert "«..»" in marked.forklaring
        assert (zero.dst, zero.forskel_fagsystem, zero.status) == (0, -1, "uforklaret")

    def test_an_extract_that_has_nobody_is_zero_and_not_missing(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.4", "2020-01-01")], "hand07": [figure("1.1", "2020K1", 2)]}
        cell = one_cell(quick, tables)
        assert (cell.fagsystem, cell.harmoniseret, cell.rest, cell.status) == (0, 0, 2, "uforklaret")

    def test_an_empty_extract_is_zero_too(self, quick: Quick) -> None:
        cell = one_cell(quick, {"fagsystem": [], "hand07": [figure("1.1", "2020K1", 0)]})
        assert (cell.fagsystem, cell.status) == (0, "ens")

    def test_open_cells_are_the_partly_and_the_unexplained(self, quick: Quick) -> None:
        tables = {
            "fagsystem": [course("1.1", "2020-01-01", "2020-03-31")],
            "hand07": [figure("1.1", "2020K1", 1), figure("1.4", "2020K1", 3), figure("1.3", "2020K2", None)],
        }
        assert open_count(hand07.run(quick(tables))) == 1

    def test_without_dst_there_is_a_bridge_and_it_is_said(self, quick: Quick) -> None:
        result = hand07.run(quick({"fagsystem": [course("1.1", "2020-01-01")]}))
        assert set(statuses(result).values()) == {"mangler_dst"}
        assert "dst" not in {s.trin for s in rows(result, "bro")}
        assert any("hand07" in text for text in result.caveats)
        assert open_count(result) == 0


class TestPublishedFigures:
    def published(self, column: int) -> dict[tuple[str, str], int]:
        """The figures of DST (0), FLIS (1) or their difference (2)."""
        return {
            (code, quarter): int(figure)
            for code, *figures in (line.split() for line in VALIDATION_2020.strip().split("\n"))
            for quarter, figure in zip(QUARTERS, figures[4 * column :], strict=False)
        }

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Both sources, each in an order of its own."""
        made = {}
        for column, name in enumerate(("hand07", "flis_antal")):
            made[name] = [figure(code, quarter, n) for (code, quarter), n in self.published(column).items()]
            random.Random(column).shuffle(made[name])
        return made

    def test_the_52_differences_of_2020(self, quick: Quick) -> None:
        result = hand07.run(quick(self.tables()))
        cells = rows(result, "hand07_diff")
        assert len(cells) == 52
        assert {(c.dst_kode, c.periode): c.forskel_flis for c in cells} == self.published(2)
        assert {(c.dst_kode, c.periode): c.rest for c in cells} == self.published(2)
        assert not rows(result, "bro")

    def test_a_code_before_its_first_quarter_is_not_valid_and_not_unexplained(self, quick: Quick) -> None:
        found = statuses(hand07.run(quick(self.tables())))
        invalid = {cell for cell, status in found.items() if status == "kode_ikke_gyldig"}
        assert invalid == {(code, q) for code in ("1.18.1", "1.18.2") for q in ("2020K1", "2020K2")}
        assert found["1.18.2", "2020K3"] == "uforklaret"
        assert found["1.1", "2020K1"] == "ens"
        assert found["1.17", "2020K1"] == "ens"

    def test_the_samples_published_files_hold_these_figures(self) -> None:
        def read(name: str, columns: tuple[str, str, str]) -> dict[tuple[str, str], int]:
            with (PUBLISHED / name).open(encoding="utf-8-sig", newline="") as file:
                table = list(csv.DictReader(file, delimiter=";"))
            code, period, count = columns
            known = statbank_codes()
            keys = [known.get(row[code], row[code].split()[0]) for row in table]
            return {(key, row[period]): int(row[count]) for key, row in zip(keys, table, strict=True)}

        assert read("hand07.csv", ("YDELSESTYPE", "TID", "INDHOLD")) == self.published(0)
        assert read("flis.csv", ("dst_kode", "periode", "antal")) == self.published(1)

    def test_a_figure_on_one_side_only_is_missing_on_the_other(self, quick: Quick) -> None:
        tables = {"hand07": [figure("1.1", "2020K1", 2)], "flis_antal": [figure("1.4", "2020K1", 3)]}
        found = statuses(hand07.run(quick(tables)))
        assert found == {("1.1", "2020K1"): "mangler_egen", ("1.4", "2020K1"): "mangler_dst"}

    def test_another_kommunes_figures_are_not_looked_at(self, quick: Quick) -> None:
        tables = {
            "hand07": [figure("1.1", "2020K1", 2, kommune="665"), figure("1.1", "2020K1", 9, kommune="101")],
            "flis_antal": [figure("1.1", "2020K1", 2)],
        }
        assert one_cell(quick, tables).status == "ens"

    def test_figures_of_other_kommuner_only_are_said(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.1", "2020-01-01")], "hand07": [figure("1.1", "2020K1", 9, kommune="101")]}
        result = hand07.run(quick(tables))
        assert set(statuses(result).values()) == {"mangler_dst"}
        assert any("665" in text for text in result.caveats)

    def test_a_code_nobody_knows_is_shown_with_its_figure(self, quick: Quick) -> None:
        result = hand07.run(quick({"fagsystem": [], "hand07": [figure("9.9", "2020K1", 2)]}))
        assert statuses(result) == {("9.9", "2020K1"): "uforklaret"}
        assert "kendes ikke" in rows(result, "hand07_diff")[0].forklaring
        assert not rows(result, "bro")

    def test_other_quarters_than_the_chosen_are_not_shown(self, quick: Quick) -> None:
        tables = {"hand07": [figure("1.1", "2019K4", 2), figure("1.1", "2020K1", 2)], "flis_antal": []}
        assert list(statuses(hand07.run(quick(tables)))) == [("1.1", "2020K1")]


class TestFlis:
    def test_the_flis_extract_is_counted_when_no_figure_is_published(self, quick: Quick) -> None:
        flis = [course("1.1", "2020-01-01", "2020-03-31"), course("1.1", "2020-01-01", cpr="0202602222")]
        tables = {"flis": flis, "hand07": [figure("1.1", q, 2) for q in QUARTERS]}
        cells = rows(hand07.run(quick(tables)), "hand07_diff")
        assert [(c.flis, c.forskel_flis, c.rest) for c in cells] == [(2, 0, 0), (1, 1, 1), (1, 1, 1), (1, 1, 1)]

    def test_only_the_own_population_with_a_day_is_counted(self, quick: Quick) -> None:
        flis = [
            course("1.1", "2020-01-01"),
            course("1.1", "2020-01-01", cpr="0202602222", handlekommune="101"),
            course("1.1", "2020-02-02", "2020-02-01", cpr="0303703333"),
        ]
        assert one_cell(quick, {"flis": flis}).flis == 1

    def test_a_published_figure_comes_before_the_extract(self, quick: Quick) -> None:
        tables = {
            "flis": [course("1.1", "2020-01-01"), course("1.4", "2020-01-01")],
            "flis_antal": [figure("1.1", "2020K1", 7)],
        }
        cells = rows(hand07.run(quick(tables, periods="2020K1")), "hand07_diff")
        assert {c.dst_kode: c.flis for c in cells} == {"1.1": 7, "1.4": 1}

    def test_an_unknown_code_of_the_extract_is_counted_nowhere_and_said(self, quick: Quick) -> None:
        """Also what was never a code: a column mapped wrong must not carry a CPR number into a table."""
        result = hand07.run(quick({"flis": [course("0101501111", "2020-01-01"), course("1.1", "2020-01-01")]}))
        assert {c.dst_kode for c in rows(result, "hand07_diff")} == {"1.1"}
        assert any("ukendt DST-kode" in text for text in result.caveats)

    def test_a_published_code_that_is_a_cpr_number_is_masked(self, quick: Quick) -> None:
        result = hand07.run(quick({"hand07": [figure("0101501111", "2020K1", 1)], "flis_antal": []}))
        assert [c.dst_kode for c in rows(result, "hand07_diff")] == ["xxxxxx-xxxx"]


def test_nothing_at_all_gives_empty_tables(quick: Quick) -> None:
    result = hand07.run(quick({"hand07": [], "fagsystem": [], "flis": []}))
    assert not rows(result, "hand07_diff")
    assert not rows(result, "bro")
    assert harmonised(result) == dict.fromkeys(("R1", "R2", "R3", "i alt"), (0, 0))
