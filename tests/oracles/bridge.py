"""The bridge of HAND07 counted day by day in plain Python, written from its definition and not from the SQL.

A course is its set of active days within a horizon that holds every date of the world. Each step gives the days that
are left of each course; a person counts in a dst_kode × quarter when a day is left in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

STEPS = ("raa", "indlaesning", "gyldighed", "R1", "R3", "R2")
VALID = {
    "1.1": (date(2015, 1, 1), None),
    "1.8.1": (date(2015, 1, 1), None),
    "1.8.2": (date(2015, 1, 1), None),
    "1.12.0.1": (date(2015, 1, 1), None),
    "1.12.0.2": (date(2015, 1, 1), None),
    "1.18.2": (date(2020, 7, 1), None),
}
BLOCKS = ("1.12.0.1", "1.8.1")
Days = frozenset[date]
Left = dict[int, Days]


@dataclass(frozen=True)
class Course:
    """A course of the extract."""

    cpr: str
    code: str
    start: date
    end: date | None
    former: bool = False
    acting: str | None = None
    paying: str | None = None


@dataclass(frozen=True)
class World:
    """What the bridge is counted on; ``horizon`` is the first and the last day that exist."""

    courses: Sequence[Course]
    born: Mapping[str, date]
    died: Mapping[str, date]
    quarters: Mapping[str, tuple[date, date]]
    inclusive: bool = True
    population: str = "handlekommune"
    own: frozenset[str] = frozenset({"665"})
    horizon: tuple[date, date] = (date(2019, 7, 1), date(2021, 6, 30))
    today: date = date(2021, 6, 1)
    from_flis: bool = False


@cache
def days_between(first: date, last: date) -> Days:
    """Every day from first to last, both included; none when last is before first."""
    return frozenset(first + timedelta(days=n) for n in range((last - first).days + 1))


def count(world: World) -> dict[str, Left]:
    """Step → number of the course → its days that are left (none left: not in it)."""
    active = {n: _active(world, course, course.end) for n, course in enumerate(world.courses)}
    raw = {n: days for n, days in active.items() if _own(world, world.courses[n]) and world.courses[n].code in VALID}
    loaded = {n: d for n, d in raw.items() if world.from_flis or not _left_behind(world.courses[n])}
    valid = {n: d & _validity(world, world.courses[n].code) for n, d in loaded.items()}
    adults = {n: d for n, d in valid.items() if not _child(world, world.courses[n])}
    alive = {n: d & _until_death(world, world.courses[n]) for n, d in adults.items()}
    steps = (raw, loaded, valid, adults, alive, _without_stays(world, alive))
    return {name: {n: d for n, d in left.items() if d} for name, left in zip(STEPS, steps, strict=True)}


def recipients(world: World, left: Left) -> dict[tuple[str, str], set[str]]:
    """dst_kode × quarter → the persons with a day left in it."""
    found: dict[tuple[str, str], set[str]] = {}
    for n, days in left.items():
        for quarter, (first, last) in world.quarters.items():
            if not days.isdisjoint(days_between(first, last)):
                found.setdefault((world.courses[n].code, quarter), set()).add(world.courses[n].cpr)
    return found


def fulltime(world: World, left: Left) -> dict[tuple[str, str], Fraction]:
    """dst_kode × quarter → fuldtidsydelser: a day counts once for a person and code, however many courses have it."""
    found: dict[tuple[str, str], Fraction] = {}
    for (code, quarter, _cpr), days in person_days(world, left).items():
        first, last = world.quarters[quarter]
        share = Fraction(len(days), (last - first).days + 1)
        found[code, quarter] = found.get((code, quarter), Fraction(0)) + share
    return found


def person_days(world: World, left: Left) -> dict[tuple[str, str, str], set[date]]:
    """dst_kode × quarter × person → the days left in the quarter."""
    found: dict[tuple[str, str, str], set[date]] = {}
    for n, days in left.items():
        course = world.courses[n]
        for quarter, (first, last) in world.quarters.items():
            if here := days & days_between(first, last):
                found.setdefault((course.code, quarter, course.cpr), set()).update(here)
    return found


def candidates(world: World, steps: Mapping[str, Left]) -> dict[str, dict[tuple[str, str], set[str]]]:
    """Candidate for R4–R8 → cell → the persons it would take out of what R2 leaves."""
    left, loaded = steps["R2"], steps["indlaesning"]
    whole = {
        "kort_7": lambda n: len(steps["raa"][n]) < 7,
        "kort_14": lambda n: len(steps["raa"][n]) < 14,
        "kort_30": lambda n: len(steps["raa"][n]) < 30,
        "barn_18": lambda n: _younger(world, world.courses[n].cpr, world.courses[n].start, 18),
        "sammenlagt_barn": lambda n: _younger(world, world.courses[n].cpr, _merged_start(world, loaded, n), 17),
        "ugyldigt_cpr": lambda n: world.courses[n].cpr.startswith("UKENDT"),
        "erstatningsnummer": lambda n: "61" <= world.courses[n].cpr[:2] <= "91",
    }
    kept = {name: {n: d for n, d in left.items() if not gone(n)} for name, gone in whole.items()}
    kept["stoette_107"] = {
        n: d - _days_on(world, left, n, ("1.8.2",)) if world.courses[n].code == "1.12.0.2" else d
        for n, d in left.items()
    }
    kept["ophold_ophold"] = {n: _until_next_stay(world, left, n) for n in left}
    kept["doed_lukket"] = {n: d & _days_alive(world, world.courses[n].cpr) for n, d in left.items()}
    now = recipients(world, left)
    after = {name: recipients(world, {n: d for n, d in days.items() if d}) for name, days in kept.items()}
    return {
        name: {cell: gone for cell, people in now.items() if (gone := people - found.get(cell, set()))}
        for name, found in after.items()
    }


def _merged_start(world: World, loaded: Left, n: int) -> date:
    """The first day of the unbroken run of days of the person's code that the course stands in."""
    course = world.courses[n]
    run: set[date] = set()
    for other, days in loaded.items():
        if (world.courses[other].cpr, world.courses[other].code) == (course.cpr, course.code):
            run |= days
    first = course.start
    while first - timedelta(days=1) in run:
        first -= timedelta(days=1)
    return first


