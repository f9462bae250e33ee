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
    """Judge rules by counting their rows on the engine: what Great Expectations must agree with."""
    return {rule: _counted(engine, f"SELECT count(*) FROM {view} WHERE {condition}") for rule, view, condition in rules}


def _counted(engine: base.Engine, query: str) -> Verdict:
    try:
        count = engine.rows(query)[0][0]
    except duckdb.Error as error:
        return Verdict(False, 0, str(error))
    return Verdict(count == 0, count, None)
