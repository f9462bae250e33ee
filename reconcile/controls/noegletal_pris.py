"""What a ydelse costs: kr. per helårsmodtager and inhabitant, and the change on last year split exactly to the øre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls.noegletal_basis import dotted, price_level, scope
from reconcile.domain.codes import code_order
from reconcile.domain.exact import divided, rounded
from reconcile.i18n import _
from reconcile.results.pris import Price
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

_KEY = "dst_kode, periodetype, periode"
_PARTS = "volumen, pris, kommet, gaaet, mellem, uden_cpr"


def tables(context: Context) -> list[ResultTable]:
    """``pris``; none without ledger and masteroversigt."""
    if not (context.has("oekonomi") and context.has("masteroversigt")):
        return []
    return [ResultTable("pris", Price, tuple(_prices(context)))]


def caveats(context: Context) -> Iterator[str]:
    """What the amounts are in and cover, and the codes that share an account, whose amount then stands under each of them."""
    if context.has("oekonomi") or context.has("regnskab"):
        text = _(
            "Nøgletallenes beløb er i {pl}. De samlede udgifter til voksne dækker {funktioner}; et års tal pr. indbygger er delt"
            " med folketallet i {kvartal}."
        )
        yield text.format(
            pl=price_level(context),
            funktioner=scope(context),
            kvartal=context.noegletal.befolkningskvartal,
        )
    shared = context.engine.rows(
        "SELECT konto, string_agg(dst_kode, ', ' ORDER BY dst_kode) FROM (SELECT DISTINCT konto, dst_kode FROM kobling"
        " WHERE konto IS NOT NULL) GROUP BY konto HAVING count(*) > 1 ORDER BY konto"
    )
    if shared and context.has("oekonomi"):
        text = _("Konti på flere ydelser tæller med hele beløbet på hver i pris og forbrug: {liste}.")
        yield text.format(liste="; ".join(f"{account} ({codes})" for account, codes in shared))


def _prices(context: Context) -> Iterator[Price]:
    query = f"SELECT {_KEY}, laengde, dage, oere_nu, oere_foer, indbyggere, {_PARTS} FROM pris_kode"
    quarter, functions = context.noegletal.befolkningskvartal, _functions(context)
    for row in sorted(context.engine.rows(query), key=lambda r: (code_order(r[0]), r[1] != "aar", r[2])):
        code, kind, period, length, days, now, before, inhabitants, *parts = row
        full = Fraction(days, length)
        change = (None,) * 8 if before is None else tuple(map(kroner, (before, now - before, *parts)))
        amount = None if now is None else Fraction(int(now), 100)
        made: tuple[Any, ...] = (
            code,
            kind,
            period,
            None if now is None else kroner(now),
            rounded(full, 4),
            per(amount, full),
        )
        made += (inhabitants, f"{period}{quarter}" if kind == "aar" else period)
        made += (
            per(amount, inhabitants),
            per(1000 * full, inhabitants, 4),
            *change,
            functions[code],
            price_level(context),
        )
        yield Price(*made)


def _functions(context: Context) -> dict[str, str]:
    """dst_kode → the funktioner of its accounts, as they are written."""
    found: dict[str, list[str]] = {}
    for code, name in context.engine.rows(
        "SELECT DISTINCT dst_kode, substr(konto, 1, 5) AS funktion FROM kobling WHERE konto IS NOT NULL ORDER BY ALL"
    ):
        found.setdefault(code, []).append(dotted(name))
    return defaultdict(str, {code: ", ".join(names) for code, names in found.items()})


def kroner(oere: int) -> Decimal:
    """Whole øre as kr. with two decimals, exact."""
    return divided(int(oere), 100, 2)


def per(amount: Fraction | None, count: Fraction | int | None, decimals: int = 2) -> Decimal | None:
    """A ratio, half up; None where there is nothing to divide, or to divide by."""
    return rounded(amount / count, decimals) if count and amount is not None else None
