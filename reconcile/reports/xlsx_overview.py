"""The first sheet of the workbook: the verdict, what is in the other sheets, what to do, and each code's quarters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconcile.domain.codes import code_order
from reconcile.i18n import _, number
from reconcile.reports import labels
from reconcile.reports.labels import COMPARED, counted
from reconcile.reports.page_figures import importance
from reconcile.reports.page_findings import RuleHits
from reconcile.reports.verdict import hand07_cells, judge
from reconcile.reports.workbook import PRINTED_ROWS, ROWS_PER_SHEET, Book, Column, Link
from reconcile.reports.xlsx_names import named_figures
from reconcile.results.declared import TABLES, declared
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import Rule

QUARTERS = 12
_WIDTHS = (32, 58, 17, 20, 14, 34, 60, *(17,) * 7)
_TO_DO = 15
_ROW_HEIGHT = 20


@dataclass(frozen=True)
class Overview:
    """What the overview leads to: sheet names, the first row of each rule, the rules that were hit, the catalogue."""

    sheets: tuple[str, ...]
    first_rows: Mapping[str, int]
    hits: tuple[RuleHits, ...]
    rules: Mapping[str, Rule]


def write_overview(book: Book, result: RunResult, overview: Overview) -> None:
    """Write the sheet; it must be the first that is made."""
    sheet = book.sheet(_("Oversigt"), "guide")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = _top(book, sheet, result)
    row = _section(book, sheet, row, (_("Find vej"), "ark"), _contents(result, overview))
    if overview.hits:
        _chart(book, sheet, row, len(overview.hits[:_TO_DO]))
        table = _to_do(overview)
        for line, cells in enumerate(table[1], start=row + 2):
            sheet.set_row(line, 15 * -(-len(cells[-1]) // 55) or 15)
        row = _section(book, sheet, row, (_("Det skal I gøre"), "skal_goeres"), table)
    matrix = _matrix(result)
    if matrix[1]:
        first = row + 2
        row = _section(book, sheet, row, (_("HAND07 kvartal for kvartal"), "hand07_kvartaler"), matrix)
        book.colour_statuses(sheet, first, 2, row - 2, len(matrix[0]) - 1)
    row = _named_figures(book, sheet, row, result)
    sheet.write_string(row, 0, _printed(), book.formats["text"])
    row += 1
    sheet.write_string(row, 0, _("Tom grå celle: tallet mangler. «–»: nul."), book.formats["text"])
    sheet.write_string(row + 1, 0, _("Opsætning: {sum}").format(sum=result.config_hash), book.formats["text"])
    sheet.write_string(row + 2, 0, _("Regelsæt: {sum}").format(sum=result.rules_hash), book.formats["text"])


def _named_figures(book: Book, sheet: Any, row: int, result: RunResult) -> int:
    """The run's key figures, each with the defined name that formulas and other workbooks reach it by."""
    figures = named_figures(result)
    columns = [Column(_("Navn")), Column(_("Hvad")), Column(_("Tal"), "plain")]
    for line, figure in enumerate(figures, start=row + 2):
        book.name(figure.name, _("Oversigt"), line, 2)
    rows = [[figure.name, figure.what, figure.value] for figure in figures]
    return _section(
        book, sheet, row, (_("Tal med navn, til formler og andre projektmapper"), "koersel"), (columns, rows)
    )


def _printed() -> str:
    text = _(
        "Udskrift: de grønne og gule ark er til at læse og arbejde i og er med, højst {antal} rækker af hvert. De grå er bevis"
        " og er ikke med; ryd arkets udskriftsområde for at skrive ét ud."
    )
    return text.format(antal=number(PRINTED_ROWS))


def _top(book: Book, sheet: Any, result: RunResult) -> int:
    """Title, verdict and key figures; the row after them."""
    verdict = judge(result)
    place = f"{result.navn} ({result.kommune})" if result.navn else result.kommune
    title = " · ".join(filter(None, (place, labels.span(result.perioder), verdict.tag)))
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, title, book.formats["title"])
    sheet.set_row(1, 58)
    sheet.merge_range(1, 0, 1, 5, "", book.formats["verdict"])
    sheet.write_string(1, 0, verdict.headline, book.formats["verdict"])
    sheet.set_row(2, 34)
    sheet.merge_range(2, 0, 2, 5, "", book.formats["soft"])
    sheet.write_string(2, 0, verdict.lead, book.formats["soft"])
    if not result.quarantined:
        return 4
    text = counted(
        result.quarantined,
        _("Rapporten er uden {antal} række, der ikke kunne læses; den står i karantaene.csv."),
        _("Rapporten er uden {antal} rækker, der ikke kunne læses; de står i karantaene.csv."),
    )
    sheet.merge_range(3, 0, 3, 5, "", book.formats["warning"])
    sheet.write_string(3, 0, text, book.formats["warning"])
    return 5


