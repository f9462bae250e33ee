"""Tables of the 8-tals kontrol beside ``ottetal`` itself: its edges, the causes of each difference, and who is behind them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OttetalEdge:
    """An edge of the figure eight for a dst_kode × quarter: the person counts at its two ends.

    ``forskel`` is ``til`` − ``fra`` (DST − own where DST is an end). ``status``: as of a loop, else ``mangler`` (a figure is
    not there), ``udeladt`` (the code has no account, or is rammestyret as a whole), or why DST's figure is not compared
    (``kode_ikke_gyldig``, ``ikke_godkendt``).
    """

    dst_kode: str
    periode: str
    kant: str
    fra: int | None
    til: int | None
    forskel: int | None
    status: str


@dataclass(frozen=True)
class OttetalCause:
    """What a cause adds to the difference of an edge, in persons with sign: ``til`` persons that only the far end counts, less
    ``fra`` that only the near end does. The causes of an edge sum to ``forskel``.
    """

    dst_kode: str
    periode: str
    kant: str
    aarsag: str
    antal: int
    til: int
    fra: int


@dataclass(frozen=True)
class OttetalPerson:
    """A person whom only one end of an edge counts: ``side`` names it, ``aarsag`` is the first cause that holds.

    What that end counts of the person in the quarter: ``dage`` (active days) or ``beloeb`` (net in kr.); ``fil`` and
    ``raekke`` are the first of the rows behind it.
    """

    dst_kode: str
    periode: str
    kant: str
    side: str
    aarsag: str
    borger: str
    dage: int | None
    beloeb: Decimal | None
    fil: str
    raekke: int


@dataclass(frozen=True)
class OttetalAmount:
    """A part of ``oekonomi_beloeb`` of a dst_kode × quarter: what it is for, net in kr., and for how many ``borgere``.

    The parts sum to the whole. A person can stand behind several: each month has a cause of its own.
    """

    dst_kode: str
    periode: str
    aarsag: str
    borgere: int
    beloeb: Decimal


@dataclass(frozen=True)
class OttetalKroner:
    """A step of the bridge in kr. of a dst_kode × quarter, from what its active days cost at usual prices (``forventet``) over
    the causes to ``oekonomi_beloeb`` (``oekonomi``): ``beloeb`` is what the cause adds (``til``) less what it takes (``fra``).

    The price of a day is the median of the person's own on the code, else the code's. The steps before ``oekonomi`` sum to it.
    """

    dst_kode: str
    periode: str
    trin: str
    borgere: int | None
    beloeb: Decimal
    til: Decimal
    fra: Decimal


@dataclass(frozen=True)
class AccountCell:
    """An account (funktion, dranst, gruppering) of a year: the net of the postings against the published accounts, in kr.

    ``forskel`` is ``regnskab`` − ``oekonomi``. ``status``: ``ens``, ``inden_for_tolerance`` (also what published accounts are
    rounded to), ``uforklaret``, ``mangler_oekonomi`` (no posting in the extract) or ``mangler_regnskab`` (not published).
    """

    periode: str
    konto: str
    oekonomi: Decimal | None
    regnskab: Decimal | None
    forskel: Decimal | None
    posteringer: int
    status: str


@dataclass(frozen=True)
class OttetalLeftOut:
    """What the person-level rules leave out: ``grund`` is ``uden_konto`` or ``rammestyret``."""

    dst_kode: str
    grund: str
    konto: str | None
    tilbud: str | None
