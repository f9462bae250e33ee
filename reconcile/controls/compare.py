"""The comparison every control makes: n figures of one cell agree, differ, or cannot be compared.

Missing is an outcome of its own, never 0. A tolerance is symmetric: which source is named first does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    """What comparing the figures of a cell gives."""

    EQUAL = "ens"
    DIFFERENT = "forskellig"
    MISSING = "mangler"


def compare(figures: Iterable[Decimal | int | None], tolerance: Decimal | int = 0) -> Outcome:
    """Compare any number of figures: the largest and the smallest present one are at most ``tolerance`` apart.

    Fewer than two present figures are MISSING. Exact: integers and decimals, never floats.
    """
    present = [figure for figure in figures if figure is not None]
    if len(present) < 2:
        return Outcome.MISSING
    return Outcome.EQUAL if max(present) - min(present) <= tolerance else Outcome.DIFFERENT
