"""What must hold between two runs, whatever the data: the same against itself, swapped, shuffled, doubled, or with more
tolerance. No figure is known beforehand; only how two of them belong together."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.quick import Quick, quick_worlds

from reconcile.controls import hand07, ottetal, postdiff, validate
from reconcile.results.rows import PartResult, Status

Rows = list[dict[str, Any]]
CODES = ("1.1", "1.4", "1.8.1", "1.12.0.2", "1.18.2")
FEW = examples(2)


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def person(number: int) -> str:
    """A CPR number of a grown-up; a hundred apart is another person of the same age."""
    return f"{1 + number % 28:02d}0{1 + number % 9}5{number % 10}{1000 + number:04d}"


def courses(seed: int, people: int = 8) -> Rows:
    """Courses of a handful of persons, with gaps, overlaps and open ends, no two of them alike."""
    chosen = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(people):
        for _turn in range(chosen.randint(1, 3)):
            start = date(2019, 6, 1) + timedelta(chosen.randint(0, 500))
            end = start + timedelta(chosen.randint(0, 300)) if chosen.random() < 0.7 else None
            rows.append(
                {
                    "cpr": person(number), "dst_kode": chosen.choice(CODES), "start_dato": start, "slut_dato": end,
                    "ydelse_id": f"N-{len(rows)}", "maalgruppe": chosen.choice(("1.1", "2", None)),
                    "tilbud": chosen.choice(("3.5", None)),
                }
            )  # fmt: skip
    return rows


def table(result: PartResult, name: str) -> list[dict[str, Any]]:
    return [vars(row) for each in result.tables if each.name == name for row in each.rows]


def published(cells: list[dict[str, Any]], change: int = 0) -> Rows:
    return [
        {"dst_kode": c["dst_kode"], "periode": c["periode"], "antal": Decimal(max(0, c["harmoniseret"] + change))}
        for c in cells
        if c["harmoniseret"] is not None
    ]


def own(quick: Quick, rows: Rows, **more: Any) -> list[dict[str, Any]]:
    return table(hand07.run(quick({"fagsystem": rows, **more.pop("tables", {})}, **more)), "hand07_diff")


@FEW
@given(seed=st.integers(0, 10_000))
def test_a_against_a_finds_nothing(quick: Quick, seed: int) -> None:
    rows = courses(seed)
    assert postdiff.run(quick({"fagsystem": rows, "flis": rows})).findings == ()
    result = ottetal.run(quick({"fagsystem": rows, "flis": rows}))
    cells = table(result, "ottetal")
    assert cells
    assert {c["fagsystem_borgere"] - c["flis_borgere"] for c in cells} == {0}
    figures = published(own(quick, rows))
    judged = own(quick, rows, tables={"hand07": figures})
    assert {c["rest"] for c in judged if c["dst"] is not None} == {0}
    assert not {Status.UNEXPLAINED, Status.PARTLY} & {c["status"] for c in judged}


@FEW
@given(seed=st.integers(0, 10_000), other=st.integers(0, 10_000))
def test_when_the_sides_are_swapped_the_signs_are(quick: Quick, seed: int, other: int) -> None:
    first, second = courses(seed), courses(other, 7)
    there = postdiff.run(quick({"fagsystem": first, "flis": second}))
    back = postdiff.run(quick({"fagsystem": second, "flis": first}))
    turned = {"FL01": "FL02", "FL02": "FL01", "FL03": "FL03", "FL04": "FL04"}
    swapped = Counter((turned[f.regel], f.borger, f.dst_kode) for f in there.findings if f.regel != "FL03")
    assert swapped == Counter((f.regel, f.borger, f.dst_kode) for f in back.findings if f.regel != "FL03")
    changed = [
        sorted((r["noegle"], r["felt"], *sides(r)) for r in table(e, "post_diff") if r["felt"]) for e in (there, back)
    ]
    assert [(n, f, b, a) for n, f, a, b in changed[0]] == changed[1]


def sides(row: dict[str, Any]) -> tuple[str, str]:
    return str(row["fagsystem"]), str(row["flis"])


@FEW
@given(seed=st.integers(0, 10_000))
def test_order_and_split_change_nothing(quick: Quick, seed: int) -> None:
    rows = courses(seed)
    mixed = rows.copy()
    random.Random(seed).shuffle(mixed)
    split = [{**row, "fil": f"{n % 3}.csv", "raekke": n} for n, row in enumerate(mixed)]
    told = []
    for given_rows in (rows, split):
        context = quick({"fagsystem": given_rows, "flis": rows[1:]})
        parts = [control.run(context) for control in (validate, hand07, ottetal, postdiff)]
        tables = [(t.name, [unplaced(row) for row in t.rows]) for part in parts for t in part.tables]
        told.append((sorted(f.fund_id for part in parts for f in part.findings), tables))
    assert told[0] == told[1]


def unplaced(row: Any) -> list[tuple[str, str]]:
    """A row without where it was read."""
    return [(name, str(value)) for name, value in vars(row).items() if name not in {"fil", "raekke"}]


@FEW
@given(seed=st.integers(0, 10_000), change=st.integers(-3, 3))
def test_more_tolerance_never_finds_more(quick: Quick, seed: int, change: int) -> None:
    rows = courses(seed)
    figures = {"hand07": published(own(quick, rows), change)}
    left = []
    for tolerance in (0, 1, 2, 3):
        cells = own(quick, rows, tables=figures, regler={"tolerance_antal": tolerance})
        left.append(sum(c["status"] in {Status.UNEXPLAINED, Status.PARTLY} for c in cells))
    assert left == sorted(left, reverse=True)
    assert left[abs(change)] == 0


@FEW
@given(seed=st.integers(0, 10_000))
def test_everybody_twice_is_every_count_twice(quick: Quick, seed: int) -> None:
    rows = courses(seed)
    twins = [
        {**row, "cpr": person(8 + int(row["cpr"][6:]) - 1000), "ydelse_id": row["ydelse_id"] + "t"} for row in rows
    ]
    once, twice = (hand07.run(quick({"fagsystem": given_rows})) for given_rows in (rows, [*rows, *twins]))
    steps = [
        {(r["dst_kode"], r["periode"], r["trin"]): r["antal"] for r in table(each, "bro")} for each in (once, twice)
    ]
    assert steps[0]
    assert {key: 2 * count for key, count in steps[0].items()} == steps[1]
    cells = [
        {
            (c["dst_kode"], c["periode"]): (c["fagsystem_borgere"], c["fagsystem_fuldtid"])
            for c in table(each, "ottetal")
        }
        for each in (ottetal.run(quick({"fagsystem": rows})), ottetal.run(quick({"fagsystem": [*rows, *twins]})))
    ]
    for key, (persons, volume) in cells[0].items():
        assert cells[1][key][0] == 2 * persons
        assert abs(cells[1][key][1] - 2 * volume) <= Decimal("0.0001")  # each is rounded for itself


@FEW
@given(seed=st.integers(0, 10_000), code=st.sampled_from(CODES))
def test_one_code_alone_gives_the_same_cells(quick: Quick, seed: int, code: str) -> None:
    """But for 1.12.0.2, which R2 judges by the other codes of the person."""
    rows = courses(seed)
    if code == "1.12.0.2":
        rows = [row for row in rows if row["dst_kode"] not in {"1.8.1", "1.12.0.1"}]
    alone = [row for row in rows if row["dst_kode"] == code]
    if not alone:
        return
    period = {"periods": "2019K3:2021K2"}
    every, one = own(quick, rows, **period), own(quick, alone, **period)
    kept = {"raa", "harmoniseret", "fagsystem", "periode", "dst_kode"}
    picked = [{k: v for k, v in cell.items() if k in kept} for cell in every if cell["dst_kode"] == code]
    assert picked == [{k: v for k, v in cell.items() if k in kept} for cell in one]
