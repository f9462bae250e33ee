"""What is granted and settled, day by day from the definitions: every row's days, one after another, in exact fractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = Mapping[str, Any]
Cell = tuple[str, str, str]


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def day_price(row: Row, day: date) -> Fraction:
    """What one day of a row costs, in øre."""
    whole = Fraction(row["takst"]) * 100 * Fraction(row["antal"] if row["antal"] is not None else 1)
    quarter = [
        d for d in days(date(day.year, 1, 1), date(day.year, 12, 31)) if (d.month - 1) // 3 == (day.month - 1) // 3
    ]
    length = {
        "dag": 1,
        "uge": 7,
        "maaned": sum(d.month == day.month for d in quarter),
        "kvartal": len(quarter),
        "aar": len(list(days(date(day.year, 1, 1), date(day.year, 12, 31)))),
    }
    return whole / length[row["enhed"]]


def half_up(value: Fraction) -> int:
    """Whole øre, half away from zero."""
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def by_month(row: Row, first: date, last: date) -> dict[str, int]:
    """Month → the øre of a row in it, over the months it has days in."""
    made: dict[str, Fraction] = defaultdict(Fraction)
    if row["til"] is not None and row["til"] < row["fra"]:
        return {}
    if row["enhed"] == "styk":
        amount = Fraction(row["takst"]) * 100 * Fraction(row["antal"] if row["antal"] is not None else 1)
        return {f"{row['fra']:%Y-%m}": half_up(amount)} if first <= row["fra"] <= last else {}
    for day in days(first, last):
        if row["fra"] <= day and (row["til"] is None or day <= row["til"]):
            made[f"{day:%Y-%m}"] += day_price(row, day)
    return {month: half_up(amount) for month, amount in made.items()}


def granted(rows: Sequence[Row], codes: Mapping[str, str], first: date, last: date) -> dict[Cell, tuple[Decimal, int]]:
    """Person, dst_kode and month → kr. and the number of rows."""
    found: dict[Cell, list[int]] = defaultdict(list)
    for row in rows:
        if row["konto"] in codes:
            for month, amount in by_month(row, first, last).items():
                found[row["cpr"], codes[row["konto"]], month].append(amount)
    return {cell: (Decimal(sum(amounts)) / 100, len(amounts)) for cell, amounts in found.items()}


def given(courses: Sequence[Row], first: date, last: date) -> dict[Cell, int]:
    """Person, dst_kode and month → days with the ydelse, each once."""
    seen: set[tuple[str, str, date]] = set()
    for course in courses:
        for day in days(max(first, course["start_dato"]), min(last, course["slut_dato"] or last)):
            seen.add((course["cpr"], course["dst_kode"], day))
    found: dict[Cell, int] = defaultdict(int)
    for cpr, code, day in seen:
        found[cpr, code, f"{day:%Y-%m}"] += 1
    return found


def paid(postings: Sequence[Row], codes: Mapping[str, str]) -> dict[Cell, Decimal]:
    """Person, dst_kode and month of the ydelse → net kr."""
    found: dict[Cell, Decimal] = defaultdict(Decimal)
    for posting in postings:
        if posting["cpr"] and posting["konto"] in codes:
            month = posting["ydelsesperiode"] or posting["bogfoert_dato"]
            found[posting["cpr"], codes[posting["konto"]], f"{month:%Y-%m}"] += posting["beloeb"]
    return found


def status(
    granted_rows: int, day_count: int, grant: Decimal, payment: Decimal, *, code_granted: bool, settled: bool
) -> str:
    """The first that holds."""
    if not code_granted:
        return "kode_ikke_disponeret"
    if not granted_rows:
        return "ikke_disponeret" if day_count else "betalt_ikke_disponeret"
    if not day_count:
        return "disponeret_uden_ydelse"
    if not settled:
        return "ikke_afgjort"
    if not payment:
        return "ikke_betalt"
    return "ens" if abs(payment - grant) <= 1 else "andet_beloeb"
