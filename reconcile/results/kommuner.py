"""What the overview of a run over several kommuner tells of each: a row, and its cells quarter by quarter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from decimal import Decimal

from reconcile.results.cases import ACCEPTED
from reconcile.results.cells import CELL, EIGHT
from reconcile.results.rows import RunResult, Severity


@dataclass(frozen=True)
class KommuneRow:
    """A kommune in ``kommuner.csv``.

    Cells are dst_kode × quarter; cases those of ``sager.csv`` but for the cells and the accepted ones, by their severity, with
    the persons and the kr. (``sagsbeloeb``) they are about. ``beloeb``: the ledger's kr. in the 8-tals kontrol;
    ``yr_bruttoudgift`` and ``yr_tab``: kr. in YR, and what faults have cost in refusion. None: the run has no such table.
    """

    kommune: str
    navn: str
    dom: str
    afslutningskode: int
    celler: int
    aabne_celler: int
    fejl: int
    advarsler: int
    oplysninger: int
    borgere: int
    sagsbeloeb: Decimal
    beloeb: Decimal | None
    yr_bruttoudgift: Decimal | None
    yr_tab: Decimal | None


COLUMNS = tuple(field.name for field in fields(KommuneRow))


@dataclass(frozen=True)
class QuarterCells:
    """The cells of a kommune in a quarter, and how many of them are open."""

    periode: str
    celler: int
    aabne: int


def kommune_row(result: RunResult, verdict: str) -> KommuneRow:
    """The row of a kommune; ``verdict`` is the sentence its report begins with."""
    table = result.table("sager")
    cases = [case for case in (table.rows if table else ()) if case.regel != CELL and case.status != ACCEPTED]
    by_severity = Counter(case.alvor for case in cases)
    return KommuneRow(
        kommune=result.kommune,
        navn=result.navn,
        dom=verdict,
        afslutningskode=result.exit_code,
        celler=len(_cells(result)),
        aabne_celler=result.open_cells,
        fejl=by_severity[Severity.ERROR],
        advarsler=by_severity[Severity.WARNING],
        oplysninger=by_severity[Severity.INFORMATION],
        borgere=len({case.borger for case in cases} - {None}),
        sagsbeloeb=sum((case.beloeb or Decimal(0) for case in cases), Decimal(0)),
        beloeb=_total(result, "ottetal", "oekonomi_beloeb"),
        yr_bruttoudgift=_total(result, "yr_uge", "total"),
        yr_tab=_total(result, "yr_tab", "tab"),
    )


def quarters(result: RunResult) -> tuple[QuarterCells, ...]:
    """The cells of a run, quarter by quarter."""
    every = Counter(period for _code, period in _cells(result))
    still_open = Counter(period for _code, period in result.cells)
    return tuple(QuarterCells(period, every[period], still_open[period]) for period in sorted(every))


def _cells(result: RunResult) -> set[tuple[str, str]]:
    tables = (result.table(name) for name in EIGHT)
    return {(row.dst_kode, row.periode) for table in tables if table for row in table.rows}


def _total(result: RunResult, name: str, column: str) -> Decimal | None:
    table = result.table(name)
    if table is None:
        return None
    return sum((getattr(row, column) or Decimal(0) for row in table.rows), Decimal(0))
