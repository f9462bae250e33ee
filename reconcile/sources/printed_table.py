"""What a printed table says: its rows and columns with group, label and kind, and the cells where they cross.

Comes in: a grid of cells. Goes out: a Table. Which line is the sum of which others is found in footing_sums.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reconcile.domain.cpr import mask
from reconcile.i18n import _
from reconcile.results.footing import Grid, Line, Table, is_total
from reconcile.sources.printed_layout import PIVOT_WORDS, Layout, find_layout, no_figures

# «20 pct.» and «Løntilskud 50 %» are steps and rates with people and money on them; «Refusion i pct.» is a percentage.
_PERCENT = r"(?<![0-9])(?<![0-9] )(?:%|pct\b|procent|\bpercent)"
_MONTH = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)"
# Persons or kroner a month add up over ydelser; a price a month does not.
_TIME = r"(?:måned|kvartal|uge|år)\b"
_AVERAGE_COLUMN = re.compile(
    rf"\bind(?:eks|ex)\b|(?:pris|takst)\w* p(?:r\.?|er) |"
    rf"gennemsnit|\bsnit\b|\bgns\b|andel\b|{_PERCENT}|(?<!ind)sats(?:er)?\b|\bavg\b|\baverage\b|\bmedian|\bunikke?\b|"
    rf"\bp(?:r\.?|er) (?!{_MONTH}|{_TIME})(?:[a-zæøå]|1\.?0{{2,}}\b|10\.000)",
    re.IGNORECASE,
)
_AVERAGE_ROW = re.compile(
    rf"^(?:gennemsnit|gns\b|snit\b|andel\b|procent|pct\b|%|average)|gennemsnit|{_PERCENT}\.?$", re.IGNORECASE
)
_KEY = re.compile(
    r"^(?:år|uge|måned|kvartal|periode|dato|konto|funktion|cpr.*|.*(?:kode|nummer|nr\.?|\bid))$", re.IGNORECASE
)

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def read_table(grid: Grid, averages: Sequence[str] = ()) -> Table:
    """The largest table in the grid; ``averages`` names columns that are averages or percentages.

    Raises InputError, with file, row, column and value, where there is no table or a figure is not a Danish number.
    """
    layout = find_layout(grid)
    figures = list(layout.figures)
    names = _column_names(grid, layout)
    while len(figures) > 1 and _is_key(grid, layout, figures[0], names[0][1]):
        figures, names = figures[1:], names[1:]
    columns = tuple(_column(grid, layout, c, name, averages) for c, name in zip(figures, names, strict=True))
    _refuse_unknown(grid, columns, averages)
    rows = tuple(_rows(grid, layout, figures))
    if not rows:
        raise no_figures(grid)
    cells = tuple(tuple(grid.rows[row.number - 1][c] for c in figures) for row in rows)
    for row, printed in zip(rows, cells, strict=True):
        for column, cell in zip(columns, printed, strict=True):
            if cell.malformed:
                reason = _("er ikke et dansk tal; skriv det som 1.234,50, eller lad cellen være tom.")
                raise grid.problem(row.number, column.name, cell.text, reason)
    return Table(grid, rows, columns, cells, layout.more_tables, _titles(grid, layout))


def _titles(grid: Grid, layout: Layout) -> tuple[str, ...]:
    """What stands above the header, and in it over the labels or over every column alike."""
    top = layout.headers[0] if layout.headers else layout.body
    above = [cell.text for row in grid.rows[:top] for cell in row if cell.text]
    beside = [cell.text for i in layout.headers for cell in grid.rows[i][: layout.figures[0]] if cell.text]
    levels = [{grid.rows[i][c].text for c in layout.figures} - {""} for i in layout.headers[:-1]]
    captions = [text for level in levels if len(level) == 1 for text in level]
    return tuple(mask(text) for text in (*above, *captions, *beside))


def _column_names(grid: Grid, layout: Layout) -> list[tuple[str, str]]:
    """(group, label) of each figure column; a merged header cell stands for the blank ones to its right."""
    levels = []
    for index in layout.headers[:-1]:
        texts: list[str] = []
        for place in layout.figures:
            text = grid.rows[index][place].text
            texts.append(text or (texts[-1] if texts else ""))
        # A level that says the same over every column is a caption, and so is Excel's «Column Labels».
        if len(set(texts)) > 1:
            levels.append(["" if PIVOT_WORDS.match(text) else text for text in texts])
    names = []
    for i, place in enumerate(layout.figures):
        tops = list(dict.fromkeys(level[i] for level in levels if level[i]))
        label = grid.rows[layout.headers[-1]][place].text if layout.headers else ""
        label = label or (tops.pop() if tops else _("kolonne {number}").format(number=place + 1))
        names.append((" / ".join(top for top in tops if top != label), label))
    return names


def _is_key(grid: Grid, layout: Layout, place: int, header: str) -> bool:
    """A leading column of years, codes or accounts: a label in figures, empty where the totals stand."""
    if is_total(header):
        return False
    rows = grid.rows[layout.body : layout.last + 1]
    if _KEY.match(header) and all(_YEAR.fullmatch(row[place].text) for row in rows):
        return True  # a list has its year beside every figure, also beside the totals
    totals = [row for row in rows if any(is_total(cell.text) for cell in row[:place])]
    return all(row[place].empty for row in totals) and bool(totals or _KEY.match(header))


def _column(grid: Grid, layout: Layout, place: int, name: tuple[str, str], averages: Sequence[str]) -> Line:
    group, label = name
    cells = [row[place] for row in grid.rows[layout.body : layout.last + 1] if row[place].number is not None]
    line = Line(place + 1, mask(label), mask(group))
    signs = bool(cells) and sum(cell.percent for cell in cells) * 2 >= len(cells)
    worded = bool(_AVERAGE_COLUMN.search(label)) or bool(_AVERAGE_COLUMN.search(group))
    average = signs or worded or any(_names(line, given) for given in averages)
    return Line(line.number, line.label, line.group, average=average)


def _names(line: Line, given: str) -> bool:
    """Whether the user's --procent text means this column: its label, or group and label."""
    wanted = " ".join(mask(given).split()).casefold()
    return wanted in (line.label.casefold(), line.name.casefold())


