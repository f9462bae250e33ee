"""A delivery of courses against the one before it: what changed, which figures move, and what is kept of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.worlds import insert, world

from reconcile.controls import redelivery
from reconcile.controls.redelivery_prints import FOLDER, KEPT, Print, keep, take
from reconcile.domain.periods import parse_choice
from reconcile.results.rows import PartResult
from reconcile.world.context import Context

ANN, BO, CAI = "0101801234", "0202701234", "0303601234"
Course = Mapping[str, Any]


def course(
    cpr: str = ANN, code: str = "1.3", start: date = date(2020, 1, 1), end: date | None = None, **more: Any
) -> Course:
    return {"cpr": cpr, "dst_kode": code, "start_dato": start, "slut_dato": end, "handlekommune": "665", **more}


def deliver(folder: Path, courses: Sequence[Course], *, key: str = "", **options: Any) -> PartResult:
    """One run on these courses."""
    with world({options.pop("source", "fagsystem"): courses}, **options) as context:
        keyed = replace(context, pseudonym=lambda cpr: f"{key}-{cpr[::-1]}") if key else context
        return published(replace(keyed, folder=folder))


def published(context: Context) -> PartResult:
    """What the control says; the print is kept as when a run's reports are published."""
    found = redelivery.run(context)
    if found.new_print:
        assert context.folder
        keep(context.folder, found.new_print)
    return replace(found, new_print=None)


def rows(result: PartResult, name: str = redelivery.TABLE) -> list[Any]:
    return [row for table in result.tables if table.name == name for row in table.rows]


def changes(result: PartResult) -> set[tuple[Any, ...]]:
    return {(r.aendring, r.borger, r.dst_kode, r.felt, r.foer, r.nu, r.kvartaler, r.flytter) for r in rows(result)}


def figures(result: PartResult) -> dict[tuple[str, str], tuple[int, int, int]]:
    found = rows(result, redelivery.FIGURES)
    return {(r.dst_kode, r.periode): (r.modtagere_foer, r.modtagere_nu, r.forloeb) for r in found}


def p(cpr: str) -> str:
    return f"P-{cpr[::-1]}"


def test_the_first_delivery_and_the_same_again_add_nothing(tmp_path: Path) -> None:
    courses = [course(), course(BO, end=date(2020, 5, 1))]
    assert deliver(tmp_path, courses) == PartResult()
    assert deliver(tmp_path, courses) == PartResult()
    assert len(list((tmp_path / FOLDER).glob("*.parquet"))) == 1


def test_shuffled_rows_and_other_files_are_the_same_delivery(tmp_path: Path) -> None:
    courses = [course(), course(), course(BO), course(CAI, "1.4")]
    deliver(tmp_path, courses)
    again = [{**row, "fil": f"del-{number % 2}.csv"} for number, row in enumerate(reversed(courses))]
    assert deliver(tmp_path, again) == PartResult()
    assert len(list((tmp_path / FOLDER).glob("*.parquet"))) == 1


def test_new_removed_and_changed_courses_are_told_with_the_quarters_they_move(tmp_path: Path) -> None:
    deliver(tmp_path, [course(ANN, end=date(2020, 3, 31)), course(BO, end=date(2020, 6, 30))])
    found = deliver(tmp_path, [course(ANN, end=date(2020, 9, 30)), course(CAI, start=date(2020, 10, 1))])
    assert changes(found) == {
        ("ændret", p(ANN), "1.3", "slut_dato", "2020-03-31", "2020-09-30", "2020K1–2020K3", "2020K2–2020K3"),
        ("fjernet", p(BO), "1.3", "hele_forloebet", "2020-01-01/2020-06-30", None, "2020K1–2020K2", "2020K1–2020K2"),
        ("ny", p(CAI), "1.3", "hele_forloebet", None, "2020-10-01/", "2020K4", "2020K4"),
    }
    assert figures(found) == {
        ("1.3", "2020K1"): (2, 1, 2),
        ("1.3", "2020K2"): (1, 1, 2),
        ("1.3", "2020K3"): (0, 1, 1),
        ("1.3", "2020K4"): (0, 1, 1),
    }
    said = found.caveats[0]
    assert "nye forløb 1, fjernede 1, ændrede 1, dublerede nøgler 0; heraf uden for de viste kvartaler 0" in said
    assert "flytter sig: 3" in said


