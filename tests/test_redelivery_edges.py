"""A delivery against the one before it, change by change: pairs, copies, days at the edges of quarters, and what moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from support.worlds import insert, world

from reconcile.controls import redelivery
from reconcile.controls.redelivery_prints import Print, keep, take
from reconcile.results.rows import PartResult

ANN, BO, CAI = "0101801234", "0202701234", "0303601234"
FIRST, LAST = date(2020, 4, 1), date(2020, 6, 30)
DAY = timedelta(days=1)
Course = Mapping[str, Any]


def course(cpr: str = ANN, start: date = FIRST, end: date | None = LAST, code: str = "1.3", **more: Any) -> Course:
    return {"cpr": cpr, "dst_kode": code, "start_dato": start, "slut_dato": end, **more}


def cprs(count: int) -> list[str]:
    return [f"010180{1000 + number}" for number in range(count)]


def compared(
    before: Sequence[Course], now: Sequence[Course], *, lacked: Sequence[str] = (), **options: Any
) -> PartResult:
    """Two deliveries laid beside each other; ``lacked`` are columns that the earlier one did not have."""
    source = options.pop("source", "fagsystem")
    with world({source: []}, **options) as context:
        for side, courses in (("foer", before), ("nu", now)):
            context.engine.run(f"DELETE FROM {source}")
            insert(context.engine, source, courses)
            take(context)
            if side == "foer":
                context.engine.run("CREATE OR REPLACE TABLE levering_foer AS FROM levering_nu")
        columns = context.present[source] - set(lacked)
        return redelivery.compare(context, Print(date(2021, 5, 1), "", {source: columns}))


def rows(result: PartResult, name: str = redelivery.TABLE) -> list[Any]:
    return [row for table in result.tables if table.name == name for row in table.rows]


def told(result: PartResult) -> list[tuple[Any, ...]]:
    """aendring, felt, før and nu of each change."""
    return [(r.aendring, r.felt, r.foer, r.nu) for r in rows(result)]


def counts(result: PartResult) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Code and quarter → modtagere before, now, the difference, and courses that changed."""
    found = rows(result, redelivery.FIGURES)
    return {(r.dst_kode, r.periode): (r.modtagere_foer, r.modtagere_nu, r.flyttet, r.forloeb) for r in found}


def summed(result: PartResult) -> dict[str, int]:
    """The numbers of the sentence: nye, fjernede, ændrede, dublerede, uden for, flytter."""
    words = result.caveats[0].replace(".", " ").replace(",", " ").replace(";", " ").split()
    numbers = [int(word) for word in words[words.index("forløb") :] if word.isdigit()]
    return dict(zip(("ny", "fjernet", "ændret", "dublet", "uden for", "flytter"), numbers, strict=True))


# --- what is a change ---------------------------------------------------------------------------------------------------


def test_no_change_says_nothing() -> None:
    same = [course(), course(BO), course()]
    assert compared(same, list(reversed(same))) == PartResult()
    assert compared([], []) == PartResult()


#: Each column of a course with a value before and after, and how it is shown.
FIELDS = [
    ("slut_dato", LAST, LAST + DAY, "2020-06-30", "2020-07-01"),
    ("slut_dato", None, LAST, None, "2020-06-30"),
    ("slut_dato", LAST, None, "2020-06-30", None),
    ("maalgruppe", "1.1", "1.2", "1.1", "1.2"),
    ("maalgruppe", None, "1.1", None, "1.1"),
    ("funktionsvurdering", "A", "B", "A", "B"),
    ("tilbud", "Søhuset", "Bakken", "Søhuset", "Bakken"),
    ("tilbud", "Søhuset", None, "Søhuset", None),
    ("handlekommune", "665", "101", "665", "101"),
    ("handlekommune", None, "101", "665", "101"),
    ("betalingskommune", "101", "671", "101", "671"),
    ("betalingskommune", None, "671", None, "671"),
    ("system", "nuvaerende", "tidligere", "nuvaerende", "tidligere"),
    ("afdeling", "Nord", "Syd", "Nord", "Syd"),
    ("ffb_ydelse", "X", "Y", "X", "Y"),
    ("ffb_tilbud", "X", "Y", "X", "Y"),
]


