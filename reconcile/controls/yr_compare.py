"""Several kommuner side by side: refusionspct and medfinansieringspct per year and ydelse, where a source holds more than one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from reconcile.domain.cpr import mask
from reconcile.domain.exact import rounded
from reconcile.results.rows import PartResult, ResultTable
from reconcile.results.yr import YrCompared
from reconcile.world.context import Context


def side_by_side(context: Context) -> PartResult:
    """Table ``yr_sammenlign`` for the chosen years, the own kommune first; nothing where it is the only one."""
    years = {quarter.year for quarter in context.chosen}
    records = [r for r in context.engine.records("SELECT * FROM yr_sammenlign") if not years or r["aar"] in years]
    if all(r["egen"] for r in records):
        return PartResult()
    records.sort(
        key=lambda r: (r["aar"], r["finansiering"], r["ydelse"] == "I alt", r["ydelse"], not r["egen"], r["kommune"])
    )
    rows = tuple(
        YrCompared(
            aar=str(r["aar"]),
            finansiering=r["finansiering"],
            ydelse=mask(r["ydelse"]),
            kommune=mask(r["kommune"]),
            bruttoudgift=r["bruttoudgift"],
            refusionspct=_percent(r["refusion"], r["bruttoudgift"]),
            medfinansieringspct=_percent(r["medfinansiering"], r["bruttoudgift"]),
        )
        for r in records
    )
    return PartResult(tables=(ResultTable("yr_sammenlign", YrCompared, rows),))


def _percent(part: Decimal | None, whole: Decimal) -> Decimal | None:
    return rounded(100 * Fraction(part) / Fraction(whole), 2) if part is not None and whole else None
