"""Random careers: what the rules find is what a plain reading of them finds, no more and no less."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support import world
from yr_oracle import expected
from yr_support import ALWAYS, ANNA, RULES, hits, percent, refill, row

JUDGED = sorted({*RULES} - {"YR11", "YR15", "YR16", "YR17"})
FIRST = date(2016, 12, 5)
PEOPLE = [f"0{day}0180{number}234" for day in (1, 2) for number in range(4)]


@st.composite
def spells(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    """(pause before it, weeks, how the counter begins) of a career's spells."""
    begins = st.sampled_from(["on", "on", "one", "same", "skip", "back", "far"])
    pause = st.one_of(st.integers(0, 160), st.sampled_from([0, 1, 50, 51, 52, 53, 155, 156, 157]))
    return draw(st.lists(st.tuples(pause, st.integers(1, 6), begins), min_size=1, max_size=5))


def next_counter(last: int, begins: str) -> int:
    return {"on": last + 1, "one": 1, "same": last, "skip": last + 2, "back": max(last - 1, 1), "far": 60}[begins]


def rows_of(cpr: str, parts: list[tuple[int, int, str]], rng: random.Random) -> list[dict[str, Any]]:
    """A career as rows: split weeks, corrections in later files, second ydelser, rows without counter, repeats."""
    rows: list[dict[str, Any]] = []
    at, last = rng.randrange(0, 60), rng.randrange(1, 60)
    for pause, weeks, begins in parts:
        at += pause
        for number in range(weeks):
            last = next_counter(last, begins) if number == 0 else last + 1
            rows += _week(cpr, FIRST + timedelta(weeks=at), last, rng)
            at += 1
    return rows


def _week(cpr: str, monday: date, counter: int, rng: random.Random) -> list[dict[str, Any]]:  # noqa: C901 - a list
    amount = Decimal(rng.choice(["3000.00", "4999.99", "5000.00", "9999.99", "10000.00"]))
    made = [row(monday, counter, str(amount), cpr=cpr)]
    sunday = monday + timedelta(days=6)
    if sunday.month != monday.month:
        made.append(row(sunday.replace(day=1), counter, rng.choice(["5000.00", "0.01"]), cpr=cpr))
    match rng.randrange(14):
        case 0:
            made += _reversed(made, 1)
        case 1:
            made += [*_reversed(made, 1), _later(row(monday, counter + rng.choice([0, 3]), "2500.00", cpr=cpr), 1)]
        case 2:
            made.append(row(monday, counter + rng.choice([0, 2]), "800.00", cpr=cpr, ydelse="Uddannelseshjælp"))
        case 3:
            made.append(_later(row(monday, None, "10.00", cpr=cpr, sats=percent(counter)), rng.choice([0, 1])))
        case 4:
            made.append(row(monday, 99, "700.00", cpr=cpr, ydelse="Fleksbidrag fra staten"))
        case 5:
            made += [dict(made[0])] * rng.choice([1, 2])
        case 6:
            made.append(_later(row(monday, 77, "0.00", cpr=cpr), 2))
        case 7:
            made[0] |= {"uge": monday + timedelta(days=rng.choice([0, 2]))}
        case 8:
            made[0] |= {"refusionssats": Decimal(50)}
        case 9:
            made.append(_later(row(monday, counter, "-12000.00", cpr=cpr), 2))
        case _:
            pass
    return made


def _later(made: dict[str, Any], files: int) -> dict[str, Any]:
    """The same row from a later run and in a later file."""
    koersel = (made["koerselsperiode"] + timedelta(days=31 * files)).replace(day=1)
    return {**made, "koerselsperiode": koersel, "fil": f"yr-{files}.csv"}


def _reversed(rows: list[dict[str, Any]], files: int) -> list[dict[str, Any]]:
    back = [{**r, "bruttoudgift": -r["bruttoudgift"], "refusion": -r["refusion"]} for r in rows]
    return [_later(r, files) for r in back]


def test_the_rules_find_what_a_plain_reading_finds_in_random_careers() -> None:
    with world({"yr": []}, periods=ALWAYS) as context:

        @settings(max_examples=15)
        @given(st.lists(spells(), min_size=1, max_size=8), st.integers(0, 2**32))
        def agree(careers: list[list[tuple[int, int, str]]], seed: int) -> None:
            rng = random.Random(seed)
            rows = [
                {"fil": "yr-0.csv", **r}
                for cpr, parts in zip(PEOPLE, careers, strict=False)
                for r in rows_of(cpr, parts, rng)
            ]
            rng.shuffle(rows)
            refill(context, rows)
            assert hits(context, JUDGED) == expected(rows)

        agree()


def test_the_random_careers_hit_every_rule_they_judge() -> None:
    rng = random.Random(7)
    begins = ["on", "one", "same", "skip", "back", "far"]
    pauses = [0, 0, 1, 20, 52, 60, 160]
    seen: set[str] = set()
    for _number in range(150):
        parts = [(rng.choice(pauses), rng.randrange(1, 6), rng.choice(begins)) for _spell in range(4)]
        seen |= {hit.rule for hit in expected([{"fil": "yr-0.csv", **r} for r in rows_of(ANNA, parts, rng)])}
    assert seen == set(JUDGED)
