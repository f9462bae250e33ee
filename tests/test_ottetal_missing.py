"""Absent sources, one or several (``make deeper``: every combination): the 8-tals kontrol gives what it can and says what it
could not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from support.examples import DEEP
from support.ottetal import ANNA, MASTER, WHOLE, adds_up, course, edge_status, run_ottetal, table
from support.worlds import open_count, world

from reconcile.controls import ottetal

SOURCES = ("fagsystem", "oekonomi", "masteroversigt", "flis", "hand07", "hand01")
#: Figure of a cell → the sources it takes.
FIGURES = {
    "fagsystem_borgere": {"fagsystem"},
    "fagsystem_fuldtid": {"fagsystem"},
    "oekonomi_borgere": {"oekonomi", "masteroversigt"},
    "oekonomi_beloeb": {"oekonomi", "masteroversigt"},
    "flis_borgere": {"flis"},
    "flis_fuldtid": {"flis"},
    "dst_modtagere": {"hand07"},
    "dst_fuldtid": {"hand01"},
    "begge": {"fagsystem", "oekonomi", "masteroversigt"},
    "kun_fagsystem": {"fagsystem", "oekonomi", "masteroversigt"},
    "kun_oekonomi": {"fagsystem", "oekonomi", "masteroversigt"},
    "pris_pr_fuldtid": {"fagsystem", "oekonomi", "masteroversigt"},
}
#: Edge of the figure eight → the sources it takes.
EDGES = {
    "handlekommune–betalingskommune": {"fagsystem"},
    "fagsystem–økonomi": {"fagsystem", "oekonomi", "masteroversigt"},
    "fagsystem–FLIS": {"fagsystem", "flis"},
    "FLIS–DST": {"flis", "hand07"},
    "fagsystem–DST": {"fagsystem", "hand07"},
}
#: Absent source → what is said of it.
SAID = {
    "fagsystem": "Der er intet fagsystem-udtræk: dets to tal mangler, OE01–OE06 er ikke kørt, og ingen forskel kan føres"
    " tilbage til borgere.",
    "oekonomi": "Der er intet økonomiudtræk: dets to tal mangler, og OE01–OE07 er ikke kørt.",
    "masteroversigt": "Der er ingen masteroversigt: økonomiens tal kan ikke føres til koder, og OE01–OE07 er ikke kørt.",
    "flis": "Der er intet FLIS-udtræk: FLIS' to tal mangler, og forløb kan ikke sammenlignes.",
    "hand07": "Der er ingen HAND07-tal: DST's modtagere mangler.",
    "hand01": "Der er ingen HAND01-tal: DST's fuldtidsydelser mangler.",
}
#: What is said of the fagsystem where FLIS has persons: the bridge starts there.
ALONE = "Der er intet fagsystem-udtræk: dets to tal mangler, og OE01–OE06 er ikke kørt."
#: Rule → the sources it takes.
RULES = {f"OE0{n}": {"fagsystem", "oekonomi", "masteroversigt"} for n in (1, 2, 3, 4, 5, 6, 8, 9)} | {
    "OE07": {"oekonomi", "masteroversigt"}
}
#: How many of them are absent at once: none, one, all but one, all; every combination in ``make deeper``.
ABSENT = range(len(SOURCES) + 1) if DEEP else (0, 1, 5, 6)
EVERY = [gone for count in ABSENT for gone in combinations(SOURCES, count)]


def without(gone: Iterable[str]) -> dict[str, Any]:
    return {name: rows for name, rows in WHOLE.items() if name not in gone}


@pytest.mark.parametrize("gone", EVERY, ids=lambda gone: "uden " + (" ".join(gone) or "intet"))
def test_each_combination_of_absent_sources_gives_the_figures_there_are_and_says_the_rest(
    gone: tuple[str, ...],
) -> None:
    here = set(SOURCES) - set(gone)
    result = run_ottetal(without(gone))
    cells = table(result, "ottetal")
    for row in cells:
        given = {name for name in FIGURES if getattr(row, name) is not None}
        assert given == {name for name, takes in FIGURES.items() if takes <= here}
        statistics = [row.fagsystem_borgere, row.flis_borgere, row.dst_modtagere]
        whole = sum(count is not None for count in statistics) > 1
        money = None not in (row.fagsystem_borgere, row.oekonomi_borgere)
        assert (row.status_statistik, row.status_oekonomi) == tuple(
            "ens" if loop else "ufuldstaendig" for loop in (whole, money)
        )
        assert row.status == ("ens" if whole or money else "ufuldstaendig")
    assert bool(cells) == any(takes <= here for takes in FIGURES.values())
    said = SAID if "flis" in gone else {**SAID, "fagsystem": ALONE}
    assert {said[name] for name in gone} == {*SAID.values(), ALONE} & set(result.caveats)
    if cells:
        edges = edge_status(result)
        assert {edge for edge, status in edges.items() if status != "mangler"} == {
            e for e, t in EDGES.items() if t <= here
        }
    assert adds_up(result)
    assert {item.regel for item in result.not_run} == {rule for rule, takes in RULES.items() if not takes <= here}
    assert open_count(result) == 0


def caveats(codes: Iterable[str], tables: dict[str, Any]) -> list[str]:
    with world(tables, periods="2020K3") as context:
        return list(ottetal.run(replace(context, codes=frozenset(codes))).caveats)


def test_a_chosen_code_that_no_source_has_figures_for_is_said() -> None:
    assert "Ingen kilde har tal for 1.8.1, 1.20 i 2020K3." in caveats(["1.20", "1.8.1", "1.4"], WHOLE)
    assert not [text for text in caveats(["1.4"], WHOLE) if "Ingen kilde" in text]


def test_gaps_are_those_of_the_chosen_codes_and_of_the_codes_they_share_an_account_with() -> None:
    master = [*MASTER, {"dst_kode": "1.3"}, {"dst_kode": "1.1", "konto": "538581001"}]
    tables = {**WHOLE, "masteroversigt": master, "fagsystem": [*WHOLE["fagsystem"], course(ANNA, "1.17", "2019-01-01")]}
    said = caveats(["1.4"], tables)
    assert any("Konti på flere koder: 5.38.58-1-001 (1.1 + 1.4" in text for text in said)
    assert not [text for text in said if "1.3" in text or "1.17" in text or "Rammestyrede" in text]
    assert [text for text in caveats(["1.13"], tables) if "Rammestyrede" in text]
