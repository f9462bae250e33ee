"""The clean part of the YR extract: weeks, staircase and counters as they should be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .model import Person, World, YrRow

FIRST_MONDAY = date(2019, 12, 2)
LAST_MONDAY = date(2020, 12, 28)
WEEKS = (LAST_MONDAY - FIRST_MONDAY).days // 7 + 1

WEEKLY = {
    "Sygedagpenge": 4405,
    "Kontanthjælp": 2710,
    "Uddannelseshjælp": 1690,
    "Jobafklaringsforløb": 2880,
    "Fleksløntilskud": 3240,
    "Arbejdsløshedsdagpenge": 4460,
    "Førtidspension": 4510,
}
"""Ordinary bruttoudgift per week, kr."""

MEDFINANSIERING = ("Arbejdsløshedsdagpenge", "Førtidspension")
OERE = Decimal("0.01")

CLEAN = (
    ("Sygedagpenge", 1, (6, 30)),
    ("Sygedagpenge", 1, (14, 22)),
    ("Sygedagpenge", 1, (33, 41)),
    ("Sygedagpenge", 3, (0, 25)),
    ("Sygedagpenge", 20, (0, 40)),
    ("Sygedagpenge", 24, (10, 12), (20, 45)),
    ("Sygedagpenge", 50, (5, 31)),
    ("Sygedagpenge", 61, (0, 18), (30, 36)),
    ("Arbejdsløshedsdagpenge", 1, (8, 20), (24, 50)),
    ("Arbejdsløshedsdagpenge", 2, (18, 56)),
    ("Arbejdsløshedsdagpenge", 1, (40, 56)),
    ("Arbejdsløshedsdagpenge", 12, (0, 56)),
    ("Arbejdsløshedsdagpenge", 26, (0, 14)),
    ("Arbejdsløshedsdagpenge", 45, (2, 47)),
    ("Arbejdsløshedsdagpenge", 70, (0, 30)),
    ("Kontanthjælp", 1, (12, 56)),
    ("Kontanthjælp", 30, (0, 56)),
    ("Kontanthjælp", 48, (0, 20), (28, 56)),
    ("Uddannelseshjælp", 5, (0, 38)),
    ("Jobafklaringsforløb", 80, (0, 56)),
    ("Fleksløntilskud", 140, (0, 56)),
    ("Fleksløntilskud", 52, (0, 22)),
    ("Førtidspension", 51, (0, 56)),
    ("Førtidspension", 210, (0, 56)),
    ("Førtidspension", 400, (0, 56)),
)
"""Ydelse, first counter, and spells of weeks (from, up to but not including), counted from the first Monday."""


@dataclass
class Week:
    """One person's week on one ydelse; it becomes two rows when it crosses a month."""

    cpr: str
    ydelse: str
    monday: date
    taeller: int | None
    brutto: Decimal


def refusion_percent(taeller: int) -> int:
    """The staircase: 80, 40, 30 and 20 percent."""
    return 80 if taeller <= 4 else 40 if taeller <= 26 else 30 if taeller <= 52 else 20


def percent_of(amount: Decimal, percent: int) -> Decimal:
    """A percentage to the øre, half up."""
    return (amount * percent / 100).quantize(OERE, ROUND_HALF_UP)


def add_weeks(world: World, person: Person, ydelse: str, taeller: int, *spells: tuple[int, int]) -> list[Week]:
    """Consecutive weeks with a counter that goes up by one, also across pauses."""
    weekly = Decimal(WEEKLY[ydelse] * world.rng.randrange(85, 116)) / 100
    weeks = []
    for first, end in spells:
        for number in range(first, min(end, WEEKS)):
            monday = FIRST_MONDAY + timedelta(7 * number)
            amount = weekly + Decimal(world.rng.randrange(0, 9000)) / 100
            weeks.append(Week(person.cpr, ydelse, monday, taeller, amount))
            taeller += 1
    return weeks


def write_weeks(world: World, weeks: list[Week]) -> list[YrRow]:
    """The rows of some weeks, added to the main file."""
    rows = [row for week in weeks for row in _rows_of_week(world, week)]
    world.yr += rows
    return rows


def _rows_of_week(world: World, week: Week) -> list[YrRow]:
    """One row, or two with the amount shared by days when the week crosses a month."""
    sunday = week.monday + timedelta(6)
    if sunday.month == week.monday.month:
        return [make_row(world, week.cpr, week.monday, week.ydelse, brutto=week.brutto, taeller=week.taeller)]
    first_of_month = sunday.replace(day=1)
    days = (first_of_month - week.monday).days
    head = (week.brutto * days / 7).quantize(OERE, ROUND_HALF_UP)
    return [
        make_row(world, week.cpr, week.monday, week.ydelse, brutto=head, taeller=week.taeller),
        make_row(world, week.cpr, first_of_month, week.ydelse, brutto=week.brutto - head, taeller=week.taeller),
    ]


def make_row(
    world: World, cpr: str, uge: date, ydelse: str, *, brutto: Decimal, taeller: int | None, koersel: str = ""
) -> YrRow:
    """A row with the right percentages; calculated in the month after its own unless told otherwise."""
    percent = refusion_percent(taeller) if taeller is not None else None
    refusion = medfinansiering = Decimal("0.00")
    if percent is not None and ydelse in MEDFINANSIERING:
        medfinansiering = percent_of(brutto, 100 - percent)
    elif percent is not None:
        refusion = percent_of(brutto, percent)
    return YrRow(
        cpr=cpr,
        uge=uge,
        ydelse=ydelse,
        brutto=brutto.quantize(OERE),
        refusionssats=None if ydelse in MEDFINANSIERING else percent,
        refusion=refusion,
        medfinansieringssats=100 - percent if percent is not None and ydelse in MEDFINANSIERING else None,
        medfinansiering=medfinansiering,
        taeller=taeller,
        koersel=koersel or month_after(uge),
        beregning_id=next_id(world),
    )


def next_id(world: World) -> str:
    """A new beregning_id."""
    world.serial["B"] = world.serial.get("B", 0) + 1
    return f"B{world.serial['B']:06d}"


def month_after(day: date) -> str:
    """The month after a day's own, as `2020-07`."""
    return f"{(day.replace(day=1) + timedelta(days=32)):%Y-%m}"


def add_clean_rows(world: World) -> None:
    """Everyone whose weeks, counters, percentages and amounts are right."""
    for ydelse, taeller, *spells in CLEAN:
        person = world.new_person()
        rows = write_weeks(world, add_weeks(world, person, ydelse, taeller, *spells))
        if ydelse == "Fleksløntilskud":
            for row in rows[::4]:
                _fleksbidrag(world, row)
    world.plan.decoy("Uger, der går hen over et månedsskifte, står som to rækker med samme tæller.")
    world.plan.decoy("Rækker med «Fleksbidrag fra staten» har ingen tæller og er ingen udbetaling.")


def _fleksbidrag(world: World, row: YrRow) -> None:
    """The state's contribution, which is a row of its own and no payment."""
    amount = Decimal("415.00")
    world.yr.append(
        replace(
            row,
            ydelse="Fleksbidrag fra staten",
            brutto=amount,
            fleksbidrag=amount,
            refusionssats=None,
            refusion=Decimal("0.00"),
            taeller=None,
            beregning_id=next_id(world),
        )
    )