def test_a_course_is_known_by_its_id_when_everything_else_changed(tmp_path: Path) -> None:
    deliver(tmp_path, [course(ydelse_id="Y1"), course(BO, ydelse_id="Y2")])
    found = deliver(tmp_path, [course(code="1.4", start=date(2020, 8, 1), ydelse_id="Y1"), course(BO, ydelse_id="Y2")])
    assert {(r.noegle, r.felt, r.foer, r.nu) for r in rows(found)} == {
        ("Y1", "dst_kode", "1.3", "1.4"),
        ("Y1", "start_dato", "2020-01-01", "2020-08-01"),
    }
    assert figures(found)["1.3", "2020K3"] == (2, 1, 1)
    assert figures(found)["1.4", "2020K3"] == (0, 1, 1)
    assert ("1.4", "2020K1") not in figures(found)


def test_a_change_that_moves_nobody_says_so(tmp_path: Path) -> None:
    other = course(start=date(2019, 1, 1))
    deliver(tmp_path, [other, course(tilbud="Solhjem", end=date(2020, 12, 31))])
    found = deliver(tmp_path, [other, course(tilbud="Bakkebo", end=date(2020, 12, 31))])
    assert changes(found) == {("ændret", p(ANN), "1.3", "tilbud", "Solhjem", "Bakkebo", "2020K1–2020K4", "ingen")}
    assert set(figures(found).values()) == {(1, 1, 1)}


def test_a_duplicated_key_is_named_and_never_paired(tmp_path: Path) -> None:
    one, two = course(end=date(2020, 3, 31)), course(end=date(2020, 6, 30))
    deliver(tmp_path, [one, two])
    found = deliver(tmp_path, [one, course(end=date(2020, 9, 30))])
    assert changes(found) == {
        (
            "dublet", p(ANN), "1.3", "hele_forloebet", "2020-01-01/2020-06-30", "2020-01-01/2020-09-30",
            "2020K1–2020K3", "2020K3",
        )
    }  # fmt: skip
    assert "dublerede nøgler 1" in found.caveats[0]
    thrice = deliver(tmp_path, [one, one, two])
    assert {(r.aendring, r.foer, r.nu) for r in rows(thrice)} == {
        ("dublet", "2020-01-01/2020-03-31, 2020-01-01/2020-09-30", "2020-01-01/2020-03-31 × 2, 2020-01-01/2020-06-30")
    }


def test_only_judged_quarters_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    deliver(tmp_path, [course(start=date(2019, 1, 1), end=date(2019, 2, 1)), course(BO)], periods="2020K3")
    found = deliver(tmp_path, [course(BO, tilbud="X")], periods="2020K3")
    assert {(r.borger, r.kvartaler) for r in rows(found)} == {(p(BO), "2020K3")}
    assert "fjernede 1, ændrede 1, dublerede nøgler 0; heraf uden for de viste kvartaler 1" in found.caveats[0]


def test_quarters_with_a_hole_between_them_are_two_spans(tmp_path: Path) -> None:
    deliver(tmp_path, [course(ydelse_id="Y1", end=date(2020, 2, 1)), course(BO, ydelse_id="Y2")])
    moved = course(ydelse_id="Y1", start=date(2020, 10, 1), end=date(2020, 11, 1))
    found = deliver(tmp_path, [moved, course(BO, ydelse_id="Y2")])
    assert {r.kvartaler for r in rows(found)} == {"2020K1, 2020K4"}


def test_another_kommunes_citizen_is_shown_and_moves_no_figure(tmp_path: Path) -> None:
    deliver(tmp_path, [course(BO)])
    found = deliver(tmp_path, [course(BO), course(CAI, handlekommune="101")])
    assert [(r.aendring, r.flytter) for r in rows(found)] == [("ny", "ingen")]
    assert set(figures(found).values()) == {(1, 1, 1)}


def test_an_empty_handlekommune_is_the_own_one_and_no_change(tmp_path: Path) -> None:
    deliver(tmp_path, [course()])
    assert deliver(tmp_path, [course(handlekommune=None)]) == PartResult()


