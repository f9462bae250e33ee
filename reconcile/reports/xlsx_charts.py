"""The workbook's charts: kr. per ydelse, cases by who acts, the trend of every ydelse, and the bridge of each that differs.

Excel draws them from a table of its own, ``diagramtal``: a block of rows for each chart, a column for each series.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconcile.domain.codes import code_order
from reconcile.i18n import _
from reconcile.reports import counts, labels, page_figures, page_money, xlsx_noegletal
from reconcile.reports.drawing import WATERFALL, Drawing, Points, waterfall_points
from reconcile.reports.labels import SEVERITIES, severity
from reconcile.reports.verdict import hand07_cells
from reconcile.reports.workbook import Book, Column
from reconcile.results.noegletal import INTERVALS
from reconcile.results.rows import RunResult, Severity

#: The newest quarters of a trend; how many ydelser have a chart of each kind.
QUARTERS, CHARTS = 12, 24
#: More bars than this have their names in smaller letters.
_ROOMY = 5
#: In pixels: a row, all the charts beside each other (21 columns), and how tall charts are by how many stand beside each other.
_ROW, _WIDTH, _HEIGHTS = 20, 1344, {2: 260, 3: 240, 4: 200}
#: The rows that go on a landscape A4 page at the scale in pct. at which the charts are no wider than it, also where the font
#: of the workbook is missing and another makes columns a fourth wider.
_PAGE, _SCALE = 56, 60
_COLOURS = {
    "dst": "#18212C", "flis": "#2A7F54", "fagsystem": "#2F74BA", "niveau": "#A9B8C9", "fald": "#7FAEDD",
    "stigning": "#2A7F54", "rest": "#E0796F", "kr": "#2F74BA", "fejl": "#E0796F", "advarsel": "#D79A2B",
    "information": "#8B96A3", "modtagere": "#2F74BA", "borgere": "#2F74BA", "tilgang": "#2A7F54", "afgang": "#7FAEDD",
    **dict(zip(INTERVALS, ("#D5E4F3", "#A9CBEB", "#7FAEDD", "#4C8CCB", "#2F5F95", "#E0796F"), strict=True)),
}  # fmt: skip


@dataclass(frozen=True)
class Gallery:
    """The charts of a run, in the order they are shown: the two of everything, the nøgletal, then those of one ydelse each."""

    whole: tuple[Drawing, ...] = ()
    figures: tuple[Drawing, ...] = ()
    trends: tuple[Drawing, ...] = ()
    bridges: tuple[Drawing, ...] = ()
    drawings: tuple[Drawing, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "drawings", (*self.whole, *self.figures, *self.trends, *self.bridges))

    @property
    def series(self) -> list[str]:
        """The series of all charts, in the order of the table's columns."""
        return list(dict.fromkeys(name for drawing in self.drawings for name in drawing.series))


def gallery(result: RunResult) -> Gallery:
    """The charts that a run has figures for."""
    return Gallery(
        tuple(_whole(result)),
        tuple(xlsx_noegletal.drawings(result))[:CHARTS],
        tuple(_trends(result))[:CHARTS],
        tuple(_bridges(result))[:CHARTS],
    )


def _whole(result: RunResult) -> Iterator[Drawing]:
    if money := page_money.money(result):
        spent: Points = tuple((line.code, {"kr": line.amount}) for line in money.lines[:-1])
        yield Drawing("column", _("Økonomi, kr. pr. ydelse"), ("kr",), spent)
    owners: dict[str, Counter[Severity]] = {}
    for case in counts.cases(result):
        owners.setdefault(labels.word(case.hvem) if case.hvem else _("ikke fordelt"), Counter())[case.alvor] += 1
    if owners:
        points: Points = tuple(
            (who, {str(grade): owners[who][grade] for grade in SEVERITIES if owners[who][grade]}) for who in owners
        )
        yield Drawing("bar", _("Sager efter hvem der handler"), tuple(map(str, SEVERITIES)), points, stacked=True)


def _trends(result: RunResult) -> Iterator[Drawing]:
    cells = {(cell.dst_kode, cell.periode): cell for cell in hand07_cells(result)}
    periods = sorted({period for _code, period in cells})[-QUARTERS:]
    for code in sorted({code for code, _period in cells}, key=code_order) if len(periods) > 1 else ():
        series = ("dst", "flis", "fagsystem")
        points = tuple(
            (period, {name: value for name in series if cell and (value := getattr(cell, name)) is not None})
            for period in periods
            for cell in [cells.get((code, period))]
        )
        shown = tuple(name for name in series if any(name in values for _period, values in points))
        if shown:
            yield Drawing("line", f"{code} {labels.code_name(code)}", shown, points)


def _bridges(result: RunResult) -> Iterator[Drawing]:
    """The bridge of the cell that matters most, for each ydelse that differs."""
    seen = set()
    for cell, steps in page_figures.differing(result):
        if cell.dst_kode in seen:
            continue
        seen.add(cell.dst_kode)
        points = tuple(waterfall_points(page_figures.levels(steps)))
        lowest = min(values["niveau"] if "niveau" in values else values["skjult"] for _label, values in points)
        least = int(lowest) * 9 // 10 if lowest > 20 else 0
        title = f"{cell.dst_kode} · {cell.periode}"
        text = _("{celle} (aksen begynder ved {tal})").format(celle=title, tal=least) if least else title
        yield Drawing("column", text, WATERFALL, points, stacked=True, least=least)


