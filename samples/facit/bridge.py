"""The bridge from the raw extract to DST, counted day by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise

from .courses import VALID_FROM, is_child
from .read import KOMMUNE, STATBANK, Data, Forloeb

QUARTERS = {f"2020K{n}": (3 * n - 2, 3 * n) for n in range(1, 5)}
Days = list[tuple[Forloeb, set[date]]]


def steps(data: Data) -> dict[str, Days]:
    """The courses and the days left of them after each step."""
    raw: Days = [
        (c, set(c.dage)) for c in data.fagsystem if c["handlekommune"] == KOMMUNE and c["dst_kode"] in STATBANK.values()
    ]
    loaded = [(c, d) for c, d in raw if not (c["system"] == "tidligere" and c.slut is None)]
    valid = [(c, {x for x in d if x >= VALID_FROM or not c["dst_kode"].startswith("1.18")}) for c, d in loaded]
    adults = [(c, d) for c, d in valid if not is_child(data, c)]
    alive: Days = []
    for course, days in adults:
        died = data.doed.get(course["cpr"]) if course.slut is None else None
        alive.append((course, {d for d in days if died is None or d <= died}))
    in_stay: dict[str, set[date]] = defaultdict(set)
    for course, days in alive:
        if course["dst_kode"] in ("1.12.0.1", "1.8.1"):
            in_stay[course["cpr"]] |= days
    at_home = [(c, d - in_stay[c["cpr"]] if c["dst_kode"] == "1.12.0.2" else d) for c, d in alive]
    return {
        "raa": raw,
        "indlaesning": loaded,
        "gyldighed": valid,
        "R1": adults,
        "R3": alive,
        "R2": at_home,
        "harmoniseret": at_home,
    }


def recipients(courses: Days, code: str, quarter: str) -> set[str]:
    """The persons with an active day in the quarter."""
    first, last = QUARTERS[quarter]
    return {
        c["cpr"]
        for c, days in courses
        if c["dst_kode"] == code and any(d.year == 2020 and first <= d.month <= last for d in days)
    }


def bridge(data: Data) -> dict[tuple[str, str, str], int]:
    """Code, quarter and step → persons, with DST's own figure where there is one."""
    result: dict[tuple[str, str, str], int] = {}
    for name, courses in steps(data).items():
        for code in STATBANK.values():
            for quarter in QUARTERS:
                result[code, quarter, name] = len(recipients(courses, code, quarter))
    for (code, quarter), text in data.hand07.items():
        if text != "..":
            result[code, quarter, "dst"] = int(text)
    return result


def harmonisation(data: Data) -> dict[str, tuple[int, int]]:
    """Rule → courses that lost all their days, and courses that lost some."""
    result = {}
    for (_, before), (name, after) in pairwise(steps(data).items()):
        lost = [(len(a[1]), len(b[1])) for b, a in zip(before, after, strict=False)]
        if name in ("R3", "R2"):
            removed = sum(bool(was) and not left for left, was in lost)
            result[name] = (removed, sum(0 < left < was for left, was in lost))
        elif name == "R1":
            result[name] = (len(before) - len(after), 0)
    return result


def full_time(data: Data) -> dict[tuple[str, str], Fraction]:
    """Fuldtidsydelser of the harmonised courses, exact."""
    result: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    person_days: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for course, days in steps(data)["harmoniseret"]:
        for quarter, (first, last) in QUARTERS.items():
            person_days[course["dst_kode"], quarter, course["cpr"]] |= {
                d for d in days if d.year == 2020 and first <= d.month <= last
            }
    length = {"2020K1": 91, "2020K2": 91, "2020K3": 92, "2020K4": 92}
    for (code, quarter, _), days in person_days.items():
        result[code, quarter] += Fraction(len(days), length[quarter])
    return result
