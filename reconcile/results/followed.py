"""Tables of what a run owes to the time before it: what was accepted, what is new, solved and moved, and the approvals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Figure = Decimal | int | str | None
#: State of an acceptance in a run; only the first takes a finding out of the exit code.
HOLDS, EXPIRED, CHANGED, GONE = "accepteret", "udløbet", "ændret", "ikke fundet"


@dataclass(frozen=True)
class AcceptedRow:
    """An acceptance as it stands in a run (result table ``accepterede``)."""

    fund_id: str
    regel: str
    dst_kode: str | None
    periode: str | None
    tilstand: str
    vaerdi: str | None
    accepteret_vaerdi: str
    begrundelse: str
    af: str
    indtil: date


@dataclass(frozen=True)
class SinceRow:
    """The findings of a rule and code since an earlier run (result table ``siden_sidst``; what changed comes first)."""

    regel: str
    dst_kode: str | None
    nye: int
    stadig_aabne: int
    heraf_aendrede: int
    loeste: int


@dataclass(frozen=True)
class FindingSince:
    """A finding that is new, changed or solved since an earlier run (result table ``fund_siden_sidst``)."""

    fund_id: str
    tilstand: str
    regel: str
    dst_kode: str | None
    periode: str | None
    foer: str | None
    nu: str | None
    besked: str


@dataclass(frozen=True)
class FigureMoved:
    """A figure that is not what it was (result table ``tal_siden_sidst``); None is a figure that was not there."""

    tabel: str
    dst_kode: str
    periode: str
    tal: str
    foer: Figure
    nu: Figure
    flyttet: Decimal | int | None


@dataclass(frozen=True)
class ApprovalRow:
    """Where a quarter stands (result table ``godkendelse``): its deadline, what is open, the last decision."""

    periode: str
    frist: date
    arbejdsdag: date
    celler: int
    uforklarede: int
    accepterede: int
    aabne_fejl: int
    beslutning: str | None
    af: str | None
