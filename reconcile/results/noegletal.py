"""The rows of the nøgletal tables: persons, courses and days by code, group and period.

Persons are distinct at every level; «I alt» is a figure of its own and never a sum. Helårsmodtagere are the days on which a
person is active, each day once, over the days of the period, with four decimals half up; a year is the average of its
quarters weighted by days. A count is missing only in a version for publication. Source: the counts of FLIS' cube «Voksne
handicappede» (KOMBIT/KL, webinar of April 2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: The intervals of ``varighed`` in days, in the order of their number in the view.
INTERVALS = ("0–90", "91–180", "181–365", "366–730", "731–1.095", "over 1.095")


@dataclass(frozen=True)
class NoegletalVh:
    """A level × period of table ``noegletal_vh``.

    ``niveau`` is ``alle``, ``gruppe``, ``paragraf`` or ``dst_kode``, ``kategori`` which one; ``periodetype`` ``maaned``,
    ``kvartal`` or ``aar``. ``ydelser`` are courses with an active day, ``aabne`` those active on the last day and not ending
    on it, ``lukkede`` those ending in the period. ``*_harmoniseret`` are the figures after the last step of the
    bridge. ``forbrug`` is the ledger's net in kr., missing without ledger and masteroversigt.
    """

    niveau: str
    kategori: str
    periodetype: str
    periode: str
    modtagere: int | None
    ydelser: int | None
    aabne: int | None
    lukkede: int | None
    helaarsmodtagere: Decimal | None
    modtagere_harmoniseret: int | None
    ydelser_harmoniseret: int | None
    helaarsmodtagere_harmoniseret: Decimal | None
    forbrug: Decimal | None


@dataclass(frozen=True)
class NoegletalSplit:
    """A dimension × value × level × period of table ``noegletal_fordelt``; ``vaerdi`` is empty where nothing is registered."""

    opdeling: str
    vaerdi: str
    niveau: str
    kategori: str
    periodetype: str
    periode: str
    modtagere: int | None
    ydelser: int | None
    aabne: int | None
    lukkede: int | None
    helaarsmodtagere: Decimal | None


@dataclass(frozen=True)
class Flow:
    """A level × period of table ``flow``, in persons: primo + tilgang − afgang = ultimo.

    ``ind_og_ud`` are active in the period and at neither of its ends.
    """

    niveau: str
    kategori: str
    periodetype: str
    periode: str
    primo: int | None
    tilgang: int | None
    afgang: int | None
    ultimo: int | None
    ind_og_ud: int | None


@dataclass(frozen=True)
class Duration:
    """A dst_kode × quarter × interval of table ``varighed``: what is open on the quarter's last day, by days since it began."""

    dst_kode: str
    periode: str
    interval: str
    ydelser: int | None
    borgere: int | None


@dataclass(frozen=True)
class Ended:
    """A dst_kode × quarter of table ``varighed_afsluttet``: the ended courses and their length in days."""

    dst_kode: str
    periode: str
    afsluttede: int
    median_dage: Decimal
    gennemsnit_dage: Decimal


@dataclass(frozen=True)
class Combination:
    """A set of dst_koder × quarter of table ``kombinationer``: the persons who have just these on the quarter's last day."""

    periode: str
    kombination: str
    koder: int
    borgere: int


@dataclass(frozen=True)
class Tilbud:
    """A tilbud × quarter of table ``tilbud``: its persons, those the own kommune pays for and the others, and the days used.

    ``pladsdage`` are its places × the days they were there, ``belaegning`` the days used over them (1 is full); missing where the
    source ``pladser`` has no place of it in the quarter.
    """

    tilbud: str
    periode: str
    borgere: int
    egne: int
    udenbys: int
    dage: int
    pladsdage: Decimal | None
    belaegning: Decimal | None
