"""Synthetic CPR numbers that cannot be mistaken for real ones."""

from __future__ import annotations

import random
from datetime import date

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def passes_modulus_11(cpr: str) -> bool:
    """Whether the ten digits satisfy the old control sum."""
    return sum(w * int(d) for w, d in zip(WEIGHTS, cpr, strict=True)) % 11 == 0


def synthetic_cpr(born: date, used: set[str], rng: random.Random) -> str:
    """A number with the right birth date and century, serial 39xx or 69xx, which fails modulus 11."""
    century = "39" if born.year < 2000 else "69"
    offset = rng.randrange(100)
    for step in range(100):
        cpr = f"{born:%d%m%y}{century}{(offset + step) % 100:02d}"
        if cpr not in used and not passes_modulus_11(cpr):
            used.add(cpr)
            return cpr
    raise ValueError(f"no serial left for {born:%Y-%m-%d}")
