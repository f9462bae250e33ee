"""Exact fractions: nothing is rounded before it is written, and then half up (away from zero)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction | Decimal | int, decimals: int) -> Decimal:
    """A number with that many decimals, half up: 0,00005 → 0,0001 and −0,00005 → −0,0001 with four.

    Exact at any size (no context precision is involved).
    """
    exact = Fraction(value)
    scaled, parts = exact.numerator * 10**decimals, exact.denominator
    whole = (2 * abs(scaled) + parts) // (2 * parts)
    return Decimal(f"{'-' if scaled < 0 and whole else ''}{whole}E{-decimals}")