def write_charts(book: Book, shown: Gallery) -> None:
    """The sheet of charts; it reads the table that ``write_figures`` makes."""
    sheet = book.sheet(_("Diagrammer"), kind="read")
    sheet.write_string(0, 0, _("Diagrammer"), book.formats["title"])
    row, first = 2, 1
    for heading, drawings, across in (
        (_("Beløb og sager"), shown.whole, 2),
        (_("Nøgletal"), shown.figures, 3),
        (_("Udvikling: modtagere hos Danmarks Statistik, i FLIS og i fagsystemet"), shown.trends, 4),
        (_("Bro fra jeres udtræk til Danmarks Statistik, det vigtigste kvartal for hver ydelse"), shown.bridges, 3),
    ):
        width, height = _WIDTH // across, _HEIGHTS[across]
        for number, drawing in enumerate(drawings):
            if not number % across:
                row = _on_one_page(row, -(-height // _ROW) + (0 if number else 1))
                if not number:
                    sheet.write_string(row, 0, heading, book.formats["section"])
                    row += 1
            chart = _chart(book, drawing, first, shown.series)
            chart.set_size({"width": width - 6, "height": height - 8})
            place = {"x_offset": number % across * width, "y_offset": 4, "description": drawing.title}
            sheet.insert_chart(row, 0, chart, place)
            first += len(drawing.points)
            if number % across == across - 1 or drawing is drawings[-1]:
                row += -(-height // _ROW)
        row += 1 if drawings else 0
    sheet.set_print_scale(_SCALE)  # Excel leaves page breaks out where it fits a sheet to the page itself
    sheet.center_horizontally()
    sheet.set_h_pagebreaks(list(range(_PAGE, row, _PAGE)))
    sheet.print_area(0, 0, row, _WIDTH // 64 - 1)


def _on_one_page(row: int, deep: int) -> int:
    """The row where something ``deep`` rows deep begins, so that no page ends in it."""
    return row if row % _PAGE + deep <= _PAGE else row + _PAGE - row % _PAGE


def _chart(book: Book, drawing: Drawing, first: int, columns: Sequence[str]) -> Any:
    chart = book.chart(drawing.kind, stacked=drawing.stacked)
    name, last = _("Diagramtal"), first + len(drawing.points) - 1
    for series in drawing.series:
        column = 2 + columns.index(series)
        line = drawing.kind == "line"
        colour = {"color": _COLOURS[series]} if series in _COLOURS else {"none": True}
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, first, 1, last, 1],
                "values": [name, first, column, last, column],
                **(
                    {"line": {**colour, "width": 2.0}}
                    if line
                    else {"fill": colour, "border": {"none": True}, "gap": 40}
                ),
                **(
                    {"data_labels": {"value": True, "font": {"size": 8}}}
                    if series not in ("skjult", "kr") and not line
                    else {}
                ),
            }
        )
    small = {"size": 8}
    chart.set_title({"name": drawing.title, "name_font": {"size": 10, "bold": True}, "overlay": False})
    many = len(drawing.series) > 1 and "skjult" not in drawing.series
    chart.set_legend({"position": "bottom", "font": small} if many else {"none": True})
    grid = {"visible": True, "line": {"color": "#E9EDF1"}}
    values = {"num_font": small, "major_gridlines": grid, "num_format": "#,##0", "line": {"none": True}}
    bars = drawing.kind == "column"
    below = any(value < 0 for _label, values in drawing.points for value in values.values())
    least = {"min": drawing.least} if bars and not below else {}  # a bar that does not begin at 0 says so in its title
    if drawing.kind == "bar":
        chart.set_y_axis({"reverse": True, "num_font": small})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    else:
        names = {"size": 7} if bars and len(drawing.points) > _ROOMY else small
        chart.set_x_axis({"num_font": names, "label_position": "low"})
        chart.set_y_axis({**values, **least})
    chart.set_chartarea({"border": {"color": "#DDE2E8"}})
    chart.show_blanks_as("gap")
    return chart


def _heading(series: str) -> str:
    """What a series is called in the legend."""
    own = {
        "skjult": _("Under søjlen"),
        "niveau": _("Niveau"),
        "fald": _("Fald"),
        "stigning": _("Stigning"),
        "kr": _("Kr."),
    }
    own |= {grade: severity(grade).text for grade in SEVERITIES}
    own |= {name: _("{interval} dage").format(interval=name) for name in INTERVALS}
    return own.get(series) or labels.column(series)


def write_figures(book: Book, shown: Gallery) -> None:
    """The table that the charts are drawn from."""
    columns = [
        Column(_("Diagram"), widest=40),
        Column(_("Punkt"), widest=30),
        *(Column(_heading(name)) for name in shown.series),
    ]
    rows = [
        [drawing.title, label, *(values.get(name, "") for name in shown.series)]
        for drawing in shown.drawings
        for label, values in drawing.points
    ]
    book.table_sheets(_("Diagramtal"), columns, rows, frozen=2, table="diagramtal")
