"""Differences planted between the fagsystem and the FLIS extract, and between them and DST."""

from __future__ import annotations

from datetime import date

from .model import World
from .published import QUARTERS, harmonised_people


def plant(world: World) -> None:
    """FL01 to FL04."""
    plan = world.plan
    for code, start in (("1.1", date(2019, 4, 15)), ("1.13.4", date(2020, 1, 27)), ("1.12.0.2", date(2018, 11, 26))):
        course = world.new_course(world.new_person(), code, start)
        world.flis.missing.add(course.ydelse_id)
        plan.expect("FL01", "advarsel", "flis", "forløbet er aldrig nået frem til FLIS", dst_kode=code)
    for code, start in (("1.4", date(2019, 8, 12)), ("1.18.2", date(2020, 9, 7))):
        world.flis.extra.append(world.make_course(world.new_person(), code, start))
        plan.expect("FL02", "advarsel", "flis", "slettet i fagsystemet, findes stadig i FLIS", dst_kode=code)
    changes: tuple[tuple[str, date, dict[str, object], str], ...] = (
        ("1.1", date(2019, 2, 11), {"slut": date(2020, 11, 30)}, "slut_dato: åben her, 2020-11-30 i FLIS"),
        ("1.12.0.1", date(2018, 5, 28), {"slut": date(2020, 10, 31)}, "slut_dato: åben her, 2020-10-31 i FLIS"),
        ("1.12.0.2", date(2019, 6, 3), {"maalgruppe": ("1.1.2",)}, "maalgruppe: 1.2.2.1 her, 1.1.2 i FLIS"),
        ("1.4", date(2020, 5, 18), {"start": date(2020, 5, 25)}, "start_dato: en uge senere i FLIS"),
    )
    for code, start, change, why in changes:
        course = world.new_course(world.new_person(maalgruppe=("1.2.2.1",)), code, start)
        world.flis.changed[course.ydelse_id] = change
        plan.expect("FL03", "advarsel", "flis", why, dst_kode=code)
    course = world.new_course(world.new_person(), "1.12.0.2", date(2019, 3, 25))
    world.flis.split[course.ydelse_id] = date(2020, 7, 1)
    plan.expect("FL04", "advarsel", "flis", "to rækker i FLIS med samme ydelse_id", dst_kode="1.12.0.2")


def plant_rest(world: World) -> None:
    """Three people whom DST lacks, without any rule that explains it."""
    cell = ("1.12.0.2", "2020K3")
    people = harmonised_people(world)
    whole_year = set.intersection(*(people["1.12.0.2", quarter] for quarter in QUARTERS))
    world.dst_lacks[cell] = set(world.rng.sample(sorted(whole_year), 3))
