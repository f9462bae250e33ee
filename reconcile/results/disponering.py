"""The rows of what is granted, given, settled and paid: a third source of money beside ledger and accounts.

Amounts are kr., exact to the øre; a figure whose source is not there, or does not have the code, is missing. Codes that neither
source has are left out, and said. ``dage`` are the days of the ydelse that the own
kommune pays for. The idea of holding disponering and afregning against the fagsystem is Komponent's (workshop 13-12-2021); the
definitions are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class GrantCount:
    """A dst_kode × quarter of table ``disponering_kode``; «I alt» has each person of these codes once.

    ``ens``, ``afviger`` and ``ikke_afgjort`` are person-months by their status in ``disponering_maaned``.
    """

    dst_kode: str
    periode: str
    disponeret_borgere: int | None
    ydelse_borgere: int | None
    betalt_borgere: int | None
    disponeret: Decimal | None
    afregnet: Decimal | None
    betalt: Decimal | None
    forskel_disponeret: Decimal | None
    ens: int
    afviger: int
    ikke_afgjort: int


@dataclass(frozen=True)
class GrantMonth:
    """A person × dst_kode × month of table ``disponering_maaned``; ``borger`` is a pseudonym.

    ``status``, the first that holds: ``kode_ikke_disponeret`` (nobody has a grant on the code, which is settled) ·
    ``ikke_disponeret`` (days, and no grant) · ``betalt_ikke_disponeret`` · ``disponeret_uden_ydelse`` (a grant, and no day) ·
    ``ikke_afgjort`` (the ledger cannot say) · ``ikke_betalt`` · ``andet_beloeb`` (outside ``tolerance_kr``) · ``ens``.
    """

    borger: str
    dst_kode: str
    maaned: str
    dage: int | None
    disponeret: Decimal | None
    afregnet: Decimal | None
    betalt: Decimal | None
    forskel_disponeret: Decimal | None
    forskel_afregnet: Decimal | None
    status: str
