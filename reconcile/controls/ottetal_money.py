"""What the money of a dst_kode × quarter is for, and how it differs from what the activity costs at usual prices.

``ottetal_beloeb`` splits the ledger's amount by what it pays; ``ottetal_kroner`` is the bridge in kr. from the activity to the
amount: days at the person's median day price (else the code's), then every cause, exact to the øre.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from reconcile.domain.codes import code_order
from reconcile.results.ottetal import OttetalAmount, OttetalKroner
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

EXPECTED, LEFT, LEDGER = "forventet", "rest", "oekonomi"
#: The steps of the bridge in kr., in order; the last is the ledger's amount.
STEPS = (
    EXPECTED,
    "betaling_uden_ydelse",
    "ydelse_uden_betaling",
    "forkert_konto",
    "betaling_efter_ophoer",
    "faerre_betalinger",
    "usaedvanlig_pris",
    "pris",
    "rytme",
    "efterslip",
    "delt_konto",
    "mellemkommunale",
    "rammestyret",
    "uden_cpr",
    LEFT,
    LEDGER,
)
Key = tuple[str, str]


class Step(NamedTuple):
    """What a step adds (``til``) and takes (``fra``), in øre, and how many persons are behind it."""

    persons: int | None
    added: int
    taken: int


def tables(context: Context, amounts: Mapping[Key, Decimal]) -> Iterator[ResultTable]:
    """``ottetal_beloeb`` and ``ottetal_kroner`` of the cells with these amounts (dst_kode × quarter → kr.); nothing where the
    ledger has no persons or the fagsystem is absent."""
    if not (context.has("fagsystem") and context.has("oekonomi", "cpr") and context.has("masteroversigt")):
        return
    yield ResultTable("ottetal_beloeb", OttetalAmount, _paid_for(context, amounts))
    yield ResultTable("ottetal_kroner", OttetalKroner, tuple(_kroner(context, amounts)))


def _paid_for(context: Context, cells: Collection[Key]) -> tuple[OttetalAmount, ...]:
    found = (OttetalAmount(*row) for row in context.engine.rows("SELECT * FROM oe_beloeb"))
    return tuple(
        sorted(
            (row for row in found if (row.dst_kode, row.periode) in cells),
            key=lambda row: (code_order(row.dst_kode), row.periode, row.aarsag),
        )
    )


def _kroner(context: Context, amounts: Mapping[Key, Decimal]) -> Iterator[OttetalKroner]:
    """The rows of a cell: what was expected, the causes that there are, the rest, and the ledger's amount."""
    found: dict[Key, dict[str, Step]] = defaultdict(dict)
    for code, period, step, persons, added, taken in context.engine.rows("SELECT * FROM oe_kroner"):
        found[code, period][step] = Step(persons, int(added), int(taken))
    for code, period in sorted(amounts, key=lambda key: (code_order(key[0]), key[1])):
        booked = _oere(amounts[code, period])
        steps = {EXPECTED: Step(0, 0, 0), **found[code, period]}
        left = booked - sum(step.added - step.taken for step in steps.values())
        steps[LEFT] = Step(None, max(left, 0), max(-left, 0))
        for name in STEPS[:-1]:
            if name in steps:
                persons, added, taken = steps[name]
                yield OttetalKroner(code, period, name, persons, _kr(added - taken), _kr(added), _kr(taken))
        yield OttetalKroner(code, period, LEDGER, None, _kr(booked), _kr(max(booked, 0)), _kr(max(-booked, 0)))


def _oere(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _kr(oere: int) -> Decimal:
    return Decimal(oere).scaleb(-2)
