"""``rapport.xlsx`` of a run over several kommuner: the table of the overview, the cells quarter by quarter, the caveats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.i18n import _
from reconcile.reports.workbook import Book, Column
from reconcile.results.kommuner import COLUMNS

if TYPE_CHECKING:
    from reconcile.reports.page_kommuner import Overview


def write_kommuner(overview: Overview, path: Path) -> None:
    """Write the workbook."""
    with Book(path) as book:
        rows = [[getattr(row, name) for name in COLUMNS] for row in overview.rows]
        book.table_sheets(_("Kommunerne"), _columns(), rows, frozen=2, table="kommuner", kind="guide")
        cells = [
            [row.kommune, row.navn, quarter.periode, quarter.celler, quarter.aabne]
            for row, quarters in zip(overview.rows, overview.quarters, strict=True)
            for quarter in quarters
        ]
        headings = (_("Kommune"), _("Navn"), _("Periode"), _("Celler"), _("Åbne celler"))
        book.table_sheets(_("Celler"), [Column(heading) for heading in headings], cells, frozen=2, table="celler")
        caveats = [[text] for text in overview.caveats]
        book.table_sheets(_("Forbehold"), [Column(_("Forbehold"), "wrap", 100)], caveats, table="forbehold")


def _columns() -> list[Column]:
    """A column for each of ``COLUMNS``, with the headings of the page."""
    headings = {
        "kommune": _("Kommune"),
        "navn": _("Navn"),
        "dom": _("Dom"),
        "afslutningskode": _("Afslutningskode"),
        "celler": _("Celler"),
        "aabne_celler": _("Åbne celler"),
        "fejl": _("Sager, fejl"),
        "advarsler": _("Sager, advarsel"),
        "oplysninger": _("Sager, oplysning"),
        "borgere": _("Borgere"),
        "sagsbeloeb": _("I sagerne, kr."),
        "beloeb": _("Regnskab, kr."),
        "yr_bruttoudgift": _("YR brutto, kr."),
        "yr_tab": _("YR tab, kr."),
    }
    return [Column(headings[name], "wrap" if name == "dom" else "") for name in COLUMNS]
