"""DuckDB's SQL said in Spark's, and what of it would mean something else there: that is refused, with the construct's name.

The translation is sqlglot's, with the few places put right where the two engines mean different things by the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from reconcile.resources import SQL

_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\(([\w, ]*)\) AS(.*?);", re.DOTALL)
_PERCENTILES = (exp.PercentileDisc, exp.PercentileCont, exp.Quantile, exp.ApproxQuantile, exp.Median)
_LISTS = (exp.ArrayAgg, exp.Unnest, exp.Explode, exp.Array, exp.List, exp.GenerateSeries)
_HASHES = (exp.MD5, exp.SHA, exp.SHA2)


class UnportableError(Exception):
    """A piece of SQL that cannot be carried over; its text is the construct, without values."""


@dataclass(frozen=True)
class Macro:
    """A function of the engine itself (``sql/funktioner.sql``): its parameters and what it is."""

    parameters: tuple[str, ...]
    body: exp.Expr


@cache
def macros() -> dict[str, Macro]:
    """The engine's own functions by name, each resting on those before it only."""
    found: dict[str, Macro] = {}
    text = re.sub("^--.*$", "", (SQL / "funktioner.sql").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name, parameters, body in _MACRO.findall(text):
        names = tuple(part.strip() for part in parameters.split(","))
        found[name] = Macro(names, _expanded(sqlglot.parse_one(body, read="duckdb"), found))
    return found


def parsed(sql: str) -> exp.Expr:
    """The tree of one statement in DuckDB's dialect.

    Raises:
        UnportableError: it is not one statement that can be read.
    """
    try:
        (tree,) = sqlglot.parse(sql, read="duckdb")
    except (SqlglotError, ValueError):
        raise UnportableError("SQL") from None
    if tree is None:
        raise UnportableError("SQL")
    return tree


def reads(tree: exp.Expr) -> frozenset[str]:
    """The tables and views that a statement reads, those it names for itself left out."""
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return frozenset(table.name for table in tree.find_all(exp.Table)) - own


def to_spark(tree: exp.Expr) -> str:
    """The text of a query for Spark.

    Raises:
        UnportableError: there is none.
    """
    adapted = _expanded(tree.copy(), macros()).transform(_adapted)
    try:
        return adapted.sql("spark", comments=False, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError:
        raise UnportableError("SQL") from None


def _expanded(tree: exp.Expr, known: dict[str, Macro]) -> exp.Expr:
    """The tree with the engine's own functions written out: Spark then needs none, and plans them as what they are."""

    def write_out(node: exp.Expr) -> exp.Expr:
        """What a function is of what it is given."""
        macro = known.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if macro is None:
            return node
        given = dict(zip(macro.parameters, node.expressions, strict=True))
        body = macro.body.copy().transform(
            lambda part: (
                exp.paren(_expanded(given[part.name].copy(), known))
                if isinstance(part, exp.Column) and part.name in given
                else part
            )
        )
        return exp.paren(body)

    made: exp.Expr = tree.transform(write_out)
    return made


def _adapted(node: exp.Expr) -> exp.Expr:
    """What Spark means the same by as DuckDB means by the node."""
    adapt = _ADAPTED.get(type(node))
    return adapt(node) if adapt else node


def _wide(node: exp.Expr) -> exp.Expr:
    """Spark's largest whole numbers are decimals."""
    return exp.DataType.build("DECIMAL(38, 0)") if node.this in (exp.DType.INT128, exp.DType.UBIGINT) else node


def _full_match(node: exp.Expr) -> exp.Expr:
    whole = exp.Concat(expressions=[exp.Literal.string(r"\A(?:"), node.expression, exp.Literal.string(r")\z")])
    return exp.RegexpLike(this=node.this, expression=whole)


def _of_rows_with_one(node: exp.Expr) -> exp.Expr:
    """DuckDB passes over rows without a value, also where their place is the first."""
    if isinstance(node.parent, exp.Filter):
        return node
    there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    return exp.Filter(this=node, expression=exp.Where(this=there))


def _divided(node: exp.Expr) -> exp.Expr:
    return exp.Div(this=_double(node.this), expression=_unless(_double(node.expression), exp.Literal.number(0)))


def _nullif(node: exp.Expr) -> exp.Expr:
    """Spark's own is another expression's name inside, which it sometimes loses (as it does with BETWEEN)."""
    return _unless(node.this, node.expression)


def _between(node: exp.Expr) -> exp.Expr:
    low = exp.GTE(this=node.this, expression=node.args["low"])
    return exp.paren(exp.and_(low, exp.LTE(this=node.this.copy(), expression=node.args["high"])))


def _unless(value: exp.Expr, other: exp.Expr) -> exp.Expr:
    case = exp.Case().when(exp.EQ(this=value, expression=other), exp.Null())
    return exp.paren(case.else_(value.copy()))


def _interval(node: exp.Expr) -> exp.Expr:
    """A number that is worked out: so many of one."""
    if not isinstance(node.this, exp.Paren):
        return node
    one = exp.Interval(this=exp.Literal.string("1"), unit=node.args["unit"])
    return exp.paren(exp.Mul(this=node.this, expression=one))


def _week(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="weekofyear", expressions=[node.this])


#: The parts of a day as DuckDB and as Spark write them.
_DAY_PARTS = (("%d", "dd"), ("%m", "MM"), ("%Y", "yyyy"))


def _own_name(node: exp.Expr) -> exp.Expr:
    """A function that sqlglot does not know: a text as a day, or nothing where there is no such day."""
    if node.name.lower() != "try_strptime":
        return node
    text, form = node.expressions
    written = form.name
    for theirs, ours in _DAY_PARTS:
        written = written.replace(theirs, ours)
    return exp.Anonymous(this="try_to_timestamp", expressions=[text, exp.Literal.string(written)])


_ADAPTED: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.DataType: _wide,
    exp.RegexpFullMatch: _full_match,
    exp.ArgMin: _of_rows_with_one,
    exp.ArgMax: _of_rows_with_one,
    exp.Div: _divided,
    exp.Nullif: _nullif,
    exp.Between: _between,
    exp.Interval: _interval,
    exp.Week: _week,
    exp.Anonymous: _own_name,
}


def _double(node: exp.Expr) -> exp.Expr:
    return exp.cast(exp.paren(node.copy()), "DOUBLE")


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
    if isinstance(node, exp.Anonymous) and node.name.lower() not in macros():
        yield f"function {node.name.lower()}"
    if isinstance(node, exp.DateDiff) and str(node.args.get("unit") or "").upper().strip("'") != "DAY":
        yield "date_diff: other than day counts borders on one engine and whole units on another"
    if isinstance(node, exp.WindowSpec) and not all(_constant(node.args.get(end)) for end in ("start", "end")):
        yield "frame bound that is no constant"
    if isinstance(node, exp.DataType) and node.this is exp.DType.INT128 and not isinstance(node.parent, exp.Cast):
        yield "HUGEINT without a cast"
    if isinstance(node, exp.Exists) and _in_case_over_union(node):
        yield "EXISTS in CASE over a UNION"


def _constant(bound: Any) -> bool:
    return bound is None or isinstance(bound, str | exp.Literal)


def _in_case_over_union(node: exp.Exists) -> bool:
    case, select = node.find_ancestor(exp.Case, exp.Select), node.find_ancestor(exp.Select)
    if not isinstance(case, exp.Case) or select is None:
        return False
    sources = [select.args.get("from_"), *select.args.get("joins", ())]
    return any(isinstance(source.this, exp.Subquery) and source.this.find(exp.Union) for source in sources if source)
