"""What every municipality has and no rule should react to: courses across kommuner and tilbud paid by a ramme; and OE09."""

from __future__ import annotations

from datetime import date

from .ledger import RAMME
from .model import World
from .people import OTHER_KOMMUNER

CODES = ("1.1", "1.4", "1.8.1", "1.12.0.1", "1.13.4")


def plant(world: World) -> None:
    """Ten courses each way between kommuner, two partly rammestyrede codes, and one person with every other month unpaid."""
    for number in range(10):
        code, kommune = CODES[number % len(CODES)], OTHER_KOMMUNER[number % len(OTHER_KOMMUNER)]
        start = date(2019, 2 + number, 5 + number)
        world.new_course(world.new_person(), code, start, betalingskommune=kommune)
        world.new_course(world.new_person(), code, date(2018, 12 - number, 25 - number), handlekommune=kommune)
    world.plan.decoy(
        "Ti forløb, vi handler og en anden kommune betaler (tælles hos DST, ikke i økonomien), og ti den anden vej."
    )
    for code, tilbud in RAMME:
        for number in range(4):
            world.new_course(world.new_person(), code, date(2019, 3 + 2 * number, 6 + number), tilbud=tilbud)
    world.plan.decoy(
        "Otte borgere på to rammestyrede tilbud (1.1 og 1.12.0.1), som betales med et fast beløb uden CPR."
    )
    course = world.new_course(world.new_person(), "1.13.4", date(2019, 5, 14))
    world.billing.unpaid.update((course.cpr, "1.13.4", f"2020-{month:02d}") for month in range(1, 12, 2))
    why = "hver anden måned er ubetalt, og efterslippet skjuler det"
    world.plan.expect("OE09", "advarsel", "oekonomi", why, dst_kode="1.13.4")
