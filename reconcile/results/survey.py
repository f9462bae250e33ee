"""Tables of what was delivered and how it was judged: the datalandskab, Ja/Nej Godkendt, and what is set unusually."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class LandscapeRow:
    """A file of a source. ``fra`` and ``nyeste`` are days, or quarters where the source counts in quarters."""

    kilde: str
    leverer: str
    modtager: str
    population: str | None
    fil: str
    raekker: int
    fra: date | str | None
    nyeste: date | str | None
    sha256: str


@dataclass(frozen=True)
class ColumnContent:
    """A column of a source (table ``datalandskab_kolonner``), over all its files.

    ``andel_fyldt`` is the share of rows with a value; ``forskellige`` the different values (missing for more than half a million
    rows); ``ukendte`` the different values that the column's list of codes does not have, and ``ukendte_raekker`` the rows with
    them (missing for a column without a list).
    """

    kilde: str
    kolonne: str
    slags: str
    raekker: int
    fyldt: int
    andel_fyldt: Decimal | None
    forskellige: int | None
    ukendte: int | None
    ukendte_raekker: int | None


@dataclass(frozen=True)
class SourceUse:
    """A question (table ``datalandskab_brug``) and the sources whose ``bruges_til`` names it: those that may answer it."""

    spoergsmaal: str
    kilder: str


@dataclass(frozen=True)
class FileReading:
    """How a file was read (table ``laesning``): everything that was assumed, and three rows without who they are about.

    ``overskriftsraekke`` is the number Excel shows; ``kolonner`` canonical names with their headings, ``laeses_ikke`` the
    other headings; ``enhed`` what an amount was multiplied by, None without amounts; ``serie`` ``hele`` or ``dele`` of a
    source of several files of courses; ``nulord`` cells with a word for nothing; ``udeladte`` the numbers of rows that are
    totals and notes.
    """

    kilde: str
    fil: str
    raekker: int
    tegnsaet: str
    skilletegn: str
    ark: str
    overskriftsraekke: int | None
    kolonner: str
    laeses_ikke: str
    enhed: int | None
    serie: str
    nulord: int
    rettede_cpr: int
    skjulte: int
    udeladte: str
    raekke_1: str
    raekke_2: str
    raekke_3: str


@dataclass(frozen=True)
class ApprovedQuarter:
    """A judged quarter with a HAND07 figure or an answer (table ``godkendelser``): ``ja``, ``nej`` or ``ikke oplyst``."""

    periode: str
    godkendt: str


@dataclass(frozen=True)
class Leniency:
    """An option above its normal value, with both; or ``system_tidligere`` with how many of how many open courses."""

    hvad: str
    vaerdi: str
    normalt: str


@dataclass(frozen=True)
class Identity:
    """Something that must add up (table ``identiteter``): in how many of the ``antal`` places it was checked it does."""

    identitet: str
    gaaet_efter: int
    antal: int


@dataclass(frozen=True)
class Outside:
    """An open cell that the choice of quarters or codes leaves out of sight (table ``udenfor``)."""

    dst_kode: str
    periode: str
    status: str
