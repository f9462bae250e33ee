"""Nøgletal: against a count day by day, by definitions that can be read, and through the command line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracles.noegletal import LEVELS, active, age, at_the_edges, counts, flow, of_one_person
from support.examples import examples
from support.runs import KEY, call
from support.worlds import world

from reconcile.controls import identities_noegletal, noegletal
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.results.noegletal import INTERVALS

CODES = sorted(LEVELS["dst_kode"])
PEOPLE = ["0101601111", "0203702222", "3112803334", "0101251119", "1506904445"]
BORN = {
    "0101601111": date(1960, 1, 1), "0203702222": date(1970, 3, 2), "3112803334": date(1980, 12, 31),
    "0101251119": date(1925, 1, 1), "1506904445": date(1990, 6, 15),
}  # fmt: skip
PERIODS = {
    "2020": (date(2020, 1, 1), date(2020, 12, 31)),
    **{f"2020K{n}": (Quarter(2020, n).first, Quarter(2020, n).last) for n in range(1, 5)},
    "2020-02": (date(2020, 2, 1), date(2020, 2, 29)),
    "2020-06": (date(2020, 6, 1), date(2020, 6, 30)),
}
DAYS = st.dates(date(2019, 10, 1), date(2021, 2, 1))
#: A person for each pair of days at the edges of a quarter: where a comparison that is one day off gives another count.
_REST = {"maalgruppe": None, "betalingskommune": None, "tilbud": "Søhuset", "funktionsvurdering": None}
EDGES = [
    {"dst_kode": "1.8.2", **_REST, **course}
    for course in [*at_the_edges(Quarter(2020, 2)), *of_one_person("0101601111")]
]
BORN |= {course["cpr"]: date(1960, 1, 1) for course in EDGES}


@st.composite
def _courses(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for _number in range(draw(st.integers(0, 8))):
        start = draw(DAYS)
        end = draw(st.none() | st.dates(start, date(2021, 4, 1)))
        made.append(
            {
                "cpr": draw(st.sampled_from(PEOPLE)),
                "dst_kode": draw(st.sampled_from(CODES)),
                "start_dato": start,
                "slut_dato": end,
                "maalgruppe": draw(st.sampled_from([None, "1.1", "2", "1.1|2"])),
                "betalingskommune": draw(st.sampled_from([None, "665", "101"])),
                "tilbud": draw(st.sampled_from([None, "Søhuset", "Bakken"])),
                "funktionsvurdering": draw(st.sampled_from([None, "A", "C"])),
            }
        )
    return made


def run(courses: Sequence[dict[str, Any]], split: Sequence[str] = (), **more: Any) -> dict[str, list[Any]]:
    """The tables of a run on some courses."""
    with world({"fagsystem": courses, **more}) as context:
        return {table.name: list(table.rows) for table in noegletal.run(replace(context, split=tuple(split))).tables}


@examples(15)
@example(EDGES)
@given(_courses())
def test_every_level_and_period_agrees_with_a_count_day_by_day(courses: list[dict[str, Any]]) -> None:
    tables = run(courses)
    vh = {(r.niveau, r.kategori, r.periode): r for r in tables["noegletal_vh"]}
    moved = {(r.niveau, r.kategori, r.periode): r for r in tables["flow"]}
    for level, categories in LEVELS.items():
        for category in set(categories.values()):
            here = [c for c in courses if categories[c["dst_kode"]] == category]
            for period, (first, last) in PERIODS.items():
                *figures, full = counts(here, first, last)
                row = vh.get((level, category, period))
                if row is None:
                    assert figures == [0, 0, 0, 0]
                else:
                    assert [row.modtagere, row.ydelser, row.aabne, row.lukkede] == figures
                    assert row.helaarsmodtagere == rounded(full, 4)
                flowed = moved.get((level, category, period))
                expected = flow(here, first, last)
                assert expected == ((0,) * 5 if flowed is None else tuple(vars(flowed).values())[4:])
                assert expected[0] + expected[1] - expected[2] == expected[3]


@examples(8)
@example(EDGES)
@given(_courses())
def test_every_split_agrees_with_a_count_day_by_day(courses: list[dict[str, Any]]) -> None:
    rows = run(courses, sorted({name for c in courses for name in _values(c, date(2020, 12, 31))}))
    if not courses:
        return
    found = {
        (r.opdeling, r.vaerdi, r.kategori, r.periode): (r.modtagere, r.ydelser, r.aabne, r.lukkede, r.helaarsmodtagere)
        for r in rows["noegletal_fordelt"]
    }
    for period, (first, last) in PERIODS.items():
        expected: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for c in courses:
            for dimension, values in _values(c, last).items():
                for value in values:
                    for category in (c["dst_kode"], "I alt"):
                        expected[dimension, value, category].append(c)
        for key, members in expected.items():
            *figures, full = counts(members, first, last)
            got = found.get((*key, period))
            assert (got or (0, 0, 0, 0, Decimal("0.0000"))) == (*figures, rounded(full, 4)), (key, period)


def _values(c: dict[str, Any], last: date) -> dict[str, list[str]]:
    """The values a course counts under, by dimension."""
    years = age(BORN[c["cpr"]], last)
    five, ten = years // 5 * 5, years // 10 * 10
    start, end = c["start_dato"].isoformat(), c["slut_dato"].isoformat() if c["slut_dato"] else ""
    return {
        "maalgruppe": (c["maalgruppe"] or "").split("|"),
        "betalingskommune": [c["betalingskommune"] or "665"],
        "handlekommune": ["665"],
        "funktionsvurdering": [c["funktionsvurdering"] or ""],
        "tilbud": [c["tilbud"] or ""],
        "afdeling": [""],
        "system": ["nuvaerende"],
        "paragraf": [LEVELS["paragraf"][c["dst_kode"]]],
        "gruppe": [LEVELS["gruppe"][c["dst_kode"]]],
        "startaar": [start[:4]],
        "startmaaned": [start[:7]],
        "slutaar": [end[:4]],
        "slutmaaned": [end[:7]],
        "koen": ["mand" if int(c["cpr"][9]) % 2 else "kvinde"],
        "alder_5": [f"{five:02d}–{five + 4:02d}"],
        "alder_10": [f"{ten:02d}–{ten + 9:02d}"],
    }


#: Dimensions in which a course has one value, but a person may have several.
_OF_COURSES = {
    "paragraf",
    "gruppe",
    "funktionsvurdering",
    "betalingskommune",
    "tilbud",
    "startmaaned",
    "slutaar",
    "harmonisering",
}
_OF_PERSONS = {"koen", "alder_5", "alder_10", "godkendt"}


@examples(6)
@given(_courses())
def test_the_parts_of_a_split_are_the_whole(courses: list[dict[str, Any]]) -> None:
    approved = [{"kommune": "665", "periode": f"2020K{n}", "godkendt": n < 3} for n in range(1, 5)]
    tables = run(courses, list(noegletal.DIMENSIONS), godkendt=approved)
    _every_identity_holds(tables)
    whole = {(r.niveau, r.kategori, r.periode): r for r in tables["noegletal_vh"]}
    parts: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in tables.get("noegletal_fordelt", []):
        parts[row.opdeling, row.niveau, row.kategori, row.periode].append(row)
    for (dimension, *cell), rows in parts.items():
        total = whole[tuple(cell)]
        if dimension in _OF_COURSES | _OF_PERSONS:
            for name in ("ydelser", "aabne", "lukkede"):
                assert sum(getattr(row, name) for row in rows) == getattr(total, name)
        persons = [row.modtagere for row in rows]
        assert max(persons) <= total.modtagere <= sum(persons)
        days = sum(row.helaarsmodtagere for row in rows)
        if dimension in _OF_PERSONS:
            assert sum(persons) == total.modtagere
            assert abs(days - total.helaarsmodtagere) <= Decimal("0.0001") * len(rows)
        assert days >= total.helaarsmodtagere - Decimal("0.0001") * len(rows)


def _every_identity_holds(tables: dict[str, list[Any]]) -> None:
    for name, held in identities_noegletal.found(tables):
        assert all(held), name


_SPOILED = [
    ("flow", "primo", {"flow"}),
    ("noegletal_vh", "helaarsmodtagere", {"aar_kvartaler", "fordelt_dage"}),
    ("noegletal_fordelt", "ydelser", {"fordelt_forloeb"}),
    ("noegletal_fordelt", "helaarsmodtagere", {"fordelt_dage"}),
    ("noegletal_fordelt", "modtagere", {"fordelt_borgere"}),
    ("pris", "volumen", {"pris_aendring"}),
    ("pris", "beloeb", {"pris_aendring"}),
]


def test_a_figure_that_is_changed_breaks_the_identities_it_stands_in() -> None:
    course = {"cpr": PEOPLE[0], "dst_kode": "1.8.2", "start_dato": date(2019, 1, 1)}
    money = [
        {"cpr": PEOPLE[0], "konto": "538521001", "beloeb": Decimal(100), "bogfoert_dato": date(year, 2, 1)}
        for year in (2019, 2020)
    ]
    master = [{"dst_kode": "1.8.2", "konto": "538521001"}]
    tables = run([course], ["koen"], oekonomi=money, masteroversigt=master)
    assert {name for name, held in identities_noegletal.found(tables) if list(held)} == {
        "flow", "aar_kvartaler", "fordelt_forloeb", "fordelt_dage", "fordelt_borgere", "pris_aendring",
    }  # fmt: skip
    _every_identity_holds(tables)
    for table, column, broken in _SPOILED:
        first, *rest = tables[table]
        wrong = {**tables, table: [replace(first, **{column: getattr(first, column) + 1}), *rest]}
        assert {name for name, held in identities_noegletal.found(wrong) if not all(held)} == broken, (table, column)


@pytest.mark.parametrize(
    ("course", "effect"),
    [
        ({}, "uændret"),
        ({"system": "tidligere"}, "indlaesning fjernet"),
        ({"dst_kode": "1.18.1", "start_dato": date(2019, 1, 1), "slut_dato": date(2020, 3, 1)}, "gyldighed fjernet"),
        ({"dst_kode": "1.18.1", "start_dato": date(2019, 1, 1)}, "gyldighed ændret"),
        ({"cpr": "0101104448"}, "R1 fjernet"),
        ({"cpr": PEOPLE[1]}, "R3 ændret"),
        ({"cpr": PEOPLE[1], "start_dato": date(2020, 8, 1)}, "R3 fjernet"),
        ({"cpr": PEOPLE[2], "dst_kode": "1.12.0.2"}, "R2 ændret"),
        ({"cpr": PEOPLE[2], "dst_kode": "1.12.0.2", "start_dato": date(2020, 5, 1)}, "R2 fjernet"),
    ],
)
def test_a_course_is_split_by_what_the_rules_do_with_it(course: dict[str, Any], effect: str) -> None:
    judged = {"cpr": PEOPLE[0], "dst_kode": "1.1", "start_dato": date(2020, 1, 1), **course}
    stay = {"cpr": PEOPLE[2], "dst_kode": "1.8.1", "start_dato": date(2020, 4, 1)}
    dead = [{"cpr": PEOPLE[1], "doedsdato": date(2020, 7, 1)}]
    rows = run([judged, stay], ["harmonisering"], borger=dead)["noegletal_fordelt"]
    assert {r.vaerdi for r in rows if r.kategori == judged["dst_kode"]} == {effect}


@examples(12)
@example(EDGES)
@given(_courses())
def test_durations_combinations_and_tilbud_agree_with_a_count_day_by_day(courses: list[dict[str, Any]]) -> None:
    tables = run(courses)
    for number in range(1, 5):
        period, first, last = f"2020K{number}", *PERIODS[f"2020K{number}"]
        still_open = [c for c in courses if active(c, last)]
        by_interval = Counter((c["dst_kode"], _interval((last - c["start_dato"]).days)) for c in still_open)
        assert by_interval == {(r.dst_kode, r.interval): r.ydelser for r in tables["varighed"] if r.periode == period}
        persons = {(c["dst_kode"], _interval((last - c["start_dato"]).days), c["cpr"]) for c in still_open}
        by_person = Counter((code, interval) for code, interval, _cpr in persons)
        assert by_person == {(r.dst_kode, r.interval): r.borgere for r in tables["varighed"] if r.periode == period}
        ended: dict[str, list[int]] = defaultdict(list)
        for c in courses:
            if c["slut_dato"] and first <= c["slut_dato"] <= last:
                ended[c["dst_kode"]].append((c["slut_dato"] - c["start_dato"]).days + 1)
        for row in tables["varighed_afsluttet"]:
            if row.periode == period:
                lengths = ended.pop(row.dst_kode)
                assert row.afsluttede == len(lengths)
                assert row.median_dage == rounded(Fraction(median(lengths)), 1)
                assert row.gennemsnit_dage == rounded(Fraction(sum(lengths), len(lengths)), 1)
        assert not ended
        sets = Counter(
            frozenset(c["dst_kode"] for c in still_open if c["cpr"] == p) for p in {c["cpr"] for c in still_open}
        )
        assert sets == {
            frozenset(r.kombination.split(" + ")): r.borgere for r in tables["kombinationer"] if r.periode == period
        }
        assert all(r.koder == len(r.kombination.split(" + ")) for r in tables["kombinationer"])
        _same_tilbud(courses, [r for r in tables["tilbud"] if r.periode == period], first, last)


def _interval(days: int) -> str:
    return next(name for most, name in zip((90, 180, 365, 730, 1095, 10**6), INTERVALS, strict=True) if days <= most)


def _same_tilbud(courses: list[dict[str, Any]], rows: list[Any], first: date, last: date) -> None:
    found = {row.tilbud: row for row in rows}
    for name in ("Søhuset", "Bakken"):
        here = [c for c in courses if c["tilbud"] == name]
        people, _ydelser, _open, _closed, full = counts(here, first, last)
        row = found.get(name)
        assert (row.borgere if row else 0) == people
        assert (row.dage if row else 0) == full * ((last - first).days + 1)
        if row:
            assert row.egne + row.udenbys == row.borgere


def test_the_harmonised_figures_are_those_of_the_bridge() -> None:
    stay = {"cpr": PEOPLE[0], "dst_kode": "1.8.1", "start_dato": date(2020, 1, 1)}
    support = {"cpr": PEOPLE[0], "dst_kode": "1.12.0.2", "start_dato": date(2020, 1, 1)}
    rows = {(r.kategori, r.periode): r for r in run([stay, support])["noegletal_vh"]}
    support_row, all_row = rows["1.12.0.2", "2020K1"], rows["I alt", "2020K1"]
    assert (support_row.modtagere, support_row.modtagere_harmoniseret) == (1, 0)
    assert (all_row.modtagere, all_row.ydelser, all_row.ydelser_harmoniseret) == (1, 2, 1)
    assert (all_row.helaarsmodtagere, all_row.helaarsmodtagere_harmoniseret) == (Decimal("1.0000"), Decimal("1.0000"))


def test_the_occupancy_is_days_used_over_place_days() -> None:
    here = {"dst_kode": "1.8.2", "tilbud": "Søhuset"}
    courses = [
        {**here, "cpr": PEOPLE[0], "start_dato": date(2019, 1, 1)},
        {**here, "cpr": PEOPLE[1], "start_dato": date(2020, 3, 1), "slut_dato": date(2020, 3, 31)},
        {**here, "cpr": PEOPLE[1], "start_dato": date(2020, 3, 1), "tilbud": "Bakken"},
    ]
    places = [
        {"tilbud": "Søhuset", "pladser": Decimal(1), "til": date(2020, 1, 31)},
        {"tilbud": "Søhuset", "pladser": Decimal(2), "fra": date(2020, 2, 1)},
    ]
    rows = {(r.tilbud, r.periode): r for r in run(courses, pladser=places)["tilbud"]}
    first, second = rows["Søhuset", "2020K1"], rows["Søhuset", "2020K2"]
    assert (first.dage, first.pladsdage, first.belaegning) == (91 + 31, 31 + 2 * 60, Decimal("0.8079"))
    assert (second.dage, second.pladsdage, second.belaegning) == (91, 182, Decimal("0.5000"))
    assert rows["Bakken", "2020K1"].belaegning is None


def test_an_account_on_two_codes_counts_once_in_their_group() -> None:
    master = [{"dst_kode": code, "konto": "538501001"} for code in ("1.8.1", "1.8.2")]
    ledger = [{"konto": "538501001", "beloeb": Decimal("100.05"), "bogfoert_dato": date(2020, 2, 1)}]
    rows = {(r.kategori, r.periode): r.forbrug for r in run([], oekonomi=ledger, masteroversigt=master)["noegletal_vh"]}
    spent = [rows[name, "2020K1"] for name in ("1.8.1", "1.8.2", "Botilbud", "I alt")]
    assert spent == [Decimal("100.05")] * 4


def test_a_year_stands_only_where_its_quarters_are_all_there() -> None:
    course = {"cpr": PEOPLE[0], "dst_kode": "1.1", "start_dato": date(2019, 1, 1)}
    with world({"fagsystem": [course]}, periods="2020K1:2020K3") as context:
        periods = {r.periodetype for t in noegletal.run(context).tables if t.name == "noegletal_vh" for r in t.rows}
    assert periods == {"kvartal", "maaned"}


def test_an_unknown_dimension_is_refused_with_what_was_meant() -> None:
    with pytest.raises(InputError, match="Mente du «maalgruppe»"):
        noegletal.check_dimensions(["maalgrupe"])
    assert noegletal.check_dimensions(["alle"]) == tuple(noegletal.DIMENSIONS)


def test_a_dimension_whose_column_is_not_there_is_named_as_not_run() -> None:
    with world({"fagsystem": []}, lacks={"fagsystem": ["afdeling"]}) as context:
        part = noegletal.run(replace(context, split=("afdeling", "koen")))
    assert [(item.regel, item.kilde) for item in part.not_run] == [("fordelt afdeling", "fagsystem")]


def test_the_command_writes_the_tables_and_takes_the_danish_names(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "f.csv").write_text("cpr;dst_kode;start_dato\n0101601111;1.1;01-01-2020\n", encoding="utf-8")
    config = tmp_path / "reconcile.toml"
    config.write_text('[kommune]\nkode = "665"\n[kilder.fagsystem]\nfiler = ["f.csv"]\n', encoding="utf-8")
    out = tmp_path / "r"
    assert call("noegletal", "--config", config, "--out", out, "--period", "2020", "--fordel", "koen", "-q") == 0
    lines = (out / "noegletal_vh.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("niveau;kategori;periodetype;periode;modtagere;ydelser;aabne;lukkede;helaarsmodtagere")
    assert "alle;I alt;aar;2020;1;1;1;0;1,0000" in lines[1]
    assert (out / "noegletal_fordelt.csv").exists()
    assert "0101601111" not in (out / "resultat.json").read_text(encoding="utf-8")
