"""What DST's unpublished rules R4–R8 might be: candidates tried on what R2 leaves, ranked by what they would explain.

Shown, never applied. The candidates are guesses of ours from the published rules (a child's age, a stay beside another, a
death) and from what other registers do; a candidate that explains rests and breaks nothing is worth asking DST about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile.controls.hand07_bridge import Cell
from reconcile.i18n import _
from reconcile.results.hand07 import Candidate
from reconcile.results.rows import OPEN_STATUSES, Status
from reconcile.world.context import Context


def descriptions() -> Mapping[str, str]:
    """Every candidate and what it would do."""
    short = _("forløb på færre end {antal} dage tælles ikke")
    return {
        "sammenlagt_barn": _("forløb på samme kode, der rører hinanden, er ét; R1 regner fra det førstes start"),
        "stoette_107": _("dage med 1.12.0.2, hvor borgeren har et ophold på 1.8.2, tælles ikke"),
        "ophold_ophold": _("et ophold slutter, når et ophold på en anden kode (1.8.1, 1.8.2, 1.12.0.1) begynder"),
        "doed_lukket": _("også lukkede forløb slutter på dødsdagen"),
        "barn_18": _("R1 med 18 år i stedet for 17"),
        "kort_7": short.format(antal=7),
        "kort_14": short.format(antal=14),
        "kort_30": short.format(antal=30),
        "ugyldigt_cpr": _("personer med ugyldigt CPR-nummer tælles ikke"),
        "erstatningsnummer": _("personer med erstatningsnummer tælles ikke"),
    }


def candidates(context: Context, cells: Iterable[Cell]) -> tuple[Candidate, ...]:
    """The candidates, the best first; none where no cell could be compared.

    Counted in cells whose DST figure is compared: where the rest is 0 a removed person breaks the cell; where DST counts
    fewer than it should, as many as are missing are explained and the others are too many.
    """
    tolerance = context.regler.tolerance_antal
    rests = {
        (c.code, c.period): int(c.rest)
        for c in cells
        if c.rest is not None and c.status(tolerance) in _JUDGED and c.harmonised is not None
    }
    if not rests:
        return ()
    found: dict[str, dict[tuple[str, str], int]] = {name: {} for name in descriptions()}
    query = "SELECT kandidat, dst_kode, periode, count(*) FROM kandidat_person GROUP BY kandidat, dst_kode, periode"
    for name, code, period, count in context.engine.rows(query):
        if (code, period) in rests:
            found[name][code, period] = int(count)
    tried = [_tried(name, removed, rests) for name, removed in found.items()]
    tried.sort(key=lambda c: (c.bryder + c.fjerner_for_mange - c.forklarer, -c.forklarer, c.fjerner, c.kandidat))
    return tuple(Candidate(number, *list(vars(c).values())[1:]) for number, c in enumerate(tried, start=1))


_JUDGED = frozenset({Status.EQUAL, Status.EXPLAINED, Status.TOLERATED, *OPEN_STATUSES})


def _tried(name: str, removed: Mapping[tuple[str, str], int], rests: Mapping[tuple[str, str], int]) -> Candidate:
    useful = {cell: min(count, max(0, -rests[cell])) for cell, count in removed.items()}
    breaks = [count for cell, count in removed.items() if not rests[cell]]
    return Candidate(
        plads=0,
        kandidat=name,
        beskrivelse=descriptions()[name],
        forklarer=sum(useful.values()),
        bryder=sum(breaks),
        fjerner_for_mange=sum(count - useful[cell] for cell, count in removed.items() if rests[cell]),
        fjerner=sum(removed.values()),
        celler_forklaret=sum(rests[cell] != 0 and count == -rests[cell] for cell, count in removed.items()),
        celler_brudt=len(breaks),
    )
