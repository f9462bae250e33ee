"""The edges of the figure eight: a status each, and causes that always sum to the difference.

A person at one end only has exactly one cause (``ottetal_people``). Towards DST, which has no persons, the causes are the
steps of the HAND07 bridge, and FLIS–DST is the way back over the fagsystem: its causes are those of fagsystem–DST
without those of fagsystem–FLIS. What no cause takes is the rest. A cause has persons both ways: +1 and −1 do not vanish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconcile.controls import hand07, ottetal_status
from reconcile.controls.ottetal_figures import Figures
from reconcile.controls.ottetal_people import CROSSING, LEDGER, RECORDS, REST, OneSided
from reconcile.results.ottetal import OttetalCause, OttetalEdge
from reconcile.results.rows import Status
from reconcile.world.context import Context

FLIS_DST, OWN_DST = "FLIS–DST", "fagsystem–DST"

#: The steps of the bridge that come before FLIS.
_ON_THE_WAY = ("rettet", "indlaesning")
#: The statuses of a HAND07 cell in which DST's figure is there, but is held against nothing.
_NOT_COMPARED = frozenset({Status.NOT_VALID, Status.NOT_APPROVED})
_MISSING = frozenset({Status.MISSING_DST, Status.MISSING_OWN})


class Causes(Counter[tuple[str, bool]]):
    """Cause × whether the far end counts them → persons."""

    @classmethod
    def of(cls, people: Iterable[OneSided]) -> Causes:
        """The causes of everybody only one end counts."""
        return cls((person.row.aarsag, not ottetal_status.near(person)) for person in people)

    def net(self) -> int:
        """The far end's persons less the near end's."""
        return sum(n if far else -n for (_cause, far), n in self.items())

    def reversed(self) -> Causes:
        """The same seen from the far end."""
        return Causes({(cause, not far): n for (cause, far), n in self.items()})


@dataclass(frozen=True)
class Rest:
    """What the bridge of a cell leaves: who leaves or comes back at each step (as causes from fagsystem to DST),
    DST − harmoniseret (None where DST has no figure), the cell's status (None where HAND07 has not run)."""

    steps: Causes
    rest: int | None
    status: Status | None = None


@dataclass(frozen=True)
class Edge:
    """An edge with its causes."""

    row: OttetalEdge
    causes: tuple[OttetalCause, ...]


@dataclass(frozen=True)
class Behind:
    """What lies behind the differences: persons at one end only by (edge, code, quarter), and the bridge by (code, quarter)."""

    people: Mapping[tuple[str, str, str], Sequence[OneSided]]
    bridge: Mapping[tuple[str, str], Rest]


def rests(context: Context) -> Mapping[tuple[str, str], Rest]:
    """Code × quarter → what the HAND07 bridge leaves."""
    steps: dict[tuple[str, str], Causes] = {}
    for code, period, step, back, count in hand07.step_counts(context):
        steps.setdefault((code, period), Causes())[step, back] = count
    cells = {(cell.code, cell.period): cell for cell in hand07.met(context)}
    tolerance = context.regler.tolerance_antal
    return {
        key: Rest(
            steps.get(key, Causes()),
            None if key not in cells or cells[key].rest is None else int(cells[key].rest or 0),
            cells[key].status(tolerance) if key in cells else None,
        )
        for key in {*steps, *cells}
    }


def edges(context: Context, figures: Figures, behind: Behind) -> tuple[Edge, ...]:
    """The five edges of a cell, each with the causes of its difference."""
    key, bridge = figures.key, behind.bridge.get(figures.key, Rest(Causes(), None))
    crossing, ledger = (behind.people.get((name, *key), ()) for name in (CROSSING, LEDGER))
    left_out = context.has("oekonomi") and context.has("masteroversigt") and (figures.framed or not figures.accounts)
    ledger_status = "udeladt" if left_out else ottetal_status.of_people(ledger)
    records, records_status = _records(context, figures, behind.people.get((RECORDS, *key), ()), bridge)
    steps = bridge.steps
    own, flis, dst = figures.own, figures.flis, figures.dst
    return (
        _edge(key, CROSSING, (own, figures.payer), Causes.of(crossing), ottetal_status.of_people(crossing)),
        _edge(key, LEDGER, (figures.payer, figures.ledger), Causes.of(ledger), ledger_status),
        _edge(key, RECORDS, (own, flis), records, records_status),
        _edge(key, FLIS_DST, (flis, dst), _back(steps, records), _flis_dst(context, figures, bridge, records_status)),
        _edge(key, OWN_DST, (own, dst), steps, _own_dst(context, figures, bridge)),
    )