def test_a_field_that_changed_is_one_row_with_both_values() -> None:
    """A person for each field."""
    people = cprs(len(FIELDS))
    before = [{**course(cpr), column: value} for cpr, (column, value, *_rest) in zip(people, FIELDS, strict=True)]
    now = [{**course(cpr), column: value} for cpr, (column, _was, value, *_rest) in zip(people, FIELDS, strict=True)]
    found = compared(before, now)
    assert {r.borger: (r.aendring, r.felt, r.foer, r.nu) for r in rows(found)} == {
        f"P-{cpr[::-1]}": ("ændret", column, was, is_now)
        for cpr, (column, _was, _value, was, is_now) in zip(people, FIELDS, strict=True)
    }
    assert len(rows(found)) == summed(found)["ændret"] == len(FIELDS)


def test_two_fields_of_a_course_are_two_rows_and_one_change() -> None:
    found = compared([course(tilbud="A", afdeling="N")], [course(tilbud="B", afdeling="S")])
    assert told(found) == [("ændret", "afdeling", "N", "S"), ("ændret", "tilbud", "A", "B")]
    assert summed(found)["ændret"] == 1


#: What makes another course of one, where it is not known by an id.
OTHERS: list[dict[str, Any]] = [{"cpr": "0909801234"}, {"dst_kode": "1.4"}, {"start_dato": FIRST + DAY}]


def test_a_course_with_another_key_is_one_gone_and_one_new() -> None:
    people = cprs(3)
    found = compared(
        [course(cpr) for cpr in people], [{**course(cpr), **new} for cpr, new in zip(people, OTHERS, strict=True)]
    )
    assert sorted(r.aendring for r in rows(found)) == ["fjernet"] * 3 + ["ny"] * 3
    assert {r.felt for r in rows(found)} == {redelivery.WHOLE}


def test_by_its_id_it_is_the_same_course_changed() -> None:
    before = [{**course(cpr), "ydelse_id": f"Y{n}"} for n, cpr in enumerate(cprs(3))]
    found = compared(before, [{**one, **new} for one, new in zip(before, OTHERS, strict=True)])
    assert sorted((r.aendring, r.noegle, r.felt) for r in rows(found)) == [
        ("ændret", "Y0", "borger"),
        ("ændret", "Y1", "dst_kode"),
        ("ændret", "Y2", "start_dato"),
    ]


def test_the_person_and_the_code_of_a_changed_course_are_those_of_now() -> None:
    found = compared([course(ANN, ydelse_id="Y1")], [course(BO, code="1.4", ydelse_id="Y1")])
    assert {(r.borger, r.dst_kode) for r in rows(found)} == {(f"P-{BO[::-1]}", "1.4")}
    gone = compared([course(ANN)], [])
    assert [(r.borger, r.dst_kode) for r in rows(gone)] == [(f"P-{ANN[::-1]}", "1.3")]


def test_a_course_of_one_delivery_is_shown_by_its_id_where_it_has_one() -> None:
    found = compared(
        [course(ydelse_id="A"), course(BO, ydelse_id="B")], [course(ydelse_id="A"), course(CAI, ydelse_id="C")]
    )
    assert sorted((r.aendring, r.noegle) for r in rows(found)) == [("fjernet", "B"), ("ny", "C")]
    without = compared([course()], [course(), course(CAI)])
    assert [r.noegle for r in rows(without)] == [f"P-{CAI[::-1]} 1.3 2020-04-01"]


def test_an_id_that_only_one_of_two_has_does_not_pair_them() -> None:
    """The earlier course had no id: it is known by person, code and start, and so is the one that now has an id of its own."""
    before, now = (
        [course(), course(BO, ydelse_id="B")],
        [course(ydelse_id="A", end=LAST + DAY), course(BO, ydelse_id="B")],
    )
    found = compared(before, now)
    assert told(found) == [("ændret", "slut_dato", "2020-06-30", "2020-07-01"), ("ændret", "ydelse_id", None, "A")]


# --- copies -------------------------------------------------------------------------------------------------------------


