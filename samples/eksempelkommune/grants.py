"""The disponeringsark and the settlements of § 107: what was granted by the day, and what was settled each month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from .ledger import GRANTED
from .model import KOMMUNE, LEDGER_FIRST, LEDGER_LAST, Course, Grant, World, month_bounds, months

NOBODYS = "538521099"
"""An account that the masteroversigt does not have."""


def add(world: World) -> None:
    """A rate for every stretch of days with the ydelse, settled month by month as granted; then what is planted."""
    held: dict[str, list[Course]] = defaultdict(list)
    for course in world.courses:
        if course.dst_kode == GRANTED and course.betalingskommune == KOMMUNE and (course.cpr, GRANTED) in world.rates:
            held[course.cpr].append(course)
    for cpr in sorted(held):
        konto, rate = world.rates[cpr, GRANTED]
        for first, last in _stretches(held[cpr]):
            world.granted.append(Grant(cpr, konto, rate, first, last))
            world.settled += [
                Grant(cpr, konto, rate, max(first, begin), min(last or end, end))
                for begin, end in map(month_bounds, months(LEDGER_FIRST, LEDGER_LAST))
                if first <= end and (last or end) >= begin
            ]
    _plant(world, held)


def _stretches(courses: list[Course]) -> list[tuple[date, date | None]]:
    """Unbroken stretches of days; overlapping courses are one."""
    made: list[tuple[date, date | None]] = []
    for course in sorted(courses, key=lambda c: (c.start, c.slut or date.max)):
        if course.slut is not None and course.slut < course.start:
            continue
        first, last = made[-1] if made else (date.min, date.min)
        if made and (last is None or course.start <= last):
            made[-1] = (first, None if last is None or course.slut is None else max(last, course.slut))
        else:
            made.append((course.start, course.slut))
    return made


def _plant(world: World, held: dict[str, list[Course]]) -> None:
    """DI01–DI07, on persons with one course and nothing else planted on it."""
    odd = {key[0] for key in (*world.billing.factor, *world.billing.unpaid) if key[1] == GRANTED}
    single = {cpr: found[0] for cpr, found in sorted(held.items()) if len(found) == 1 and cpr not in odd}
    whole = [c for c in single.values() if c.start < date(2020, 6, 1) and (c.slut or date.max) > date(2021, 1, 1)]
    ended = [c for c in single.values() if c.slut and date(2020, 3, 1) < c.slut < date(2020, 9, 1)]
    plan = world.plan
    late, doubled, older, turned, strange, settled = whole[:6]
    _change(world, late, til=date(2020, 8, 31))
    _expect(
        world,
        "DI01",
        "fagsystem",
        "disponeringen slutter 31. august, forløbet fortsætter",
        months("2020-09", "2020-12"),
    )
    _change(world, ended[0], til=month_bounds(f"{ended[0].slut:%Y-%m}")[1] + timedelta(60))
    over = months(f"{ended[0].slut:%Y-%m}", f"{month_bounds(f'{ended[0].slut:%Y-%m}')[1] + timedelta(60):%Y-%m}")[1:]
    _expect(world, "DI02", "disponering", f"forløbet sluttede {ended[0].slut}, disponeringen ikke", over)
    _expect(world, "DI03", "disponering", "følge af DI02: disponeret for hele sidste måned", [f"{ended[0].slut:%Y-%m}"])
    konto, rate = world.rates[doubled.cpr, GRANTED]
    world.granted.append(Grant(doubled.cpr, konto, rate, date(2020, 7, 1), doubled.slut))
    plan.expect("DI05", "advarsel", "disponering", "ny disponering fra juli 2020 uden at den gamle er sluttet")
    _expect(world, "DI03", "disponering", "følge af DI05: disponeret to gange", months("2020-07", "2020-12"))
    _change(world, older, til=date(2020, 5, 31))
    world.granted.append(
        replace(_of(world, older), takst=_of(world, older).takst - 25, fra=date(2020, 6, 1), til=older.slut)
    )
    _expect(
        world, "DI03", "disponering", "taksten er sat 25 kr. ned i disponeringen alene", months("2020-06", "2020-12")
    )
    _expect(world, "DI03", "disponering", "følge af OE06: betalt ti gange taksten", ["2020-10"])
    world.granted.append(replace(_of(world, turned), fra=date(2020, 5, 1), til=date(2020, 4, 30)))
    plan.expect("DI06", "advarsel", "disponering", "taksten slutter dagen før den begynder")
    world.granted.append(Grant(strange.cpr, NOBODYS, Decimal("4200.00"), date(2020, 6, 2), None, "stk."))
    plan.expect(
        "DI07", "information", "disponering", "5.38.52-1-099 står ikke i masteroversigten", ydelse="5.38.52-1-099"
    )
    world.settled = [
        replace(g, takst=g.takst + 10) if g.cpr == settled.cpr and g.fra == date(2020, 7, 1) else g
        for g in world.settled
    ]
    _expect(world, "DI04", "afregning", "afregnet 10 kr. mere pr. døgn, end der er bogført", ["2020-07"])
    _expect(world, "DI04", "afregning", "følge af OE06: bogført ti gange det afregnede", ["2020-10"])
    _expect(world, "DI04", "afregning", "følge af OE01: bogført uden afregning", months("2020-05", "2020-06"))
    _expect(world, "DI04", "afregning", "følge af OE05: bogført uden afregning", months("2020-03", "2020-08"))


def _of(world: World, course: Course) -> Grant:
    """The person's first grant."""
    return next(grant for grant in world.granted if grant.cpr == course.cpr)


def _change(world: World, course: Course, *, til: date) -> None:
    """Let the person's grant end on another day."""
    world.granted = [replace(g, til=til) if g == _of(world, course) else g for g in world.granted]


def _expect(world: World, rule: str, source: str, why: str, periods: list[str]) -> None:
    for period in periods:
        world.plan.expect(rule, "advarsel", source, why, dst_kode=GRANTED, periode=period)
