"""Great Expectations' own expectations in a suite, where they say a rule better than SQL: each as the SQL of its hits.

A rule is judged for the sources that have its columns, and counted and read alike whatever form it is written in; so a stock
expectation becomes the condition of the rows it would not accept. As in Great Expectations an empty cell is passed over,
unless being empty is what the rule is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from reconcile.engine.base import literal
from reconcile.i18n import _

QUERY = "unexpected_rows_expectation"


def _not_null(given: Mapping[str, Any]) -> str:
    return f"{given['column']} IS NULL"


def _null(given: Mapping[str, Any]) -> str:
    return f"{given['column']} IS NOT NULL"


def _in_set(given: Mapping[str, Any]) -> str:
    return f"{given['column']} NOT IN ({_values(given['value_set'])})"


def _not_in_set(given: Mapping[str, Any]) -> str:
    return f"{given['column']} IN ({_values(given['value_set'])})"


def _between(given: Mapping[str, Any]) -> str:
    below = "<=" if given.get("strict_min") else "<"
    above = ">=" if given.get("strict_max") else ">"
    sides = [
        f"{given['column']} {sign} {_value(given[limit])}"
        for limit, sign in (("min_value", below), ("max_value", above))
        if given.get(limit) is not None
    ]
    if not sides:
        raise ValueError(_("«kwargs» skal have min_value eller max_value"))
    return " OR ".join(sides)


def _pair(given: Mapping[str, Any]) -> str:
    return f"{given['column_A']} {'<' if given.get('or_equal') else '<='} {given['column_B']}"


#: Type → the names its ``kwargs`` may have, those of columns, and the condition of a hit.
STOCK: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Mapping[str, Any]], str]]] = {
    "expect_column_values_to_not_be_null": (("column",), ("column",), _not_null),
    "expect_column_values_to_be_null": (("column",), ("column",), _null),
    "expect_column_values_to_be_in_set": (("column", "value_set"), ("column",), _in_set),
    "expect_column_values_to_not_be_in_set": (("column", "value_set"), ("column",), _not_in_set),
    "expect_column_values_to_be_between": (
        ("column", "min_value", "max_value", "strict_min", "strict_max"), ("column",), _between,
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        ("column_A", "column_B", "or_equal", "ignore_row_if"), ("column_A", "column_B"), _pair,
    ),
}  # fmt: skip

#: Every type of expectation that a suite may have.
TYPES = (QUERY, *STOCK)


def condition(kind: str, given: Mapping[str, Any]) -> str:
    """SQL that is true for the rows a stock expectation does not accept.

    Raises:
        ValueError: a name in ``kwargs`` that changes what it means and that this tool does not know, a column that is no
            name, or a value that is neither text, number nor truth.
        KeyError: the name that is missing.
    """
    known, columns, made = STOCK[kind]
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(_("ukendt felt {felt}").format(felt=", ".join(f"kwargs.{name}" for name in unknown)))
    for name in columns:
        if not str(given[name]).isidentifier():
            raise ValueError(_("«kwargs.{felt}» skal være navnet på en kolonne").format(felt=name))
    return made(given)


def _values(given: Sequence[Any]) -> str:
    if not isinstance(given, list) or not given:
        raise ValueError(_("«kwargs.value_set» skal være en liste med værdier"))
    return ", ".join(_value(value) for value in given)


def _value(given: Any) -> str:
    if not isinstance(given, str | int | float):
        raise ValueError(_("«{vaerdi}» i «kwargs» er hverken tekst, tal, true eller false").format(vaerdi=given))
    return literal(Decimal(str(given)) if isinstance(given, float) else given)
