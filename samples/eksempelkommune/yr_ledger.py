"""What the ledger has on the accounts of the staircase: YR01-YR18's amounts, a month later, and YR20."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from .model import Posting, World

REFUSION = {80: "557712010", 40: "557712011", 30: "557712012", 20: "557712013"}
"""Sygedagpenge, dranst 2: refusion is income, so the postings are negative."""

MEDFINANSIERING = {20: "557781012", 60: "557781013", 70: "557781014", 80: "557781015"}
"""Dagpenge til forsikrede ledige, dranst 1: medfinansiering is an expense."""

OFF = {
    ("2020-05", "557712011"): Decimal("1250.00"),
    ("2020-09", "557781013"): Decimal("0.60"),
}
"""Kørselsperiode and account where the ledger is too high; the second is within the tolerance."""


def add_postings(world: World) -> None:
    """One posting per kørselsperiode and account, in the month after the run."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in world.yr + world.yr_corrections:
        if row.ydelse == "Sygedagpenge" and row.refusionssats:
            totals[row.koersel, REFUSION[row.refusionssats]] -= row.refusion
        elif row.ydelse == "Arbejdsløshedsdagpenge" and row.medfinansieringssats:
            totals[row.koersel, MEDFINANSIERING[row.medfinansieringssats]] += row.medfinansiering
    for (koersel, konto), beloeb in sorted(totals.items()):
        run = date(int(koersel[:4]), int(koersel[5:]), 1)
        day = (run + timedelta(days=32)).replace(day=10)
        text = "Refusion" if beloeb < 0 else "Medfinansiering"
        extra = OFF.get((koersel, konto), Decimal(0))
        world.postings.append(Posting(konto, beloeb + extra, day, f"{text} YR {koersel}"))
    world.plan.expect(
        "YR20",
        "fejl",
        "yr",
        "1.250,00 kr. for lidt refusion bogført på 5.57.71-2-011 i måneden efter kørslen",
        ydelse="Sygedagpenge",
        periode="2020-05",
    )
    world.plan.decoy("På 5.57.78-1-013 er der bogført 0,60 kr. for meget for kørslen 2020-09: inden for tolerancen.")
