"""Rows of Ydelsesrefusion as they should be, and the hits of the rules without Great Expectations."""

from __future__ import annotations

import atexit
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, NamedTuple

from reconcile.controls.yr import create_views
from reconcile.rules.catalogue import Rule, load_rules
from reconcile.rules.findings import hits_query
from reconcile.settings.config import Regler
from reconcile.sources.load import Loaded
from reconcile.world.context import Context
from reconcile.world.prepare import set_options
from support.only import only
from support.worlds import insert, present, world

ANNA, BO = "0101801234", "0202754321"
ALWAYS = "2015:2031"
MONDAY = date(2020, 3, 2)  # 2020-U10
RULES: Mapping[str, Rule] = {rule.id: rule for rule in load_rules() if rule.view.startswith("yr_") and rule.condition}


class Hit(NamedTuple):
    """What a rule found, in the terms of a test."""

    rule: str
    severity: str
    cpr: str
    ydelse: str | None
    week: str
    value: Any


def monday(number: int) -> date:
    """The Monday so many weeks after 2020-U10."""
    return MONDAY + timedelta(weeks=number)


def week(day: date) -> str:
    year, number, _weekday = day.isocalendar()
    return f"{year}-U{number:02d}"


def percent(taeller: int | None) -> int:
    return 40 if taeller is None else 80 if taeller <= 4 else 40 if taeller <= 26 else 30 if taeller <= 52 else 20


def row(uge: date, taeller: int | None, brutto: str = "1000.00", *, cpr: str = ANNA, **given: Any) -> dict[str, Any]:
    """A row on Kontanthjælp with the percentage and the amount that belong to its counter, run the month after."""
    amount = Decimal(brutto)
    sats = given.pop("sats", percent(taeller))
    return {
        "cpr": cpr,
        "uge": uge,
        "ydelse": "Kontanthjælp",
        "bruttoudgift": amount,
        "refusionssats": Decimal(sats),
        "refusion": (amount * sats / 100).quantize(Decimal("0.01"), ROUND_HALF_UP),
        "medfinansiering": Decimal(0),
        "ydelsestaeller": taeller,
        "koerselsperiode": (uge.replace(day=1) + timedelta(days=31)).replace(day=1),
        **given,
    }


def career(*counters: int | None, first: int = 0, **given: Any) -> list[dict[str, Any]]:
    """One row per week from week ``first``; None is a week without a row."""
    return [row(monday(first + n), c, **given) for n, c in enumerate(counters) if c is not None]


def hits(context: Context, rules: Iterable[str] = tuple(RULES)) -> Counter[Hit]:
    """What the rules find in the context's rows, by their own queries."""
    with only([RULES[name].view for name in rules]):
        create_views(context)
    return Counter(hit for name in rules for hit in _hits(context, RULES[name]))


def _hits(context: Context, rule: Rule) -> Iterable[Hit]:
    query = hits_query(rule, context.engine.columns(rule.view), context.engine.fill(rule.condition))
    for r in context.engine.records(query):
        yield Hit(rule.id, r["p_alvor"], r["p_borger"], r["p_ydelse"], r["p_periode"], r["p_vaerdi"])


@cache
def _shared() -> Context:
    """One world for every test that only asks what the rules hit: making a database takes longer than judging it."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(world({"yr": []}, periods=ALWAYS))


def found(
    rows: Sequence[Mapping[str, Any]],
    *rules: str,
    lacks: Sequence[str] = (),
    regler: Mapping[str, Any] | None = None,
) -> list[Hit]:
    """The hits of some rules (all when none is named) in a world of these rows, sorted."""
    loaded = Loaded(present=present(["yr"], {"yr": lacks}))
    context = replace(_shared(), loaded=loaded, regler=Regler.model_validate(dict(regler or {})))
    set_options(context.engine, context.kommune, context.regler, context.today)
    refill(context, rows)
    return sorted(hits(context, rules or tuple(RULES)).elements(), key=lambda hit: (hit.rule, hit.cpr, hit.week))


def weeks_found(rows: Sequence[Mapping[str, Any]], rule: str, **options: Any) -> list[str]:
    """The weeks one rule hits."""
    return [hit.week for hit in found(rows, rule, **options)]


def refill(context: Context, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put other rows in the yr table of a world."""
    context.engine.run("DELETE FROM yr")
    insert(context.engine, "yr", rows)