#: How often a course stands before and now, what that is called, and how it is shown; a code for each.
SPAN = "2020-04-01/2020-06-30"
COPIES: dict[str, tuple[int, int, str, str | None, str | None]] = {
    "1.1": (1, 2, "dublet", SPAN, f"{SPAN} × 2"),
    "1.3": (2, 1, "dublet", f"{SPAN} × 2", SPAN),
    "1.4": (0, 1, "ny", None, SPAN),
    "1.8.1": (0, 2, "ny", None, f"{SPAN} × 2"),
    "1.8.2": (1, 0, "fjernet", SPAN, None),
    "1.13.2": (3, 0, "fjernet", f"{SPAN} × 3", None),
    "1.13.3": (2, 3, "dublet", f"{SPAN} × 2", f"{SPAN} × 3"),
}


def test_how_often_a_course_stands_is_told_and_its_person_counted_once() -> None:
    before = [course(code=code) for code, (times, *_rest) in COPIES.items() for _copy in range(times)]
    now = [course(code=code) for code, (_before, times, *_rest) in COPIES.items() for _copy in range(times)]
    found = compared(before, now)
    assert {r.dst_kode: (r.aendring, r.felt, r.foer, r.nu) for r in rows(found)} == {
        code: (change, redelivery.WHOLE, was, is_now) for code, (_before, _now, change, was, is_now) in COPIES.items()
    }
    assert counts(found) == {
        (code, "2020K2"): (min(n, 1), min(m, 1), min(m, 1) - min(n, 1), 1) for code, (n, m, *_rest) in COPIES.items()
    }
    assert summed(found) == {"ny": 2, "fjernet": 2, "ændret": 0, "dublet": 3, "uden for": 0, "flytter": 4}


def test_two_courses_with_one_key_are_not_paired_though_only_one_changed() -> None:
    found = compared([course(), course(end=None)], [course(), course(end=LAST + DAY)])
    assert told(found) == [("dublet", redelivery.WHOLE, "2020-04-01/", "2020-04-01/2020-07-01")]


def test_copies_that_are_the_same_on_both_sides_are_no_change_beside_another_persons() -> None:
    found = compared([course(), course(), course(BO)], [course(), course(), course(BO, end=None)])
    assert [(r.aendring, r.borger) for r in rows(found)] == [("ændret", f"P-{BO[::-1]}")]


# --- quarters -----------------------------------------------------------------------------------------------------------


#: The first and last day of a new course, and the quarters of 2020 it has a day in.
TOUCHED: list[tuple[date, date | None, str]] = [
    (FIRST, FIRST, "2020K2"),
    (LAST, LAST, "2020K2"),
    (FIRST - DAY, FIRST - DAY, "2020K1"),
    (FIRST - DAY, FIRST, "2020K1–2020K2"),
    (LAST, LAST + DAY, "2020K2–2020K3"),
    (LAST + DAY, LAST + DAY, "2020K3"),
    (date(2020, 1, 1), None, "2020K1–2020K4"),
    (date(2019, 12, 31), date(2020, 1, 1), "2020K1"),
    (date(2020, 12, 31), date(2021, 1, 1), "2020K4"),
    (date(2019, 1, 1), date(2021, 12, 31), "2020K1–2020K4"),
    (date(2020, 12, 31), None, "2020K4"),
]


def test_a_new_course_touches_the_quarters_of_its_days() -> None:
    people = cprs(len(TOUCHED))
    found = rows(compared([], [course(cpr, start, end) for cpr, (start, end, _q) in zip(people, TOUCHED, strict=True)]))
    assert {r.borger: (r.kvartaler, r.flytter) for r in found} == {
        f"P-{cpr[::-1]}": (quarters, quarters) for cpr, (_start, _end, quarters) in zip(people, TOUCHED, strict=True)
    }


def test_a_course_without_a_day_in_the_shown_quarters_is_only_counted() -> None:
    outside = [
        (date(2019, 12, 31), date(2019, 12, 31)),
        (date(2021, 1, 1), None),
        (date(2020, 6, 2), date(2020, 6, 1)),
    ]
    found = compared([], [course(cpr, *days) for cpr, days in zip(cprs(3), outside, strict=True)])
    assert rows(found) == []
    assert summed(found) == {"ny": 3, "fjernet": 0, "ændret": 0, "dublet": 0, "uden for": 3, "flytter": 0}