def _days_on(world: World, left: Left, n: int, codes: Iterable[str]) -> Days:
    cpr = world.courses[n].cpr
    wanted = set(codes)
    return frozenset().union(
        *(d for m, d in left.items() if world.courses[m].cpr == cpr and world.courses[m].code in wanted)
    )


def _until_next_stay(world: World, left: Left, n: int) -> Days:
    stays, mine = ("1.8.1", "1.8.2", "1.12.0.1"), left[n]
    if world.courses[n].code not in stays:
        return mine
    later = [
        min(d)
        for m, d in left.items()
        if world.courses[m].cpr == world.courses[n].cpr
        and world.courses[m].code in stays
        and world.courses[m].code != world.courses[n].code
        and min(mine) < min(d) <= max(mine)
    ]
    return frozenset(day for day in mine if not later or day < min(later))


def _days_alive(world: World, cpr: str) -> Days:
    died = world.died.get(cpr)
    last = world.horizon[1] if died is None else died if world.inclusive else died - timedelta(days=1)
    return days_between(world.horizon[0], last)


def _younger(world: World, cpr: str, start: date, years: int) -> bool:
    """Not yet so many years old on 1 January of the year of the start; no age is made of a birth after it."""
    born = world.born.get(cpr)
    if born is None or born > start or born > world.today:
        return False
    return (start.year - born.year - ((born.month, born.day) > (1, 1))) < years


def removed_and_changed(before: Left, after: Left, shown: Iterable[int]) -> tuple[int, int]:
    """How many of the shown courses lost every day, and how many lost some."""
    pairs = [(before[n], after.get(n, frozenset())) for n in shown if n in before]
    return sum(not b for _a, b in pairs), sum(bool(b) and b != a for a, b in pairs)


def _active(world: World, course: Course, end: date | None) -> Days:
    """The active days of a course that ends so; the end itself is one of them only when ends are inclusive."""
    if end is None:
        return days_between(course.start, world.horizon[1])
    return days_between(course.start, end if world.inclusive else end - timedelta(days=1))


def _left_behind(course: Course) -> bool:
    """FLIS does not load the open courses of a former system."""
    return course.former and course.end is None


def _own(world: World, course: Course) -> bool:
    whose = course.acting if world.population == "handlekommune" else course.paying or course.acting
    return whose is None or whose in world.own


def _validity(world: World, code: str) -> Days:
    first, last = VALID[code]
    return days_between(max(first, world.horizon[0]), last or world.horizon[1])


def _child(world: World, course: Course) -> bool:
    """Younger than 17 on 1 January of the year the course started: the 17th birthday comes after that day."""
    return _younger(world, course.cpr, course.start, 17)


def _until_death(world: World, course: Course) -> Days:
    died = world.died.get(course.cpr)
    return _active(world, course, died if course.end is None and died else course.end)


def _without_stays(world: World, left: Left) -> Left:
    stays: dict[str, set[date]] = {}
    for n, days in left.items():
        if world.courses[n].code in BLOCKS:
            stays.setdefault(world.courses[n].cpr, set()).update(days)
    return {
        n: days - stays.get(world.courses[n].cpr, set()) if world.courses[n].code == "1.12.0.2" else days
        for n, days in left.items()
    }


def status(
    code: str,
    quarter: tuple[date, date],
    approved: bool,
    dst: Fraction | int | None,
    own: Fraction | int | None,
    rest: Fraction | int | None,
    tolerance: Fraction | int,
) -> str:
    """The status of a cell, the first that holds."""
    first, last = VALID[code]
    if not any(first <= day and (last is None or day <= last) for day in days_between(*quarter)):
        return "kode_ikke_gyldig"
    if not approved:
        return "ikke_godkendt"
    if dst is None:
        return "mangler_dst"
    if own is None or rest is None:
        return "mangler_egen"
    difference = dst - own
    for holds, name in (
        (difference == 0 and rest == 0, "ens"),
        (rest == 0, "forklaret"),
        (abs(rest) <= tolerance, "inden_for_tolerance"),
        (abs(rest) < abs(difference), "delvist_forklaret"),
    ):
        if holds:
            return name
    return "uforklaret"
