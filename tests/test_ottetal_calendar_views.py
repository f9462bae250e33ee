"""The months that the 8-tals kontrol looks at, the active days in them, and where a first row is found, each view by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.alone import alone, beside, empty

YEAR = 2020 * 12
D = Decimal


def booked(month: str, first: str | None = None, last: str | None = None) -> dict[str, Any]:
    """A posting booked on the tenth of a month, for a month or from one to another."""
    days = [
        date.fromisoformat(f"{text}-{day}") if text else None
        for text, day in ((month, "10"), (first, "01"), (last, "01"))
    ]
    return dict(zip(("bogfoert_dato", "ydelsesperiode", "ydelsesperiode_til"), days, strict=True))


#: A posting whose columns tell their types: it is for January 2000.
TYPED = booked("2000-01", "2000-01", "2000-01")


class TestCalendar:
    def months(self, *postings: dict[str, Any], n: int = 1, judged: Sequence[str] = ()) -> dict[str, tuple[Any, ...]]:
        """Month → its last day and the quarter where it is judged; January 2000 apart."""
        spans = [{"fra": date.fromisoformat(f"{m}-01"), "periode": f"{m[:4]}K{(int(m[5:]) + 2) // 3}"} for m in judged]
        rows = alone(
            "ottetal", "kalendermaaned", "maaned, mdr, fra, til, periode", postering=[*postings, TYPED], masterkode=[{"n": 1},
            {"n": n}],
            maaned=spans or empty(fra=date(2020, 1, 1), periode="2020K1"),
        )  # fmt: skip
        for name, number, first, _last, _quarter in rows:
            assert (int(name[:4]) * 12 + int(name[5:]), f"{name}-01") == (number, str(first))
        return {name: (str(last), quarter) for name, _n, _first, last, quarter in rows if name > "2003"}

    def test_a_month_with_postings_and_a_judged_month_once_each(self) -> None:
        assert self.months(booked("2020-02"), booked("2020-02"), booked("2020-12"), judged=["2020-02", "2020-04"]) == {
            "2020-02": ("2020-02-29", "2020K1"), "2020-04": ("2020-04-30", "2020K2"), "2020-12": ("2020-12-31", None),
        }  # fmt: skip

    def test_the_month_is_the_ydelsesperiode_else_the_bookings(self) -> None:
        assert list(self.months(booked("2021-01", "2020-07"), booked("2021-03"))) == ["2020-07", "2021-03"]

    def test_every_month_of_a_range(self) -> None:
        assert list(self.months(booked("2021-05", "2020-11", "2021-02"))) == [
            "2020-11",
            "2020-12",
            "2021-01",
            "2021-02",
        ]

    @pytest.mark.parametrize(("n", "first", "last", "months"), [(1, "2020-07", "2020-07", 1), (3, "2020-03", "2020-11", 9),
    (6, "2019-09", "2021-05", 21),
                                                              (12, "2018-09", "2022-05", 45)])  # fmt: skip
    def test_the_billing_periods_around_a_month_reach_two_rhythms_less_two_months_each_way(
        self, n: int, first: str, last: str, months: int
    ) -> None:
        found = list(self.months(booked("2020-07"), n=n))
        assert (found[0], found[-1], len(found)) == (first, last, months)

    def test_a_range_reaches_so_far_beyond_its_ends(self) -> None:
        found = list(self.months(booked("2020-12", "2020-06", "2020-08"), n=3))
        assert (found[0], found[-1], len(found)) == ("2020-02", "2020-12", 11)


class TestActive:
    def active(
        self, *stretches: tuple[str, str], side: str = "oe", accounts: int = 1, whole: int = 0
    ) -> dict[int, int]:
        """Month of 2020 → days of Anna on 1.4; another person, code and side are active all year."""
        row = {
            "side": "oe",
            "cpr": "A",
            "dst_kode": "1.4",
            "fra": date(2020, 1, 1),
            "til": date(2020, 12, 31),
            "noegle": 1,
            "nr": 1,
        }
        own = [
            {
                **row,
                "side": side,
                "fra": date.fromisoformat(f"2020-{a}"),
                "til": date.fromisoformat(f"2020-{b}"),
                "noegle": 9 - n,
                "nr": 5,
            }
            for n, (a, b) in enumerate(stretches)
        ]
        months = [
            {"mdr": YEAR + m, "fra": date(2020, m, 1), "til": date(2020, m, (31, 29, 31, 30, 31, 30)[m - 1])}
            for m in range(1, 7)
        ]
        found = alone(
            "ottetal", "aktiv_maaned", "cpr, dst_kode, mdr, dage, noegle, nr", kalendermaaned=months,
            spaend=[*own, *beside(row, cpr="X", dst_kode="1.1", side="flis")],
            masterkode=[{"dst_kode": "1.4", "konti": accounts, "helt": whole}, {"dst_kode": "1.1", "konti": 0, "helt": 0}],
        )  # fmt: skip
        assert {code for _cpr, code, *_rest in found} <= {"1.4"}
        assert {nr for cpr, _code, _mdr, _days, _key, nr in found if cpr == "A"} <= {5}
        assert [key for cpr, *_row, key, _nr in found if cpr == "A"][-1:] in ([], [10 - len(stretches)])
        return {mdr - YEAR: days for cpr, _code, mdr, days, _key, _nr in found if cpr == "A"}

    def test_the_days_of_each_month_that_a_stretch_touches(self) -> None:
        assert self.active(("01-31", "03-01")) == {1: 1, 2: 29, 3: 1}
        assert self.active(("02-01", "02-29")) == {2: 29}
        assert self.active(("02-29", "02-29")) == {2: 1}

    def test_stretches_of_one_month_are_added_up(self) -> None:
        assert self.active(("01-01", "01-10"), ("01-20", "02-02")) == {1: 22, 2: 2}

    def test_only_courses_that_are_paid_for_on_a_code_with_an_account_that_is_not_rammestyret(self) -> None:
        assert self.active(("01-01", "01-10"), side="fagsystem") == {}
        assert self.active(("01-01", "01-10"), accounts=0) == {}
        assert self.active(("01-01", "01-10"), whole=1) == {}


class TestShared:
    def parts(self, amount: str, days: dict[int, int], first: int = 1, last: int = 3, **row: Any) -> dict[int, str]:
        """Month → the part of a posting from the first to the last month of 2020, by Anna's active days."""
        posting = {
            "cpr": "A", "konto": "538581001", "beloeb": D(amount),
            "fil": "b.csv", "raekke": 4, "ydelsesperiode": date(2020, first, 1),
            "ydelsesperiode_til": date(2020, last, 1), **row,
        }  # fmt: skip
        length = (31, 29, 31, 30, 31, 30)
        active = {"cpr": "A", "dst_kode": "1.4", "mdr": YEAR + 1, "dage": 30}
        found = alone(
            "ottetal", "delt_periode", "mdr, beloeb, noegle", postering=[posting, {**posting, "raekke": 5,
            "ydelsesperiode_til": None}],
            kildefil=[{"fil": "a.csv", "nr": 1}, {"fil": "b.csv", "nr": 2}],
            kalendermaaned=[{"mdr": YEAR + m, "fra": date(2020, m, 1),
            "til": date(2020, m, length[m - 1])} for m in range(1, 7)],
            masterkonto=[{"konto": "538581001", "dst_kode": "1.4"}, {"konto": "538581002", "dst_kode": "1.1"}],
            aktiv_maaned=[*({**active, "mdr": YEAR + m,
            "dage": n} for m, n in days.items()), *beside(active, cpr="X", dst_kode="1.1")],
        )  # fmt: skip
        assert {key for _month, _amount, key in found} <= {2 * 10**10 + 4}
        return {month - YEAR: str(part) for month, part, _key in found}

    def test_by_the_active_days_of_its_months(self) -> None:
        assert self.parts("30.00", {1: 10, 2: 20, 4: 30}) == {1: "10.00", 2: "20.00"}

    def test_by_the_months_days_where_there_are_none(self) -> None:
        assert self.parts("91.00", {}) == {1: "31.00", 2: "29.00", 3: "31.00"}
        assert self.parts("91.00", {5: 30}) == {1: "31.00", 2: "29.00", 3: "31.00"}

    @pytest.mark.parametrize(
        ("amount", "parts"),
        [
            ("0.01", ["0.00", "0.01", "0.00"]),
            ("0.02", ["0.01", "0.00", "0.01"]),
            ("-0.02", ["-0.01", "0.00", "-0.01"]),
            ("0.10", ["0.03", "0.04", "0.03"]),
        ],
    )
    def test_what_the_days_until_then_make_half_up_less_what_those_before_made(
        self, amount: str, parts: list[str]
    ) -> None:
        """Three months of ten days: of 1 øre 1/3 is 0, 2/3 is 1, 1 is 1; of 2 øre 2/3 is 1, 4/3 is 1, 2 is 2."""
        assert list(self.parts(amount, {1: 10, 2: 10, 3: 10}).values()) == parts

    def test_one_month_is_not_shared(self) -> None:
        assert self.parts("5.00", {1: 10}, first=2, last=2) == {}


