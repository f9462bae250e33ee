"""Exact fractions: nothing is rounded before it is written, and then half up (away from zero)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction | Decimal | int, decimals: int) -> Decimal:
    """A number with that many decimals, half up: 0,00005 → 0,0001 and −0,00005 → −0,0001 with four.

    Exact at any size (no context precision is involved).
    """
    return divided(*value.as_integer_ratio(), decimals)


def divided(part: int, whole: int, decimals: int) -> Decimal:
    """``rounded`` of a fraction of whole numbers, which need not be put in lowest terms; ``whole`` is positive."""
    scaled = part * 10**decimals
    units = (2 * abs(scaled) + whole) // (2 * whole)
    return Decimal(f"{'-' if scaled < 0 and units else ''}{units}E{-decimals}")
