"""The rows of the tables that compare a delivery of courses with the one before it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CourseChange:
    """A course that is not as it was delivered last (table ``genlevering``), one row for each changed field.

    ``aendring`` is ``ny``, ``fjernet``, ``ændret`` or ``dublet`` (a key that occurs more than once on a side and cannot be
    paired); ``foer`` and ``nu`` are the field's values, or where ``felt`` is ``hele_forloebet`` the whole course's days
    ``2020-01-01/2020-03-31`` (an open one ends in nothing). ``kvartaler`` are the judged quarters it has an active day
    in, before or now; ``flytter`` those in which its person enters or leaves the count of the code, or ``ingen``.
    """

    kilde: str
    aendring: str
    borger: str
    dst_kode: str
    noegle: str
    felt: str
    foer: str | None
    nu: str | None
    kvartaler: str
    flytter: str


@dataclass(frozen=True)
class CountMoved:
    """A code × quarter that a changed course touches (table ``genlevering_tal``).

    Raw modtagere of the own population (as ``raa`` of the bridge) before and now, in persons, and the courses that changed.
    """

    kilde: str
    dst_kode: str
    periode: str
    modtagere_foer: int
    modtagere_nu: int
    flyttet: int
    forloeb: int


@dataclass(frozen=True)
class Resting:
    """A quarter with published figures that rest on a delivery; ``tal`` is a hash of them."""

    periode: str
    tal: str


@dataclass(frozen=True)
class NewPrint:
    """The print of a delivery that was not seen before, to be kept when the run's reports are published.

    ``name`` is a hash of its courses and the key; ``content`` a Parquet file without CPR (None: it is kept already);
    ``figures`` the quarters whose published figures were not seen before: they rest on this delivery.
    """

    name: str
    content: bytes | None
    figures: tuple[Resting, ...] = ()