def _section(
    book: Book, sheet: Any, row: int, named: tuple[str, str], table: tuple[list[Column], list[list[Any]]]
) -> int:
    """A heading and a table, whose name stands beside the heading in ``named``; the row after an empty line under it."""
    heading, name = named
    sheet.write_string(row, 0, heading, book.formats["section"])
    book.table(sheet, row + 1, *table, name)
    return row + len(table[1]) + 3


def _chart(book: Book, sheet: Any, row: int, count: int) -> None:
    """Hits per rule beside the contents; ``row`` is the heading of the table of what to do."""
    chart = book.chart("bar")
    first, last = row + 2, row + 1 + count
    chart.add_series(
        {
            "name": _("Sager pr. regel"),
            "categories": [_("Oversigt"), first, 0, last, 0],
            "values": [_("Oversigt"), first, 4, last, 4],
            "fill": {"color": "#2F74BA"},
            "data_labels": {"value": True, "font": {"size": 8}},
            "gap": 40,
        }
    )
    chart.set_title({"name": _("Sager pr. regel"), "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"none": True})
    small = {"size": 8}
    chart.set_y_axis(
        {"reverse": True, "line": {"none": True}, "major_tick_mark": "none", "interval_unit": 1, "num_font": small}
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_chartarea({"border": {"color": "#DDE2E8"}})
    # Beside the contents, whose sentences may be longer than their column, and never down over the table after them.
    chart.set_size({"width": 560, "height": min(80 + 18 * count, (row - 4) * _ROW_HEIGHT - 30)})
    sheet.insert_chart(4, 4, chart, {"x_offset": 24, "y_offset": 22, "description": _("Antal sager for hver regel")})


def kind_of(table: str) -> str:
    """What the sheet of a result table is for (``workbook.KINDS``)."""
    return "work" if table == "sager" else "read" if declared(table).printed else "evidence"


def _contents(result: RunResult, overview: Overview) -> tuple[list[Column], list[list[Any]]]:
    names = (*overview.sheets, _("Fund"), _("Regler"), _("Kilder"))
    if result.not_run or result.caveats:
        names = (*names, _("Forbehold"))
    told = {
        **{labels.sheet(table.name): _(table.description) for table in TABLES.values() if table.description},
        _("Diagrammer"): _("Beløb, sager efter hvem der handler, udvikling og broer: til en styregruppe"),
        _("Diagramtal"): _("Tallene, som diagrammerne er tegnet af"),
        _("Fund"): _("Alle fund; filtrér på «Hvem» for at se det, der er jeres"),
        _("Regler"): _("Hvad hver regel tester, hvorfor, og hvad et fund kræver"),
        _("Kilder"): _("Filer, rækker, alder og fingeraftryk"),
        _("Forbehold"): _("Det, der ikke kunne kontrolleres"),
    }
    columns = [Column(_("Ark")), Column(_("Indhold"))]
    return columns, [[Link(name, name), told.get(name, name)] for name in names]


def _to_do(overview: Overview) -> tuple[list[Column], list[list[Any]]]:
    columns = [
        Column(_("Regel")),
        Column(_("Hvad")),
        Column(labels.column("alvor"), "severity"),
        Column(_("Hvem")),
        Column(_("Sager"), "count"),
        Column(_("Omfang")),
        Column(_("Gør"), "wrap"),
    ]
    rows = []
    for hit in overview.hits[:_TO_DO]:
        rule = overview.rules.get(hit.id)
        first = overview.first_rows[hit.id]
        link = Link(hit.id, _("Fund"), first) if first <= ROWS_PER_SHEET else hit.id
        rows.append(
            [link, hit.title, hit.label.text, labels.word(rule.who) if rule else "", hit.cases, hit.scope, hit.remedy]
        )
    return columns, rows


def _matrix(result: RunResult) -> tuple[list[Column], list[list[Any]]]:
    """Codes × the newest quarters with a status word that leads to the cell's row in HAND07-diff."""
    cells = sorted(hand07_cells(result), key=importance)
    place = {(cell.dst_kode, cell.periode): (cell, number) for number, cell in enumerate(cells, start=1)}
    told = sorted({cell.periode for cell in cells if cell.status in COMPARED} or {cell.periode for cell in cells})
    periods: Sequence[str] = told[-QUARTERS:]
    rows: list[list[Any]] = []
    for code in sorted({cell.dst_kode for cell in cells}, key=code_order):
        row: list[Any] = [code, labels.code_name(code)]
        for period in periods:
            cell, number = place.get((code, period), (None, 0))
            row.append(Link(labels.status(cell.status).text, _("HAND07-diff"), number) if cell else "")
        rows.append(row)
    return [Column(_("Kode")), Column(_("Ydelse")), *(Column(period) for period in periods)], rows
