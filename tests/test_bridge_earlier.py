"""``rettet``: what was corrected since the delivery that DST's figure rests on is a cause with persons, not a rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import bridge as brute
from support.examples import examples
from support.quick import Quick, quick_worlds
from test_bridge_brute import PERIODS, QUARTERS, Drawn, worlds

from reconcile.controls import hand07, ottetal, redelivery
from reconcile.controls.redelivery_prints import FIGURES, FOLDER, KEPT, keep
from reconcile.domain.periods import parse_choice
from reconcile.results.rows import PartResult, RunResult
from reconcile.runs.pipeline import Request, execute
from reconcile.runs.workspace import copy_sample
from reconcile.settings.config import load_config

ANN, BO, CAI = "0101801234", "0202701234", "0303601234"
STEPS = ("raa", "rettet", *brute.STEPS[1:])


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def course(cpr: str = ANN, end: date | None = None, start: date = date(2020, 1, 1)) -> dict[str, Any]:
    return {"cpr": cpr, "dst_kode": "1.3", "start_dato": start, "slut_dato": end}


def dst(count: int, period: str = "2020K3") -> dict[str, Any]:
    return {"dst_kode": "1.3", "periode": period, "antal": count}


def deliver(
    quick: Quick, folder: Path, tables: Mapping[str, Sequence[Any]], key: str = "", **options: Any
) -> dict[str, Sequence[Any]]:
    """One published run of HAND07 and the 8-tals kontrol: its tables by name, and its remarks under ``forbehold``."""
    context = replace(quick(tables, **options), folder=folder)
    if key:
        context = replace(context, pseudonym=lambda cpr: f"{key}-{cpr}")
    parts: list[PartResult] = [hand07.run(context), ottetal.run(context), redelivery.run(context)]
    if parts[-1].new_print:
        keep(folder, parts[-1].new_print)
    return {
        **{table.name: table.rows for part in parts for table in part.tables},
        "forbehold": [text for part in parts for text in part.caveats],
    }


def bridge(found: Mapping[str, Sequence[Any]], period: str = "2020K3") -> list[tuple[str, int]]:
    return [(s.trin, s.antal) for s in found["bro"] if (s.dst_kode, s.periode) == ("1.3", period)]


def test_a_person_corrected_since_the_published_figure_is_a_cause_and_no_rest(quick: Quick, tmp_path: Path) -> None:
    first = deliver(quick, tmp_path, {"fagsystem": [course(), course(BO, date(2020, 8, 1))], "hand07": [dst(2)]})
    assert [name for name, _count in bridge(first)] == ["raa", *brute.STEPS[1:], "harmoniseret", "dst"]
    second = deliver(
        quick, tmp_path, {"fagsystem": [course(), course(BO, date(2020, 6, 30)), course(CAI)], "hand07": [dst(2)]}
    )
    assert bridge(second)[:2] == [("raa", 2), ("rettet", 2)]
    people = {(p.trin, p.borger, p.aendring) for p in second["bro_borgere"] if p.periode == "2020K3"}
    assert people == {("rettet", f"P-{BO[::-1]}", 1), ("rettet", f"P-{CAI[::-1]}", -1)}
    cell = next(c for c in second["hand07_diff"] if c.periode == "2020K3")
    assert (cell.rest, cell.status) == (0, "ens")
    causes = {(c.aarsag, c.til, c.fra) for c in second["ottetal_aarsager"] if c.kant == "fagsystem–DST"}
    assert causes == {("rettet", 1, 1)}
    assert any("2020K3" in text and "«rettet»" in text for text in second["forbehold"])


def test_a_person_who_is_in_no_source_any_longer_keeps_the_pseudonym(quick: Quick, tmp_path: Path) -> None:
    deliver(quick, tmp_path, {"fagsystem": [course(), course(BO)], "hand07": [dst(2)]})
    found = deliver(quick, tmp_path, {"fagsystem": [course()], "hand07": [dst(2)]})
    assert bridge(found)[:2] == [("raa", 1), ("rettet", 2)]
    assert ("rettet", f"P-{BO[::-1]}", 1) in {(p.trin, p.borger, p.aendring) for p in found["bro_borgere"]}
    days = {(p.trin, p.borger, p.dage) for p in found["bro_fuldtid_borgere"] if p.periode == "2020K3"}
    assert days == {("rettet", f"P-{BO[::-1]}", 92)}


def test_figures_published_anew_rest_on_the_newest_delivery(quick: Quick, tmp_path: Path) -> None:
    both = [dst(2), dst(2, "2020K4")]
    deliver(quick, tmp_path, {"fagsystem": [course(), course(BO)], "hand07": both})
    anew = [dst(1), dst(2, "2020K4")]
    found = deliver(quick, tmp_path, {"fagsystem": [course()], "hand07": anew})
    again = deliver(quick, tmp_path, {"fagsystem": [course()], "hand07": list(reversed(anew))})
    third = deliver(quick, tmp_path, {"fagsystem": [], "hand07": anew})
    assert "rettet" not in dict(bridge(again))
    assert dict(bridge(found, "2020K4"))["rettet"] == 2
    assert dict(bridge(third))["rettet"] == 1
    assert dict(bridge(third, "2020K4"))["rettet"] == 2


def test_an_earlier_delivery_counts_for_whom_the_kommune_reports_and_for_what(quick: Quick, tmp_path: Path) -> None:
    """Ishøj reports for Vallensbæk, but not sections 95 and 96."""
    own = [
        {**course(), "handlekommune": "183"},
        {**course(ANN, start=date(2019, 1, 1)), "dst_kode": "1.17", "handlekommune": "183"},
    ]
    theirs = [{**course(BO), "handlekommune": "187"}, {**course(CAI), "dst_kode": "1.17", "handlekommune": "187"}]
    figures = [dst(2), {**dst(1), "dst_kode": "1.17"}]
    deliver(quick, tmp_path, {"fagsystem": [*own, *theirs], "hand07": figures}, kommune="183")
    found = deliver(quick, tmp_path, {"fagsystem": [], "hand07": figures}, kommune="183")
    assert bridge(found)[:2] == [("raa", 0), ("rettet", 2)]
    excepted = [(s.trin, s.antal) for s in found["bro"] if (s.dst_kode, s.periode) == ("1.17", "2020K3")]
    assert excepted[:2] == [("raa", 0), ("rettet", 1)]


def test_an_older_delivery_run_again_is_compared_with_nothing_newer(quick: Quick, tmp_path: Path) -> None:
    old, new = {"fagsystem": [course()]}, {"fagsystem": [course(), course(BO)], "hand07": [dst(2)]}
    deliver(quick, tmp_path, old)
    deliver(quick, tmp_path, new)
    assert "rettet" not in dict(bridge(deliver(quick, tmp_path, {**old, "hand07": [dst(2)]})))


def test_another_key_or_an_unreadable_note_is_no_earlier_delivery(quick: Quick, tmp_path: Path) -> None:
    deliver(quick, tmp_path, {"fagsystem": [course()], "hand07": [dst(1)]})
    new = {"fagsystem": [course(), course(BO)], "hand07": [dst(1)]}
    assert "rettet" not in dict(bridge(deliver(quick, tmp_path, new, key="another")))
    (tmp_path / FOLDER / FIGURES).write_text("{", encoding="utf-8")
    newer = {"fagsystem": [course(), course(BO), course(CAI)], "hand07": [dst(1)]}
    assert "rettet" not in dict(bridge(deliver(quick, tmp_path, newer)))


def test_a_print_that_figures_rest_on_is_not_thrown_away(quick: Quick, tmp_path: Path) -> None:
    deliver(quick, tmp_path, {"fagsystem": [course()], "hand07": [dst(1)]})
    for number in range(KEPT + 1):
        tables = {"fagsystem": [course(start=date(2020, 1, 2 + number))]}
        context = replace(quick(tables), folder=tmp_path)
        fresh = redelivery.run(context).new_print
        assert fresh is not None
        keep(tmp_path, fresh)
    found = deliver(quick, tmp_path, {"fagsystem": [course(), course(BO)], "hand07": [dst(1)]})
    assert dict(bridge(found))["rettet"] == 1
    assert "0001" in {path.name[:4] for path in (tmp_path / FOLDER).glob("*.parquet")}
    assert json.loads((tmp_path / FOLDER / FIGURES).read_text(encoding="utf-8"))["2020K3"]["levering"] == 1


@given(drawn=worlds(), chance=st.data())
@examples(15)
def test_the_steps_after_rettet_are_the_earlier_deliverys_by_days(
    quick: Quick, drawn: Drawn, chance: st.DataObject
) -> None:
    tags = chance.draw(st.lists(st.sampled_from("obn"), min_size=len(drawn.fagsystem), max_size=len(drawn.fagsystem)))
    rows = list(zip(drawn.fagsystem, drawn.brute.courses, tags, strict=True))
    tables = drawn.tables()
    extract = "flis" if drawn.brute.from_flis else "fagsystem"
    with TemporaryDirectory() as name:
        folder = Path(name)
        for tag in "on":
            there = {**tables, extract: [row for row, _course, when in rows if when in (tag, "b")]}
            context = replace(quick(there, periods=PERIODS, regler=drawn.options()), folder=folder)
            result, seen = hand07.run(context), redelivery.run(context)
            if seen.new_print:
                keep(folder, seen.new_print)
    born_in_borger = {row["cpr"] for row in drawn.borger if row["foedselsdato"]}
    here = {c.cpr for _row, c, when in rows if when != "o"} | {row["cpr"] for row in drawn.borger}
    born = {cpr: day for cpr, day in drawn.brute.born.items() if cpr in here or cpr in born_in_borger}
    old = replace(drawn.brute, courses=[c for _row, c, when in rows if when != "n"], born=born)
    new = replace(drawn.brute, courses=[c for _row, c, when in rows if when != "o"], born=born)
    expected = counted(old, new, {f["periode"] for f in drawn.hand07})
    found = {
        (s.dst_kode, s.periode, s.trin): s.antal
        for table in result.tables
        if table.name == "bro"
        for s in table.rows
        if s.trin in STEPS
    }
    if {when for _row, _course, when in rows} != {"b"}:
        assert {key: n for key, n in found.items() if n} == expected


def counted(old: brute.World, new: brute.World, resting: set[str]) -> dict[tuple[str, str, str], int]:
    """dst_kode, quarter, step → persons: of the new delivery where no figure rests on the old one."""
    before = {step: brute.recipients(old, left) for step, left in brute.count(old).items()}
    now = {step: brute.recipients(new, left) for step, left in brute.count(new).items()}
    found = {}
    for step in STEPS:
        for quarter in QUARTERS:
            rests = quarter in resting
            if step == "rettet" and not rests:
                continue
            side = now if step == "raa" or not rests else before
            for (code, q), people in side["raa" if step == "rettet" else step].items():
                if q == quarter:
                    found[code, quarter, step] = len(people)
    return found


def executed(folder: Path) -> RunResult:
    """HAND07 of the third quarter on the working folder, its print kept as when it is published."""
    request = Request("hand07", load_config(folder / "reconcile.toml"), parse_choice("2020K3") or ())
    found, _loaded, new_print = execute(request, datetime(2021, 6, 1, tzinfo=UTC))
    if new_print:
        keep(folder, new_print)
    return found


def test_the_samples_corrected_course_leaves_the_rest_as_it_was(tmp_path: Path) -> None:
    """N-00577 ends before it begins; put right, its person counts in 1.12.0.2, and DST's figure does not know it yet."""
    copy_sample(tmp_path / "kommune")
    folder = tmp_path / "kommune"
    before, path = executed(folder), folder / "ind" / "nexus-2020-dagtilbud-og-stoette.csv"
    text = path.read_text(encoding="windows-1252")
    assert ";01-09-2020;03-08-2020;N-00577;" in text
    path.write_text(text.replace(";03-08-2020;N-00577;", ";03-09-2020;N-00577;"), encoding="windows-1252", newline="")
    after = executed(folder)
    was, now = (
        next(c for t in r.tables if t.name == "hand07_diff" for c in t.rows if c.dst_kode == "1.12.0.2")
        for r in (before, after)
    )
    assert (now.fagsystem, now.rest, now.status) == (was.fagsystem + 1, was.rest, was.status)
    steps = [s for t in after.tables if t.name == "bro" for s in t.rows if s.dst_kode == "1.12.0.2"]
    assert [(s.trin, s.aendring) for s in steps[:2]] == [("raa", None), ("rettet", -1)]
    assert all(b.antal - a.antal == (b.aendring or 0) for a, b in pairwise(steps))
