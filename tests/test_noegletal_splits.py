"""Nøgletal split by what the kommune approved and by what DST's rules do, on random worlds against a count day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from oracles import bridge
from oracles.noegletal import counts
from support.examples import examples
from support.worlds import world

from reconcile.controls import noegletal
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter

PERIODS = {
    "2020": (date(2020, 1, 1), date(2020, 12, 31)),
    **{f"2020K{n}": (Quarter(2020, n).first, Quarter(2020, n).last) for n in range(1, 5)},
    "2020-07": (date(2020, 7, 1), date(2020, 7, 31)),
}
#: A child until 2027, one who turned 17 on 1 January 2020, one who did so the day after, and two who are old enough.
BORN = {
    "0101104448": date(2010, 1, 1), "0101034441": date(2003, 1, 1), "0201034447": date(2003, 1, 2),
    "0101601111": date(1960, 1, 1), "0203702222": date(1970, 3, 2),
}  # fmt: skip
CODES = ["1.1", "1.8.1", "1.8.2", "1.12.0.1", "1.12.0.2", "1.18.2"]
EDGES = [
    day.fromordinal(day.toordinal() + n) for q in (1, 2, 3, 4) for day in (Quarter(2020, q).first,) for n in (-1, 0, 1)
]
DAYS = st.sampled_from(EDGES) | st.dates(date(2019, 10, 1), date(2021, 2, 1))


@st.composite
def _courses(draw: st.DrawFn) -> list[bridge.Course]:
    made = []
    for _number in range(draw(st.integers(1, 7))):
        start = draw(DAYS)
        end = draw(st.none() | DAYS.filter(start.__le__))
        cpr, code = draw(st.sampled_from(list(BORN))), draw(st.sampled_from(CODES))
        made.append(bridge.Course(cpr, code, start, end, former=draw(st.booleans()) and draw(st.booleans())))
    return made


def _extract(courses: Sequence[bridge.Course]) -> list[dict[str, Any]]:
    return [
        {"cpr": c.cpr, "dst_kode": c.code, "start_dato": c.start, "slut_dato": c.end,
         "system": "tidligere" if c.former else "nuvaerende"}
        for c in courses
    ]  # fmt: skip


def _split(courses: Sequence[dict[str, Any]], dimension: str, **tables: Any) -> dict[tuple[str, ...], tuple[Any, ...]]:
    with world({"fagsystem": courses, **tables}) as context:
        made = {t.name: t.rows for t in noegletal.run(replace(context, split=(dimension,))).tables}
    return {
        (r.vaerdi, r.kategori, r.periode): (r.modtagere, r.ydelser, r.aabne, r.lukkede, r.helaarsmodtagere)
        for r in made["noegletal_fordelt"]
    }


_NOBODY = (0, 0, 0, 0, Decimal("0.0000"))


def _same(
    found: dict[tuple[str, ...], tuple[Any, ...]], members: dict[tuple[str, ...], list[dict[str, Any]]], periods: Any
) -> None:
    """What is found are the counts of the members, and nothing else is."""
    expected = {}
    for key, here in members.items():
        for period, (first, last) in periods.items():
            *figures, full = counts(here, first, last)
            expected[*key, period] = (*figures, rounded(full, 4))
    assert {k: v for k, v in found.items() if v != _NOBODY and k[-1] in periods} == {
        k: v for k, v in expected.items() if v != _NOBODY
    }


def _effect(courses: bridge.World, steps: dict[str, bridge.Left], n: int) -> str:
    """The step that takes the course away, else the last that changes it."""
    effect, before = "uændret", steps["raa"][n]
    for name in ("indlaesning", "gyldighed", "R1", "R3", "R2"):
        now = steps[name].get(n)
        if now is None:
            return f"{name} fjernet"
        if now != before:
            effect = f"{name} ændret"
        before = now
    return effect


@examples(10)
@given(_courses(), st.dictionaries(st.sampled_from(list(BORN)), DAYS, max_size=3))
def test_the_split_by_dsts_rules_agrees_with_the_bridge_counted_day_by_day(
    courses: list[bridge.Course], died: dict[str, date]
) -> None:
    whole = bridge.World(courses, BORN, died, {}, horizon=(date(2019, 7, 1), date(2021, 12, 31)))
    steps = bridge.count(whole)
    extract = _extract(courses)
    members: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for n, row in enumerate(extract):
        for category in (row["dst_kode"], "I alt"):
            members[_effect(whole, steps, n), category].append(row)
    deaths = [{"cpr": cpr, "doedsdato": day} for cpr, day in died.items()]
    _same(_split(extract, "harmonisering", borger=deaths), members, PERIODS)


APPROVAL = st.fixed_dictionaries(
    {
        "kommune": st.sampled_from(["665", "665", "101"]),
        "periode": st.sampled_from(["2019K4", "2020K1", "2020K2", "2020K4", "2020"]),
        "godkendt": st.booleans(),
    }
)


@examples(8)
@given(_courses(), st.lists(APPROVAL, max_size=6))
def test_the_split_by_approval_agrees_with_a_count_quarter_by_quarter(
    courses: list[bridge.Course], approvals: list[dict[str, Any]]
) -> None:
    extract = _extract(courses)
    found = _split(extract, "godkendt", godkendt=approvals)
    for period, span in PERIODS.items():
        if "K" not in period:
            continue
        answers = [a["godkendt"] for a in approvals if (a["kommune"], a["periode"]) == ("665", period)]
        answer = "" if not answers else "ja" if all(answers) else "nej"
        members: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in extract:
            for category in (row["dst_kode"], "I alt"):
                members[answer, category].append(row)
        _same(found, members, {period: span})
    assert {period for _value, _category, period in found} <= set(PERIODS) - {"2020", "2020-07"}
