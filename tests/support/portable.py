"""What in a piece of SQL means something else, or nothing, on another engine (Spark), although it can be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from reconcile.resources import SQL

#: The functions of the engine itself: another has them too.
OWN = frozenset(re.findall(r"MACRO (\w+)\(", (SQL / "funktioner.sql").read_text(encoding="utf-8")))

_PERCENTILES = (exp.PercentileDisc, exp.PercentileCont, exp.Quantile, exp.ApproxQuantile, exp.Median)
_LISTS = (exp.ArrayAgg, exp.Unnest, exp.Explode, exp.Array, exp.List, exp.GenerateSeries)
_HASHES = (exp.MD5, exp.SHA, exp.SHA2)


def refusals(sql: str) -> list[str]:
    """What cannot be carried over in a query (``$names`` may stand in it), each as a word or two; none is portable."""
    try:
        tree = sqlglot.parse_one(re.sub(r"\$\w+", "1", sql), read="duckdb")
        tree.sql("spark", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        return [f"no translation: {str(error).splitlines()[0]}"]
    return sorted({reason for node in tree.walk() for reason in _refused(node)})


def _refused(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, _PERCENTILES):
        yield "percentile: the middle of an even number is another on each engine"
    if isinstance(node, _LISTS):
        yield "list: its order is lost"
    if isinstance(node, _HASHES):
        yield "hash: each engine has its own"
    if isinstance(node, exp.Anonymous) and node.name.lower() not in OWN:
        yield f"function {node.name.lower()}"
    if isinstance(node, exp.DateDiff) and str(node.args.get("unit") or "").upper().strip("'") != "DAY":
        yield "date_diff: other than day counts borders on one engine and whole units on another"
    if isinstance(node, exp.WindowSpec) and not all(_constant(node.args.get(end)) for end in ("start", "end")):
        yield "frame bound that is no constant"
    if isinstance(node, exp.DataType) and node.this is exp.DType.INT128 and not isinstance(node.parent, exp.Cast):
        yield "HUGEINT without a cast"
    if isinstance(node, exp.Exists) and _in_case_over_union(node):
        yield "EXISTS in CASE over a UNION"


def _constant(bound: object) -> bool:
    return bound is None or isinstance(bound, str | exp.Literal)


def _in_case_over_union(node: exp.Exists) -> bool:
    case, select = node.find_ancestor(exp.Case, exp.Select), node.find_ancestor(exp.Select)
    if not isinstance(case, exp.Case) or select is None:
        return False
    sources = [select.args.get("from_"), *select.args.get("joins", ())]
    return any(isinstance(source.this, exp.Subquery) and source.this.find(exp.Union) for source in sources if source)
