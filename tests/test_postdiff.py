"""The record diff fagsystem ↔ FLIS: FL01–FL04, the keys, the fields, and a brute force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.ottetal import ANNA, BENT, course
from support.worlds import world

from reconcile.controls import postdiff
from reconcile.domain.cpr import MASKED
from reconcile.results.rows import PartResult

ONE = course(ANNA, "1.4", "2019-01-01", "2020-09-30", ydelse_id="N-1", maalgruppe="1.1.3", handlekommune="665")


def run(fagsystem: list[Any], flis: list[Any], **options: Any) -> PartResult:
    tables = {"fagsystem": fagsystem, "flis": flis}
    with world(tables, periods=options.pop("periods", "2020"), **options) as context:
        return postdiff.run(context)


def rules(result: PartResult) -> list[str]:
    return [finding.regel for finding in result.findings]


def rows(result: PartResult) -> list[tuple[Any, ...]]:
    """rule, key, field, fagsystem, flis."""
    return [(r.regel, r.noegle, r.felt, r.fagsystem, r.flis) for r in result.tables[0].rows]


def test_equal_extracts_have_no_difference() -> None:
    result = run([ONE], [ONE])
    assert (rules(result), rows(result), result.caveats) == ([], [], ())


def test_empty_extracts_have_no_difference() -> None:
    assert rules(run([], [])) == []


def test_an_absent_extract_is_said() -> None:
    with world({"fagsystem": [ONE]}) as context:
        result = postdiff.run(context)
    assert [(n.regel, n.kilde) for n in result.not_run] == [(rule, "flis") for rule in ("FL01", "FL02", "FL03", "FL04")]


def test_fl01_and_fl02_only_on_one_side() -> None:
    only = run([ONE], [])
    assert rows(only) == [("FL01", "N-1", None, "2019-01-01/2020-09-30", None)]
    assert (only.findings[0].dst_kode, only.findings[0].kilde, only.findings[0].alvor) == ("1.4", "flis", "advarsel")
    assert rows(run([], [ONE])) == [("FL02", "N-1", None, None, "2019-01-01/2020-09-30")]


def test_fl03_one_finding_and_one_row_per_changed_field() -> None:
    result = run([ONE], [{**ONE, "slut_dato": None, "tilbud": "Høvlen"}])
    assert rules(result) == ["FL03"]
    assert rows(result) == [
        ("FL03", "N-1", "slut_dato", "2020-09-30", None),
        ("FL03", "N-1", "tilbud", None, "Høvlen"),
    ]
    assert {row.fund_id for row in result.tables[0].rows} == {result.findings[0].fund_id}
    assert "slutdato 30-09-2020 → tom" in result.findings[0].besked


def test_fl03_fields_that_mean_the_same_are_equal() -> None:
    assert rules(run([{**ONE, "maalgruppe": "2|1.1.3"}], [{**ONE, "maalgruppe": "1.1.3|2"}])) == []
    assert rules(run([ONE], [{**ONE, "handlekommune": None}])) == []


def test_fl03_a_changed_cpr_is_shown_as_pseudonyms() -> None:
    result = run([ONE], [{**ONE, "cpr": BENT}])
    assert rows(result) == [("FL03", "N-1", "cpr", f"P-{ANNA[::-1]}", f"P-{BENT[::-1]}")]


def test_fl04_duplicate_keys_are_named_and_not_paired() -> None:
    split = [{**ONE, "slut_dato": date(2020, 3, 31)}, {**ONE, "start_dato": date(2020, 4, 1)}]
    result = run([ONE], split)
    assert rows(result) == [
        ("FL04", "N-1", None, "2019-01-01/2020-09-30", "2019-01-01/2020-03-31, 2020-04-01/2020-09-30")
    ]
    assert (result.findings[0].vaerdi, result.findings[0].kilde) == (2, "flis")
    assert run(split, [ONE]).findings[0].kilde == "fagsystem"


def test_without_ids_on_both_sides_the_key_is_person_code_and_start() -> None:
    result = run([ONE], [{**ONE, "ydelse_id": None, "slut_dato": None}], lacks={"flis": ["ydelse_id"]})
    assert rows(result) == [("FL03", f"P-{ANNA[::-1]} 1.4 2019-01-01", "slut_dato", "2020-09-30", None)]
    assert any("ydelse_id" in caveat for caveat in result.caveats)
    assert rules(run([ONE, ONE], [{**ONE, "ydelse_id": None}], lacks={"flis": ["ydelse_id"]})) == ["FL04"]


@pytest.mark.parametrize("start", ["2015-01-01", "2015-01-08", "2019-11-30"])
def test_a_course_without_an_id_is_named_so_that_no_day_of_it_is_taken_for_a_cpr_number(start: str) -> None:
    alone = {**ONE, "ydelse_id": None, "start_dato": date.fromisoformat(start)}
    longer = {**alone, "slut_dato": date(2020, 12, 31)}
    day = f"{date.fromisoformat(start):%d-%m-%Y}"
    for fagsystem, flis in (([alone], []), ([], [alone]), ([alone], [longer]), ([alone], [alone, alone])):
        (finding,) = run(fagsystem, flis).findings
        assert day in finding.besked
        assert MASKED not in finding.besked


def test_a_single_missing_id_falls_back_to_person_code_and_start() -> None:
    assert rows(run([ONE], [{**ONE, "ydelse_id": None}])) == [
        ("FL03", f"P-{ANNA[::-1]} 1.4 2019-01-01", "ydelse_id", "N-1", None)
    ]


def test_two_ids_that_only_the_fagsystem_has_are_two_courses_not_a_duplicate() -> None:
    assert rules(run([ONE, {**ONE, "ydelse_id": "N-2"}], [])) == ["FL01", "FL01"]


def test_only_fields_both_have_are_compared() -> None:
    changed = {**ONE, "maalgruppe": None}
    without = run([ONE], [changed], lacks={"flis": ["maalgruppe", "afdeling"], "fagsystem": ["afdeling"]})
    assert rules(without) == []
    assert without.caveats == ("Fagsystem og FLIS er ikke sammenlignet på felter, som kun den ene har: maalgruppe.",)
    assert rules(run([ONE], [changed])) == ["FL03"]


def test_the_load_rule_drops_open_courses_of_a_former_system() -> None:
    assert rules(run([{**ONE, "slut_dato": None, "system": "tidligere"}], [])) == []
    assert rules(run([{**ONE, "system": "tidligere"}], [])) == ["FL01"]


@pytest.mark.parametrize(
    ("change", "compared"),
    [
        ({}, True),
        ({"slut_dato": date(2019, 12, 31)}, False),
        ({"slut_dato": date(2020, 1, 1)}, True),
        ({"handlekommune": "101"}, False),
        ({"slut_dato": date(2018, 1, 1)}, False),
    ],
)
def test_only_own_courses_that_touch_the_period_are_compared(change: dict[str, Any], compared: bool) -> None:
    assert bool(rules(run([{**ONE, **change}], []))) is compared


def test_a_course_that_leaves_the_period_or_the_kommune_on_one_side_is_changed_not_missing() -> None:
    assert rules(run([ONE], [{**ONE, "slut_dato": date(2019, 6, 30)}])) == ["FL03"]
    assert rules(run([{**ONE, "handlekommune": "101"}], [ONE])) == ["FL03"]


def test_no_cpr_in_what_is_shown() -> None:
    odd = {**ONE, "ydelse_id": f"{ANNA}-1", "tilbud": f"se {ANNA[:6]}-{ANNA[6:]}"}
    for result in (run([odd], []), run([odd], [{**odd, "tilbud": None}]), run([odd, odd], [odd])):
        text = repr(result)
        assert ANNA not in text
        assert f"{ANNA[:6]}-{ANNA[6:]}" not in text


def test_ids_do_not_depend_on_row_order() -> None:
    courses = [ONE, {**ONE, "cpr": BENT}, {**ONE, "ydelse_id": "N-3"}]
    there = {f.fund_id for f in run(courses, [ONE]).findings}
    assert {f.fund_id for f in run(courses[::-1], [ONE]).findings} == there


COURSES = st.lists(
    st.builds(
        lambda cpr, code, start, length, number, group: course(
            cpr,
            code,
            str(date(2019, 12, 1) + timedelta(days=start)),
            None if length > 90 else str(date(2019, 12, 1) + timedelta(days=start + length)),
            ydelse_id=number,
            maalgruppe=group,
        ),
        st.sampled_from([ANNA, BENT]),
        st.sampled_from(["1.1", "1.4"]),
        st.integers(0, 3),
        st.integers(20, 100),
        st.sampled_from([None, "A", "B", "C", "D"]),
        st.sampled_from([None, "2"]),
    ),
    max_size=5,
)


def expected(fagsystem: list[Any], flis: list[Any]) -> list[str]:
    """The rules by hand: pair by common id, then by person, code and start."""
    common = {c["ydelse_id"] for c in fagsystem} & {c["ydelse_id"] for c in flis} - {None}

    def own_key(c: Any) -> Any:
        return c["cpr"], c["dst_kode"], c["start_dato"]

    sides = [[c for c in side if c["ydelse_id"] not in common] for side in (fagsystem, flis)]
    shared = {own_key(c) for c in sides[0]} & {own_key(c) for c in sides[1]}
    groups: dict[Any, tuple[list[Any], list[Any]]] = {}
    for number, side in enumerate((fagsystem, flis)):
        for c in side:
            by_id = c["ydelse_id"] in common or (c["ydelse_id"] and own_key(c) not in shared)
            groups.setdefault(c["ydelse_id"] if by_id else own_key(c), ([], []))[number].append(c)
    found = []
    for left, right in groups.values():
        touching = [
            c
            for c in left + right
            if c["start_dato"] <= date(2020, 3, 31) and (c["slut_dato"] or date.max) >= date(2020, 1, 1)
        ]
        if not touching:
            continue
        if len(left) > 1 or len(right) > 1:
            found.append("FL04")
        elif not right:
            found.append("FL01")
        elif not left:
            found.append("FL02")
        elif left[0] != right[0]:
            found.append("FL03")
    return sorted(found)


@examples(20)
@given(COURSES, COURSES)
def test_the_rules_agree_with_pairing_by_hand(fagsystem: list[Any], flis: list[Any]) -> None:
    result = run(fagsystem, flis, periods="2020K1")
    assert sorted(rules(result)) == expected(fagsystem, flis)
    changed = [row for row in result.tables[0].rows if row.regel == "FL03"]
    assert {row.fund_id for row in result.tables[0].rows} == {f.fund_id for f in result.findings}
    assert all(row.fagsystem != row.flis for row in changed)
    assert len({f.fund_id for f in result.findings}) == len(result.findings)
