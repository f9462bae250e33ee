"""The draft of the statistic of individual spending, with the checks it will be judged by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls.noegletal_basis import Basis
from reconcile.controls.noegletal_pris import kroner
from reconcile.domain.exact import rounded
from reconcile.results.enkeltudgift import SingleSpending, SpendingCheck
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

#: Below so many persons with dates nothing is called extreme: the spread of a few says nothing (as in OE06).
_ENOUGH = 20


def tables(context: Context, basis: Basis) -> list[ResultTable]:
    """``enkeltudgift`` and ``enkeltudgift_kontrol``; none without a ledger with persons."""
    if not context.has("oekonomi", "cpr"):
        return []
    persons: dict[tuple[str, str], list[SingleSpending]] = defaultdict(list)
    without: dict[tuple[str, str], Decimal] = {}
    for year, law, function, cpr, oere, days, first, last in context.engine.rows("SELECT * FROM enkeltudgift"):
        if cpr is None:
            without[year, law] = kroner(oere)
            continue
        yearly = rounded(Fraction(int(oere) * 365, 100 * days), 2) if days else None
        made: tuple[Any, ...] = (
            year,
            context.pseudonym(cpr),
            context.kommune,
            law,
            _dotted(function),
            first,
            last,
            days,
        )
        made += (kroner(oere), yearly, "")
        persons[year, law].append(SingleSpending(*made))
    judged = {key: _judged(rows, context.regler.pris_k) for key, rows in persons.items()}
    checks = [_check(context, basis, key, judged.get(key, []), without) for key in sorted({*judged, *without})]
    rows = tuple(row for _key, found in sorted(judged.items()) for row in found)
    return [
        ResultTable("enkeltudgift", SingleSpending, rows),
        ResultTable("enkeltudgift_kontrol", SpendingCheck, tuple(checks)),
    ]


def _dotted(function: str) -> str:
    return f"{function[0]}.{function[1:3]}.{function[3:]}"


def _judged(rows: Sequence[SingleSpending], k: Decimal) -> list[SingleSpending]:
    """The rows of a year and paragraf by pseudonym, each with what is to be looked at."""
    low, high = _limits([row.aarsudgift for row in rows if row.aarsudgift is not None], k)

    def remark(row: SingleSpending) -> str:
        if row.aarsudgift is None:
            return "mangler_dato"
        if row.beloeb < 0:
            return "negativ"
        outside = low is not None and high is not None and not low <= row.aarsudgift <= high
        return "ekstrem" if outside else ""

    return sorted((replace(row, kontrol=remark(row)) for row in rows), key=lambda row: row.borger)


def _limits(values: Sequence[Decimal], k: Decimal) -> tuple[Fraction | None, Fraction | None]:
    if len(values) < _ENOUGH:
        return None, None
    middle = median([Fraction(value) for value in values])
    spread = median([abs(Fraction(value) - middle) for value in values])
    return (middle - Fraction(k) * spread, middle + Fraction(k) * spread) if spread else (None, None)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the middle two; exact."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _check(
    context: Context,
    basis: Basis,
    key: tuple[str, str],
    rows: Sequence[SingleSpending],
    without: dict[tuple[str, str], Decimal],
) -> SpendingCheck:
    year, law = key
    total, loose = sum((row.beloeb for row in rows), Decimal("0.00")), without.get(key, Decimal("0.00"))
    yearly = [Fraction(row.aarsudgift) for row in rows if row.aarsudgift is not None]
    published = ("regnskab", context.kommune, year) in basis.booked
    spent = basis.spending.get(("regnskab", context.kommune, year, law)) if published else None
    account = rounded(spent, 2) if spent is not None else None
    gap = loose if account is None else account - total
    remarks = [row.kontrol for row in rows]
    ready = not any(remarks) and bool(rows) and abs(gap) <= context.regler.tolerance_kr
    made: tuple[Any, ...] = (year, law, len(rows), total, rounded(median(yearly), 2) if yearly else None)
    made += (*(remarks.count(name) for name in ("mangler_dato", "negativ", "ekstrem")), total + loose, loose)
    made += (account, None if account is None else account - total, "ja" if ready else "nej")
    return SpendingCheck(*made)
