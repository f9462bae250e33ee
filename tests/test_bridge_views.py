"""The views of the bridge by themselves, where some quarters rest on an earlier delivery (udgave 1) than this one (udgave 0)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from support.alone import alone, beside, empty

K1, K2 = (date(2020, 1, 1), date(2020, 3, 31)), (date(2020, 4, 1), date(2020, 6, 30))
#: The first quarter rests on this delivery, the second on the earlier one.
QUARTERS = [
    {"periode": "2020K1", "fra": K1[0], "til": K1[1], "udgave": 0}, {"periode": "2020K2", "fra": K2[0], "til": K2[1],
    "udgave": 1},
]  # fmt: skip


def day(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


def left(forloeb: int, first: str, last: str, cpr: str = "A", code: str = "1.1", udgave: int = 0) -> dict[str, Any]:
    """What a step leaves of a course."""
    return {
        "forloeb": forloeb,
        "udgave": udgave,
        "cpr": cpr,
        "dst_kode": code,
        "dag_fra": day(first),
        "dag_til": day(last),
    }


class TestTouched:
    """``bro_roert``: whose courses are not the same at the end as at the beginning."""

    def touched(self, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return alone("hand07", "bro_roert", "udgave, dst_kode, cpr", bro_raa=before, bro_r2=after)

    def test_nobody_whose_courses_are_as_they_were(self) -> None:
        both = [left(1, "01-01", "01-31"), left(2, "02-01", "02-28", udgave=1)]
        assert self.touched(both, both) == []

    @pytest.mark.parametrize("after", [left(1, "01-02", "01-31"), left(1, "01-01", "01-30"), left(2, "01-01", "01-31")])
    def test_a_first_or_last_day_or_a_whole_course_less(self, after: dict[str, Any]) -> None:
        assert self.touched([left(1, "01-01", "01-31")], [after]) == [(0, "1.1", "A")]

    def test_each_person_and_code_of_each_delivery_once(self) -> None:
        before = [
            left(1, "01-01", "01-31"),
            left(2, "02-01", "02-28"),
            left(3, "01-01", "01-31", udgave=1),
            left(4, "01-01", "01-31", code="1.4"),
        ]
        assert self.touched(before, [left(9, "01-01", "01-31")]) == [(0, "1.1", "A"), (0, "1.4", "A"), (1, "1.1", "A")]


def several(raw: Sequence[Mapping[str, Any]], touched: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """``bro_flere``: whose courses are several, or touched."""
    found = alone("hand07", "bro_flere", "udgave, dst_kode, cpr, roert", bro_raa=raw, bro_roert=touched)
    names = ("udgave", "dst_kode", "cpr", "roert")
    return [dict(zip(names, row, strict=True)) for row in found] or empty(udgave=0, dst_kode="", cpr="", roert=0)


def test_several_are_who_has_two_courses_of_a_code_and_delivery_or_is_touched() -> None:
    raw = [
        *(left(n, "01-01", "01-31") for n in (1, 2)),
        *beside(left(3, "01-01", "01-31", "B"), dst_kode="1.4", udgave=1),
        *(left(n, "01-01", "01-31", "C") for n in (6, 7)),
    ]
    touched = [{"udgave": 1, "dst_kode": "1.1", "cpr": "B"}, {"udgave": 0, "dst_kode": "1.1", "cpr": "C"}]
    assert [tuple(row.values()) for row in several(raw, touched)] == [
        (0, "1.1", "A", 0), (0, "1.1", "C", 1), (1, "1.1", "B", 1)
    ]  # fmt: skip


class TestStretches:
    """``bro_spaend``: whom no step changes has a stretch for all steps, anybody else one for each."""

    def stretches(
        self, raw: Sequence[dict[str, Any]], final: Sequence[dict[str, Any]], touched: Sequence[str] = ()
    ) -> list[tuple[Any, ...]]:
        """trin_fra, trin_til, udgave, cpr, alene, first and last day; every step but the first leaves ``final``."""
        changed = [{"udgave": u, "dst_kode": "1.1", "cpr": cpr} for cpr in touched for u in (0, 1)]
        roert = changed or empty(udgave=0, dst_kode="", cpr="")
        return alone(
            "hand07", "bro_spaend",
            "trin_fra, trin_til, udgave, cpr, alene, dag_fra, dag_til", bro_raa=raw, bro_indlaesning=final,
            bro_gyldighed=final, bro_r1=final, bro_r3=final, bro_r2=final, bro_roert=roert, bro_flere=several(raw, roert),
        )  # fmt: skip

    def test_one_stretch_for_all_steps_and_of_an_earlier_delivery_from_the_second(self) -> None:
        both = [left(1, "01-01", "01-31"), left(2, "01-02", "01-31", udgave=1)]
        assert self.stretches(both, both) == [
            (1, 7, 0, "A", 1, day("01-01"), day("01-31")),
            (2, 7, 1, "A", 1, day("01-02"), day("01-31")),
        ]

    def test_only_one_unchanged_course_is_alone(self) -> None:
        raw = [
            left(1, "01-01", "01-31"),
            *(left(n, "01-01", "01-31", "B") for n in (2, 3)),
            left(4, "01-01", "01-31", "C"),
        ]
        assert {row[3:5] for row in self.stretches(raw, raw, ["C"])} == {("A", 1), ("B", 0), ("C", 0)}

    def test_one_for_each_step_where_a_step_changes_something(self) -> None:
        found = self.stretches(
            [left(1, "01-01", "01-31"), left(2, "01-01", "01-31", "B")], [left(1, "01-01", "01-10")], ["A"]
        )
        assert [row[:2] for row in found if row[3] == "A"] == [(n, n) for n in range(1, 8)]
        assert [row[6] for row in found if row[3] == "A"] == [day("01-31")] * 2 + [day("01-10")] * 5
        assert [row[:2] for row in found if row[3] == "B"] == [(1, 7)]

    def test_the_first_step_is_this_delivery_only(self) -> None:
        raw = [left(1, "01-01", "01-31"), left(2, "02-01", "02-10", udgave=1)]
        found = self.stretches(raw, raw, ["A"])
        assert [row[2] for row in found if row[0] == 1] == [0]
        assert sorted(row[2] for row in found if row[0] == 2) == [0, 1]

    def test_courses_that_overlap_are_one_stretch_and_those_that_do_not_are_several(self) -> None:
        raw = [
            left(1, "01-01", "01-31"),
            left(2, "01-05", "01-06"),
            left(3, "01-31", "02-10"),
            left(4, "02-11", "02-12"),
            left(5, "03-01", "03-01"),
        ]
        assert [row[4:] for row in self.stretches(raw, raw)] == [
            (0, day("01-01"), day("02-10")), (0, day("02-11"), day("02-12")), (0, day("03-01"), day("03-01")),
        ]  # fmt: skip


def stretch(
    first: str, last: str, steps: tuple[int, int] = (1, 7), udgave: int = 0, cpr: str = "A", alene: int = 0
) -> dict[str, Any]:
    return {
        "trin_fra": steps[0], "trin_til": steps[1], "udgave": udgave, "dst_kode": "1.1", "cpr": cpr, "alene": alene,
        "dag_fra": day(first), "dag_til": day(last),
    }  # fmt: skip


class TestDays:
    """``bro_dage``: days after each of the seven steps."""

    def days(self, *rows: dict[str, Any]) -> dict[tuple[str, str], tuple[int | None, ...]]:
        """The days by quarter and person: the same where who has one unchanged stretch is marked as alone."""
        counts = Counter((row["udgave"], row["cpr"]) for row in rows)
        whole = [
            row | {"alene": int(counts[row["udgave"], row["cpr"]] == 1 and row["trin_til"] - row["trin_fra"] > 4)}
            for row in rows
        ]
        told, marked = self.told(list(rows)), self.told(whole)
        assert told == marked
        return told

    def told(self, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], tuple[int | None, ...]]:
        names = ["dst_kode", "periode", "cpr", *(f"dage_{n}" for n in range(1, 8))]
        tables: dict[str, Any] = {"bro_spaend": rows, "bro_udgave": QUARTERS}
        others = alone("hand07", "bro_dage_flere", ", ".join(names), **tables)
        kept = [dict(zip(names, row, strict=True)) for row in others] or empty(
            **dict.fromkeys(names[:3], ""), **dict.fromkeys(names[3:], 1)
        )
        found = alone("hand07", "bro_dage", ", ".join(names[1:]), bro_dage_flere=kept, **tables)
        return {(period, cpr): tuple(days) for period, cpr, *days in found}

    def test_one_stretch_alone_in_a_quarter_of_this_delivery(self) -> None:
        assert self.days(stretch("01-31", "02-01")) == {("2020K1", "A"): (2,) * 7}

    def test_in_a_quarter_of_an_earlier_delivery_only_the_first_step_is_this_ones(self) -> None:
        assert self.days(stretch("04-01", "04-10")) == {("2020K2", "A"): (10, *[None] * 6)}
        assert self.days(stretch("04-01", "04-10"), stretch("04-01", "04-03", (2, 7), 1)) == {
            ("2020K2", "A"): (10, *[3] * 6)
        }

    def test_the_earlier_delivery_says_nothing_of_other_quarters(self) -> None:
        assert self.days(stretch("01-01", "01-10", (2, 7), 1)) == {}
        assert self.days(stretch("01-01", "01-10", (2, 7), 1), stretch("01-01", "01-04")) == {("2020K1", "A"): (4,) * 7}

    def test_a_step_of_its_own_has_its_own_days(self) -> None:
        """Until the third step all of January, of the fourth on ten days; the fifth has nobody."""
        rows = [stretch("01-01", "01-31", (n, n)) for n in (1, 2, 3)] + [
            stretch("01-01", "01-10", (n, n)) for n in (4, 6, 7)
        ]
        assert self.days(*rows) == {("2020K1", "A"): (31, 31, 31, 10, None, 10, 10)}

    def test_several_stretches_are_added_up_and_another_persons_are_not(self) -> None:
        rows = [
            stretch("01-01", "01-10"),
            stretch("02-01", "02-05"),
            stretch("03-31", "04-02"),
            stretch("01-01", "01-01", cpr="B"),
        ]
        assert self.days(*rows) == {
            ("2020K1", "A"): (16,) * 7,
            ("2020K2", "A"): (2, *[None] * 6),
            ("2020K1", "B"): (1,) * 7,
        }

    @pytest.mark.parametrize(
        ("first", "last", "days"), [("03-31", "04-01", (1, 1)), ("04-01", "04-01", (0, 1)), ("03-31", "03-31", (1, 0))]
    )
    def test_the_turn_of_the_quarter(self, first: str, last: str, days: tuple[int, int]) -> None:
        found = self.days(stretch(first, last))
        assert tuple(found.get((quarter, "A"), (0,))[0] for quarter in ("2020K1", "2020K2")) == days


class TestChanges:
    @pytest.mark.parametrize(
        ("days", "changes"),
        [
            ((5,) * 7, []), ((5, 5, 4, 4, 4, 4, 4), [("indlaesning", -1, 0)]), ((5, 5, 5, 5, 4, 4, 4), [("R1", -1, 0)]),
            ((5, 5, 5, 5, 5, 5, 4), [("R2", -1, 0)]), ((None, *[5] * 6), [("rettet", 5, 1)]),
            ((5, *[None] * 6), [("rettet", -5, -1)]),
            ((5, 4, 4, 4, 4, 4, 4), [("rettet", -1, 0)]),
            ((5, 5, None, None, None, None, None), [("indlaesning", -5, -1)]), ((5, 5, 5, 3, 3, 3, 3), [("gyldighed", -2, 0)]),
            ((5, 5, 5, 5, None, None, None), [("R1", -5, -1)]), ((5, 5, 5, 5, 5, 1, 1), [("R3", -4, 0)]),
            ((5, 5, 5, 5, 5, 5, None), [("R2", -5, -1)]),
            ((9, 8, 7, 6, 5, 4, 3), [("rettet", -1, 0), ("indlaesning", -1, 0), ("gyldighed", -1, 0), ("R1", -1, 0),
            ("R3", -1, 0), ("R2", -1, 0)]),
        ],
    )  # fmt: skip
    def test_each_step_has_its_change_in_days_and_of_the_count(
        self, days: tuple[int | None, ...], changes: list[tuple[Any, ...]]
    ) -> None:
        row = {
            "dst_kode": "1.1",
            "periode": "2020K1",
            "cpr": "A",
            **{f"dage_{n}": value for n, value in enumerate(days, start=1)},
        }
        typed = {**row, "cpr": "typer", **{f"dage_{n}": 1 for n in range(1, 8)}}
        found = alone("hand07", "bro_aendring", "trin, dage, aendring", bro_dage_flere=[row, typed])
        assert found == sorted(changes, key=str)


def flis(first: str, last: str, alene: int = 1, cpr: str = "A") -> dict[str, Any]:
    return {"dst_kode": "1.1", "cpr": cpr, "alene": alene, "dag_fra": day(first), "dag_til": day(last)}


NO_FLIS = empty(**flis("01-01", "01-01"))


class TestEdge:
    """``flis_kant``: days of the fagsystem, what the load rule leaves of them, and FLIS' days."""

    def edge(
        self, own: Sequence[dict[str, Any]], theirs: Sequence[Mapping[str, Any]] = NO_FLIS
    ) -> list[tuple[Any, ...]]:
        return alone(
            "hand07", "flis_kant", "periode, cpr, fagsystem_dage, indlaest_dage, flis_dage",
            bro_spaend=list(own) or empty(**stretch("01-01", "01-01")), flis_spaend=theirs, periode=QUARTERS,
            flis_ulige=[{"dst_kode": "1.1", "cpr": "A"}],
        )  # fmt: skip

    def test_the_first_and_the_third_step_beside_flis(self) -> None:
        each = [stretch("01-01", "01-09", (n, n)) for n in (1, 2)]
        assert self.edge([*each, stretch("01-01", "01-07", (3, 3))], [flis("01-01", "01-05")]) == [
            ("2020K1", "A", 9, 7, 5)
        ]
        assert self.edge(each) == [("2020K1", "A", 9, 0, 0)]
        assert self.edge([], [flis("03-30", "04-03")]) == [("2020K1", "A", 0, 0, 2), ("2020K2", "A", 0, 0, 3)]

    def test_of_a_quarter_of_an_earlier_delivery_this_ones_own_days_all_the_same(self) -> None:
        whole = self.edge([stretch("04-01", "04-10"), stretch("04-01", "04-20", (2, 7), 1)])
        assert whole == [("2020K2", "A", 10, 10, 0)]
        each = [
            stretch("04-01", "04-10", (1, 1)),
            stretch("04-01", "04-10", (2, 2)),
            stretch("04-01", "04-04", (3, 3)),
            stretch("04-01", "04-02", (4, 4)),
        ]
        assert self.edge(each, [flis("04-01", "04-03")]) == [("2020K2", "A", 10, 4, 3)]

    def test_who_is_counted_alike_is_not_there_and_stretches_are_added_up(self) -> None:
        own = [stretch("01-01", "01-10"), stretch("02-01", "02-01"), stretch("01-01", "01-10", cpr="B")]
        theirs = [flis("01-01", "01-02"), flis("03-01", "03-03"), flis("01-01", "01-10", cpr="B")]
        assert self.edge(own, theirs) == [("2020K1", "A", 11, 11, 5)]


