"""Quarters, months and ISO weeks, and how a user writes them: ``2020K3``, ``2020``, ``2020K1:2020K4``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: ``2023K3``, ``2023Q3``, ``2023-K3``, ``K3 2023``, ``3. kvartal 2023``, ``3. kvt. 2023``, ``2023 3. kvartal``.
_WORD = r"(?:kvartal|kvt\.?|kv\.?)"
_QUARTER = re.compile(
    rf"(?P<y1>[12][0-9]{{3}})[\s-]*[KQ]\s?(?P<n1>[1-4])|[KQ]\s?(?P<n2>[1-4])[\s-]+(?P<y2>[12][0-9]{{3}})"
    rf"|(?P<n3>[1-4])\.?\s*{_WORD},?\s*(?P<y3>[12][0-9]{{3}})|(?P<y4>[12][0-9]{{3}}),?\s+(?P<n4>[1-4])\.?\s*{_WORD}",
    re.IGNORECASE,
)
_MONTH = re.compile(r"([12][0-9]{3})[-Mm]?(0[1-9]|1[0-2])")
_WEEK = re.compile(r"([0-9]{4})-U([0-9]{2})")


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, written ``2020K3``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}K{self.number}"

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Quarter | None:
        """A quarter as DST, FLIS and people write it (``2020K3``, ``K3 2020``, ``3. kvt. 2020``); None for anything else."""
        match = _QUARTER.fullmatch(text.strip())
        if not match:
            return None
        year, number = (next(match[f"{part}{i}"] for i in range(1, 5) if match[f"{part}{i}"]) for part in "yn")
        return cls(int(year), int(number))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def days(self) -> int:
        """Its length in days (90, 91 or 92)."""
        return (self.last - self.first).days + 1


def between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """Every quarter from ``first`` to ``last``, both included; empty when ``last`` comes first."""
    quarters = []
    while first <= last:
        quarters.append(first)
        first = first.next
    return tuple(quarters)


def parse_choice(text: str) -> tuple[Quarter, ...] | None:
    """What ``--period`` accepts: a quarter, a year, or two of them with a colon. None when it is neither."""
    parts = text.strip().split(":")
    if len(parts) > 2:
        return None
    first, last = _span(parts[0]), _span(parts[-1])
    if first is None or last is None:
        return None
    return between(first[0], last[1]) or None


def _span(text: str) -> tuple[Quarter, Quarter] | None:
    if re.fullmatch(r"[12][0-9]{3}", text.strip()):
        return Quarter(int(text), 1), Quarter(int(text), 4)
    quarter = Quarter.parse(text)
    return (quarter, quarter) if quarter else None


def merge_choices(choices: Iterable[tuple[Quarter, ...]]) -> tuple[Quarter, ...]:
    """Several ``--period`` options together: sorted, each quarter once."""
    return tuple(sorted({quarter for choice in choices for quarter in choice}))


def parse_month(text: str) -> date | None:
    """``2020-07``, StatBank's ``2020M07`` or ``202007`` as the first of the month; None for anything else."""
    match = _MONTH.fullmatch(text.strip())
    return date(int(match[1]), int(match[2]), 1) if match else None


def iso_week(day: date) -> str:
    """``2020-U27``: the ISO week a day lies in."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-U{week:02d}"


def parse_week(text: str) -> date | None:
    """The Monday of ``2020-U27``; None when it is no ISO week."""
    match = _WEEK.fullmatch(text)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None
