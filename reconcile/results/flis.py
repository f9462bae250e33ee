"""The rows of the key figures: FLIS' eight, the areas behind them, and the comparison with others.

What a figure rests on is printed in its row: the funktioner, the quarter of the population, the price level, and where amount
and count come from. Spending is dranst 1 (for «I alt» dranst 1 and 2), inhabitants are those of 18 to 64 years.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class FlisFigure:
    """A key figure × year of table ``flis_noegletal``: ``beregnet_af`` / ``delt_med`` (× 1.000 for those per 1.000) = ``vaerdi``.

    The eight that FLIS defines on VH data (KOMBIT/KL, webinar of April 2022). Recipients are helårsmodtagere; in the average of
    figure 6 each day of a person counts once (our definition).
    """

    aar: str
    nr: int
    noegletal: str
    beregnet_af: Decimal | None
    delt_med: Decimal | None
    vaerdi: Decimal | None
    enhed: str
    beloeb_fra: str
    antal_fra: str
    funktioner: str
    befolkning_fra: str
    pl: str


@dataclass(frozen=True)
class FlisArea:
    """A year × area of table ``flis_omraader``, or a group's sum (``omraade`` is empty): Lemvig's tables 1, 2, 6 and 9.

    ``kr_pr_indbygger`` = ``helaarsmodtagere_pr_1000`` × ``kr_pr_helaarsmodtager`` / 1.000 before they are rounded.
    """

    aar: str
    gruppe: str
    omraade: str
    udgift: Decimal | None
    helaarsmodtagere: Decimal | None
    indbyggere: int | None
    kr_pr_indbygger: Decimal | None
    helaarsmodtagere_pr_1000: Decimal | None
    kr_pr_helaarsmodtager: Decimal | None
    beloeb_fra: str
    antal_fra: str
    funktioner: str
    befolkning_fra: str
    pl: str


@dataclass(frozen=True)
class Comparison:
    """A year × area × key figure of table ``sammenligning``, all from published sources (REGK31, HAND01, HAND07, FOLK1A).

    For the group and the country both averages are shown: ``*_middel`` is the mean of the kommuner's ratios, ``*_samlet`` the
    ratio of their sums; ``*_kommuner`` is how many had every figure. The country's ratio is StatBank's own row where there is
    one.
    """

    aar: str
    gruppe: str
    omraade: str
    noegletal: str
    egen: Decimal | None
    gruppe_middel: Decimal | None
    gruppe_samlet: Decimal | None
    gruppe_kommuner: int
    landet_middel: Decimal | None
    landet_samlet: Decimal | None
    landet_kommuner: int
    funktioner: str
    befolkning_fra: str
    pl: str
