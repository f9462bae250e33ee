"""The status of an edge, of a loop and of a cell of the figure eight (contract of ``ottetal.csv``).

Equal counts of different persons are not equal: an edge between two extracts is ``ens`` only when nobody stands on one side
only. An edge to a published figure is ``ens`` when the difference and the rest are 0.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconcile.controls.ottetal_people import OneSided, Side

EQUAL, EXPLAINED, WAITING, TOLERATED = "ens", "forklaret", "afventer", "inden_for_tolerance"
PARTLY, UNEXPLAINED, INCOMPLETE = "delvist_forklaret", "uforklaret", "ufuldstaendig"

#: From the worst to the best; what is not here is no judgement (a figure is missing, or not compared).
ORDER = (UNEXPLAINED, PARTLY, WAITING, TOLERATED, EXPLAINED, EQUAL)

#: The statuses that leave something unexplained.
OPEN = frozenset({UNEXPLAINED, PARTLY})

#: The cause that a payment still to come, or come later, gives.
LAG = "efterslip"


def of_people(people: Iterable[OneSided]) -> str:
    """The status of an edge between two extracts, from everybody only one of its ends counts."""
    listed = list(people)
    if not listed:
        return EQUAL
    if open_people := [person for person in listed if not person.explained]:
        return PARTLY if abs(_net(open_people)) < abs(_net(listed)) else UNEXPLAINED
    return WAITING if any(person.row.aarsag == LAG for person in listed) else EXPLAINED


def of_figures(difference: int, rest: int, tolerance: int, *, settled: bool = True) -> str:
    """The status of an edge to a published figure, in persons. ``settled``: everybody on the way there has a cause."""
    if settled and not rest:
        return EXPLAINED if difference else EQUAL
    if settled and abs(rest) <= tolerance:
        return TOLERATED
    return PARTLY if abs(rest) < abs(difference) else UNEXPLAINED


def worst(statuses: Iterable[str]) -> str:
    """The worst of the judgements; ``ufuldstaendig`` where there is none."""
    judged = [status for status in statuses if status in ORDER]
    return min(judged, key=ORDER.index) if judged else INCOMPLETE


def _net(people: Iterable[OneSided]) -> int:
    return sum(-1 if near(person) else 1 for person in people)


def near(person: OneSided) -> bool:
    """Whether the edge's first end is the one that counts the person."""
    return person.row.side in (Side.FAGSYSTEM, Side.HANDLER)