def test_a_course_of_one_day_is_there_where_the_end_is_included_and_nowhere_else() -> None:
    one_day = [course(start=FIRST, end=FIRST)]
    assert len(rows(compared([], one_day))) == 1
    assert rows(compared([], one_day, regler={"slutdato_inklusiv": False})) == []
    last = rows(compared([], [course(start=LAST, end=LAST + DAY)], regler={"slutdato_inklusiv": False}))
    assert [r.kvartaler for r in last] == ["2020K2"]


def test_quarters_that_follow_each_other_are_one_span_also_over_a_new_year() -> None:
    long = [
        course(start=date(2019, 11, 1), end=date(2020, 2, 1)),
        course(BO, start=date(2019, 11, 1), end=date(2019, 12, 1)),
    ]
    found = rows(compared([], long, periods="2019K3:2020K3"))
    assert {r.borger: r.kvartaler for r in found} == {f"P-{ANN[::-1]}": "2019K4–2020K1", f"P-{BO[::-1]}": "2019K4"}


def test_a_hole_between_quarters_is_told_and_what_moves_may_be_less() -> None:
    """The course lay in K1 and lies in K3 and K4; in K4 the person has another course all the time."""
    other = course(start=date(2020, 10, 1), end=None, tilbud="X")
    before = [course(ydelse_id="Y", start=date(2020, 1, 1), end=date(2020, 2, 1)), other]
    now = [course(ydelse_id="Y", start=date(2020, 7, 1), end=date(2020, 12, 1)), other]
    found = {(r.kvartaler, r.flytter) for r in rows(compared(before, now))}
    assert found == {("2020K1, 2020K3–2020K4", "2020K1, 2020K3")}


# --- figures ------------------------------------------------------------------------------------------------------------


def test_a_longer_course_moves_the_quarters_it_reaches() -> None:
    found = compared([course(end=LAST)], [course(end=LAST + DAY)])
    assert counts(found) == {("1.3", "2020K2"): (1, 1, 0, 1), ("1.3", "2020K3"): (0, 1, 1, 1)}
    assert {r.flytter for r in rows(found)} == {"2020K3"}
    assert summed(found)["flytter"] == 1


def test_a_person_with_two_courses_leaves_the_count_when_both_are_gone() -> None:
    both = [course(), course(start=FIRST + DAY)]
    assert counts(compared(both, both[:1]))["1.3", "2020K2"] == (1, 1, 0, 1)
    assert {r.flytter for r in rows(compared(both, both[:1]))} == {redelivery.NOWHERE}
    gone = compared(both, [course(BO, code="1.4")])
    assert counts(gone)["1.3", "2020K2"] == (1, 0, -1, 2)
    assert counts(gone)["1.4", "2020K2"] == (0, 1, 1, 1)


def test_a_course_of_another_kommune_is_in_no_figure_and_one_that_becomes_it_leaves() -> None:
    found = compared([course(handlekommune="101")], [])
    assert counts(found) == {("1.3", "2020K2"): (0, 0, 0, 1)}
    assert [r.flytter for r in rows(found)] == [redelivery.NOWHERE]
    moved = compared([course(handlekommune=None)], [course(handlekommune="101")])
    assert counts(moved) == {("1.3", "2020K2"): (1, 0, -1, 1)}


def test_by_betalingskommune_the_payer_says_whose_person_it_is_and_an_empty_one_is_the_acting_kommune() -> None:
    """A code for each: who acts, who pays, and whether the person is counted by payer and by who acts."""
    cases = {
        "1.1": ("665", "101", 0, 1),
        "1.3": ("101", "665", 1, 0),
        "1.4": ("101", None, 0, 0),
        "1.8.1": (None, None, 1, 1),
        "1.8.2": ("665", None, 1, 1),
        "1.13.2": (None, "101", 0, 1),
    }
    now = [course(code=code, handlekommune=acts, betalingskommune=pays) for code, (acts, pays, _p, _a) in cases.items()]
    by_payer = counts(compared([], now, regler={"population": "betalingskommune"}))
    by_actor = counts(compared([], now))
    assert {code: by_payer[code, "2020K2"][1] for code in cases} == {
        code: own for code, (_h, _b, own, _a) in cases.items()
    }
    assert {code: by_actor[code, "2020K2"][1] for code in cases} == {
        code: own for code, (_h, _b, _p, own) in cases.items()
    }


