"""The edges of the statistics loop against a count by hand, on random worlds (tests/edges_by_hand.py)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given
from oracles.edges import CODES, QUARTERS, Counted, Drawn, worlds
from support.examples import examples
from support.ottetal import adds_up, table
from support.quick import Quick, quick_worlds
from support.worlds import open_count

from reconcile.controls import hand07, identities, ottetal
from reconcile.domain.exact import rounded
from reconcile.results.rows import PartResult

EDGES = ("fagsystem–FLIS", "FLIS–DST", "fagsystem–DST")


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def run(quick: Quick, drawn: Drawn) -> PartResult:
    """The figure eight; that its tables and the bridge's add up is looked at on the way."""
    context = quick(drawn.tables(), periods="2020K2:2020K3", regler={"tolerance_antal": drawn.tolerance})
    bridge, result = hand07.run(context), ottetal.run(context)
    held = identities.check([bridge, result], flis_persons=context.has("flis")).rows
    assert {row.identitet: row.gaaet_efter for row in held} == {row.identitet: row.antal for row in held}
    return result


@examples(20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(drawn=worlds())
def test_figures_statuses_persons_and_causes_agree_with_a_count_by_hand(quick: Quick, drawn: Drawn) -> None:
    result, hand = run(quick, drawn), Counted(drawn)
    cells = {(row.dst_kode, row.periode): row for row in table(result, "ottetal")}
    edges = {(e.dst_kode, e.periode, e.kant): e for e in table(result, "ottetal_kanter")}
    people: dict[Any, set[Any]] = defaultdict(set)
    for p in table(result, "ottetal_borgere"):
        cell, cpr = (p.dst_kode, p.periode), p.borger[2:][::-1]
        if "handlekommune" in p.kant:  # nobody pays for another here
            continue
        people[cell].add((cpr, str(p.side), p.aarsag))
        counted = (drawn.fagsystem if p.side == "fagsystem" else drawn.flis) or ()
        assert (p.dage, p.beloeb) == (hand.days(cell, cpr, counted), None)
    for cell in ((code, quarter) for code in CODES for quarter in QUARTERS):
        if cell not in cells:
            assert not any(figure for ends in hand.ends(cell).values() for figure in ends)
            continue
        _same_figures(hand, cells[cell], cell)
        assert people[cell] == {who[:3] for who in hand.one_sided(cell)}
        for edge in EDGES:
            row = edges[(*cell, edge)]
            assert (row.fra, row.til) == hand.ends(cell)[edge]
            assert row.status == hand.edge_status(cell, edge)
            _same_causes(hand, result, cell, edge)
    assert adds_up(result)
    assert open_count(result) == sum(hand.cell_status(cell) in ("uforklaret", "delvist_forklaret") for cell in cells)


def _same_figures(hand: Counted, row: Any, cell: tuple[str, str]) -> None:
    drawn = hand.drawn
    assert (row.fagsystem_borgere, row.flis_borgere, row.dst_modtagere) == (
        len(hand.own.get(cell, ())),
        hand.flis_count(cell),
        drawn.dst.get(cell),
    )
    assert row.fagsystem_fuldtid == rounded(hand.full(cell, drawn.fagsystem), 4)
    if drawn.flis is not None:
        assert row.flis_fuldtid == rounded(hand.full(cell, drawn.flis), 4)
    assert row.status == hand.cell_status(cell)


def _same_causes(hand: Counted, result: PartResult, cell: tuple[str, str], edge: str) -> None:
    rows = [r for r in table(result, "ottetal_aarsager") if (r.dst_kode, r.periode, r.kant) == (*cell, edge)]
    start, end = hand.ends(cell)[edge]
    if start is None or end is None:
        assert not rows
        return
    expected = hand.causes(cell)[edge]
    left = end - start - sum(expected.values())
    assert {r.aarsag: r.antal for r in rows if r.antal} == dict(expected) | ({"rest": left} if left else {})
    for row in rows:  # persons may go both ways and be as many
        assert row.antal == (row.til or 0) - (row.fra or 0)
        assert row.til or row.fra
    if edge == "fagsystem–FLIS" and hand.drawn.flis is not None:
        people = Counter((cause, side) for _cpr, side, cause, _explained in hand.one_sided(cell) if cause != "rest")
        told = {(r.aarsag, r.til or 0, r.fra or 0) for r in rows if r.aarsag != "rest"}
        assert told == {(cause, people[cause, "flis"], people[cause, "fagsystem"]) for cause, _side in people}
