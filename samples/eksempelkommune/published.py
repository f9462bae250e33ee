"""What DST would publish: the bridge computed on intervals, HAND07 and HAND01.

The check in `facit` counts the same day by day from the files, so that each guards the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from .model import KOMMUNE, STATBANK, VALID_FROM, Course, World, active_days

QUARTERS = {
    "2020K1": (date(2020, 1, 1), date(2020, 3, 31)),
    "2020K2": (date(2020, 4, 1), date(2020, 6, 30)),
    "2020K3": (date(2020, 7, 1), date(2020, 9, 30)),
    "2020K4": (date(2020, 10, 1), date(2020, 12, 31)),
}
STAYS = ("1.12.0.1", "1.8.1")
SUPPRESSED = ("1.13.3", "2020K2")
ABSENT = ("1.17", "2020K4")

Cell = tuple[str, str]


def bridge(world: World) -> list[tuple[str, list[Course]]]:
    """The courses left after each step, in order."""
    raw = [c for c in world.courses if c.handlekommune == KOMMUNE and c.dst_kode in STATBANK and _has_days(c)]
    steps: list[tuple[str, list[Course]]] = [("raa", raw)]
    rules: tuple[tuple[str, Callable[[World, list[Course]], list[Course]]], ...] = (
        ("indlaesning", _load),
        ("gyldighed", _validity),
        ("R1", _children),
        ("R3", _deaths),
        ("R2", _stays),
    )
    for name, rule in rules:
        steps.append((name, [c for c in rule(world, steps[-1][1]) if _has_days(c)]))
    steps.append(("harmoniseret", steps[-1][1]))
    return steps


def _has_days(course: Course) -> bool:
    return course.slut is None or course.slut >= course.start


def _load(_world: World, courses: list[Course]) -> list[Course]:
    return [c for c in courses if c.system == "nuvaerende" or c.slut is not None]


def _validity(_world: World, courses: list[Course]) -> list[Course]:
    return [replace(c, start=max(c.start, VALID_FROM.get(c.dst_kode, c.start))) for c in courses]


def _children(world: World, courses: list[Course]) -> list[Course]:
    original = {c.ydelse_id: c.start for c in world.courses}
    return [c for c in courses if not _is_child(world, c.cpr, original[c.ydelse_id])]


def _is_child(world: World, cpr: str, start: date) -> bool:
    person = world.people.get(cpr)
    if person is None:
        return False
    birthday_passed = (person.born.month, person.born.day) <= (1, 1)
    return start.year - person.born.year - (not birthday_passed) < 17


def _deaths(world: World, courses: list[Course]) -> list[Course]:
    died = {p.cpr: p.died for p in world.people.values() if p.died}
    return [replace(c, slut=died[c.cpr]) if c.slut is None and c.cpr in died else c for c in courses]


def _stays(_world: World, courses: list[Course]) -> list[Course]:
    stays: dict[str, list[Course]] = defaultdict(list)
    for course in courses:
        if course.dst_kode in STAYS:
            stays[course.cpr].append(course)
    left: list[Course] = []
    for course in courses:
        parts = [course]
        if course.dst_kode == "1.12.0.2":
            for stay in stays[course.cpr]:
                parts = [p for part in parts for p in _without(part, stay)]
        left += parts
    return left


def _without(course: Course, stay: Course) -> list[Course]:
    """The parts of a course before and after a stay."""
    end = course.slut or date.max
    if stay.start > end or (stay.slut or date.max) < course.start:
        return [course]
    parts = []
    if course.start < stay.start:
        parts.append(replace(course, slut=stay.start - timedelta(1)))
    if stay.slut is not None and stay.slut < end:
        parts.append(replace(course, start=stay.slut + timedelta(1)))
    return parts


def people_per_cell(courses: list[Course]) -> dict[Cell, set[str]]:
    """The distinct persons with an active day, per code and quarter."""
    people: dict[Cell, set[str]] = {(code, quarter): set() for code in STATBANK for quarter in QUARTERS}
    for course in courses:
        for quarter, (first, last) in QUARTERS.items():
            if active_days([course], first, last):
                people[course.dst_kode, quarter].add(course.cpr)
    return people


def harmonised_people(world: World) -> dict[Cell, set[str]]:
    """The persons DST should count."""
    return people_per_cell(bridge(world)[-1][1])


def expected_bridge(world: World) -> list[tuple[str, str, str, int]]:
    """Code, quarter, step and count, down to the published figure where there is one."""
    counts = {name: people_per_cell(courses) for name, courses in bridge(world)}
    published = hand07(world)
    rows = []
    for cell in counts["raa"]:
        rows += [(*cell, name, len(people[cell])) for name, people in counts.items()]
        if published.get(cell, "..") != "..":
            rows.append((*cell, "dst", int(published[cell])))
    return rows


def harmonisation(world: World) -> list[tuple[str, int, int]]:
    """Rule, courses removed and courses changed, over the whole extract."""
    steps = bridge(world)
    result = []
    for (_, before), (name, after) in pairwise(steps):
        if name in ("R1", "R2", "R3"):
            spans_before, spans_after = _spans(before), _spans(after)
            changed = sum(spans_before[number] != spans for number, spans in spans_after.items())
            result.append((name, len(spans_before) - len(spans_after), changed))
    return sorted(result)


def _spans(courses: list[Course]) -> dict[str, set[tuple[date, date | None]]]:
    """The parts of each course that are left."""
    spans: dict[str, set[tuple[date, date | None]]] = defaultdict(set)
    for course in courses:
        spans[course.ydelse_id].add((course.start, course.slut))
    return spans


def hand07(world: World) -> dict[Cell, str]:
    """The recipients as StatBank writes them; one cell is suppressed and one is absent."""
    cells = {
        cell: str(len(people - world.dst_lacks.get(cell, set()))) for cell, people in harmonised_people(world).items()
    }
    cells[SUPPRESSED] = ".."
    del cells[ABSENT]
    return cells


def hand01(world: World) -> dict[Cell, str]:
    """Fuldtidsydelser of what DST has, with one decimal as StatBank writes them."""
    per_person: dict[tuple[str, str], list[Course]] = defaultdict(list)
    for course in bridge(world)[-1][1]:
        per_person[course.dst_kode, course.cpr].append(course)
    totals: dict[Cell, Fraction] = defaultdict(Fraction)
    for (code, cpr), courses in per_person.items():
        for quarter, (first, last) in QUARTERS.items():
            if cpr not in world.dst_lacks.get((code, quarter), set()):
                totals[code, quarter] += Fraction(active_days(courses, first, last), (last - first).days + 1)
    cells = {(code, quarter): _one_decimal(totals[code, quarter]) for code in STATBANK for quarter in QUARTERS}
    del cells[ABSENT]
    return cells


def _one_decimal(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")
