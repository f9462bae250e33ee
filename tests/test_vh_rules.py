"""VH01–VH16 and the gates UD01–UD06: hit, near miss, nothing to judge, and a column that is not there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.only import RULES, of_rules
from support.quick import Quick, quick_worlds

from reconcile.controls import validate
from reconcile.reference import rows as reference_rows
from reconcile.results.rows import Finding, PartResult, Severity

ANNE, BENT, CARL = "0101501111", "0202602222", "0303703333"
LETTERS = "010150ABCD"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def course(cpr: str = ANNE, code: str = "1.1", start: str = "2020-01-01", end: str | None = None, **more: Any) -> Any:
    """A course without anything to remark."""
    row = {"cpr": cpr, "dst_kode": code, "start_dato": day(start), "slut_dato": day(end)}
    return {**row, "maalgruppe": "1.1", "tilbud": "3.5", **more}


def run(quick: Quick, rows: Sequence[dict[str, Any]], **options: Any) -> PartResult:
    """Validate these courses as a fagsystem extract."""
    tables = {"fagsystem": rows, **options.pop("tables", {})}
    return validate.run(quick(tables, **options))


def found(quick: Quick, rule: str, rows: Sequence[dict[str, Any]], **options: Any) -> list[Finding]:
    """The findings of one rule."""
    tables = {"fagsystem": rows, **options.pop("tables", {})}
    return list(of_rules(quick(tables, **options), RULES[rule]).findings)


def test_clean_courses_have_no_findings(quick: Quick) -> None:
    rows = [course(), course(BENT, "1.8.2", "2020-02-01", "2020-03-01"), course(CARL, "1.18.2", "2020-07-01")]
    result = run(quick, rows)
    assert result.findings == ()
    assert set(result.rules_run) >= {f"VH{n:02d}" for n in range(1, 17)} - {"VH08"}


def test_empty_extracts_have_no_findings(quick: Quick) -> None:
    result = validate.run(quick({"fagsystem": [], "flis": [], "oekonomi": [], "borger": [], "masteroversigt": []}))
    assert (result.findings, result.not_run, result.caveats) == ((), (), ())


def test_a_source_that_is_not_there_is_not_judged(quick: Quick) -> None:
    result = validate.run(quick({"flis": [course(code="9.9")]}))
    assert {(f.regel, f.kilde) for f in result.findings} == {("VH02", "flis")}


class TestVH01:
    @pytest.mark.parametrize(
        ("cpr", "alvor"),
        [
            ("3102501111", "fejl"),
            ("0113501111", "fejl"),
            ("010150111", "fejl"),
            ("01015011111", "fejl"),
            ("ABCDEFGHIJ", "fejl"),
            ("0000000000", "fejl"),
            ("6001501111", "fejl"),
            ("9201501111", "fejl"),
            ("3102501ABC", "fejl"),
            ("6101501111", "information"),
            ("9101501111", "information"),
            (LETTERS, "information"),
            ("610150AB12", "information"),
        ],
    )
    def test_the_class_of_a_number_decides_how_grave_it_is(self, quick: Quick, cpr: str, alvor: str) -> None:
        (finding,) = found(quick, "VH01", [course(cpr)])
        assert finding.alvor == alvor
        assert finding.vaerdi == ("ugyldigt" if alvor == "fejl" else "erstatningsnummer")

    @pytest.mark.parametrize(
        ("cpr", "valid"),
        [
            ("2902003000", False),  # 0–3: 1900, no leap year
            ("2902004000", True),  # 4 and 00–36: 2000
            ("2902364000", True),
            ("2902374000", False),  # 4 and 37–99: 1937
            ("2902404000", True),  # 1940
            ("2902009000", True),  # 9 as 4
            ("2902579000", False),  # 1957
            ("2902005000", True),  # 5–8 and 00–57: 2000
            ("2902575000", False),  # 2057
            ("2902605000", True),  # 5–8 and 58–99: 1860
            ("2902585000", False),  # 1858
        ],
    )
    def test_the_seventh_digit_and_the_year_give_the_century(self, quick: Quick, cpr: str, valid: bool) -> None:
        assert len(found(quick, "VH01", [course(cpr)])) == (0 if valid else 1)

    def test_one_finding_per_person_and_source(self, quick: Quick) -> None:
        rows = [course("1", code) for code in ("1.1", "1.4", "1.3")] + [course("2")]
        findings = found(quick, "VH01", rows, tables={"flis": rows[:2]})
        assert sorted((f.kilde, f.borger) for f in findings) == [
            ("fagsystem", "P-1"),
            ("fagsystem", "P-2"),
            ("flis", "P-1"),
        ]
        assert all(f.dst_kode is None for f in findings)

    def test_a_miss_of_modulus_11_is_no_finding_but_counted(self, quick: Quick) -> None:
        result = run(quick, [course(ANNE), course("0101501119"), course("0101501119"), course("6101501111")])
        assert [f.alvor for f in result.findings if f.regel == "VH01"] == ["information"]
        assert [text for text in result.caveats if "modulus 11" in text and text.startswith("2 ")]

    def test_numbers_that_satisfy_modulus_11_are_not_mentioned(self, quick: Quick) -> None:
        digits = next(
            f"010150{n:04d}"
            for n in range(1, 9999)
            if sum(int(d) * w for d, w in zip(f"010150{n:04d}", (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0
        )
        assert run(quick, [course(digits)]).caveats == ()


class TestVH02:
    def test_a_code_that_is_not_known(self, quick: Quick) -> None:
        (finding,) = found(quick, "VH02", [course(code="1.99"), course(code="1.18.3"), course()])
        assert (finding.alvor, finding.vaerdi, finding.raekke) == ("fejl", "1.99", 2)


class TestVH03:
    def test_end_before_start_is_and_a_course_of_one_day_is_not(self, quick: Quick) -> None:
        rows = [course(end="2019-12-31"), course(BENT, end="2020-01-01"), course(CARL)]
        (finding,) = found(quick, "VH03", rows)
        assert (finding.borger, finding.alvor) == ("P-1111051010", "fejl")
        assert (finding.vaerdi, finding.forventet) == (date(2019, 12, 31), date(2020, 1, 1))

    def test_a_course_of_one_day_is_not_even_when_the_end_does_not_count(self, quick: Quick) -> None:
        assert not found(quick, "VH03", [course(end="2020-01-01")], regler={"slutdato_inklusiv": False})


class TestVH04AndVH05:
    def both(self, quick: Quick, *rows: dict[str, Any], **options: Any) -> tuple[list[Any], list[Any]]:
        """The values of VH04 (courses alike) and VH05 (overlaps)."""
        findings = run(quick, rows, **options).findings
        return [f.vaerdi for f in findings if f.regel == "VH04"], [f.vaerdi for f in findings if f.regel == "VH05"]

    def test_three_alike_are_one_duplicate_and_no_overlap(self, quick: Quick) -> None:
        assert self.both(quick, course(ydelse_id="a"), course(ydelse_id="b"), course(tilbud="x")) == ([3], [])

    def test_closed_ones_alike_too(self, quick: Quick) -> None:
        assert self.both(quick, course(end="2020-02-01"), course(end="2020-02-01")) == ([2], [])

    def test_another_end_is_an_overlap_and_no_duplicate(self, quick: Quick) -> None:
        assert self.both(quick, course(end="2020-02-01"), course(end="2020-02-02")) == ([], [1])

    def test_another_person_code_or_source_is_neither(self, quick: Quick) -> None:
        rows = [course(), course(BENT), course(code="1.4")]
        assert self.both(quick, *rows, tables={"flis": [course()]}) == ([], [])

    def test_the_next_one_starts_on_the_last_day_or_on_the_day_after(self, quick: Quick) -> None:
        first = course(end="2020-02-29")
        assert self.both(quick, first, course(start="2020-02-29")) == ([], [1])
        assert self.both(quick, first, course(start="2020-03-01")) == ([], [])
        options = {"regler": {"slutdato_inklusiv": False}}
        assert self.both(quick, first, course(start="2020-02-29"), **options) == ([], [])

    def test_a_long_one_over_two_short_ones_is_one_finding(self, quick: Quick) -> None:
        rows = [course(), course(start="2020-02-01", end="2020-02-10"), course(start="2020-04-01", end="2020-04-10")]
        assert self.both(quick, *rows) == ([], [2])

    def test_duplicates_that_overlap_something_else_are_both(self, quick: Quick) -> None:
        assert self.both(quick, course(), course(), course(start="2020-05-01")) == ([2], [1])

    def test_a_course_without_a_day_overlaps_nothing(self, quick: Quick) -> None:
        assert self.both(quick, course(start="2020-05-01", end="2020-02-01"), course())[1] == []

    def test_an_open_course_that_the_load_rule_leaves_in_the_former_system_overlaps_nothing(self, quick: Quick) -> None:
        left = course(system="tidligere")
        assert self.both(quick, left, course(start="2020-05-01")) == ([], [])
        assert self.both(quick, left, course(start="2020-05-01", end="2020-06-01"), course(start="2020-08-01")) == (
            [],
            [],
        )
        closed = course(system="tidligere", end="2020-06-01")
        assert self.both(quick, closed, course(start="2020-05-01")) == ([], [1])
        assert self.both(quick, left, course(start="2020-05-01"), course(start="2020-06-01")) == ([], [1])


class TestVH06:
    def test_support_at_home_during_a_stay(self, quick: Quick) -> None:
        rows = [
            course(code="1.12.0.2"),
            course(code="1.8.1", start="2020-06-01", end="2020-06-30"),
            course(code="1.12.0.1", start="2020-03-01", end="2020-03-02"),
        ]
        (finding,) = found(quick, "VH06", rows)
        assert (finding.dst_kode, finding.alvor, finding.raekke) == ("1.12.0.2", "advarsel", 2)
        assert finding.besked.startswith("1.12.0.2 overlapper opholdet 1.12.0.1 fra 01-03-2020;")

    def test_one_finding_per_course(self, quick: Quick) -> None:
        rows = [course(code="1.12.0.2", end="2020-05-01"), course(code="1.12.0.2", start="2020-05-02")]
        assert len(found(quick, "VH06", [*rows, course(code="1.8.1")])) == 2

    @pytest.mark.parametrize(
        "stay",
        [
            course(code="1.8.1", end="2020-02-29"),
            course(code="1.8.2"),
            course(BENT, code="1.8.1"),
            course(code="1.8.1", start="2020-05-01", end="2020-04-01"),
        ],
        ids=["ends the day before", "is midlertidigt", "is another's", "has no day"],
    )
    def test_a_stay_that_does_not_overlap(self, quick: Quick, stay: dict[str, Any]) -> None:
        assert not found(quick, "VH06", [course(code="1.12.0.2", start="2020-03-01"), stay])

    def test_a_stay_in_the_other_source(self, quick: Quick) -> None:
        assert not found(quick, "VH06", [course(code="1.12.0.2")], tables={"flis": [course(code="1.8.1")]})


class TestVH18:
    @pytest.mark.parametrize(
        ("born", "died", "hit"),
        [
            ("2020-01-01", None, False),
            ("2020-01-02", None, True),
            ("2057-01-01", None, True),
            ("1950-01-01", "1950-01-01", False),
            ("1950-01-01", "1949-12-31", True),
        ],
    )
    def test_born_after_the_start_in_the_future_or_after_the_death(
        self, quick: Quick, born: str, died: str | None, hit: bool
    ) -> None:
        person = {"cpr": BENT, "foedselsdato": date.fromisoformat(born), "doedsdato": died and date.fromisoformat(died)}
        rows = [course(BENT, end="2020-06-30")]
        told = {finding.regel for finding in run(quick, rows, tables={"borger": [person]}).findings}
        assert ("VH18" in told) is hit
        assert ("VH07" in told) is (born == "2020-01-01")

    def test_who_is_born_today_is_not_born_in_the_future(self, quick: Quick) -> None:
        person = {"cpr": BENT, "foedselsdato": date(2021, 6, 1)}
        rows = [course(BENT, start="2021-06-01")]
        assert found(quick, "VH18", rows, tables={"borger": [person]}, today=date(2021, 6, 1), periods="2021") == []
        assert (
            len(found(quick, "VH18", rows, tables={"borger": [person]}, today=date(2021, 5, 31), periods="2021")) == 1
        )

    @pytest.mark.parametrize("cpr", ["0101364111", "0101575111", "6101364111"])
    def test_the_century_digit_of_a_cpr_can_put_a_birth_in_the_future(self, quick: Quick, cpr: str) -> None:
        assert len(found(quick, "VH18", [course(cpr)])) == 1


class TestVH17:
    @pytest.mark.parametrize(
        ("values", "hit"),
        [
            ({"maalgruppe": "1.1.3"}, False),
            ({"maalgruppe": "1.2.2.7|2"}, False),
            ({"maalgruppe": "Hørenedsættelse"}, False),
            ({"maalgruppe": "1.1.7"}, True),
            ({"maalgruppe": "1.1.3|"}, True),
            ({"maalgruppe": "2x"}, True),
            ({"funktionsvurdering": "e"}, False),
            ({"funktionsvurdering": "C Moderat problem"}, False),
            ({"funktionsvurdering": "F"}, True),
            ({"funktionsvurdering": "AB"}, True),
        ],
    )
    def test_a_value_is_on_its_list_or_a_finding(self, quick: Quick, values: dict[str, str], hit: bool) -> None:
        assert bool(found(quick, "VH17", [course(**values)])) is hit


class TestVH07:
    def borger(self, born: str) -> dict[str, Any]:
        return {"borger": [{"cpr": ANNE, "foedselsdato": day(born)}]}

    def test_sixteen_on_the_first_of_january(self, quick: Quick) -> None:
        (finding,) = found(quick, "VH07", [course(start="2020-12-31")], tables=self.borger("2003-01-02"))
        assert (finding.alvor, finding.vaerdi) == ("information", 16)

    def test_seventeen_on_the_first_of_january(self, quick: Quick) -> None:
        assert not found(quick, "VH07", [course()], tables=self.borger("2003-01-01"))

    def test_by_the_cpr_also_an_erstatningsnummer(self, quick: Quick) -> None:
        assert len(found(quick, "VH07", [course("0201034111"), course("6201034111"), course("0101034111")])) == 2

    @pytest.mark.parametrize(
        ("cpr", "hit"),
        [
            ("0201033111", False),  # 1903
            ("0101184111", True),  # 2018
            ("0101364111", False),  # 2036
            ("0101374111", False),  # 1937
            ("0101199111", True),  # 2019
            ("0101369111", False),  # 2036
            ("0101379111", False),  # 1937
            ("0101195111", True),  # 2019
            ("0101575111", False),  # 2057
            ("0101585111", False),  # 1858
            ("0101198111", True),  # 2019
            ("0101578111", False),  # 2057
        ],
    )
    def test_the_century_is_that_of_the_seventh_digit(self, quick: Quick, cpr: str, hit: bool) -> None:
        """No age is made of a birth after the start: that is VH18."""
        assert len(found(quick, "VH07", [course(cpr)])) == int(hit)

    def test_without_a_birth_date_nothing_is_known(self, quick: Quick) -> None:
        assert not found(quick, "VH07", [course(LETTERS), course("1")])


DEAD = {"borger": [{"cpr": ANNE, "doedsdato": date(2020, 5, 1)}, {"cpr": BENT}]}


class TestVH08:
    def test_an_open_course_of_a_dead_person(self, quick: Quick) -> None:
        rows = [course(), course(code="1.4", end="2020-12-31"), course(BENT)]
        (finding,) = found(quick, "VH08", rows, tables=DEAD)
        assert (finding.dst_kode, finding.vaerdi, finding.alvor) == ("1.1", date(2020, 5, 1), "advarsel")

    def test_without_days_of_death_it_is_named_as_not_run(self, quick: Quick) -> None:
        result = run(quick, [course()], tables={"borger": []}, lacks={"borger": ["doedsdato"]})
        assert [(n.regel, n.kilde) for n in result.not_run] == [("VH08", "fagsystem")]
        assert "borger.doedsdato" in result.not_run[0].grund


class TestVH09:
    def test_partly_wholly_and_not_outside(self, quick: Quick) -> None:
        rows = [
            course(code="1.18.2", start="2020-06-30"),
            course(BENT, code="1.18.2", start="2020-01-01", end="2020-02-01"),
            course(CARL, code="1.18.2", start="2020-07-01"),
            course(CARL, code="1.4", start="2009-01-01"),
            course(CARL, code="9.9", start="2009-01-01"),
        ]
        assert {f.borger for f in found(quick, "VH09", rows)} == {"P-1111051010", "P-2222062020"}

    def test_a_code_that_ended(self, quick: Quick) -> None:
        quick.engine.run("UPDATE ref_ydelseskode SET gyldig_til = DATE '2020-06-30' WHERE dst_kode = '1.17'")
        try:
            rows = [course(code="1.17"), course(BENT, code="1.17", end="2020-06-30")]
            assert [f.borger for f in found(quick, "VH09", rows)] == ["P-1111051010"]
        finally:
            quick.engine.run("UPDATE ref_ydelseskode SET gyldig_til = NULL WHERE dst_kode = '1.17'")


@pytest.mark.parametrize(
    ("rule", "hit", "near_miss", "column"),
    [
        ("VH10", course(maalgruppe=None), course(maalgruppe="2"), "maalgruppe"),
        ("VH11", course(code="1.8.1", tilbud=None), course(code="1.1", tilbud=None), "tilbud"),
        ("VH11", course(code="1.8.2", tilbud=None), course(code="1.8.2", tilbud="3.5"), "tilbud"),
        ("VH11", course(code="1.12.0.1", tilbud=None), course(code="1.12.0.2", tilbud=None), "tilbud"),
        ("VH16", course(system="tidligere"), course(system="tidligere", end="2020-02-01"), "system"),
        ("VH16", course(system="tidligere"), course(system="nuvaerende"), "system"),
        ("VH03", course(end="2019-01-01"), course(end="2020-01-01"), "slut_dato"),
        ("VH13", course(code="1.8.2", start="2018-12-31"), course(code="1.8.2", start="2019-01-01"), "slut_dato"),
        ("VH15", course(ffb_ydelse="Midlertidigt ophold"), course(ffb_ydelse="Aktivitet og samvær"), "ffb_ydelse"),
    ],
)
def test_hit_near_miss_and_column_missing(
    quick: Quick, rule: str, hit: dict[str, Any], near_miss: dict[str, Any], column: str
) -> None:
    (finding,) = found(quick, rule, [near_miss, {**hit, "cpr": BENT}])
    assert (finding.borger, finding.kilde, finding.raekke) == ("P-2222062020", "fagsystem", 3)
    result = run(quick, [hit], tables={"flis": [hit]}, lacks={"fagsystem": [column]})
    assert (rule, "fagsystem") in {(n.regel, n.kilde) for n in result.not_run if column in n.grund}
    assert {f.kilde for f in result.findings if f.regel == rule} == {"flis"}


@pytest.mark.parametrize("rule", ["VH04", "VH05", "VH06", "VH08"])
def test_rules_about_ends_do_not_run_without_ends(quick: Quick, rule: str) -> None:
    result = run(quick, [course(), course()], tables={"borger": []}, lacks={"fagsystem": ["slut_dato"]})
    assert rule in {n.regel for n in result.not_run}
    assert rule not in {f.regel for f in result.findings}


class TestVH12:
    def test_unknown_known_and_own_kommuner(self, quick: Quick) -> None:
        rows = [
            course(handlekommune="123"),
            course(BENT, betalingskommune="124", handlekommune="101"),
            course(CARL, handlekommune="999", betalingskommune="101"),
            course("0404804444"),
        ]
        findings = found(quick, "VH12", rows, kommune="999")
        assert sorted(str(f.vaerdi) for f in findings) == ["123", "124"]
        assert {f.alvor for f in findings} == {Severity.WARNING}

    def test_one_of_the_two_columns_is_enough(self, quick: Quick) -> None:
        for lacking in ("betalingskommune", "handlekommune"):
            other = {"betalingskommune": "handlekommune", "handlekommune": "betalingskommune"}[lacking]
            rows = [course(**{other: "123"})]
            assert len(found(quick, "VH12", rows, lacks={"fagsystem": [lacking]})) == 1

    def test_without_both_columns_it_is_named_as_not_run(self, quick: Quick) -> None:
        result = run(quick, [course()], lacks={"fagsystem": ["handlekommune", "betalingskommune"]})
        assert "VH12" in {n.regel for n in result.not_run}
        assert "VH12" not in result.rules_run


class TestVH13:
    def test_the_number_of_days_is_an_option(self, quick: Quick) -> None:
        rows = [course(code="1.8.2", start="2020-12-01"), course(BENT, code="1.8.2", start="2020-12-02")]
        (finding,) = found(quick, "VH13", rows, regler={"paragraf_107_dage": 29})
        assert (finding.borger, finding.vaerdi, finding.alvor) == ("P-1111051010", 30, "information")

    def test_days_after_today_do_not_count(self, quick: Quick) -> None:
        rows = [course(code="1.8.2", start="2020-03-01")]
        options: dict[str, Any] = {"regler": {"paragraf_107_dage": 30}}
        assert found(quick, "VH13", rows, today=date(2020, 4, 1), **options)
        assert not found(quick, "VH13", rows, today=date(2020, 3, 31), **options)

    def test_closed_and_other_stays_are_not_judged(self, quick: Quick) -> None:
        rows = [course(code="1.8.2", start="2015-01-01", end="2020-12-31"), course(code="1.8.1", start="2015-01-01")]
        assert not found(quick, "VH13", rows)


class TestVH14:
    def starts(self, same: int, others: int, code: str = "1.1") -> list[dict[str, Any]]:
        """Courses of different persons: ``same`` on 1 May, the others on days of their own."""
        days = [date(2020, 5, 1)] * same + [date(2020, 6, 1) + timedelta(days=n) for n in range(others)]
        return [course(f"{n:010d}", code, str(start)) for n, start in enumerate(days)]

    def test_one_finding_per_course_of_the_day(self, quick: Quick) -> None:
        findings = found(quick, "VH14", self.starts(3, 12))
        assert [(f.vaerdi, f.alvor, f.dst_kode) for f in findings] == [(3, "information", "1.1")] * 3
        assert len({f.fund_id for f in findings}) == 3

    def test_just_below_the_share(self, quick: Quick) -> None:
        assert not found(quick, "VH14", self.starts(3, 13))

    def test_the_share_is_an_option(self, quick: Quick) -> None:
        assert len(found(quick, "VH14", self.starts(3, 13), regler={"systemskifte_andel": "0.18"})) == 3

    def test_few_courses_are_no_sign(self, quick: Quick) -> None:
        assert not found(quick, "VH14", self.starts(9, 0))

    def test_each_source_and_code_is_its_own(self, quick: Quick) -> None:
        rows = self.starts(3, 12) + self.starts(1, 14, "1.4")
        findings = found(quick, "VH14", rows, tables={"flis": self.starts(1, 14)})
        assert [(f.kilde, f.dst_kode) for f in findings] == [("fagsystem", "1.1")] * 3


_CATALOGUE = [(row["uuid"], row["navn"], row) for row in reference_rows("ffb_katalog") if row["slags"] == "ydelse"]


class TestVH15:
    def test_every_name_and_uuid_is_hit_on_every_code_that_is_not_normal_for_it(self, quick: Quick) -> None:
        codes = ["1.1", "1.4", "1.8.1", "1.8.2", "1.12.0.1", "1.12.0.2", "1.18.1", "1.18.2", "1.18.3", "1.17"]
        rows, expected = [], []
        for uuid, name, row in _CATALOGUE:
            normal = {*row["dst_koder"].split("|"), *row["ogsaa_normal_paa"].split("|")}
            for code in codes:
                for text in (uuid, name.upper(), f" {name} "):
                    rows.append(course(code=code, ffb_ydelse=text))
                    if row["dst_koder"] and code not in normal:
                        expected.append((name, code))
        findings = found(quick, "VH15", rows)
        assert sorted((str(f.vaerdi), f.dst_kode or "") for f in findings) == sorted(expected)
        assert {str(f.alvor) for f in findings} == {"advarsel"}

    def test_section_85_is_normal_on_an_ophold_and_not_on_section_104(self, quick: Quick) -> None:
        support = [course(code=code, ffb_ydelse="Støtte til sundhed") for code in ("1.8.1", "1.8.2", "1.1")]
        assert [f.dst_kode for f in found(quick, "VH15", support)] == ["1.1"]

    def test_a_name_that_is_not_in_the_catalogue_is_told_of_once(self, quick: Quick) -> None:
        names = [
            "Socialpædagogisk støtte – hjem",
            "socialpædagogisk  støtte – hjem",
            "Noget andet",
            "Midlertidigt botilbud til voksne",
        ]
        findings = found(quick, "VH15", [course(ffb_ydelse=name) for name in names * 3])
        assert sorted(str(f.vaerdi) for f in findings) == sorted([names[0], *names[2:]])
        assert {(str(f.alvor), f.borger, f.dst_kode) for f in findings} == {("information", None, None)}
        assert "står ikke i det fælles katalog" in findings[0].besked

    def test_the_same_text_as_ydelse_and_as_tilbud_is_judged_as_ydelse_and_once(self, quick: Quick) -> None:
        rows = [course(n, code="1.4", ffb_ydelse="Midlertidigt ophold") for n in (ANNE, BENT)]
        alone = [f.besked for f in found(quick, "VH15", rows)]
        both = [f.besked for f in found(quick, "VH15", [{**row, "ffb_tilbud": "Midlertidigt ophold"} for row in rows])]
        assert both == alone
        assert len(alone) == 2


class TestPeriods:
    def test_only_courses_that_touch_the_chosen_quarters_are_judged(self, quick: Quick) -> None:
        rows = [
            course(code="9.9", start="2019-01-01", end="2019-12-31"),
            course(BENT, code="9.9", start="2019-01-01", end="2020-01-01"),
            course(CARL, code="9.9", start="2021-01-01"),
        ]
        assert [f.borger for f in found(quick, "VH02", rows)] == ["P-2222062020"]
        assert len(found(quick, "VH02", rows, periods="")) == 3

    def test_a_course_that_ends_before_it_starts_lies_between_the_two(self, quick: Quick) -> None:
        rows = [course(start="2021-02-01", end="2019-02-01"), course(BENT, start="2022-02-01", end="2021-02-01")]
        assert [f.borger for f in found(quick, "VH03", rows)] == ["P-1111051010"]


class TestGates:
    def many(self, wrong: dict[str, Any], count: int, right: int) -> list[dict[str, Any]]:
        return [course(**wrong) for _ in range(count)] + [course() for _ in range(right)]

    def gates(self, quick: Quick, rows: Sequence[dict[str, Any]], **options: Any) -> dict[str, Finding]:
        return {f.regel: f for f in run(quick, rows, **options).findings if f.regel.startswith("UD")}

    @pytest.mark.parametrize(("rule", "wrong"), [("UD01", {"cpr": "5.38.58"}), ("UD02", {"code": "Botilbud"})])
    def test_more_than_half_of_at_least_twenty(self, quick: Quick, rule: str, wrong: dict[str, Any]) -> None:
        gates = self.gates(quick, self.many(wrong, 11, 9))
        assert (gates[rule].alvor, gates[rule].vaerdi, gates[rule].raekke) == ("fejl", 11, 2)
        assert rule not in self.gates(quick, self.many(wrong, 10, 10))
        assert rule not in self.gates(quick, self.many(wrong, 19, 0))

    def test_an_extract_of_another_kommune(self, quick: Quick) -> None:
        assert "UD03" in self.gates(quick, self.many({"handlekommune": "101"}, 20, 0))
        assert "UD03" not in self.gates(quick, self.many({"handlekommune": "101"}, 20, 1))

    def test_unlikely_start_dates(self, quick: Quick) -> None:
        limits = [course(start="1930-01-01"), course(BENT, start="2023-06-01")]
        assert "UD04" not in self.gates(quick, limits)
        gate = self.gates(quick, [*limits, course(start="1929-12-31"), course(BENT, start="2023-06-02")])["UD04"]
        assert (gate.alvor, gate.vaerdi, gate.raekke) == ("advarsel", 2, 4)

    def postings(self, count: int, **more: Any) -> list[dict[str, Any]]:
        row = {"konto": "538581001", "beloeb": Decimal("1.00"), "bogfoert_dato": date(2020, 1, 1), "cpr": ANNE}
        return [{**row, **more} for _ in range(count)]

    def test_a_ledger_without_cpr(self, quick: Quick) -> None:
        tables: dict[str, Any] = {"oekonomi": self.postings(20, cpr=None)}
        assert self.gates(quick, [], tables=tables)["UD05"].kilde == "oekonomi"
        tables["oekonomi"] += self.postings(1)
        assert "UD05" not in self.gates(quick, [], tables=tables)
        result = run(quick, [], tables=tables, lacks={"oekonomi": ["cpr"]})
        assert "UD05" in {n.regel for n in result.not_run}

    def test_a_ledger_on_other_accounts(self, quick: Quick) -> None:
        linked = [{"dst_kode": "1.4", "konto": "538581001"}]
        tables = {"oekonomi": self.postings(20, konto="538591001"), "masteroversigt": linked}
        assert "UD06" in self.gates(quick, [], tables=tables)
        tables["oekonomi"] += self.postings(1)
        assert "UD06" not in self.gates(quick, [], tables=tables)
        result = run(quick, [], tables={"oekonomi": self.postings(20)})
        assert "UD06" in {n.regel for n in result.not_run}

    def test_gates_see_the_whole_extract_whatever_the_period(self, quick: Quick) -> None:
        rows = [course(f"x{n}", start="2010-01-01", end="2011-01-01") for n in range(20)]
        assert set(self.gates(quick, rows)) == {"UD01"}


def faulty(cpr: str, number: int, **more: Any) -> dict[str, Any]:
    """A course that hits many rules at once."""
    row = course(
        cpr, "1.8.2", "2015-01-01", system="tidligere", handlekommune="123", ffb_ydelse="Længerevarende ophold"
    )
    return {**row, "maalgruppe": None, "tilbud": None, "ydelse_id": f"Y{number}", **more}


def test_no_cpr_number_in_any_field_of_any_finding(quick: Quick) -> None:
    """Also where a text column holds one, and where the code is one."""
    rows = [
        faulty(ANNE, 1, ydelse_id=BENT, ffb_ydelse=f"Længerevarende ophold {BENT}", handlekommune=BENT),
        faulty(ANNE, 2, dst_kode="010150-1111", tilbud=ANNE),
        faulty(ANNE, 3, dst_kode="020260 2222", fil=f"{ANNE}.csv"),
    ]
    findings = run(quick, rows).findings
    text = "\n".join(repr(f).replace("P-1111051010", "") for f in findings)
    assert len(findings) > 8
    for cpr in (ANNE, BENT):
        assert cpr not in text
        assert f"{cpr[:6]}-{cpr[6:]}" not in text
        assert f"{cpr[:6]} {cpr[6:]}" not in text


def test_an_id_does_not_rest_on_a_cpr_number_that_could_be_guessed(quick: Quick) -> None:
    """fund_id is a hash without a key: what it hashes must hold no CPR."""
    ids = [{f.fund_id for f in run(quick, [faulty(LETTERS, 1, ydelse_id=cpr)]).findings} for cpr in (ANNE, BENT)]
    assert ids[0] == ids[1]


@st.composite
def extracts(draw: st.DrawFn) -> list[dict[str, Any]]:
    days = st.sampled_from([date(2019, 12, 31), date(2020, 1, 1), date(2020, 3, 31), date(2020, 4, 1)])
    row = st.builds(
        course,
        cpr=st.sampled_from([ANNE, BENT, "0201034111", "6101501111", "0"]),
        code=st.sampled_from(["1.1", "1.8.1", "1.8.2", "1.12.0.2", "1.18.2", "9.9"]),
    )
    rows = draw(st.lists(row, min_size=1, max_size=25))
    ends, systems = st.none() | days, st.sampled_from(["nuvaerende", "tidligere"])
    names, ids = st.sampled_from([None, "Længerevarende ophold"]), st.sampled_from([None, "a", "b"])
    return [
        {
            **row,
            "start_dato": draw(days),
            "slut_dato": draw(ends),
            "system": draw(systems),
            "ffb_ydelse": draw(names),
            "ydelse_id": draw(ids),
        }
        for row in rows
    ]


@given(rows=extracts(), seed=st.integers(0, 99))
@examples(10)
def test_findings_depend_on_rows_and_not_on_where_they_stand(
    quick: Quick, rows: list[dict[str, Any]], seed: int
) -> None:
    def findings(given: list[dict[str, Any]]) -> list[str]:
        made = run(quick, given).findings
        assert len({f.fund_id for f in made}) == len(made)
        return sorted(repr((f.fund_id, f.alvor, f.borger, f.dst_kode, f.vaerdi, f.forventet, f.besked)) for f in made)

    before = findings(rows)
    chance = random.Random(seed)
    moved = chance.sample(rows, len(rows))
    split = [{**row, "fil": f"{chance.choice('ab')}.csv", "raekke": n + 2} for n, row in enumerate(moved)]
    assert [text for text in findings(split) if "'UD" not in text] == [text for text in before if "'UD" not in text]
