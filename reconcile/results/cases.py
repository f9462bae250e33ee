"""Tables of what a person has to do once: the cases, and the corrections after which a cell is equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from reconcile.results.rows import Severity

#: What has become of a case. A case is new when the run before it, made of other inputs, did not have it.
NEW, OPEN, ACCEPTED = "ny", "åben", "accepteret"
#: How the id of a case that is made of findings begins.
CASE = "S-"


def is_case(name: str) -> bool:
    """Whether a name of something accepted is that of a case made of findings."""
    return name.startswith(CASE)


@dataclass(frozen=True)
class Case:
    """What has to be done once (``sager.csv``): the findings of a rule about one person (else account, code or source) and
    one dst_kode or ydelse, in every source and every month. An open cell is a case too.

    ``alvor`` is the gravest of its findings; ``fra`` and ``til`` the first and last period of them; ``beloeb`` what they are
    about in kr., where the rule is about money; ``celler`` the cells it moves and by how many persons. ``fund`` are the ids of
    its findings, ``borgere`` how many persons it is about, ``stoerrelse`` its size when it is accepted: all three stand in
    ``resultat.json`` only, as does what was written about it in the workbook (``bemaerkning``, ``ansvarlig``, ``arbejdsstatus``).
    """

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "sag_id", "regel", "alvor", "borger", "dst_kode", "ydelse", "fra", "til", "antal_fund", "kilder", "beloeb", "celler",
        "besked", "hvem", "status", "accepteret_til",
    )  # fmt: skip

    sag_id: str
    regel: str
    alvor: Severity
    borger: str | None
    dst_kode: str | None
    ydelse: str | None
    fra: str | None
    til: str | None
    antal_fund: int
    kilder: str
    beloeb: Decimal | None
    celler: str
    besked: str
    hvem: str
    status: str
    accepteret_til: date | None
    fund: tuple[str, ...]
    borgere: int
    stoerrelse: str
    bemaerkning: str | None = None
    ansvarlig: str | None = None
    arbejdsstatus: str | None = None


#: The cause of a correction that nothing is known of: what no step of the bridge explains.
REST = "rest"


@dataclass(frozen=True)
class Correction:
    """One of the corrections after which a cell that is not equal would be (table ``rettelser``).

    ``kant`` is the edge of the figure eight it is on, or ``HAND07`` for a step of the bridge; ``aarsag`` the cause;
    ``sag_id`` the case that takes ``borgere`` persons and ``beloeb`` kr. of the difference away; empty where no case
    does, and the persons have to be looked up.
    """

    dst_kode: str
    periode: str
    status: str
    kant: str
    aarsag: str
    sag_id: str | None
    borgere: int
    beloeb: Decimal | None
