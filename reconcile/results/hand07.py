"""Tables of HAND07 beside ``hand07_diff`` and ``bro``: the same in fuldtidsydelser, and the persons behind the cells.

A fuldtidsydelse is the days active in the quarter / the days of the quarter, overlapping courses of the same person and code
merged first. Figures are exact until they are written, with four decimals, half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconcile.results.rows import Status


@dataclass(frozen=True)
class Hand01Cell:
    """A dst_kode × quarter of ``hand01_diff.csv``: fuldtidsydelser; differences are DST − own."""

    dst_kode: str
    periode: str
    dst: Decimal | None
    flis: Decimal | None
    fagsystem: Decimal | None
    harmoniseret: Decimal | None
    forskel_flis: Decimal | None
    forskel_fagsystem: Decimal | None
    rest: Decimal | None
    status: Status
    forklaring: str


@dataclass(frozen=True)
class VolumeStep:
    """A step of the bridge in fuldtidsydelser (``bro_fuldtid.csv``): the figure after it and the change it made."""

    dst_kode: str
    periode: str
    trin: str
    antal: Decimal
    aendring: Decimal | None


@dataclass(frozen=True)
class VolumePerson:
    """Whose active days of a cell a step of the bridge changes, and by how many days.

    ``dato_uden_overlap`` (R2): the date that removes the overlap, the end before the stay or the start after it.
    """

    dst_kode: str
    periode: str
    trin: str
    borger: str
    dage: int
    dato_uden_overlap: date | None


@dataclass(frozen=True)
class FlisDays:
    """A person whose active days of a cell differ between the fagsystem and FLIS, and why.

    ``forskel`` is FLIS' days − the fagsystem's. ``aarsag``: ``indlaesning`` (the load rule), or the FL rules that name a
    course of the person and code, FL03 with the changed fields; ``rest`` where nothing does.
    """

    dst_kode: str
    periode: str
    borger: str
    fagsystem_dage: int
    flis_dage: int
    forskel: int
    aarsag: str


@dataclass(frozen=True)
class Undated:
    """A course that R1 could not judge: no birth date in borger nor in the CPR, or one after its start. It is counted."""

    dst_kode: str
    borger: str
    start_dato: date


@dataclass(frozen=True)
class CellPerson:
    """A person counted in an open cell, with the first course behind it.

    ``kilde``, ``fil`` and ``raekke``: where that course stands; a person whom only FLIS counts stands with FLIS' row.
    ``i_fagsystem`` and ``i_flis``: which of the two counts the person. The steps of the bridge: ``ja`` the person is still
    counted after it, ``nej`` no longer; empty where the bridge does not have the person. ``dage``: active days in the
    quarter after the last step. Who only an earlier delivery counts has no course here.
    """

    dst_kode: str
    periode: str
    borger: str
    kilde: str | None
    fil: str | None
    raekke: int | None
    start_dato: date | None
    slut_dato: date | None
    i_fagsystem: bool | None
    i_flis: bool | None
    rettet: bool | None
    indlaesning: bool | None
    gyldighed: bool | None
    r1: bool | None
    r3: bool | None
    r2: bool | None
    dage: int


@dataclass(frozen=True)
class Candidate:
    """What one of DST's unpublished rules (R4–R8) might be, and what it would do; shown, never applied.

    Persons, counted per cell after the last step: ``fjerner`` in all, ``forklarer`` of the rests of the open cells,
    ``fjerner_for_mange`` beyond a rest or from an open cell without one to explain, ``bryder`` from cells whose rest is 0.
    """

    plads: int
    kandidat: str
    beskrivelse: str
    forklarer: int
    bryder: int
    fjerner_for_mange: int
    fjerner: int
    celler_forklaret: int
    celler_brudt: int
