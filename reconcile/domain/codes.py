"""dst_koder: their order, and choosing some of them."""

from __future__ import annotations

from functools import cache


@cache
def code_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """Codes in the order of their numbers: 1.8.2 before 1.12.0.1; what is no number comes last."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in code.split("."))


def chosen(code: str, codes: frozenset[str]) -> bool:
    """Whether a code is one of the chosen ones or lies under one, at a point. No choice is all."""
    return not codes or any(code == c or code.startswith(f"{c}.") for c in codes)
