"""FLIS' eight key figures on VH data and the areas behind them, with what they rest on printed in every row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls.noegletal_basis import ALL, Area, Basis, areas, price_level, spent
from reconcile.controls.noegletal_pris import per
from reconcile.domain.exact import rounded
from reconcile.i18n import N_
from reconcile.results.flis import FlisArea, FlisFigure
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

_SUPPORTED = ("SEL § 107", "SEL § 108", "SEL § 85/ABL § 105", "SEL § 85")
#: The eight: the name in FLIS, the areas whose spending or recipients it counts, and what they are divided by.
_EIGHT = (
    (N_("Udgifter til botilbud og socialpædagogisk bistand pr. 18-64-årig"), _SUPPORTED, "indbygger"),
    (N_("Udgifter til længerevarende botilbud (§ 108) pr. 18-64-årig"), ("SEL § 108",), "indbygger"),
    (N_("Udgifter til socialpædagogisk bistand i eget hjem (§ 85) pr. 18-64-årig"), ("SEL § 85",), "indbygger"),
    (N_("Udgifter til midlertidige botilbud (§ 107) pr. 18-64-årig"), ("SEL § 107",), "indbygger"),
    (N_("Udgifter til voksne handicappede og udsatte grupper pr. 18-64-årig"), (ALL,), "indbygger"),
    (N_("Gennemsnitsudgift til modtagere af botilbud eller socialpædagogisk støtte"), _SUPPORTED, "modtager"),
    (N_("Modtagere af længerevarende ophold pr. 1.000 18-64-årige"), ("SEL § 108",), "pr. 1.000"),
    (N_("Modtagere af midlertidigt ophold pr. 1.000 18-64-årige"), ("SEL § 107",), "pr. 1.000"),
)


def tables(context: Context, source: str, basis: Basis) -> list[ResultTable]:
    """``flis_noegletal`` and ``flis_omraader``; none without inhabitants and amounts."""
    if not (context.has("befolkning") or context.has("oekonomi") or context.has("regnskab")):
        return []
    own = _Own(context, source, basis)
    return [
        ResultTable("flis_noegletal", FlisFigure, tuple(own.figures())),
        ResultTable("flis_omraader", FlisArea, tuple(own.areas())),
    ]


class _Own:
    """The own kommune's figures: counts from its courses, amounts from the ledger where it has the whole year, else REGK31."""

    def __init__(self, context: Context, source: str, basis: Basis) -> None:
        self.context, self.source, self.basis = context, source, basis
        self.rows = areas(context)

    def _money(self, year: str) -> str:
        for source in ("oekonomi", "regnskab"):
            if (source, self.context.kommune, year) in self.basis.booked:
                return source
        return ""

    def _spent(self, year: str, parts: tuple[str, ...]) -> Fraction | None:
        source = self._money(year)
        return spent(self.basis, source, self.context.kommune, year, parts) if source else None

    def _full(self, year: str, parts: tuple[str, ...]) -> Fraction:
        counted = self.basis.full
        return sum(
            (counted.get(("egne", self.context.kommune, year, part), Fraction(0)) for part in parts), Fraction(0)
        )

    def figures(self) -> Iterator[FlisFigure]:
        """The eight of each year."""
        for year in self.basis.years:
            people = self.basis.own_people.get(year)
            for number, (name, parts, divisor) in enumerate(_EIGHT, start=1):
                recipients = divisor == "pr. 1.000"
                above = self._full(year, parts) if recipients else self._spent(year, parts)
                below = self.basis.supported.get(year, Fraction(0)) if divisor == "modtager" else people
                scaled = None if above is None else above * (1000 if recipients else 1)
                made: tuple[Any, ...] = (year, number, name, _written(above, 4 if recipients else 2))
                made += (
                    _written(below, 4 if divisor == "modtager" else 0),
                    per(scaled, below),
                )
                made += ("pr. 1.000" if recipients else "kr.", "" if recipients else self._money(year))
                made += (
                    self.source if recipients or divisor == "modtager" else "",
                    "" if recipients else self._on(parts),
                )
                made += self._parameters(year, used=divisor != "modtager")
                yield FlisFigure(*made)

    def _on(self, parts: tuple[str, ...]) -> str:
        accounts = {row.omraade or row.gruppe: row.funktioner for row in self.rows}
        return ", ".join(accounts[part] for part in parts)

    def _parameters(self, year: str, *, used: bool = True) -> tuple[str, str]:
        return f"{year}{self.context.noegletal.befolkningskvartal}" if used else "", price_level(self.context)

    def areas(self) -> Iterator[FlisArea]:
        """Each group and area of each year."""
        for year in self.basis.years:
            for row in self.rows:
                yield self._area(year, row)

    def _area(self, year: str, row: Area) -> FlisArea:
        people, spent = self.basis.own_people.get(year), self._spent(year, row.parts)
        full = None if row.gruppe == ALL else self._full(year, row.parts)
        made: tuple[Any, ...] = (year, row.gruppe, row.omraade, _written(spent, 2), _written(full, 4), people)
        made += (per(spent, people), None if full is None else per(1000 * full, people))
        made += (per(spent, full), self._money(year))
        made += ("" if full is None else self.source, row.funktioner)
        made += self._parameters(year)
        return FlisArea(*made)


def _written(value: Fraction | int | None, decimals: int) -> Decimal | None:
    return None if value is None else rounded(Fraction(value), decimals)
