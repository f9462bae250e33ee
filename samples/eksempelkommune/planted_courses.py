"""Problems planted in the courses: the VH rules and the steps of the bridge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from .model import GO_LIVE, Course, Person, World, months, random_day


def plant(world: World) -> None:
    """All of them, in the order of the rules."""
    _identity(world)
    _dates_and_duplicates(world)
    _stays(world)
    _children(world)
    _deaths(world)
    _validity(world)
    _missing_fields(world)
    _system_change(world)
    _left_open(world)


def unpaid(world: World, course: Course, periods: Iterable[str]) -> None:
    """Leave the months out of the ledger."""
    world.billing.unpaid.update((course.cpr, course.dst_kode, month) for month in periods)


def unpaid_and_expected(world: World, course: Course, first: str, why: str) -> None:
    """Unpaid from `first` on: one OE02 per month of 2020."""
    unpaid(world, course, months(first, "2021-03"))
    world.plan.expect_months("OE02", "advarsel", why, course.dst_kode, months(first, "2020-12"))


def _identity(world: World) -> None:
    """VH01 and VH02."""
    for cpr, code, start, alvor, why in (
        ("3102853912", "1.17", date(2019, 4, 8), "fejl", "CPR med en dato, der ikke findes (31. februar)"),
        ("12038539", "1.3", date(2019, 10, 14), "fejl", "CPR med otte cifre"),
        ("7204853955", "1.18.2", date(2020, 8, 12), "information", "erstatningsnummer (dag + 60)"),
        ("150790AB12", "1.18.2", date(2020, 9, 23), "information", "erstatningsnummer med bogstaver"),
    ):
        person = Person(cpr, start, maalgruppe=("1.1.1",), in_register=False)
        world.new_course(person, code, start)
        world.plan.expect_vh("VH01", alvor, why, code)
    for code, start in (("1.99", date(2019, 11, 5)), ("1.12", date(2020, 3, 9))):
        world.new_course(world.new_person(), code, start)
        world.plan.expect_vh("VH02", "fejl", "koden findes ikke; forløbet er ikke med i nogen bro", code)


def _dates_and_duplicates(world: World) -> None:
    """VH03, VH04 and VH05."""
    for code, start, slut in (
        ("1.1", date(2020, 5, 10), date(2020, 4, 30)),
        ("1.12.0.2", date(2020, 9, 1), date(2020, 8, 3)),
        ("1.13.4", date(2020, 10, 20), date(2020, 10, 2)),
    ):
        world.new_course(world.new_person(maalgruppe=("1.1.1",)), code, start, slut)
        world.plan.expect_vh("VH03", "fejl", "slutdato før startdato; forløbet har ingen aktive dage", code)
    for code, start, copies in (("1.12.0.2", date(2019, 6, 17), 2), ("1.13.4", date(2020, 2, 24), 3)):
        person = world.new_person()
        for _ in range(copies):
            world.new_course(person, code, start)
        world.plan.expect_vh("VH04", "advarsel", f"samme forløb {copies} gange med hver sit ydelse_id", code)
    for code, first, last, second in (
        ("1.13.4", date(2019, 2, 4), date(2020, 6, 30), date(2020, 5, 1)),
        ("1.12.0.2", date(2019, 8, 19), None, date(2020, 10, 12)),
        ("1.4", date(2019, 9, 9), date(2020, 3, 31), date(2020, 3, 31)),
    ):
        person = world.new_person()
        world.new_course(person, code, first, last)
        world.new_course(person, code, second)
        world.plan.expect_vh("VH05", "advarsel", "to overlappende forløb på samme kode", code)
    world.plan.decoy("Et overlap på én dag (VH05 på 1.4): slutdagen 2020-03-31 er også det næste forløbs startdag.")


def _stays(world: World) -> None:
    """VH06 and bridge step R2: støtte i eget hjem during a stay."""
    spans: tuple[tuple[date, date | None, str, date, date | None, str], ...] = (
        (date(2018, 10, 1), None, "1.8.1", date(2020, 4, 1), date(2020, 6, 30), "ophold i hele 2020K2"),
        (date(2020, 2, 10), date(2020, 5, 20), "1.12.0.1", date(2019, 9, 16), None, "inden for opholdet: fjernes"),
        (date(2019, 3, 11), None, "1.12.0.1", date(2020, 10, 1), None, "åben efter indflytning: ude i 2020K4"),
        (date(2019, 1, 21), date(2020, 8, 31), "1.8.1", date(2020, 8, 31), None, "overlap på én dag: ændres"),
        (date(2019, 5, 20), None, "1.8.1", date(2020, 8, 10), date(2020, 9, 20), "ophold midt i 2020K3: ændres"),
    )
    for start, slut, stay, stay_start, stay_slut, why in spans:
        person = world.new_person()
        world.new_course(person, "1.12.0.2", start, slut)
        world.new_course(person, stay, stay_start, stay_slut)
        world.plan.expect_vh("VH06", "advarsel", f"{why} (R2, {stay})", "1.12.0.2")


def _children(world: World) -> None:
    """VH07 and bridge step R1; the last one has its birth date from the CPR only."""
    for code, born, start, slut, known in (
        ("1.1", date(2003, 1, 2), date(2020, 2, 3), None, True),
        ("1.1", date(2003, 11, 20), date(2020, 8, 17), None, True),
        ("1.12.0.2", date(2002, 5, 14), date(2019, 9, 2), None, True),
        ("1.8.2", date(2003, 7, 8), date(2020, 3, 16), date(2020, 12, 20), True),
        ("1.12.0.2", date(2004, 3, 23), date(2020, 5, 4), None, False),
    ):
        person = world.new_person(born, maalgruppe=("1.1.1",), in_register=known)
        world.new_course(person, code, start, slut)
        why = f"født {born.year}-{born.month:02d}, forløb fra {start.year}: under 17 år den 1. januar (R1)"
        world.plan.expect_vh("VH07", "information", why if known else why + "; fødselsdato kun i CPR", code)
    world.new_course(world.new_person(date(2002, 12, 31)), "1.4", date(2020, 3, 2))
    world.plan.decoy("Født 31. december 2002 med forløb fra 2020 (1.4): 17 år den 1. januar, altså ikke et barn.")


def _deaths(world: World) -> None:
    """VH08 and bridge step R3; the ledger stops with the month of death."""
    for code, died, start, last_paid, why in (
        ("1.1", date(2020, 6, 30), date(2018, 9, 3), "2020-06", "død på sidste dag af 2020K2: ude fra 2020K3"),
        ("1.12.0.2", date(2020, 7, 1), date(2019, 1, 14), "2020-07", "død på første dag af 2020K3: ude i 2020K4"),
        ("1.3", date(2020, 2, 15), date(2019, 7, 22), "", "død midt i 2020K1"),
        ("1.17", date(2019, 8, 20), date(2018, 11, 12), "", "død i 2019: ude af hele 2020"),
        ("1.13.4", date(2020, 8, 10), date(2020, 9, 1), "2020-08", "forløbet begynder efter dødsfaldet: fjernes"),
        ("1.8.1", date(2020, 11, 20), date(2018, 4, 9), "2020-11", "død midt i 2020K4: ændres, tælles stadig"),
        ("1.3", date(2020, 10, 1), date(2018, 12, 3), "", "død på første dag af 2020K4: tælles stadig"),
    ):
        course = world.new_course(world.new_person(died=died, maalgruppe=("1.1.2",)), code, start)
        world.plan.expect_vh("VH08", "advarsel", f"{why} (R3)", code)
        if last_paid:
            unpaid_and_expected(world, course, months(last_paid, "2020-12")[1], f"følge af VH08: {why}")


def _validity(world: World) -> None:
    """VH09 and bridge step gyldighed: §82a/§82b registered before 1 July 2020."""
    for number in range(12):
        start = date(2019, 11, 4) + timedelta(19 * number)
        slut = {3: date(2020, 5, 29), 7: date(2020, 6, 30)}.get(number)
        world.new_course(world.new_person(), "1.18.2", start, slut)
        why = "slutter før 2020-07-01: falder helt ud" if slut else "begynder før 2020-07-01: dagene før falder ud"
        world.plan.expect_vh("VH09", "advarsel", why, "1.18.2")
    world.new_course(world.new_person(), "1.18.1", date(2020, 6, 15))
    world.plan.expect_vh("VH09", "advarsel", "begynder før 2020-07-01: dagene før falder ud", "1.18.1")


def _missing_fields(world: World) -> None:
    """VH10 to VH13 and VH15."""
    for code, start in (
        ("1.1", date(2019, 3, 18)),
        ("1.4", date(2019, 5, 6)),
        ("1.12.0.2", date(2020, 4, 20)),
        ("1.13.4", date(2018, 8, 27)),
    ):
        world.new_course(world.new_person(maalgruppe=("1.1.1",)), code, start, maalgruppe=())
        world.plan.expect_vh("VH10", "advarsel", "ingen målgruppe", code)
    for code, start, slut in (
        ("1.8.1", date(2018, 2, 5), None),
        ("1.8.1", date(2020, 6, 8), None),
        ("1.8.2", date(2020, 1, 13), date(2021, 1, 31)),
    ):
        world.new_course(world.new_person(), code, start, slut, tilbud="")
        world.plan.expect_vh("VH11", "advarsel", "ophold uden tilbud", code)
    for code, start, field, value in (
        ("1.18.2", date(2020, 7, 13), "betalingskommune", "998"),
        ("1.18.2", date(2020, 10, 26), "betalingskommune", "998"),
        ("1.3", date(2019, 12, 9), "handlekommune", "997"),
    ):
        world.new_course(world.new_person(), code, start, None, **{field: value})
        world.plan.expect_vh("VH12", "advarsel", f"{field} {value} findes ikke", code)
    for start in (date(2016, 9, 5), date(2017, 3, 1)):
        world.new_course(world.new_person(), "1.8.2", start)
        world.plan.expect_vh("VH13", "information", f"åbent midlertidigt ophold siden {start.year}", "1.8.2")
    for code, start, slut, ffb in (
        ("1.4", date(2019, 10, 21), None, "Aktivitet og samvær"),
        ("1.8.2", date(2020, 2, 17), date(2021, 2, 28), "Længerevarende ophold"),
    ):
        world.new_course(world.new_person(), code, start, slut, ffb_ydelse=ffb)
        world.plan.expect_vh("VH15", "advarsel", f"FFB-ydelsen «{ffb}» hører til en anden paragraf", code)


def _system_change(world: World) -> None:
    """VH14: the 1.4 courses were closed in the old system and begun anew on the go-live day."""
    for _ in range(28):
        person = world.new_person()
        start = random_day(world.rng, date(2018, 1, 2), date(2019, 11, 30))
        old = world.new_course(person, "1.4", start, GO_LIVE - timedelta(1), system="tidligere")
        world.new_course(person, "1.4", GO_LIVE, tilbud=old.tilbud)
    world.plan.expect_vh("VH14", "information", "startdato er dagen for systemskiftet, 2020-02-01", "1.4", antal=28)


def _left_open(world: World) -> None:
    """VH16 and bridge step indlaesning: courses never closed in the former system."""
    why = "åbent forløb i det tidligere system"
    for code, start in (
        ("1.17", date(2018, 3, 12)),
        ("1.17", date(2018, 6, 4)),
        ("1.3", date(2018, 4, 23)),
        ("1.3", date(2019, 2, 18)),
        ("1.13.4", date(2018, 7, 9)),
        ("1.12.0.2", date(2019, 4, 29)),
    ):
        course = world.new_course(world.new_person(), code, start, system="tidligere")
        world.plan.expect("VH16", "information", "fagsystem", f"{why}: FLIS indlæser det ikke", dst_kode=code)
        if code in ("1.13.4", "1.12.0.2"):
            unpaid_and_expected(world, course, "2020-01", f"følge af VH16: {why}")
    for start in (date(2018, 3, 5), date(2018, 10, 15)):
        person = world.new_person(maalgruppe=("1.1.3",))
        old = world.new_course(person, "1.1", start, system="tidligere")
        world.new_course(person, "1.1", date(2019, 6, start.day), tilbud=old.tilbud)
        world.plan.expect("VH16", "information", "fagsystem", f"{why}, men borgeren har et nyt", dst_kode="1.1")
    world.plan.decoy(
        "To åbne forløb i det tidligere system overlapper nye på 1.1: indlæsningsreglen løser det (ikke VH05)."
    )
