"""Rules judged by plain SQL instead of Great Expectations, which takes most of the time of a small world.

``test_gx.py`` holds the two judges against each other, on every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest import mock

import duckdb

from reconcile.engine import base
from reconcile.engine.gx import Verdict


@contextmanager
def judged_by_sql() -> Iterator[None]:
    """Meanwhile the rules of a control are judged by ``by_sql``."""
    with mock.patch("reconcile.rules.runner.judge", by_sql):
        yield


def by_sql(engine: base.Engine, rules: Sequence[tuple[str, str, str]]) -> dict[str, Verdict]:
    """Judge rules by counting their rows on the engine: what Great Expectations must agree with.

    The rules of a view are counted in one query, or each by itself where one of them cannot be worked out.
    """
    views: dict[str, list[tuple[str, str]]] = {}
    for rule, view, condition in rules:
        views.setdefault(view, []).append((rule, condition))
    verdicts = {}
    for view, wanted in views.items():
        counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for _rule, condition in wanted)
        try:
            (found,) = engine.rows(f"SELECT {counts} FROM {view}")
        except duckdb.Error:
            verdicts.update({rule: _counted(engine, view, condition) for rule, condition in wanted})
        else:
            verdicts.update({rule: Verdict(n == 0, n, None) for (rule, _where), n in zip(wanted, found, strict=True)})
    return {rule: verdicts[rule] for rule, _view, _condition in rules}


def _counted(engine: base.Engine, view: str, condition: str) -> Verdict:
    try:
        count = engine.rows(f"SELECT count(*) FROM {view} WHERE {condition}")[0][0]
    except duckdb.Error as error:
        return Verdict(False, 0, str(error))
    return Verdict(count == 0, count, None)
