"""The draft of the statistic of individual spending, with the checks it will be judged by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from reconcile.controls.noegletal_basis import Basis, dotted, price_level
from reconcile.controls.noegletal_pris import kroner
from reconcile.domain.exact import divided, rounded
from reconcile.results.enkeltudgift import SingleSpending, SpendingCheck
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

#: Below so many persons with dates nothing is called extreme: the spread of a few says nothing (as in OE06).
_ENOUGH = 20

#: Year, paragraf and funktion.
Key = tuple[str, str, str]


def tables(context: Context, basis: Basis) -> list[ResultTable]:
    """``enkeltudgift`` and ``enkeltudgift_kontrol``; none without a ledger with persons."""
    if not context.has("oekonomi", "cpr"):
        return []
    persons: dict[Key, list[SingleSpending]] = defaultdict(list)
    without: dict[Key, Decimal] = {}
    for year, law, function, cpr, oere, days, first, last in context.engine.rows("SELECT * FROM enkeltudgift"):
        key = year, law, dotted(function)
        if cpr is None:
            without[key] = kroner(oere)
            continue
        yearly = divided(int(oere) * 365, 100 * days, 2) if days else None
        made: tuple[Any, ...] = (
            year,
            context.pseudonym(cpr),
            context.kommune,
            *key[1:],
            first,
            last,
            days,
        )
        made += (kroner(oere), yearly, "")
        persons[key].append(SingleSpending(*made))
    judged = {key: _judged(rows, context.regler.pris_k) for key, rows in persons.items()}
    checks = [_check(context, basis, key, judged.get(key, []), without) for key in sorted({*judged, *without})]
    rows = tuple(row for _key, found in sorted(judged.items()) for row in found)
    return [
        ResultTable("enkeltudgift", SingleSpending, rows),
        ResultTable("enkeltudgift_kontrol", SpendingCheck, tuple(checks)),
    ]


def _judged(rows: Sequence[SingleSpending], k: Decimal) -> list[SingleSpending]:
    """The rows of a year and paragraf by pseudonym, each with what is to be looked at."""
    low, high = _limits([row.aarsudgift for row in rows if row.aarsudgift is not None], k)

    def remark(row: SingleSpending) -> str:
        """What is to be looked at in a row; empty for nothing."""
        if row.aarsudgift is None:
            return "mangler_dato"
        if row.beloeb < 0:
            return "negativ"
        outside = low is not None and high is not None and not low <= _oere(row.aarsudgift) <= high
        return "ekstrem" if outside else ""

    return sorted((replace(row, kontrol=remark(row)) for row in rows), key=lambda row: row.borger)


def _limits(values: Sequence[Decimal], k: Decimal) -> tuple[int | None, int | None]:
    """The least and the most øre that are not extreme. Worked out in whole halves of an øre, which is exact: there is a value
    for every person."""
    if len(values) < _ENOUGH:
        return None, None
    oere = [_oere(value) for value in values]
    middle = median(oere)
    spread = median([abs(2 * value - int(2 * middle)) for value in oere]) / 2
    reach = Fraction(k) * spread
    return (ceil(middle - reach), floor(middle + reach)) if spread else (None, None)


def _oere(amount: Decimal) -> int:
    return int(amount * 100)


def median(values: Sequence[int]) -> Fraction:
    """The middle value, or the mean of the middle two; exact."""
    ordered = sorted(values)
    return Fraction(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2], 2)


def _check(
    context: Context,
    basis: Basis,
    key: Key,
    rows: Sequence[SingleSpending],
    without: dict[Key, Decimal],
) -> SpendingCheck:
    year, law, _function = key
    total, loose = sum((row.beloeb for row in rows), Decimal("0.00")), without.get(key, Decimal("0.00"))
    yearly = [_oere(row.aarsudgift) for row in rows if row.aarsudgift is not None]
    published = ("regnskab", context.kommune, year) in basis.booked
    spent = basis.spending.get(("regnskab", context.kommune, year, law)) if published else None
    account = rounded(spent, 2) if spent is not None else None
    gap = loose if account is None else account - total
    remarks = [row.kontrol for row in rows]
    ready = not any(remarks) and bool(rows) and abs(gap) <= context.regler.tolerance_kr
    made: tuple[Any, ...] = (*key, len(rows), total, rounded(median(yearly) / 100, 2) if yearly else None)
    made += (*(remarks.count(name) for name in ("mangler_dato", "negativ", "ekstrem")), total + loose, loose)
    made += (account, None if account is None else account - total, "ja" if ready else "nej", price_level(context))
    return SpendingCheck(*made)