def test_groups_in_another_order_are_no_change(tmp_path: Path) -> None:
    deliver(tmp_path, [course(maalgruppe="1.1|2.1")])
    assert deliver(tmp_path, [course(maalgruppe="2.1|1.1")]) == PartResult()


def test_a_column_only_one_delivery_has_is_said_and_changes_no_course(tmp_path: Path) -> None:
    deliver(tmp_path, [course()], lacks={"fagsystem": ["tilbud"]})
    found = deliver(tmp_path, [course(tilbud="Solhjem")])
    assert not found.tables
    assert [text for text in found.caveats if "tilbud" in text]


def test_ids_made_anew_in_every_extract_do_not_tell_courses_apart(tmp_path: Path) -> None:
    deliver(tmp_path, [course(ydelse_id="A1"), course(BO, ydelse_id="A2")])
    found = deliver(tmp_path, [course(ydelse_id="B1"), course(BO, ydelse_id="B2", end=date(2020, 12, 1))])
    assert [(r.borger, r.felt) for r in rows(found)] == [(p(BO), "slut_dato")]
    assert any("ikke et eneste ydelse_id" in text for text in found.caveats)


def test_a_delivery_is_always_compared_with_the_one_first_seen_before_it(tmp_path: Path) -> None:
    first, second, third = ([course(end=date(2020, month, 1))] for month in (2, 5, 8))
    for delivery in (first, second, third):
        deliver(tmp_path, delivery)
    assert deliver(tmp_path, first) == PartResult()
    assert {r.foer for r in rows(deliver(tmp_path, second))} == {"2020-02-01"}
    assert {r.foer for r in rows(deliver(tmp_path, third))} == {"2020-05-01"}


def test_fagsystem_and_flis_are_compared_each_with_its_own(tmp_path: Path) -> None:
    deliver(tmp_path, [course()])
    assert deliver(tmp_path, [course(BO)], source="flis") == PartResult()


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_another_key_is_said_and_nothing_is_compared(tmp_path: Path) -> None:
    deliver(tmp_path, [course()])
    found = deliver(tmp_path, [course(BO)], key="Q")
    assert not found.tables
    assert "nøglen bag pseudonymerne er skiftet" in found.caveats[0]
    assert deliver(tmp_path, [course(BO)], key="Q") == found
    assert rows(deliver(tmp_path, [course(CAI)], key="Q"))


def test_no_cpr_is_kept_wherever_it_stood(tmp_path: Path) -> None:
    hidden = course(ydelse_id=f"{ANN}-1", tilbud=f"hos {ANN[:6]}-{ANN[6:]}", afdeling=BO)
    with world({"fagsystem": [hidden, course(BO, ydelse_id=f"{BO}-1")]}) as plain:
        context = replace(plain, pseudonym=lambda cpr: f"Q{sum(map(ord, cpr))}", folder=tmp_path)
        published(context)
        kept = str(context.engine.rows("SELECT * FROM levering_nu"))
        assert context.engine.rows("SELECT count(DISTINCT ydelse_id) FROM levering_nu") == [(2,)]
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    for cpr in (ANN, BO):
        for said in (cpr, f"{cpr[:6]}-{cpr[6:]}"):
            assert said not in kept
            assert said.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_only_the_newest_prints_are_kept(tmp_path: Path) -> None:
    for day in range(KEPT + 3):
        deliver(tmp_path, [course(start=date(2020, 1, 1) + timedelta(days=day))])
    kept = sorted(path.name[:4] for path in (tmp_path / FOLDER).glob("*.parquet"))
    assert kept == [f"{number:04d}" for number in range(4, KEPT + 4)]


def test_a_damaged_print_or_a_folder_that_cannot_be_written_is_said_and_no_error(tmp_path: Path) -> None:
    deliver(tmp_path, [course()])
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    path.write_bytes(b"PAR1 not really")
    assert "kan ikke læses" in deliver(tmp_path, [course(BO)]).caveats[0]
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / FOLDER).write_text("a file in its place")
    assert "kunne ikke sammenlignes" in deliver(blocked, [course()]).caveats[0]


