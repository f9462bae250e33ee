"""The findings of some rules, of the views that they read only: a control makes every view of its folder, and the tests of
rules ask for one of them a thousand times. ``test_only.py`` holds it against the whole controls."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from unittest import mock

from reconcile.controls import ottetal, validate, yr
from reconcile.engine.base import statements_of_group
from reconcile.engine.duckdb import Engine
from reconcile.resources import SQL
from reconcile.rules.catalogue import Rule, load_rules
from reconcile.rules.runner import RuleRun, run_rules
from reconcile.world.context import Context


def _disponering(context: Context) -> None:
    ottetal.build(context)
    context.engine.create_views("disponering")


#: The controls whose views and rules can be had by themselves: what makes the views, and what judges.
BUILDS: Mapping[str, tuple[Callable[[Context], None], Callable[[Context, Sequence[Rule]], RuleRun]]] = {
    "validate": (validate.build, run_rules),
    "ottetal": (ottetal.build, run_rules),
    "disponering": (_disponering, run_rules),
    "yr": (yr.create_views, yr.judge),
}
RULES = {rule.id: rule for rule in load_rules()}


@cache
def _texts() -> Mapping[str, str]:
    folders = sorted(path.name for path in SQL.iterdir() if path.is_dir())
    return {name: select for folder in folders for name, select in statements_of_group(folder)}


def behind(views: Collection[str]) -> set[str]:
    """The views, and every view that they or one behind them name."""
    found, new = set(views), set(views)
    while new:
        named = {
            word for name in new if name in _texts() for word in re.findall(r"(?:FROM|JOIN)\s+(\w+)", _texts()[name])
        }
        new = {name for name in named if name in _texts()} - found
        found |= new
    return found


@contextmanager
def only(views: Collection[str]) -> Iterator[None]:
    """Meanwhile of each folder of views only these are made, and what they are made of."""
    wanted = behind(views)

    def create_views(engine: Engine, group: str) -> None:
        for name, select in statements_of_group(group):
            if name in wanted:
                engine.create_view(name, select)

    with mock.patch.object(Engine, "create_views", create_views):
        yield


def of_rules(context: Context, *rules: Rule) -> RuleRun:
    """What these rules of one control say of a world."""
    build, judge = BUILDS[rules[0].group]
    with only([rule.view for rule in rules]):
        build(context)
        return judge(context, rules)
