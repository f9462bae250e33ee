"""The rows of the FFB tables: persons and courses by the concepts of the common catalogue (Fælles Faglige Begreber, KL).

A concept is known by its UUID or its full name. ``lag`` is the layer that is looked at: ``paragraf`` (of the dst_kode),
``ydelse`` or ``tilbud`` (of the catalogue). Persons are distinct; an empty ``navn`` is what has none in the layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class FfbCount:
    """A layer × name × period of table ``ffb``: the persons and courses active in the period.

    «I alt» is every person with a name in the layer, once, and never a sum; those without a name stand outside it.
    """

    lag: str
    navn: str
    uuid: str | None
    paragraf: str | None
    periodetype: str
    periode: str
    borgere: int
    ydelser: int


@dataclass(frozen=True)
class FfbOverlap:
    """A pair × quarter of table ``ffb_overlap``: the persons who have both on the same day.

    In FFB § 85 beside an ophold is normal; what is double depends on the layer, so each layer has its own rows.
    """

    lag: str
    periode: str
    paragraf_a: str
    navn_a: str
    paragraf_b: str
    navn_b: str
    borgere: int


@dataclass(frozen=True)
class FfbCoverage:
    """A paragraf, or all × quarter of table ``ffb_daekning``: the active courses by the FFB data they have.

    ``kun_ydelse`` have a ydelse and no tilbud, ``kun_tilbud`` the reverse; ``andel`` is the share with either.
    """

    niveau: str
    kategori: str
    periode: str
    ydelser: int
    begge: int
    kun_ydelse: int
    kun_tilbud: int
    ingen: int
    andel: Decimal


@dataclass(frozen=True)
class FfbUnknown:
    """A text of table ``ffb_ukendte``: it stands as FFB ydelse or tilbud and is not in the catalogue."""

    lag: str
    navn: str
    ydelser: int
    borgere: int