class TestFiles:
    def test_files_are_numbered_in_the_order_of_their_names_once_each(self) -> None:
        found = alone(
            "ottetal", "kildefil", "fil, nr", postering=[{"fil": "c.csv"}, {"fil": "a.csv"}], fagsystem=[{"fil": "b.csv"},
            {"fil": "a.csv"}],
            flis=[{"fil": "d.csv"}] * 2,
        )  # fmt: skip
        assert found == [("a.csv", 1), ("b.csv", 2), ("c.csv", 3), ("d.csv", 4)]


class TestQuarter:
    """``kvartal_person``: the days of each side, and the first course behind each."""

    def test_each_side_has_its_own_days_and_its_own_first_row(self) -> None:
        row = {"cpr": "A", "dst_kode": "1.4", "fra": date(2020, 1, 1), "til": date(2020, 1, 10)}
        sides = [("fagsystem", 30, 5), ("fagsystem", 31, 2), ("oe", 20, 4), ("oe", 21, 1), ("flis", 10, 3)]
        stretches = [{**row, "side": side, "noegle": key, "til": date(2020, 1, days)} for side, key, days in sides]
        found = alone(
            "ottetal", "kvartal_person",
            "cpr, dst_kode, periode, fagsystem_dage, betaler_dage, flis_dage, fagsystem_noegle, betaler_noegle, flis_noegle",
            spaend=[*stretches, {**stretches[0], "cpr": "B"}, {**stretches[0], "dst_kode": "1.1"}],
            periode=[
                {"periode": "2020K1", "fra": date(2020, 1, 1), "til": date(2020, 3, 31)},
                {"periode": "2020K2", "fra": date(2020, 4, 1), "til": date(2020, 6, 30)},
            ],
        )  # fmt: skip
        assert found == [
            ("A", "1.1", "2020K1", 5, None, None, 30, None, None), ("A", "1.4", "2020K1", 7, 5, 3, 30, 20, 10),
            ("B", "1.4", "2020K1", 5, None, None, 30, None, None),
        ]  # fmt: skip
