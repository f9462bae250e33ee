"""The figure eight of the sample, counted person by person and day by day: the figures, and who stands on one side only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from .bridge import QUARTERS
from .read import KOMMUNE, STATBANK, Data, Forloeb, month

Cell = tuple[str, str]
MONTHS = {
    f"2020-{number:02d}": quarter for quarter, (first, last) in QUARTERS.items() for number in range(first, last + 1)
}


class Eight(NamedTuple):
    """A code × quarter: the days of each person on each side, who has a posting (None: the code has no account), their kr., and
    whether the økonomi loop is compared (not where the whole code is rammestyret)."""

    handler: Mapping[str, int]
    betaler: Mapping[str, int]
    flis: Mapping[str, int]
    oekonomi: frozenset[str] | None
    beloeb: Decimal | None
    doemt: bool


def eights(data: Data) -> dict[Cell, Eight]:
    """Every code × quarter of 2020."""
    accounts: dict[str, set[bool]] = defaultdict(set)
    for code, _level, ramme in data.konti.values():
        accounts[code].add(ramme)
    whole = {code for code, framed in accounts.items() if framed == {True}}
    paid = (
        c
        for c in data.fagsystem
        if c["betalingskommune"] == KOMMUNE
        and c["dst_kode"] not in whole
        and (c["dst_kode"], c["tilbud"]) not in data.rammetilbud
    )
    handled = _days(c for c in data.fagsystem if c["handlekommune"] == KOMMUNE)
    payer, flis = _days(paid), _days(c for c in data.flis if c["handlekommune"] == KOMMUNE)
    people, money = _ledger(data)
    found = {}
    for code in STATBANK.values():
        for quarter in QUARTERS:
            cell, booked = (code, quarter), code in accounts
            found[cell] = Eight(
                handled[cell],
                payer[cell],
                flis[cell],
                frozenset(people[cell]) if booked else None,
                money[cell] if booked else None,
                booked and code not in whole,
            )
    return found


def _days(courses: Iterable[Forloeb]) -> dict[Cell, Counter[str]]:
    """The active days of each person in each code and quarter; a day counts once."""
    days = {(c["dst_kode"], c["cpr"], d) for c in courses for d in c.dage if d.year == 2020}
    found: dict[Cell, Counter[str]] = defaultdict(Counter)
    for code, cpr, day in days:
        found[code, MONTHS[month(day)]][cpr] += 1
    return found


def _ledger(data: Data) -> tuple[dict[Cell, set[str]], dict[Cell, Decimal]]:
    """Who has a posting on a code in a quarter, and the net of all postings."""
    people: dict[Cell, set[str]] = defaultdict(set)
    money: dict[Cell, Decimal] = defaultdict(Decimal)
    for row in data.oekonomi:
        if row.konto in data.konti and row.maaned in MONTHS:
            cell = data.konti[row.konto][0], MONTHS[row.maaned]
            money[cell] += row.beloeb
            people[cell] |= {row.cpr} - {""}
    return people, money