def _back(steps: Causes, records: Causes) -> Causes:
    """From FLIS to DST over the fagsystem. Whom the load rule or a correction takes out is neither in FLIS nor at DST."""
    back = Causes(steps)
    back.update(records.reversed())
    for step in _ON_THE_WAY:
        both = min(back[step, False], back[step, True])
        for far in (False, True):
            back[step, far] -= both
    return back


def _records(context: Context, figures: Figures, people: Sequence[OneSided], bridge: Rest) -> tuple[Causes, str]:
    """The causes of fagsystem–FLIS, and its status.

    Published FLIS figures have no persons: only what comes before them can explain them, that is what was corrected since
    the delivery and the load rule.
    """
    if context.has("flis"):
        return Causes.of(people), ottetal_status.of_people(people)
    if figures.flis is None or figures.own is None:
        return Causes(), "mangler"
    before = Causes({key: n for key, n in bridge.steps.items() if key[0] in _ON_THE_WAY})
    difference = figures.flis - figures.own
    return before, ottetal_status.of_figures(difference, difference - before.net(), 0)


def _own_dst(context: Context, figures: Figures, bridge: Rest) -> str:
    if bridge.status is not None:
        return _in_words(bridge.status)
    difference = (figures.dst or 0) - (figures.own or 0)
    return ottetal_status.of_figures(difference, difference, context.regler.tolerance_antal)


def _in_words(status: Status) -> str:
    return "mangler" if status in _MISSING else str(status)


def _flis_dst(context: Context, figures: Figures, bridge: Rest, records: str) -> str:
    """FLIS–DST: what is left is the bridge's rest, and whoever nothing explains between fagsystem and FLIS."""
    if bridge.status in _NOT_COMPARED:
        return str(bridge.status)
    if figures.flis is None or figures.dst is None:
        return "mangler"
    difference = figures.dst - figures.flis
    rest = difference if bridge.rest is None else bridge.rest
    settled = figures.own is None or records not in ottetal_status.OPEN
    return ottetal_status.of_figures(difference, rest, context.regler.tolerance_antal, settled=settled)


def loops(around: Iterable[Edge]) -> tuple[str, str]:
    """The status of the statistics loop and of the økonomi loop.

    The first is the worse of fagsystem–FLIS and what DST's figure is held against (HAND07's own cell).
    """
    by_name = {edge.row.kant: edge.row.status for edge in around}
    dst = by_name[OWN_DST] if by_name[OWN_DST] != "mangler" else by_name[FLIS_DST]
    return ottetal_status.worst((by_name[RECORDS], dst)), ottetal_status.worst((by_name[LEDGER],))


def _edge(key: tuple[str, str], name: str, ends: tuple[int | None, int | None], causes: Causes, status: str) -> Edge:
    start, end = ends
    if start is None or end is None:
        row = OttetalEdge(*key, name, start, end, None, status if status in ("udeladt", *_NOT_COMPARED) else "mangler")
        return Edge(row, ())
    difference = end - start
    made = tuple(
        OttetalCause(*key, name, cause, far - near, far, near) for cause, far, near in _adding_up(causes, difference)
    )
    return Edge(OttetalEdge(*key, name, start, end, difference, status), made)


def _adding_up(causes: Causes, difference: int) -> Iterator[tuple[str, int, int]]:
    """The causes in order of name with the persons of the far and the near end; then the rest of the difference."""
    for cause in sorted({cause for cause, _far in causes if cause != REST}):
        far, near = causes[cause, True], causes[cause, False]
        if far or near:
            yield cause, far, near
    left = difference - Causes({key: n for key, n in causes.items() if key[0] != REST}).net()
    near = max(causes[REST, False], -left)
    if left or near:
        yield REST, left + near, near
