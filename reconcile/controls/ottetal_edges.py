"""The edges of the figure eight: a status each, and causes that always sum to the difference.

A person at one end only has exactly one cause (``ottetal_people``). Towards DST, which has no persons, the causes are the
steps of the HAND07 bridge, and FLIS–DST is the way back over the fagsystem: its causes are those of fagsystem–DST
without those of fagsystem–FLIS. What no cause takes is the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconcile.controls import hand07
from reconcile.controls.meeting import Measure, Outcome
from reconcile.controls.ottetal_figures import Figures
from reconcile.controls.ottetal_people import LEDGER, RECORDS, REST, OneSided, Side
from reconcile.results.ottetal import OttetalCause, OttetalEdge
from reconcile.world.context import Context

FLIS_DST, OWN_DST = "FLIS–DST", "fagsystem–DST"


@dataclass(frozen=True)
class Rest:
    """What the bridge of a cell leaves: persons per step, and DST − harmoniseret (None where DST has no figure)."""

    steps: Mapping[str, int]
    rest: int | None


@dataclass(frozen=True)
class Edge:
    """An edge with its causes and the number of persons nothing explains."""

    row: OttetalEdge
    causes: tuple[OttetalCause, ...]
    open_people: int


@dataclass(frozen=True)
class Behind:
    """What lies behind the differences: persons at one end only by (edge, code, quarter), and the bridge by (code, quarter)."""

    people: Mapping[tuple[str, str, str], Sequence[OneSided]]
    bridge: Mapping[tuple[str, str], Rest]


def rests(context: Context) -> Mapping[tuple[str, str], Rest]:
    """Code × quarter → what the HAND07 bridge leaves."""
    steps: dict[tuple[str, str], Counter[str]] = {}
    for (_cpr, code, period), step in hand07.removed_people(context).items():
        steps.setdefault((code, period), Counter())[step] += 1
    left = {(r["dst_kode"], r["periode"]): r["rest"] for r in hand07.cells_met(context)}
    return {key: Rest(steps.get(key, {}), left.get(key)) for key in {*steps, *left}}


def edges(context: Context, figures: Figures, behind: Behind) -> tuple[Edge, ...]:
    """The four edges of a cell, each with the causes of its difference."""
    key = figures.key
    own, flis, dst = figures.own, figures.flis, figures.dst
    bridge = behind.bridge.get(key, Rest({}, None))
    rest = bridge.rest if bridge.rest is not None or dst is None else dst - _first(own, flis, dst)
    tolerated = Measure(absolute=context.regler.tolerance_antal).compare((rest, 0)) is not Outcome.DIFFERENT
    open_rest = 0 if rest is None or tolerated else abs(rest)

    ledger_people = behind.people.get((LEDGER, *key), ())
    ledger = _people_causes(ledger_people)
    records, open_records = _records(context, figures, behind.people.get((RECORDS, *key), ()), bridge)
    harmonised = Counter({step: -n for step, n in bridge.steps.items()}) if own is not None else Counter()
    back = Counter(harmonised)
    back.subtract(records)
    left_out = context.has("oekonomi") and context.has("masteroversigt") and (figures.framed or not figures.accounts)
    return (
        _edge(key, LEDGER, (own, figures.ledger), ledger, _open(ledger_people), left_out=left_out),
        _edge(key, RECORDS, (own, flis), records, open_records),
        _edge(key, FLIS_DST, (flis, dst), back, open_rest + (open_records if own is not None else 0)),
        _edge(key, OWN_DST, (own, dst), harmonised, open_rest),
    )


def _first(*figures: int | None) -> int:
    return next(figure for figure in figures if figure is not None)


def _records(context: Context, figures: Figures, people: Sequence[OneSided], bridge: Rest) -> tuple[Counter[str], int]:
    """The causes of fagsystem–FLIS, and how many nothing explains.

    Published FLIS figures have no persons: only the load rule can explain them.
    """
    if context.has("flis"):
        return _people_causes(people), _open(people)
    if figures.flis is None or figures.own is None:
        return Counter(), 0
    loaded = bridge.steps.get("indlaesning", 0)
    return Counter({"indlaesning": -loaded}), abs(figures.flis - (figures.own - loaded))


def _people_causes(people: Iterable[OneSided]) -> Counter[str]:
    """Persons only the fagsystem counts pull the difference down, the others up."""
    causes: Counter[str] = Counter()
    for person in people:
        causes[person.row.aarsag] += -1 if person.row.side == Side.FAGSYSTEM else 1
    return causes


def _open(people: Iterable[OneSided]) -> int:
    return sum(not person.explained for person in people)


def _edge(
    key: tuple[str, str],
    name: str,
    ends: tuple[int | None, int | None],
    causes: Mapping[str, int],
    open_people: int,
    *,
    left_out: bool = False,
) -> Edge:
    start, end = ends
    if start is None or end is None:
        row = OttetalEdge(*key, name, start, end, None, "udeladt" if left_out else "mangler")
        return Edge(row, (), 0)
    if left_out:
        status = "udeladt"
    elif Measure().compare(ends) is Outcome.EQUAL:
        status = "ens"
    else:
        status = "uforklaret" if open_people else "forklaret"
    difference = end - start
    made = tuple(OttetalCause(*key, name, cause, n) for cause, n in _adding_up(causes, difference))
    return Edge(OttetalEdge(*key, name, start, end, difference, status), made, 0 if left_out else open_people)


def _adding_up(causes: Mapping[str, int], difference: int) -> Iterator[tuple[str, int]]:
    """The causes in order of name, then what is left of the difference, as the rest; a cause of 0 is left out."""
    named = {cause: n for cause, n in causes.items() if cause != REST and n}
    yield from sorted(named.items())
    if left := difference - sum(named.values()):
        yield REST, left
