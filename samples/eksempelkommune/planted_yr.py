"""Problems planted in the YR extract: YR01 to YR18."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from .model import Person, World, YrRow
from .yr import FIRST_MONDAY, OERE, Week, add_weeks, make_row, percent_of, write_weeks

KONTANTHJAELP = "Kontanthjælp"


def plant(world: World) -> None:
    """All of them, in the order of the rules."""
    _high_weeks(world)
    _counters(world)
    _pauses(world)
    _several_counters(world)
    _percentages(world)
    _row_faults(world)
    _corrections(world)
    _identity(world)


def iso_week(day: date) -> str:
    """The ISO week as `2020-U27`."""
    year, week, _ = day.isocalendar()
    return f"{year}-U{week:02d}"


def _expect(world: World, regel: str, alvor: str, why: str, day: date, *, ydelse: str = "") -> None:
    world.plan.expect(regel, alvor, "yr", why, ydelse=ydelse, periode=iso_week(day))


def _monday(number: int) -> date:
    return FIRST_MONDAY + timedelta(7 * number)


def _weeks(world: World, taeller: int, *spells: tuple[int, int], ydelse: str = KONTANTHJAELP) -> list[Week]:
    return add_weeks(world, world.new_person(), ydelse, taeller, *spells)


def _correct(world: World, row: YrRow, new: Decimal | None, *, koersel: str) -> None:
    """Reverse a row in the corrections file and, unless `new` is None, calculate it again."""
    back = make_row(world, row.cpr, row.uge, row.ydelse, brutto=-row.brutto, taeller=row.taeller, koersel=koersel)
    world.yr_corrections.append(back)
    if new is not None:
        world.yr_corrections.append(
            make_row(world, row.cpr, row.uge, row.ydelse, brutto=new, taeller=row.taeller, koersel=koersel)
        )


def _high_weeks(world: World) -> None:
    """YR01: exactly the limit, over it in two halves, over it with a supplement; and three that stay under."""
    weeks = _weeks(world, 10, (20, 32))
    weeks[2].brutto = Decimal("10000.00")
    _expect(world, "YR01", "fejl", "præcis 10.000,00 kr.", weeks[2].monday, ydelse=KONTANTHJAELP)
    weeks[5].brutto = Decimal("9999.99")
    write_weeks(world, weeks)
    weeks = _weeks(world, 60, (25, 40))
    crossing = next(w for w in weeks if (w.monday + timedelta(6)).month != w.monday.month)
    crossing.brutto = Decimal("12600.00")
    _expect(world, "YR01", "fejl", "ugens to halvdele er tilsammen 12.600 kr.", crossing.monday, ydelse=KONTANTHJAELP)
    write_weeks(world, weeks)
    weeks = _weeks(world, 8, (15, 30))
    weeks[4].brutto, weeks[8].brutto = Decimal("7500.00"), Decimal("14000.00")
    rows = write_weeks(world, weeks)
    row = next(r for r in rows if r.uge == weeks[4].monday)
    extra = make_row(
        world, row.cpr, row.uge, row.ydelse, brutto=Decimal("4000.00"), taeller=row.taeller, koersel="2020-07"
    )
    world.yr_corrections.append(extra)
    _expect(world, "YR01", "fejl", "7.500 kr. plus 4.000 kr. i rettelsesfilen", weeks[4].monday, ydelse=KONTANTHJAELP)
    row = next(r for r in rows if r.uge == weeks[8].monday)
    _correct(world, row, Decimal("3100.00"), koersel="2020-08")
    world.plan.decoy("En uge på 9.999,99 kr., og en på 14.000 kr., som er rettet til 3.100 kr.: ingen YR01.")


def _counters(world: World) -> None:
    """YR02, YR03 and YR04: the person is on the ydelse the week before as well."""
    for regel, taeller, at, change, why in (
        ("YR02", 6, 3, 0, "tælleren er den samme som ugen før"),
        ("YR02", 31, 7, 0, "tælleren er den samme som ugen før"),
        ("YR03", 1, 2, 2, "hul: 2 følges af 4"),
        ("YR03", 40, 6, 5, "hul: 45 følges af 50"),
        ("YR04", 12, 5, -1, "tælleren går én tilbage"),
    ):
        weeks = _weeks(world, taeller, (16, 30))
        before = weeks[at - 1].taeller or 0
        for offset, week in enumerate(weeks[at:]):
            week.taeller = before + change + offset
        write_weeks(world, weeks)
        _expect(world, regel, "fejl", why, weeks[at].monday)


def _pauses(world: World) -> None:
    """YR05, YR06 and YR07, and a reset that is right."""
    for regel, taeller, first, again_at, restart, why in (
        ("YR05", 1, (10, 19), 26, 15, "efter syv ugers pause: 9 følges af 15"),
        ("YR06", 1, (3, 13), 23, 1, "nulstillet efter ti ugers pause"),
        ("YR07", 10, (0, 2), 54, 12, "fortsætter efter 52 ugers pause"),
        ("", 30, (0, 2), 54, 1, "Tælleren begynder forfra efter 52 ugers pause, som den skal."),
    ):
        person = world.new_person()
        before = add_weeks(world, person, KONTANTHJAELP, taeller, first)
        after = add_weeks(world, person, KONTANTHJAELP, restart, (again_at, again_at + 8))
        write_weeks(world, before + after)
        if regel:
            _expect(world, regel, "advarsel", why, after[0].monday)
        else:
            world.plan.decoy(why)


def _several_counters(world: World) -> None:
    """YR08: two ydelser in one week with different counters."""
    weeks = _weeks(world, 10, (18, 28))
    write_weeks(world, weeks)
    week = weeks[4]
    world.yr.append(make_row(world, week.cpr, week.monday, "Uddannelseshjælp", brutto=Decimal("845.00"), taeller=3))
    _expect(world, "YR08", "advarsel", "kontanthjælp med tæller 14 og uddannelseshjælp med tæller 3", week.monday)
    world.yr.append(
        make_row(
            world, week.cpr, weeks[6].monday, "Uddannelseshjælp", brutto=Decimal("845.00"), taeller=weeks[6].taeller
        )
    )
    world.plan.decoy("To ydelser i samme uge med samme tæller.")


def _percentages(world: World) -> None:
    """YR09, YR10 and YR11, on rows that do not go into the accounts of YR20."""
    rows = write_weeks(world, _weeks(world, 8, (20, 34)))
    row = rows[3]
    _swap(world, row, replace(row, refusionssats=80, refusion=percent_of(row.brutto, 80)))
    _expect(world, "YR09", "fejl", "80 % ved tæller 5-26", row.uge, ydelse=KONTANTHJAELP)
    rows = write_weeks(world, _weeks(world, 300, (0, 20), ydelse="Førtidspension"))
    row = rows[12]
    lower = percent_of(row.brutto, 70)
    _swap(world, row, replace(row, medfinansieringssats=70, medfinansiering=lower))
    _expect(world, "YR09", "fejl", "70 % medfinansiering ved tæller over 52", row.uge, ydelse="Førtidspension")
    rows = write_weeks(world, _weeks(world, 28, (22, 36)))
    row = rows[4]
    _swap(world, row, replace(row, refusion=row.refusion + Decimal("50.00")))
    _expect(world, "YR10", "fejl", "refusionen er 50 kr. for stor", row.uge, ydelse=KONTANTHJAELP)
    rows = write_weeks(world, _weeks(world, 16, (12, 20)))
    row = rows[2]
    both = replace(row, medfinansieringssats=60, medfinansiering=percent_of(row.brutto, 60))
    _swap(world, row, both)
    _expect(world, "YR11", "fejl", "refusion og medfinansiering på samme række", row.uge, ydelse=KONTANTHJAELP)


def _swap(world: World, old: YrRow, new: YrRow) -> None:
    world.yr[world.yr.index(old)] = new


def _row_faults(world: World) -> None:
    """YR12, YR14, YR15, YR17 and YR18."""
    rows = write_weeks(world, _weeks(world, 55, (14, 40)))
    for row, copies in ((rows[2], 2), (rows[9], 3)):
        world.yr += [row] * (copies - 1)
        _expect(world, "YR12", "advarsel", f"samme række {copies} gange", row.uge, ydelse=KONTANTHJAELP)
    rows = write_weeks(world, _weeks(world, 5, (23, 33)))
    row = rows[0]
    _swap(world, row, replace(row, uge=row.uge + timedelta(2)))
    _expect(world, "YR14", "advarsel", "ugen begynder på en onsdag", row.uge, ydelse=KONTANTHJAELP)
    for row in write_weeks(world, _weeks(world, 90, (40, 43))):
        _swap(world, row, replace(row, bopael="665"))
        _expect(world, "YR15", "information", "finansieret af 999, bopæl i 665", row.uge, ydelse=KONTANTHJAELP)
    weeks = _weeks(world, 33, (17, 27))
    write_weeks(world, weeks)
    week = weeks[3]
    unknown = make_row(world, week.cpr, week.monday, "Boligstøtte", brutto=Decimal("890.00"), taeller=week.taeller)
    world.yr.append(replace(unknown, refusionssats=None, refusion=Decimal("0.00")))
    _expect(world, "YR17", "advarsel", "ydelsen findes ikke i YR", week.monday, ydelse="Boligstøtte")
    weeks = _weeks(world, 12, (24, 34), ydelse="Uddannelseshjælp")
    for number, week in enumerate(weeks[4:]):
        week.taeller = None if number == 0 else 15 + number
    write_weeks(world, weeks)
    _expect(world, "YR18", "advarsel", "udbetaling uden ydelsestæller", weeks[4].monday, ydelse="Uddannelseshjælp")


def _corrections(world: World) -> None:
    """YR13, and corrections that net out as they should."""
    weeks = _weeks(world, 7, (16, 26))
    rows = write_weeks(world, weeks)
    after = weeks[-1].monday + timedelta(7)
    world.yr_corrections.append(
        make_row(world, rows[0].cpr, after, KONTANTHJAELP, brutto=Decimal("-500.00"), taeller=17, koersel="2020-08")
    )
    _expect(world, "YR13", "advarsel", "tilbagebetaling i en uge uden udbetaling", after, ydelse=KONTANTHJAELP)
    weeks = _weeks(world, 20, (20, 30))
    for number, week in enumerate(weeks[4:]):
        week.taeller = 24 if number == 0 else 23 + number
    rows = write_weeks(world, weeks)
    _correct(world, next(r for r in rows if r.uge == weeks[4].monday), None, koersel="2020-09")
    world.plan.decoy("En uge, som rettelsesfilen helt tilbagefører: ingen udbetaling, og tælleren tæller videre.")
    sick = write_weeks(world, _weeks(world, 9, (18, 29), ydelse="Sygedagpenge"))
    for row in sick[2:4]:
        _correct(world, row, (row.brutto * Decimal("0.8")).quantize(OERE), koersel="2020-08")
    world.plan.decoy("To uger sygedagpenge er sat ned i rettelsesfilen og bogført i den senere måned.")


def _identity(world: World) -> None:
    """YR16: one finding per person, at the first week."""
    for cpr, alvor, why in (
        ("3102763948", "fejl", "CPR med en dato, der ikke findes"),
        ("6511713921", "information", "erstatningsnummer (dag + 60)"),
    ):
        person = Person(cpr, date(1976, 3, 1), in_register=False)
        weeks = add_weeks(world, person, KONTANTHJAELP, 21, (21, 25))
        write_weeks(world, weeks)
        _expect(world, "YR16", alvor, why, weeks[0].monday)
