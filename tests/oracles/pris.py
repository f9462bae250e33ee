"""Prices and the split of their change, person by person from the definitions: days counted one by one, amounts in øre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from oracles.noegletal import active, days_of

PARTS = ("volumen", "pris", "kommet", "gaaet", "mellemkommunal", "uden_cpr")


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    size = int(abs(value) + Fraction(1, 2))
    return size if value > 0 else -size


def side(courses: Sequence[dict[str, Any]], postings: Sequence[dict[str, Any]], first: date, last: date) -> Any:
    """Per person (None: no CPR): days the own kommune pays for, own øre, mellemkommunale øre; over one period."""
    days = days_of(first, last)
    told: dict[str | None, list[int]] = {}
    amounts: dict[str | None, int] = defaultdict(int)
    for posting in postings:
        if first <= posting["bogfoert_dato"] <= last:
            amounts[posting["cpr"]] += int(posting["beloeb"] * 100)
    for person in {*amounts, *(c["cpr"] for c in courses)}:
        here = [c for c in courses if c["cpr"] == person]
        own = sum(any(active(c, day) and c["betalingskommune"] in (None, "665") for c in here) for day in days)
        others = any(active(c, day) for c in here for day in days)
        between = own == 0 and others
        told[person] = [own, 0 if between else amounts[person], amounts[person] if between else 0]
    return told


def split(now: Any, before: Any, length: int, length_before: int) -> dict[str, int]:
    """The parts of the change in øre."""
    parts = dict.fromkeys(PARTS, 0)
    for person in {*now, *before}:
        days, own, between = now.get(person, (0, 0, 0))
        days_before, own_before, between_before = before.get(person, (0, 0, 0))
        if person is None:
            parts["uden_cpr"] += own - own_before
            continue
        parts["mellemkommunal"] += between - between_before
        here, there = bool(days or own), bool(days_before or own_before)
        if here and not there:
            parts["kommet"] += own
        elif there and not here:
            parts["gaaet"] -= own_before
        elif here and there:
            share, share_before = Fraction(days, length), Fraction(days_before, length_before)
            volume = half_up((share - share_before) / share_before * own_before) if days_before else 0
            parts["volumen"] += volume
            parts["pris"] += own - own_before - volume
    return parts
