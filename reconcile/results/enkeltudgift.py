"""The rows of the draft of Danmarks Statistik's «Kommunale udgifter til sociale indsatser»: spending by person and paragraf.

By betalingskommune, §§ 107–110 and § 85 with ABL § 105, gross with revenue negative (dranst 1), from the ledger; the statistic
is published from 2026 and judged by its median, missing dates, extreme values and its agreement with the accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class SingleSpending:
    """A year × paragraf × person of table ``enkeltudgift``; ``borger`` is a pseudonym.

    ``fra``–``til`` and ``dage`` are the days of the year that the own kommune pays for; ``aarsudgift`` = ``beloeb`` / ``dage`` ×
    365. ``kontrol`` says what is to be looked at: ``mangler_dato`` (no course with days), ``negativ``, ``ekstrem`` (outside
    median ± ``pris_k`` · MAD of its year and paragraf, where at least 20 have dates), or nothing.
    """

    aar: str
    borger: str
    betalingskommune: str
    paragraf: str
    funktion: str
    fra: date | None
    til: date | None
    dage: int | None
    beloeb: Decimal
    aarsudgift: Decimal | None
    kontrol: str


@dataclass(frozen=True)
class SpendingCheck:
    """A year × paragraf of table ``enkeltudgift_kontrol``: the checks of the draft.

    ``beloeb`` is the sum over persons; ``oekonomi`` the ledger's on the funktion, from which ``uden_cpr`` is missing;
    ``regnskab`` the published account's. ``klar`` is ``ja`` when no date is missing, nothing is negative or extreme, and the
    draft agrees with the account within ``tolerance_kr`` (with the ledger, where there is no account). ``pl`` is the price
    level the amounts are in.
    """

    aar: str
    paragraf: str
    funktion: str
    personer: int
    beloeb: Decimal
    median_aarsudgift: Decimal | None
    mangler_dato: int
    negative: int
    ekstreme: int
    oekonomi: Decimal
    uden_cpr: Decimal
    regnskab: Decimal | None
    forskel_regnskab: Decimal | None
    klar: str
    pl: str
