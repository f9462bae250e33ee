"""The rows of the tables of prices: what a ydelse costs, and why spending changed.

Amounts are net kr. of the ledger on the accounts that the masteroversigt gives the code, exact to the øre; days are those the
own kommune pays for, each day of a person once.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Price:
    """A dst_kode × quarter or year of table ``pris``.

    ``helaarsmodtagere`` are days / days of the period; ``kr_pr_helaarsmodtager`` is the period's amount per such (of a quarter
    not made yearly), ``kr_pr_indbygger`` the amount per inhabitant of 18 to 64 years, ``helaarsmodtagere_pr_1000`` per 1.000 of
    them (of ``befolkning_fra``). ``aendring`` from the same period a year before = ``volumen`` (days, at last year's
    price of the person) + ``pris`` (of persons in both) + ``kommet`` + ``gaaet`` + ``mellemkommunal`` (persons only another
    kommune pays for) + ``uden_cpr`` (postings without a person), to the øre; missing where the ledger has no posting in the
    period, or a year before. ``funktioner`` are those of the code's accounts, ``pl`` the price level the amounts are in.
    """

    dst_kode: str
    periodetype: str
    periode: str
    beloeb: Decimal | None
    helaarsmodtagere: Decimal
    kr_pr_helaarsmodtager: Decimal | None
    indbyggere: int | None
    befolkning_fra: str
    kr_pr_indbygger: Decimal | None
    helaarsmodtagere_pr_1000: Decimal | None
    beloeb_aaret_foer: Decimal | None
    aendring: Decimal | None
    volumen: Decimal | None
    pris: Decimal | None
    kommet: Decimal | None
    gaaet: Decimal | None
    mellemkommunal: Decimal | None
    uden_cpr: Decimal | None
    funktioner: str
    pl: str
