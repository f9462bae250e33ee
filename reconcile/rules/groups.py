"""Which control runs a rule: the group of a rule is the folder of ``sql/`` its view stands in.

A canonical table belongs with the common views (``faelles``); a table that a control lays side by side in Python belongs
with that control's views.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from reconcile.domain.canonical import TABLES
from reconcile.resources import SQL

COMMON = "faelles"

#: Tables that controls make without a file in ``sql/``: where figures of several sources meet.
_MET = {"hand07_celle": "hand07", "ottetal_tal": "ottetal", "yr_regnskab": "yr"}


@cache
def groups() -> Mapping[str, str]:
    """Every view and table a rule can look at → its group."""
    views = {path.stem.split("_", 1)[1]: path.parent.name for path in sorted(SQL.glob("*/*.sql"))}
    return {**dict.fromkeys(TABLES, COMMON), **_MET, **views}
