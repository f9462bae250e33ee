"""Exact fractions: nothing is rounded before it is written, and then half up (away from zero)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction | Decimal | int, decimals: int) -> Decimal:
    """A number with that many decimals, half up: 0,00005 → 0,0001 and −0,00005 → −0,0001 with four.

    Exact at any size (no context precision is involved).
    """
    scaled = Fraction(value) * 10**decimals
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((scaled < 0, tuple(map(int, str(whole))), -decimals)) if whole else Decimal((0, (0,), -decimals))
