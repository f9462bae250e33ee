"""Puts the municipality together, in an order that keeps every part reproducible."""

from __future__ import annotations

import random

from . import (
    grants,
    ledger,
    people,
    planted_courses,
    planted_crossing,
    planted_flis,
    planted_ledger,
    planted_yr,
    yr,
    yr_ledger,
)
from .model import SEED, World
from .plan import Plan


def build(seed: int = SEED) -> World:
    """The whole municipality."""
    world = World(random.Random(seed), Plan())
    people.add_clean_people(world)
    planted_courses.plant(world)
    planted_flis.plant(world)
    planted_flis.plant_rest(world)
    planted_ledger.plant(world)
    yr.add_clean_rows(world)
    planted_yr.plant(world)
    planted_crossing.plant(world)
    ledger.add_postings(world)
    grants.add(world)
    yr_ledger.add_postings(world)
    world.postings.sort(key=lambda p: (p.bogfoert, p.konto, p.cpr, p.periode, p.beloeb, p.tekst))
    return world
