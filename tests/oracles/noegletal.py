"""Nøgletal counted day by day and person by person, from the definitions and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from reconcile.domain.periods import Quarter

Course = dict[str, Any]
LEVELS = {
    "dst_kode": {"1.1": "1.1", "1.8.1": "1.8.1", "1.8.2": "1.8.2", "1.12.0.2": "1.12.0.2"},
    "paragraf": {"1.1": "SEL §104", "1.8.1": "SEL §108", "1.8.2": "SEL §107", "1.12.0.2": "SEL §85"},
    "gruppe": {"1.1": "Dagtilbud", "1.8.1": "Botilbud", "1.8.2": "Botilbud", "1.12.0.2": "Støtte"},
    "alle": dict.fromkeys(("1.1", "1.8.1", "1.8.2", "1.12.0.2"), "I alt"),
}


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def active(course: Course, day: date) -> bool:
    """Whether a course is active on a day, both its ends included."""
    return bool(course["start_dato"] <= day and (course["slut_dato"] is None or day <= course["slut_dato"]))


def persons(courses: Iterable[Course], days: Iterable[date]) -> set[str]:
    """The persons with a course active on one of the days."""
    days = list(days)
    return {c["cpr"] for c in courses if any(active(c, day) for day in days)}


def counts(courses: Sequence[Course], first: date, last: date) -> tuple[int, int, int, int, Fraction]:
    """modtagere, ydelser, åbne, lukkede and helårsmodtagere of some courses in a period."""
    days = days_of(first, last)
    return (
        len(persons(courses, days)),
        sum(any(active(c, day) for day in days) for c in courses),
        sum(active(c, last) and c["slut_dato"] != last for c in courses),
        sum(c["slut_dato"] is not None and first <= c["slut_dato"] <= last for c in courses),
        Fraction(sum(len(persons(courses, [day])) for day in days), len(days)),
    )


def flow(courses: Sequence[Course], first: date, last: date) -> tuple[int, int, int, int, int]:
    """primo, tilgang, afgang, ultimo and ind og ud of some courses in a period."""
    before, after = persons(courses, [first - timedelta(1)]), persons(courses, [last])
    inside = persons(courses, days_of(first, last))
    return len(before), len(after - before), len(before - after), len(after), len(inside - before - after)


def age(born: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def at_the_edges(quarter: Quarter) -> list[Course]:
    """A person for every first and last day (or none) among the days at the two ends of a quarter."""
    days = [edge + timedelta(n) for edge in (quarter.first, quarter.last) for n in (-1, 0, 1)]
    pairs = [(first, last) for first in days for last in (*days, None) if last is None or first <= last]
    return [
        {"cpr": f"010160{number:04d}", "start_dato": first, "slut_dato": last}
        for number, (first, last) in enumerate(pairs)
    ]


def of_one_person(cpr: str) -> list[Course]:
    """Courses of one person in 2020 that lie over, in, end to end with and a day over each other."""
    spans = (
        ((1, 1), (3, 31)), ((3, 1), (4, 30)), ((4, 30), (5, 15)), ((5, 16), (5, 20)), ((6, 1), (6, 30)), ((6, 10), (6, 12)),
        ((6, 20), (7, 5)), ((8, 1), (8, 31)), ((8, 1), (8, 31)), ((10, 1), None), ((11, 1), (11, 30)),
    )  # fmt: skip
    return [
        {"cpr": cpr, "start_dato": date(2020, *first), "slut_dato": last and date(2020, *last)} for first, last in spans
    ]
