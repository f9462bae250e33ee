"""The fodkontrol as a page: the table as printed with the wrong cells marked, and in the margins what does not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reconcile.domain.cpr import mask
from reconcile.i18n import _, language
from reconcile.reports.page_footing import number, summary
from reconcile.reports.templating import environment
from reconcile.resources import TEMPLATES
from reconcile.results.footing import Footing, Miss, Suspect

#: A longer table is shown by the rows that have something marked.
MOST_ROWS = 500


@dataclass(frozen=True)
class MarkedCell:
    """A cell as printed; ``should`` is what would foot where it is wrong, else empty."""

    text: str
    should: str = ""


@dataclass(frozen=True)
class MarkedRow:
    """A row: its name, its cells, and in the margin the sums along it that fail."""

    name: str
    total: bool
    cells: tuple[MarkedCell, ...]
    margin: tuple[str, ...]


@dataclass(frozen=True)
class MarkedTable:
    """The table: names of the columns, rows, and under each column the sums down it that fail; ``left_out`` rows have no mark."""

    columns: tuple[str, ...]
    rows: tuple[MarkedRow, ...]
    margins: tuple[tuple[str, ...], ...]
    left_out: int


def footing_html(result: Footing) -> str:
    """The page of a judged table; everything escaped, texts masked for CPR numbers."""
    verdict, *notes = summary(result)
    page = environment().get_template("footing.html.j2")
    return page.render(
        lang=language(),
        css="".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("rapport.css", "footing.css")),
        name=mask(result.table.grid.name),
        verdict=verdict,
        notes=notes,
        table=marked(result),
    )


def marked(result: Footing) -> MarkedTable:
    """The rows and columns of the table with their marks."""
    table, grid = result.table, result.table.grid
    wrong = {(s.row.number, s.column.number): s for s in result.suspects}
    along: dict[int, list[str]] = defaultdict(list)
    down: dict[int, list[str]] = defaultdict(list)
    for miss in result.misses:
        if miss.direction == "row":
            along[miss.row.number].append(_margin_sentence(result, miss, miss.column.name))
        else:
            down[miss.column.number].append(_margin_sentence(result, miss, miss.row.name))
    touched = {*along, *(row for row, _column in wrong), *(m.row.number for m in result.misses)}
    shown = [
        (line, cells)
        for line, cells in zip(table.rows, table.cells, strict=True)
        if len(table.rows) <= MOST_ROWS or line.number in touched
    ]

    def cell(text: str, suspect: Suspect | None) -> MarkedCell:
        """A cell's text, masked, with the value that would foot where it is suspect."""
        should = "" if suspect is None else number(grid, suspect.expected, suspect.decimals, suspect.cell)
        return MarkedCell(mask(text), should)

    rows = tuple(
        MarkedRow(
            line.name,
            line.total,
            tuple(
                cell(printed.text, wrong.get((line.number, column.number)))
                for column, printed in zip(table.columns, cells, strict=True)
            ),
            tuple(along[line.number]),
        )
        for line, cells in shown
    )
    margins = tuple(tuple(down[column.number]) for column in table.columns)
    return MarkedTable(tuple(_names(result)), rows, margins, len(table.rows) - len(shown))


def _names(result: Footing) -> Iterable[str]:
    return (column.name for column in result.table.columns)


def _margin_sentence(result: Footing, miss: Miss, total: str) -> str:
    """What a margin says of a sum: its total cell, what the parts give, and whether a marked cell explains it."""
    expected = number(result.table.grid, miss.expected, miss.decimals, miss.cell)
    facts = {"total": total, "trykt": mask(miss.cell.text) or _("(tom)"), "delene": expected}
    if miss.located:
        return _("«{total}» er {trykt}, delene giver {delene}; den markerede celle forklarer det").format(**facts)
    return _("«{total}» er {trykt}, delene giver {delene}").format(**facts)