class TestUnlike:
    """``flis_ulige``: who has not one unchanged course of the same days in both."""

    def unlike(self, own: Sequence[dict[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        return alone(
            "hand07", "flis_ulige", "dst_kode, cpr", flis_spaend=theirs,
            bro_spaend=list(own) or empty(**stretch("01-01", "01-01")),
        )  # fmt: skip

    def test_nobody_with_the_same_course_in_both(self) -> None:
        assert self.unlike([stretch("01-01", "01-10", alene=1)], [flis("01-01", "01-10")]) == []

    @pytest.mark.parametrize(
        ("own", "theirs"),
        [
            ([stretch("01-01", "01-10", alene=1)], [flis("01-02", "01-10")]),
            ([stretch("01-01", "01-10", alene=1)], [flis("01-01", "01-09")]),
            ([stretch("01-01", "01-10", alene=1)], NO_FLIS),
            ([], [flis("01-01", "01-10")]),
            ([stretch("01-01", "01-10")], [flis("01-01", "01-10")]),
            ([stretch("01-01", "01-10", alene=1)], [flis("01-01", "01-10", 0)]),
        ],
    )
    def test_another_day_one_side_only_or_more_than_one_course(
        self, own: Sequence[dict[str, Any]], theirs: Sequence[Mapping[str, Any]]
    ) -> None:
        assert self.unlike(own, theirs) == [("1.1", "A")]

    def test_an_earlier_delivery_is_not_asked(self) -> None:
        assert self.unlike([stretch("01-01", "01-10", (2, 7), 1, alene=1)], NO_FLIS) == []


class TestOverlaps:
    """``bro_overlap`` and ``bro_dato`` by delivery, person and quarter."""

    def overlaps(self, first: str, last: str, exclusive: int = 0, **stay: Any) -> list[tuple[Any, ...]]:
        """The stay's days and the date that removes the overlap with support from 10 to 20 January."""
        there = {"udgave": 0, "cpr": "A", "fra": day(first), "til": day(last), **stay}
        support = left(1, "01-10", "01-20", code="1.12.0.2")
        return alone(
            "hand07", "bro_overlap", "ophold_fra, ophold_til, dato_uden_overlap", {"slutdato_fratraek": exclusive},
            bro_r3=[support, {**support, "dst_kode": "1.1"}], bro_ophold=[there],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("first", "last", "without"),
        [
            ("01-20", "01-31", "01-19"), ("01-21", "01-31", None), ("01-01", "01-10", "01-11"), ("01-01", "01-09", None),
            ("01-11", "01-12", "01-10"),
            ("01-10", "01-12", "01-13"), ("01-10", "01-19", "01-20"),
        ],
    )  # fmt: skip
    def test_the_end_before_the_stay_else_the_start_after_it(self, first: str, last: str, without: str | None) -> None:
        assert self.overlaps(first, last) == ([(day(first), day(last), day(without))] if without else [])

    def test_a_stay_of_all_of_it_leaves_no_date_and_an_exclusive_end_is_the_stays_first_day(self) -> None:
        assert self.overlaps("01-10", "01-20") == [(day("01-10"), day("01-20"), None)]
        assert self.overlaps("01-15", "01-31", exclusive=1) == [(day("01-15"), day("01-31"), day("01-15"))]

    def test_another_person_or_delivery_is_no_stay(self) -> None:
        assert self.overlaps("01-10", "01-20", cpr="B") == self.overlaps("01-10", "01-20", udgave=1) == []

    @pytest.mark.parametrize(
        ("course", "stay", "udgave", "quarters"),
        [
            (("01-01", "06-30"), ("03-31", "03-31"), 0, ["2020K1"]), (("01-01", "06-30"), ("04-01", "04-01"), 0, []),
            (("01-01", "06-30"), ("03-31", "04-01"), 1, ["2020K2"]), (("01-01", "03-31"), ("01-01", "06-30"), 1, []),
            (("04-01", "04-01"), ("01-01", "06-30"), 1, ["2020K2"]),
        ],
    )  # fmt: skip
    def test_the_common_days_must_lie_in_a_quarter_that_rests_on_the_delivery(
        self, course: tuple[str, str], stay: tuple[str, str], udgave: int, quarters: list[str]
    ) -> None:
        row = {
            **left(1, *course, udgave=udgave),
            "ophold_fra": day(stay[0]),
            "ophold_til": day(stay[1]),
            "dato_uden_overlap": day("01-01"),
        }
        found = alone(
            "hand07",
            "bro_dato",
            "periode, dato_uden_overlap",
            bro_overlap=[row, {**row, "dato_uden_overlap": day("01-02")}],
            bro_udgave=QUARTERS,
        )
        assert found == [(quarter, day("01-01")) for quarter in quarters]


class TestStays:
    def stays(self, *rows: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The stays of those rows, whose persons all have support too."""
        support = [left(99, "01-01", "01-01", r["cpr"], "1.12.0.2", r["udgave"]) for r in rows]
        return alone("hand07", "bro_ophold", "udgave, cpr, fra, til", bro_r3=[*rows, *support])

    def test_without_support_in_the_same_delivery_a_stay_is_of_no_use(self) -> None:
        stay = left(1, "01-01", "01-10", code="1.8.1")
        others = beside({**stay, "dst_kode": "1.12.0.2"}, cpr="B", udgave=1)
        assert alone("hand07", "bro_ophold", "udgave, cpr, fra, til", bro_r3=[stay, *others]) == []

    def test_stays_that_touch_or_overlap_are_one_and_those_a_day_apart_are_two(self) -> None:
        rows = [
            left(1, "01-01", "01-10", code="1.8.1"), left(2, "01-11", "01-12", code="1.12.0.1"), left(3, "01-14",
            "01-20", code="1.8.1"), left(4, "01-15", "01-16", code="1.8.1"),
        ]  # fmt: skip
        assert self.stays(*rows) == [(0, "A", day("01-01"), day("01-12")), (0, "A", day("01-14"), day("01-20"))]

    def test_each_person_and_delivery_for_itself_and_other_codes_are_none(self) -> None:
        one = left(1, "01-01", "01-10", code="1.8.1")
        rows = [
            one,
            *beside({**one, "dag_fra": day("01-05")}, cpr="B", udgave=1),
            {**one, "dst_kode": "1.8.2", "dag_til": day("02-01")},
        ]
        assert self.stays(*rows) == [
            (0, "A", day("01-01"), day("01-10")),
            (0, "B", day("01-05"), day("01-10")),
            (1, "A", day("01-05"), day("01-10")),
        ]
