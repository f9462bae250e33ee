"""The clean part of the municipality: citizens and courses with nothing wrong."""

from __future__ import annotations

from datetime import date, timedelta

from .model import GO_LIVE, VALID_FROM, Course, Person, World, random_day

COUNTS = {
    "1.8.1": 44,
    "1.8.2": 36,
    "1.12.0.1": 56,
    "1.12.0.2": 130,
    "1.1": 74,
    "1.4": 36,
    "1.13.4": 60,
    "1.13.2": 14,
    "1.13.3": 13,
    "1.17": 13,
    "1.3": 16,
    "1.18.1": 16,
    "1.18.2": 50,
}
"""Courses per code. Stays come first, so that later codes can go to people who already have one."""

SHARED = {
    "1.1": ("1.8.1", "1.12.0.1"),
    "1.4": ("1.8.1", "1.12.0.1", "1.8.2"),
    "1.13.4": ("1.12.0.2",),
}
"""Codes that people with another code often have as well (never 1.12.0.2 with a stay)."""

OTHER_KOMMUNER = ("661", "665", "671", "760")
HISTORY_SHARE = 0.35


def add_clean_people(world: World) -> None:
    """Courses for the whole municipality, none of which a rule should react to."""
    by_code: dict[str, list[Person]] = {}
    for code, count in COUNTS.items():
        small = count < 20
        pool = [p for other in SHARED.get(code, ()) for p in by_code[other]]
        world.rng.shuffle(pool)
        starts: set[date] = set()
        for _ in range(count):
            person = pool.pop() if pool and world.rng.random() < 0.4 else _citizen(world)
            start, slut = _span(world, code, small=small, taken=starts)
            course = world.new_course(person, code, start, slut)
            by_code.setdefault(code, []).append(person)
            if not small and code not in VALID_FROM and world.rng.random() < HISTORY_SHARE:
                _add_history(world, person, course)
    _add_properly_closed_deaths(world)
    _add_other_kommuner(world)


def _citizen(world: World) -> Person:
    """A new adult; one in ten has two målgrupper."""
    return world.new_person(maalgruppe=("1.1.1", "1.2.2.1") if world.rng.random() < 0.1 else None)


def _span(world: World, code: str, *, small: bool, taken: set[date]) -> tuple[date, date | None]:
    """Start and end of a course that touches 2020 (always, for small codes) and is valid all through."""
    rng = world.rng
    while True:
        if code in VALID_FROM:
            start = random_day(rng, date(2020, 7, 2), date(2020, 12, 10))
            ends = rng.random() < 0.2
            slut = random_day(rng, start + timedelta(60), date(2021, 3, 31)) if ends else None
        elif code == "1.8.2":
            start = random_day(rng, date(2019, 5, 2), date(2020, 11, 30))
            slut = random_day(rng, max(start + timedelta(60), date(2020, 1, 20)), date(2021, 3, 31))
        else:
            start = random_day(rng, date(2018, 1, 2), date(2020, 11, 30))
            slut = _end(world, start, small=small)
        if start not in taken and start != GO_LIVE:
            taken.add(start)
            return start, slut


def _end(world: World, start: date, *, small: bool) -> date | None:
    """Open, ended in or after 2020, or (for the larger codes) ended in 2019."""
    rng = world.rng
    draw = rng.random()
    if draw < 0.25:
        return random_day(rng, max(start + timedelta(90), date(2020, 1, 15)), date(2021, 3, 20))
    if draw < 0.33 and not small and start < date(2019, 9, 1):
        return random_day(rng, start + timedelta(60), date(2019, 12, 31))
    return None


def _add_history(world: World, person: Person, later: Course) -> None:
    """An earlier, closed course of the same code in the former fagsystem."""
    if later.start < date(2018, 10, 1):
        return
    start = random_day(world.rng, date(2018, 1, 2), date(2018, 6, 30))
    last = min(later.start - timedelta(2), GO_LIVE - timedelta(1))
    slut = random_day(world.rng, date(2018, 8, 1), last)
    world.new_course(person, later.dst_kode, start, slut, system="tidligere", tilbud=later.tilbud)


def _add_properly_closed_deaths(world: World) -> None:
    """People who died and whose course was closed on the day: no finding, no bridge effect."""
    for code, died in (("1.12.0.2", date(2020, 3, 31)), ("1.8.1", date(2020, 5, 17)), ("1.13.4", date(2020, 10, 1))):
        person = world.new_person(died=died)
        world.new_course(person, code, random_day(world.rng, date(2018, 3, 1), date(2019, 9, 30)), died)
    world.plan.decoy("Tre døde borgere, hvis forløb er lukket på dødsdagen (også en 31. marts og en 1. oktober).")


def _add_other_kommuner(world: World) -> None:
    """Courses handled or paid by another municipality, on codes without an account."""
    for number, kommune in enumerate(OTHER_KOMMUNER):
        start = date(2019, 3 + number, 11 + number)
        world.new_course(world.new_person(), "1.3", start, handlekommune=kommune)
        start = date(2020, 8 + number, 5 + number)
        world.new_course(world.new_person(), "1.18.2", start, betalingskommune=kommune)
    world.plan.decoy(
        "Fire forløb på 1.3 med en anden handlekommune (tælles ikke); fire på 1.18.2 med en anden betaler."
    )