def test_the_figures_are_of_each_code_in_the_order_of_the_codes() -> None:
    now = [course(code=code) for code in ("1.12.0.2", "1.4", "1.8.1", "1.3")]
    assert [code for code, _period in counts(compared([], now))] == ["1.3", "1.4", "1.8.1", "1.12.0.2"]
    assert [r.dst_kode for r in rows(compared([], now))] == ["1.3", "1.4", "1.8.1", "1.12.0.2"]


def test_changes_come_by_code_person_key_and_field() -> None:
    before = [course(cpr, tilbud="A", afdeling="N") for cpr in (BO, ANN)]
    now = [course(cpr, tilbud="B", afdeling="S") for cpr in (ANN, BO)]
    found = [(r.borger, r.felt) for r in rows(compared(before, now))]
    assert found == sorted(found)
    assert len(found) == 4


# --- columns that one of the two lacks ----------------------------------------------------------------------------------


def test_a_column_the_earlier_delivery_did_not_have_is_not_compared_and_named() -> None:
    found = compared([course()], [course(tilbud="B", afdeling="S")], lacked=["tilbud", "afdeling"])
    assert rows(found) == []
    assert [text for text in found.caveats if "afdeling, tilbud" in text and "01-05-2021" in text]


def test_a_change_in_another_column_is_still_seen() -> None:
    found = compared([course()], [course(end=None, tilbud="B")], lacked=["tilbud"])
    assert told(found) == [("ændret", "slut_dato", "2020-06-30", None)]


def test_an_own_handlekommune_that_is_written_out_now_is_no_change() -> None:
    assert (
        compared([course(handlekommune=None)], [course(handlekommune="665")], lacked=["handlekommune"]) == PartResult()
    )


def test_flis_is_compared_as_flis_and_says_so() -> None:
    found = compared([course()], [course(end=None)], source="flis")
    assert {r.kilde for r in rows(found)} == {"flis"}
    assert {r.kilde for r in rows(found, redelivery.FIGURES)} == {"flis"}


def test_one_common_id_is_enough_to_know_courses_by_id() -> None:
    before = [course(ANN, ydelse_id="1"), course(BO, ydelse_id="2")]
    now = [course(ANN, ydelse_id="1", code="1.4"), course(BO, ydelse_id="9")]
    found = compared(before, now)
    assert ("ændret", "dst_kode", "1.3", "1.4") in told(found)
    none = compared(before, [course(ANN, ydelse_id="8", code="1.4"), course(BO, ydelse_id="9")])
    assert sorted(r.aendring for r in rows(none)) == ["fjernet", "ny"]
    assert [text for text in none.caveats if "ikke et eneste ydelse_id" in text]


def test_a_delivery_without_ids_is_compared_without_them() -> None:
    found = compared([course()], [course(ydelse_id="8", end=None)])
    assert {r.felt for r in rows(found)} == {"slut_dato", "ydelse_id"}
    assert not [text for text in found.caveats if "ikke et eneste" in text]


def test_a_run_of_some_codes_shows_the_changes_of_those(tmp_path: Path) -> None:
    for number, end in enumerate((LAST, None)):
        now = [course(end=end), course(code="1.4", end=end)]
        with world({"fagsystem": now}) as context:
            made = replace(context, folder=tmp_path, codes=frozenset({"1.4"}))
            found = redelivery.run(made)
            if number == 0:
                assert found.new_print is not None
                keep(tmp_path, found.new_print)
    assert {r.dst_kode for r in rows(found)} == {r.dst_kode for r in rows(found, redelivery.FIGURES)} == {"1.4"}
