"""The own kommune beside a named group and the country, like with like: every figure is a published one.

A printed comparison seldom says whether its average is the mean of ratios or the ratio of sums; both are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from reconcile.controls.noegletal_basis import COUNTRY, Area, Basis, areas, price_level, spent, total
from reconcile.controls.noegletal_pris import per
from reconcile.domain.exact import rounded
from reconcile.reference import kommuner
from reconcile.results.flis import Comparison
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

#: The figures: name, what is above (by its source), what is below, and what the ratio is multiplied by.
_FIGURES = (
    ("kr_pr_indbygger", "regnskab", "befolkning", 1),
    ("helaarsmodtagere_pr_1000", "hand01", "befolkning", 1000),
    ("kr_pr_helaarsmodtager", "regnskab", "hand01", 1),
    ("modtagere_pr_1000", "hand07", "befolkning", 1000),
)
#: The kommuner in a source are the country when so many of the 98 have the figure: some quarters are never approved.
_THE_COUNTRY = 90


class Pair(NamedTuple):
    """What a ratio is made of."""

    above: Fraction
    below: Fraction


def averages(pairs: Sequence[Pair], scale: int) -> tuple[Decimal | None, Decimal | None]:
    """The mean of the ratios and the ratio of the sums, two decimals; None for no pair."""
    if not pairs:
        return None, None
    mean = sum((pair.above / pair.below for pair in pairs), Fraction(0)) / len(pairs)
    whole = sum((pair.above for pair in pairs), Fraction(0)) / sum((pair.below for pair in pairs), Fraction(0))
    return rounded(scale * mean, 2), rounded(scale * whole, 2)


def tables(context: Context, basis: Basis) -> list[ResultTable]:
    """``sammenligning``; none where the published sources hold nobody but the own kommune."""
    found = tuple(_compared(context, basis))
    others = any(row.gruppe_kommuner or row.landet_kommuner or row.landet_samlet is not None for row in found)
    return [ResultTable("sammenligning", Comparison, found)] if others else []


def _compared(context: Context, basis: Basis) -> Iterator[Comparison]:
    quarter = context.noegletal.befolkningskvartal
    for year in sorted({year for _kommune, year in basis.people}):
        for area in areas(context):
            for name, above, below, scale in _FIGURES:
                pairs = _pairs(basis, year, area, above, below)
                if not pairs:
                    continue
                own = pairs.get(context.kommune)
                group = [pairs[kommune] for kommune in context.noegletal.gruppe if kommune in pairs]
                made: tuple[Any, ...] = (year, area.gruppe, area.omraade, name)
                made += (per(scale * own.above, own.below) if own else None, *averages(group, scale), len(group))
                made += (*_country(pairs, scale), area.funktioner, f"{year}{quarter}", price_level(context))
                yield Comparison(*made)


def _country(pairs: Mapping[str, Pair], scale: int) -> tuple[Decimal | None, Decimal | None, int]:
    each = [pair for kommune, pair in pairs.items() if kommune in kommuner()]
    mean, whole = averages(each, scale) if len(each) >= _THE_COUNTRY else (None, None)
    printed = pairs.get(COUNTRY[0])
    return mean, per(scale * printed.above, printed.below) if printed else whole, len(each) if mean is not None else 0


def _pairs(basis: Basis, year: str, area: Area, above: str, below: str) -> dict[str, Pair]:
    """By kommune (and the country's own row) what the ratio is made of; those who lack a part are not in it."""
    found = {}
    for kommune in sorted({kommune for kommune, at in basis.people if at == year}):
        over, under = (_figure(basis, source, kommune, year, area) for source in (above, below))
        if over is not None and under:
            found[kommune] = Pair(over, under)
    return found


def _figure(basis: Basis, source: str, kommune: str, year: str, area: Area) -> Fraction | None:
    if source == "befolkning":
        return Fraction(basis.people[kommune, year])
    if source == "regnskab":
        return spent(basis, source, kommune, year, area.parts)
    if source == "hand07" and len(area.parts) > 1:  # persons of several codes are no sum
        return None
    return total(basis.full if source == "hand01" else basis.recipients, source, kommune, year, area.parts)