def _refuse_unknown(grid: Grid, columns: Sequence[Line], averages: Sequence[str]) -> None:
    for given in averages:
        if not any(_names(line, given) for line in columns):
            reason = _("--procent «{name}» er ikke en talkolonne i tabellen; den har: {names}.")
            shown = ", ".join(f"«{line.name}»" for line in columns)
            raise grid.problem(0, "", "", reason.format(name=given, names=shown))


def _rows(grid: Grid, layout: Layout, figures: Sequence[int]) -> list[Line]:
    """The rows with figures. A label left blank before another one means «as above»; a heading names a group."""
    lines: list[Line] = []
    labels = range(figures[0])
    above = [""] * len(labels)
    heading, headed = "", -1
    for index in range(layout.body, layout.last + 1):
        row = grid.rows[index]
        own = printed = ["" if row[c].empty else row[c].text for c in labels]
        if not any(row[c].text for c in figures):
            heading, headed = next((text for text in own if text), heading), index
            continue
        total = any(is_total(text) for text in own)
        if total and headed == index - 1:
            heading = ""  # a row that happens to be empty, as a pivot's «(blank)», heads nothing
        if any(own[1:]):
            # Blank label cells are filled from above, but only those to the left of what the row says itself.
            given = next(i for i, text in enumerate(own) if text)
            own = above[:given] + own[given:]
        above = [""] * len(labels) if total else own
        group = " / ".join(text for text in own[:-1] if text)
        label = own[-1]
        if total and not is_total(label):
            group, label = "", " / ".join(text for text in own if text)
        line = _row(index, group or heading, label, row[0].indent)
        lines.append(replace(line, labels=tuple(mask(text) for text in printed)))
        heading = "" if total else heading
    return lines


def _row(index: int, group: str, label: str, indent: int) -> Line:
    average = bool(_AVERAGE_ROW.search(label)) and not is_total(label)
    return Line(index + 1, mask(label), mask(group), indent, average)
