"""Each row of a payment is placed once: its person, ydelse and row, its step, and the percentages of itself and its counter."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from oracles.yr_careers import LACKS, PEOPLE, Spell, delivery, spells
from oracles.yr_figures import payments, step
from oracles.yr_losses import used
from oracles.yr_rules import OUTSIDE_STAIRCASE, STAIRCASE_FROM, Row, name, own, start
from support.examples import examples
from support.quick import quick_worlds
from support.yr import percent

from reconcile.controls.yr import create_views

#: What the numbers of a placed row stand for, read in the source.
_PLACED = """
    SELECT r.cpr, r.uge, b.mandag, r.ydelse, b.egen, b.trin, b.sats, b.taellersats, b.bruttoudgift, b.ydelsestaeller
    FROM yr_placering AS b
    INNER JOIN yr_fil AS f ON f.fil_nr = b.sted // 1000000000000
    INNER JOIN yr AS r ON r.fil = f.fil AND r.raekke = b.sted % 1000000000000
    INNER JOIN yr_person AS p ON p.person_nr = b.person_nr AND p.cpr = r.cpr
    INNER JOIN yr_ydelse AS y ON y.ydelse_nr = b.ydelse_nr AND y.ydelse = r.ydelse
"""


def placed(r: Row) -> tuple[Any, ...]:
    """A row as it should be placed."""
    law, counter = r["uge"] >= STAIRCASE_FROM, r["ydelsestaeller"]
    on_stairs = name(r) not in OUTSIDE_STAIRCASE  # also before the law: its step is not known then
    given_by_counter = percent(counter) if law and counter is not None and counter >= 1 else None
    what = (r["cpr"], r["uge"], start(r["uge"]), r["ydelse"], own(r), step(r))
    return (*what, used(r) if on_stairs else None, given_by_counter, r["bruttoudgift"], counter)


def test_the_rows_of_payments_are_placed_as_a_plain_reading_places_them() -> None:
    with quick_worlds() as make:

        @examples(15)
        @given(st.lists(spells(), min_size=1, max_size=len(PEOPLE)), st.sampled_from(LACKS), st.integers(0, 2**32))
        def agree(careers: list[list[Spell]], lacks: Collection[str], seed: int) -> None:
            rows = delivery(careers, random.Random(seed), lacks)
            context = make({"yr": rows}, periods="", lacks={"yr": sorted(lacks)})
            create_views(context)
            assert Counter(context.engine.rows(_PLACED)) == Counter(map(placed, payments(rows)))

        agree()
