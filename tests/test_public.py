"""A version for publication: what is in it, and that nothing small can be found in it by adding up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.runs import KEY, call
from support.worlds import world
from test_suppress import solved

from reconcile.controls import noegletal
from reconcile.results.rows import RunResult
from reconcile.runs.public import public

CODES = ("1.1", "1.4", "1.8.1", "1.8.2", "1.12.0.1", "1.12.0.2")
GROUP = {
    "1.1": "Dagtilbud",
    "1.4": "Dagtilbud",
    "1.8.1": "Botilbud",
    "1.8.2": "Botilbud",
    "1.12.0.1": "Botilbud",
    "1.12.0.2": "Støtte",
}
QUARTERS = [f"2020K{n}" for n in range(1, 5)]
COUNTS = ("modtagere", "ydelser", "aabne", "lukkede")


def run(courses: list[dict[str, Any]], split: tuple[str, ...] = ()) -> RunResult:
    with world({"fagsystem": courses}) as context:
        part = noegletal.run(replace(context, split=split))
    return RunResult(
        "noegletal", "1", datetime(2021, 6, 1), "665", "", tuple(QUARTERS), (), part.tables, part.findings, part.not_run,
        part.caveats, 0, "", "",
    )  # fmt: skip


def made(sizes: list[int], starts: list[date]) -> list[dict[str, Any]]:
    """So many persons on each code, from a day of their own on; a third end in the autumn."""
    courses: list[dict[str, Any]] = []
    for code, size, start in zip(CODES, sizes, starts, strict=True):
        for _person in range(size):
            number = len(courses)
            end = date(2020, 10, 10) if number % 3 == 0 else None
            courses.append({"cpr": f"01016{number:05d}", "dst_kode": code, "start_dato": start, "slut_dato": end})
    return courses


def cells(tables: dict[str, list[Any]]) -> dict[tuple[Any, ...], int | None]:
    """The counts that are published, by table, column and what they are about."""
    found: dict[tuple[Any, ...], int | None] = {}
    for row in tables["noegletal_vh"]:
        found |= {("vh", name, row.kategori, row.periode): getattr(row, name) for name in COUNTS}
    for row in (row for row in tables.get("noegletal_fordelt", []) if row.niveau == "alle"):
        found |= {("fordelt", name, (row.opdeling, row.vaerdi), row.periode): getattr(row, name) for name in COUNTS}
    for row in tables["flow"]:
        names = ("primo", "tilgang", "afgang", "ultimo")
        found |= {("flow", name, row.kategori, row.periode): getattr(row, name) for name in names}
    return found


def identities(known: Any) -> list[dict[Any, int]]:
    """What is always so, written apart from the program: courses add up over codes, groups, quarters, sexes; flow leads on."""
    found: list[dict[Any, int]] = []
    for period in ["2020", *QUARTERS]:
        for name in ("ydelser", "aabne", "lukkede"):
            found.append({**{("vh", name, code, period): 1 for code in CODES}, ("vh", name, "I alt", period): -1})
            for group in set(GROUP.values()):
                codes = [code for code in CODES if GROUP[code] == group]
                found.append({**{("vh", name, code, period): 1 for code in codes}, ("vh", name, group, period): -1})
        for name in COUNTS:
            sexes = [("fordelt", name, ("koen", sex), period) for sex in ("mand", "kvinde")]
            found.append({**dict.fromkeys(sexes, 1), ("vh", name, "I alt", period): -1})
    for what in [*CODES, *set(GROUP.values()), "I alt"]:
        found.append({**{("vh", "lukkede", what, q): 1 for q in QUARTERS}, ("vh", "lukkede", what, "2020"): -1})
        found.append({("vh", "aabne", what, "2020K4"): 1, ("vh", "aabne", what, "2020"): -1})
        for period in ["2020", *QUARTERS]:
            signs = {"primo": 1, "tilgang": 1, "afgang": -1, "ultimo": -1}
            found.append({("flow", name, what, period): sign for name, sign in signs.items()})
        found += [{("flow", "ultimo", what, a): 1, ("flow", "primo", what, b): -1} for a, b in pairwise(QUARTERS)]
        found.append({("flow", "primo", what, "2020K1"): 1, ("flow", "primo", what, "2020"): -1})
        found.append({("flow", "ultimo", what, "2020K4"): 1, ("flow", "ultimo", what, "2020"): -1})
    return [{cell: sign for cell, sign in one.items() if cell in known} for one in found]


SIZES = st.lists(st.sampled_from([0, 1, 2, 4, 5, 7, 12]), min_size=6, max_size=6)
STARTS = st.lists(st.sampled_from([date(2019, 1, 1), date(2020, 3, 1), date(2020, 8, 1)]), min_size=6, max_size=6)


@examples(8)
@given(SIZES, STARTS)
def test_no_count_that_is_left_out_can_be_worked_out(sizes: list[int], starts: list[date]) -> None:
    result = run(made(sizes, starts), ("koen",))
    before = cells({table.name: list(table.rows) for table in result.tables})
    after = cells({table.name: list(table.rows) for table in public(result).tables})
    assert not any(value is not None and 1 <= value <= 4 for value in after.values())
    assert all(value in (None, before[cell]) for cell, value in after.items())
    sums = identities(after)
    assert all(sum(sign * (before[cell] or 0) for cell, sign in one.items()) == 0 for one in sums)
    hidden = frozenset(cell for cell, value in after.items() if value is None)
    assert not solved(sums, hidden)


def test_large_counts_are_published_as_they_are() -> None:
    result = run(made([30, 0, 0, 30, 0, 0], [date(2019, 1, 1)] * 6))
    (table,) = [t for t in public(result).tables if t.name == "noegletal_vh"]
    shown = {(row.kategori, row.periode): (row.modtagere, row.helaarsmodtagere) for row in table.rows}
    (own,) = [t for t in result.tables if t.name == "noegletal_vh"]
    assert shown == {
        (r.kategori, r.periode): (r.modtagere, r.helaarsmodtagere) for r in own.rows if r.periodetype != "maaned"
    }


def test_nothing_of_persons_money_or_single_codes_split_is_left() -> None:
    result = run(made([9, 9, 9, 9, 9, 9], [date(2019, 1, 1)] * 6), ("koen", "harmonisering"))
    told = public(replace(result, caveats=("3 borgere er uden fødselsdato",)))
    tables = {table.name: table.rows for table in told.tables}
    assert set(tables) == {"noegletal_vh", "noegletal_fordelt", "flow", "varighed"}
    assert (told.findings, told.not_run, told.accepted) == ((), (), frozenset())
    assert "3 borgere" not in " ".join(told.caveats)
    assert {row.forbrug for row in tables["noegletal_vh"]} == {None}
    assert {(row.opdeling, row.niveau) for row in tables["noegletal_fordelt"]} == {("koen", "alle")}


def test_full_time_figures_of_few_go_with_their_count() -> None:
    table = {t.name: t.rows for t in public(run(made([2, 9, 9, 9, 9, 9], [date(2019, 1, 1)] * 6))).tables}
    gone: dict[bool, set[bool]] = defaultdict(set)
    for row in table["noegletal_vh"]:
        gone[row.modtagere is None].add(row.helaarsmodtagere is None)
    assert gone == {True: {True}, False: {False}}


def test_the_command_has_both_names_and_takes_no_list_of_persons(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "f.csv").write_text("cpr;dst_kode;start_dato\n0101601111;1.1;01-01-2020\n", encoding="utf-8")
    config = tmp_path / "reconcile.toml"
    config.write_text('[kommune]\nkode = "665"\n[kilder.fagsystem]\nfiler = ["f.csv"]\n', encoding="utf-8")
    out = tmp_path / "r"
    assert call("noegletal", "--config", config, "--out", out, "--period", "2020", "--offentlig", "-q") == 0
    lines = (out / "noegletal_vh.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "alle;I alt;aar;2020;;;;0;;;;;"
    assert not (out / "kombinationer.csv").exists()
    assert call("noegletal", "--config", config, "--out", out, "--public", "--sagsliste", "-q") == 2
