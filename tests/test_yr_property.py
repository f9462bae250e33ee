"""Random careers: what the rules find is what a plain reading of them finds, no more and no less."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st
from oracles.yr_careers import BEGINS, LACKS, PAUSES, PEOPLE, Spell, delivery, spells
from oracles.yr_losses import Owner, losses
from oracles.yr_rules import cannot_run, expected
from support.examples import examples
from support.quick import quick_worlds
from support.yr import RULES, Hit

from reconcile.controls import yr
from reconcile.results.rows import PartResult

LIMITS = ("10000.00", "10000.00", "4999.99")


def hits_of(result: PartResult) -> Counter[Hit]:
    """The findings of the control, in the terms of a test."""
    return Counter(
        Hit(f.regel, str(f.alvor), cpr_of(f.borger), f.ydelse, f.periode or "", f.vaerdi) for f in result.findings
    )


def cpr_of(borger: str | None) -> str:
    return (borger or "")[2:][::-1]


def losses_of(result: PartResult) -> dict[Owner, Decimal]:
    """Table ``yr_tab`` by person and week of the finding."""
    lost: dict[Owner, Decimal] = {}
    for row in next((table.rows for table in result.tables if table.name == "yr_tab"), ()):
        owner = (cpr_of(row.borger), "YR09" if row.regel == "YR09" else "taeller", row.periode)
        lost[owner] = lost.get(owner, Decimal(0)) + row.tab
    return lost


def assert_lost(result: PartResult, should: Mapping[Owner, Decimal]) -> None:
    """The losses are those of a plain reading: each to the øre, and their sum exactly."""
    found = losses_of(result)
    assert found.keys() == should.keys()
    for owner, amount in should.items():
        assert abs(found[owner] - amount) <= Decimal("0.02"), owner
    years = next((table.rows for table in result.tables if table.name == "yr_tab_aar"), ())
    whole = [row.tab for row in years if (row.aar, row.regel) == ("i alt", "i alt")]
    assert whole == ([sum(should.values(), Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)] if should else [])


def test_the_rules_and_what_a_fault_costs_are_what_a_plain_reading_finds_in_random_careers() -> None:
    with quick_worlds() as make:

        @examples(15)
        @given(
            st.lists(spells(), min_size=1, max_size=len(PEOPLE)),
            st.sampled_from(LACKS),
            st.sampled_from(LIMITS),
            st.integers(0, 2**32),
        )
        def agree(careers: list[list[Spell]], lacks: Collection[str], limit: str, seed: int) -> None:
            rows = delivery(careers, random.Random(seed), lacks)
            context = make({"yr": rows}, periods="", regler={"ugegraense": limit}, lacks={"yr": sorted(lacks)})
            result = yr.run(context)
            assert hits_of(result) == expected(rows, lacks, Decimal(limit))
            assert_lost(result, {} if "ydelsestaeller" in lacks else losses(rows, lacks))

        agree()


def test_a_source_without_a_column_names_the_rules_that_need_it() -> None:
    with quick_worlds() as make:
        for lacks in LACKS:
            result = yr.run(make({"yr": []}, lacks={"yr": sorted(lacks)}))
            assert {n.regel for n in result.not_run} - {"YR20"} == cannot_run(lacks)
            assert {*result.rules_run} == {*RULES} - cannot_run(lacks)


def test_the_random_careers_hit_every_rule() -> None:
    rng = random.Random(7)
    seen: set[tuple[str, str]] = set()
    for _number in range(30):
        careers = [
            [(rng.choice(PAUSES), rng.randrange(1, 6), rng.choice(BEGINS)) for _spell in range(4)] for _one in PEOPLE
        ]
        seen |= {(hit.rule, hit.severity) for hit in expected(delivery(careers, rng))}
    assert {rule for rule, _severity in seen} == {*RULES}
    assert {("YR06", "fejl"), ("YR06", "advarsel"), ("YR16", "fejl"), ("YR16", "information")} <= seen