def test_the_control_writes_nothing_and_a_run_that_is_not_published_leaves_the_next_one_as_it_was(
    tmp_path: Path,
) -> None:
    deliver(tmp_path, [course()])
    before = sorted(tmp_path.rglob("*"))
    with world({"fagsystem": [course(BO)]}) as context:
        lost = redelivery.run(replace(context, folder=tmp_path))
    assert lost.new_print is not None
    assert sorted(tmp_path.rglob("*")) == before
    assert {(r.aendring, r.borger) for r in rows(deliver(tmp_path, [course(CAI)]))} == {
        ("fjernet", p(ANN)),
        ("ny", p(CAI)),
    }


def test_two_runs_that_publish_the_same_delivery_keep_it_once(tmp_path: Path) -> None:
    with world({"fagsystem": [course()]}) as context:
        found = redelivery.run(replace(context, folder=tmp_path))
    assert found.new_print is not None
    keep(tmp_path, found.new_print)
    keep(tmp_path, found.new_print)
    assert [path.name[:4] for path in (tmp_path / FOLDER).glob("*.parquet")] == ["0001"]


def test_a_run_without_courses_keeps_nothing(tmp_path: Path) -> None:
    with world({"oekonomi": []}) as context:
        assert redelivery.run(replace(context, folder=tmp_path)) == PartResult()
    assert not list(tmp_path.iterdir())


# --- against a count by hand, and at size -----------------------------------------------------------------------------

days = st.dates(date(2019, 10, 1), date(2021, 3, 1))
made = st.builds(
    lambda cpr, code, start, length, tilbud, kommune: course(
        cpr,
        code,
        start,
        None if length is None else start + timedelta(days=length),
        tilbud=tilbud,
        handlekommune=kommune,
    ),
    st.sampled_from([ANN, BO, CAI]),
    st.sampled_from(["1.3", "1.4"]),
    st.one_of(days, st.just(date(2020, 4, 1))),
    st.one_of(st.none(), st.integers(-5, 400)),
    st.sampled_from([None, "Solhjem"]),
    st.sampled_from(["665", "665", None, "101"]),
)


def counted(courses: Sequence[Course]) -> Counter[tuple[str, str]]:
    people = {
        (row["dst_kode"], str(quarter), row["cpr"])
        for row in courses
        for quarter in parse_choice("2020") or ()
        if row["handlekommune"] in (None, "665")
        and row["start_dato"] <= quarter.last
        and max(row["start_dato"], quarter.first) <= (row["slut_dato"] or date.max)
    }
    return Counter((code, period) for code, period, _person in people)


@pytest.fixture(scope="module")
def engine_with_courses() -> Iterator[Context]:
    with world({"fagsystem": []}) as context:
        yield context


@given(st.lists(made, max_size=6), st.lists(made, max_size=6), st.randoms())
def test_figures_before_and_now_are_a_plain_count_and_equal_courses_are_never_a_change(
    engine_with_courses: Context, same: list[Course], new: list[Course], chance: random.Random
) -> None:
    delivered = [*same, *new]
    chance.shuffle(delivered)
    context = engine_with_courses
    for side, courses in (("foer", same), ("nu", delivered)):
        context.engine.run("DELETE FROM fagsystem")
        insert(context.engine, "fagsystem", courses)
        take(context)
        if side == "foer":
            context.engine.run("CREATE OR REPLACE TABLE levering_foer AS FROM levering_nu")
    found = redelivery.compare(context, Print(context.today, "", {"fagsystem": context.present["fagsystem"]}))
    before, now = counted(same), counted(delivered)
    for (code, period), (was, is_now, _courses) in figures(found).items():
        assert (was, is_now) == (before[code, period], now[code, period])
    moved = {cell for cell in {*before, *now} if before[cell] != now[cell]}
    assert moved == {cell for cell, (was, is_now, _courses) in figures(found).items() if was != is_now}
    touched = {(p(row["cpr"]), row["dst_kode"]) for row in new}
    assert {(r.borger, r.dst_kode) for r in rows(found)} <= touched
    assert not any(r.aendring in ("fjernet", "ændret") for r in rows(found))
