"""The bridge in fuldtidsydelser, from FLIS' own extract, and the persons of each step, on worlds small enough to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.courses import ANNE, course
from support.quick import Quick, quick_worlds

from reconcile.controls import hand07
from reconcile.results.rows import PartResult

BO = "0202602222"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def figure(code: str, quarter: str, count: Any) -> dict[str, Any]:
    return {"dst_kode": code, "periode": quarter, "antal": count}


def rows(result: PartResult, name: str) -> Sequence[Any]:
    return next((table.rows for table in result.tables if table.name == name), ())


class TestFuldtid:
    def test_days_of_the_quarter_over_its_days_with_four_decimals(self, quick: Quick) -> None:
        """2020K1 has 91 days: 1 day is 0,010989… and 46 days are 0,505494…"""
        tables = {
            "fagsystem": [
                course("1.1", "2020-01-01", "2020-01-01"),
                course("1.4", "2020-01-01", "2020-02-15"),
                course("1.4", "2020-02-01", "2020-02-10"),
            ]
        }
        result = hand07.run(quick(tables, periods="2020K1"))
        raw = {s.dst_kode: s.antal for s in rows(result, "bro_fuldtid") if s.trin == "raa"}
        assert raw == {"1.1": Decimal("0.0110"), "1.4": Decimal("0.5055")}

    @pytest.mark.parametrize(
        ("dst", "status"),
        [("1.0", "ens"), ("1.1", "uforklaret"), ("1.05", "inden_for_tolerance"), ("1.0501", "uforklaret")],
    )
    def test_the_tolerance_is_on_the_rest(self, quick: Quick, dst: str, status: str) -> None:
        tables = {
            "fagsystem": [course("1.1", "2019-01-01")],
            "hand01": [figure("1.1", "2020K1", Decimal(dst))],
        }
        cells = rows(hand07.run(quick(tables, periods="2020K1")), "hand01_diff")
        assert [(c.fagsystem, c.status) for c in cells] == [(Decimal("1.0000"), status)]

    def test_a_step_explains_fuldtid_although_the_person_still_counts(self, quick: Quick) -> None:
        """The stay takes February and March from the support: 60 of 91 days; nobody leaves the count."""
        tables = {
            "fagsystem": [course("1.12.0.2", "2020-01-01"), course("1.8.1", "2020-02-01")],
            "hand01": [figure("1.12.0.2", "2020K1", Decimal("0.3"))],
        }
        result = hand07.run(quick(tables, periods="2020K1"))
        changed = [(p.trin, p.borger, p.dage, p.dato_uden_overlap) for p in rows(result, "bro_fuldtid_borgere")]
        assert changed == [("R2", "P-1111051010", -60, date(2020, 1, 31))]
        assert not rows(result, "bro_borgere")
        (cell,) = [c for c in rows(result, "hand01_diff") if c.dst_kode == "1.12.0.2"]
        assert (cell.harmoniseret, cell.rest, cell.status) == (
            Decimal("0.3407"),
            Decimal("-0.0407"),
            "inden_for_tolerance",
        )
        assert "−0,6593" in cell.forklaring


class TestDateWithoutOverlap:
    @pytest.mark.parametrize(
        ("stay", "inclusive", "expected"),
        [
            (course("1.8.1", "2020-01-01"), True, date(2019, 12, 31)),
            (course("1.8.1", "2020-01-01"), False, date(2020, 1, 1)),
            (course("1.12.0.1", "2018-01-01", "2020-03-31"), True, date(2020, 4, 1)),
            (course("1.8.1", "2018-01-01"), True, None),
        ],
        ids=["ends before the stay", "the end is no day", "starts after the stay", "no day is left"],
    )
    def test_each_person_of_r2_has_the_date_that_removes_the_overlap(
        self, quick: Quick, stay: dict[str, Any], inclusive: bool, expected: date | None
    ) -> None:
        tables = {"fagsystem": [course("1.12.0.2", "2019-01-01"), stay]}
        result = hand07.run(quick(tables, periods="2020K1", regler={"slutdato_inklusiv": inclusive}))
        people = [(p.trin, p.dato_uden_overlap) for p in rows(result, "bro_borgere") if p.dst_kode == "1.12.0.2"]
        assert people == [("R2", expected)]


class TestFromFlis:
    def test_without_a_fagsystem_flis_own_extract_is_bridged(self, quick: Quick) -> None:
        flis = [
            course("1.1", "2019-01-01", system="tidligere"),
            course("1.1", "2019-01-01", cpr=BO),
            course("1.18.2", "2019-01-01"),
        ]
        tables = {
            "flis": flis,
            "borger": [{"cpr": BO, "foedselsdato": date(2010, 1, 1)}],
            "hand07": [figure("1.1", "2020K1", 1), figure("1.18.2", "2020K1", 0)],
        }
        result = hand07.run(quick(tables, periods="2020K1"))
        steps = [(s.trin, s.antal, s.aendring) for s in rows(result, "bro") if s.dst_kode == "1.1"]
        assert steps[:4] == [("raa", 2, None), ("indlaesning", 2, 0), ("gyldighed", 2, 0), ("R1", 1, -1)]
        cells = {c.dst_kode: c for c in rows(result, "hand07_diff")}
        cell = cells["1.1"]
        assert (cell.flis, cell.fagsystem, cell.harmoniseret, cell.forskel_flis, cell.rest) == (2, None, 1, -1, 0)
        assert cell.status == "forklaret"
        assert "FLIS' 2 bliver til 1" in cell.forklaring
        assert cells["1.18.2"].status == "kode_ikke_gyldig"
        assert [p.trin for p in rows(result, "bro_borgere") if p.dst_kode == "1.1"] == ["R1"]
        assert {h.regel: h.fjernet for h in rows(result, "harmonisering")}["R1"] == 1
        assert any("FLIS' eget udtræk" in text for text in result.caveats)

    def test_with_a_fagsystem_flis_is_not_bridged(self, quick: Quick) -> None:
        tables = {"fagsystem": [course("1.1", "2019-01-01")], "flis": [course("1.1", "2019-01-01", cpr=BO)]}
        result = hand07.run(quick(tables, periods="2020K1"))
        first = rows(result, "bro")[0]
        assert (first.trin, first.antal) == ("raa", 1)
        assert rows(result, "hand07_diff")[0].fagsystem == 1


class TestDaysAgainstFlis:
    def test_each_person_whose_days_differ_has_its_cause(self, quick: Quick) -> None:
        fagsystem = [
            course("1.1", "2020-01-01", ydelse_id="A"),
            course("1.3", "2020-01-01", ydelse_id="B", system="tidligere"),
            course("1.4", "2020-01-01", ydelse_id="C"),
            course("1.4", "2020-01-01", ydelse_id="D", cpr=BO),
        ]
        flis = [
            course("1.1", "2020-01-11", ydelse_id="A"),
            course("1.4", "2020-01-01", ydelse_id="D", cpr=BO),
        ]
        result = hand07.run(quick({"fagsystem": fagsystem, "flis": flis}, periods="2020K1"))
        found = [(p.dst_kode, p.forskel, p.aarsag) for p in rows(result, "flis_dage")]
        assert found == [("1.1", -10, "FL03 start_dato"), ("1.3", -91, "indlaesning"), ("1.4", -91, "FL01")]


class TestBirths:
    @pytest.mark.parametrize("born", ["2020-02-02", "2030-01-01"], ids=["after the start", "in the future"])
    def test_no_age_is_made_of_a_birth_after_the_start(self, quick: Quick, born: str) -> None:
        tables = {
            "fagsystem": [course("1.1", "2020-02-01")],
            "borger": [{"cpr": ANNE, "foedselsdato": date.fromisoformat(born)}],
        }
        result = hand07.run(quick(tables, periods="2020K1"))
        assert [s.antal for s in rows(result, "bro") if s.trin == "R1"] == [1]
        assert [u.dst_kode for u in rows(result, "uden_foedselsdato")] == ["1.1"]
        assert any("R1" in text for text in result.caveats)
