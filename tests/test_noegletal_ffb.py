"""FFB: persons by the catalogue's names, overlaps per layer and coverage, against sets built from the definitions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations, count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.worlds import world

from reconcile.controls import noegletal

FIRST, LAST = date(2020, 1, 1), date(2020, 3, 31)
PARAGRAF = {"1.1": "SEL §104", "1.8.2": "SEL §107", "1.12.0.1": "SEL §85 (ABL §105/115)", "1.12.0.2": "SEL §85"}
PEOPLE = ["0101601111", "0203702222", "3112803334"]
#: What is written → the catalogue's name; a text that is none stays as it is.
YDELSE = {
    None: "", "støtte til  SUNDHED": "Støtte til sundhed", "80aa8ea7-4ad8-405f-876a-4c0f89fde06a": "Midlertidigt ophold",
    "Noget lokalt": "Noget lokalt",
}  # fmt: skip
TILBUD = {None: "", "Mobilt tilbud": "Mobilt tilbud"}


def run(courses: list[dict[str, Any]], **more: Any) -> dict[str, list[Any]]:
    with world({"fagsystem": courses}, periods="2020K1", **more) as context:
        return {table.name: list(table.rows) for table in noegletal.run(context).tables}


@st.composite
def _courses(draw: st.DrawFn) -> list[dict[str, Any]]:
    days = st.sampled_from([date(2019, 12, 1), FIRST, date(2020, 2, 1), LAST])
    row = st.builds(
        lambda cpr, code, start, length, ydelse, tilbud: {
            "cpr": cpr, "dst_kode": code, "start_dato": start, "slut_dato": date.fromordinal(start.toordinal() + length),
            "ffb_ydelse": ydelse, "ffb_tilbud": tilbud,
        },
        st.sampled_from(PEOPLE), st.sampled_from(sorted(PARAGRAF)), days, st.sampled_from([0, 31, 90]),
        st.sampled_from(list(YDELSE)), st.sampled_from(list(TILBUD)),
    )  # fmt: skip
    return draw(st.lists(row, max_size=6))


@examples(10)
@given(_courses())
def test_counts_overlaps_and_coverage_agree_with_sets_of_persons(courses: list[dict[str, Any]]) -> None:
    tables = run(courses)
    here = [c for c in courses if c["start_dato"] <= LAST and c["slut_dato"] >= FIRST]
    layers = [
        {"paragraf": PARAGRAF[c["dst_kode"]], "ydelse": YDELSE[c["ffb_ydelse"]], "tilbud": TILBUD[c["ffb_tilbud"]]}
        for c in here
    ]
    persons: dict[tuple[str, str], set[str]] = defaultdict(set)
    for c, names in zip(here, layers, strict=True):
        for layer, name in names.items():
            persons[layer, name].add(c["cpr"])
            if name:
                persons[layer, "I alt"].add(c["cpr"])
    assert {(r.lag, r.navn): r.borgere for r in tables["ffb"]} == {key: len(who) for key, who in persons.items()}
    assert {(r.lag, r.periode, *_pair(r)): r.borgere for r in tables["ffb_overlap"]} == _overlaps(here, layers)
    (whole,) = [r for r in tables["ffb_daekning"] if r.niveau == "alle"] or [None]
    if whole:
        some = sum(bool(n["ydelse"] or n["tilbud"]) for n in layers)
        assert (whole.ydelser, whole.begge + whole.kun_ydelse + whole.kun_tilbud) == (len(here), some)
        assert whole.kun_ydelse == sum(bool(n["ydelse"] and not n["tilbud"]) for n in layers)
    local = [c["cpr"] for c in here if c["ffb_ydelse"] == "Noget lokalt"]
    assert [(r.navn, r.ydelser, r.borgere) for r in tables["ffb_ukendte"]] == (
        [("Noget lokalt", len(local), len(set(local)))] if local else []
    )


def _pair(row: Any) -> tuple[str, str, str, str]:
    return row.paragraf_a, row.navn_a, row.paragraf_b, row.navn_b


def _overlaps(here: list[dict[str, Any]], layers: list[dict[str, str]]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for (a, names_a), (b, names_b) in combinations(zip(here, layers, strict=True), 2):
        first = max(a["start_dato"], b["start_dato"], FIRST)
        if a["cpr"] != b["cpr"] or first > min(a["slut_dato"], b["slut_dato"], LAST):
            continue
        for layer in ("paragraf", "ydelse", "tilbud"):
            sides = sorted((n["paragraf"], "" if layer == "paragraf" else n[layer]) for n in (names_a, names_b))
            if sides[0] != sides[1]:
                found[(layer, "2020K1", *sides[0], *sides[1])].add(a["cpr"])
    return {key: len(who) for key, who in found.items()}


def test_the_total_is_634_distinct_persons_where_the_parts_add_up_to_815() -> None:
    """The table of FLIS in the webinar on FFB (May 2023): §§ 105/85, 103, 104, 107, 108 and 85."""
    printed = {"1.12.0.1": 74, "1.4": 138, "1.1": 110, "1.8.2": 20, "1.8.1": 20, "1.12.0.2": 453}
    number = count()
    courses = []
    for code, persons in printed.items():
        for _person in range(persons):
            person = next(number) % 634
            courses.append({"cpr": f"01017{person:05d}", "dst_kode": code, "start_dato": FIRST, "ffb_ydelse": "Ophold"})
    rows = {r.navn: r.borgere for r in run(courses)["ffb"] if r.lag == "paragraf"}
    assert rows.pop("I alt") == 634
    assert sorted(rows.values()) == sorted(printed.values())
    assert sum(rows.values()) == 815


def test_the_share_is_that_of_courses_with_either_and_nothing_is_made_without_the_columns() -> None:
    course = {"cpr": PEOPLE[0], "dst_kode": "1.12.0.2", "start_dato": FIRST}
    rows = run([course, course, {**course, "ffb_tilbud": "Mobilt tilbud"}])["ffb_daekning"]
    assert {r.andel for r in rows} == {Decimal("0.3333")}
    assert "ffb" not in run([course], lacks={"fagsystem": ["ffb_ydelse", "ffb_tilbud"]})
