"""Tables for the fodkontrol: text to grid, and any table made right, in the ways people and pivots write them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from reconcile.controls.footing import foot
from reconcile.results.footing import Cell, Footing, Grid
from reconcile.sources.printed import cell_from_text


def grid(text: str) -> Grid:
    lines = text.strip("\n").splitlines()
    rows = [
        [cell_from_text(part.rstrip() if i == 0 else part.strip()) for i, part in enumerate(line.split(";"))]
        for line in lines
    ]
    width = max(len(row) for row in rows)
    return Grid("tabel.csv", tuple(tuple(row + [Cell("")] * (width - len(row))) for row in rows))


def judge(text: str, tolerance: str = "1", averages: Sequence[str] = ()) -> Footing:
    return foot(grid(text), Decimal(tolerance), averages)


def suspects(result: Footing) -> list[tuple[str, str, str, Decimal]]:
    return [(s.row.name, s.column.name, s.cell.text, s.expected) for s in result.suspects]


def misses(result: Footing) -> list[tuple[str, str, str]]:
    return [(m.direction, m.row.name, m.column.name) for m in result.misses]


@dataclass(frozen=True)
class Made:
    """A table made right: header rows, label columns and figures; ``body`` are the places that are no totals."""

    headers: list[list[str]]
    labels: list[list[str]]
    figures: list[list[int]]
    body: list[tuple[int, int]]

    def text(self, decimals: int = 0) -> str:
        def danish(value: int) -> str:
            text = f"{Decimal(value).scaleb(-decimals):,.{decimals}f}"
            return text.replace(",", "_").replace(".", ",").replace("_", ".")

        rows = [*self.headers]
        rows += [[*label, *map(danish, row)] for label, row in zip(self.labels, self.figures, strict=True)]
        return "\n".join(";".join(row) for row in rows)

    def changed(self, row: int, column: int, by: int) -> Made:
        figures = [list(line) for line in self.figures]
        figures[row][column] += by
        return replace(self, figures=figures)


def axis(groups: Sequence[int], two_levels: bool) -> list[tuple[str, str, list[int]]]:
    """(group, label, the leaves it adds up) in print order; a leaf adds up itself."""
    lines: list[tuple[str, str, list[int]]] = []
    leaf = 0
    for g, size in enumerate(groups):
        leaves = list(range(leaf, leaf + size))
        lines += [(f"G{g}", f"p{i}", [i]) for i in leaves]
        leaf += size
        if two_levels:
            lines.append((f"G{g} i alt", "", leaves))
    return [*lines, ("Hovedtotal", "", list(range(leaf)))]


@st.composite
def made_tables(draw: st.DrawFn, two_rows: bool | None = None, two_columns: bool | None = None) -> Made:
    """A right table with one or two levels of rows and of columns, and figures of every size."""
    two_rows = draw(st.booleans()) if two_rows is None else two_rows
    two_columns = draw(st.booleans()) if two_columns is None else two_columns
    sizes = st.lists(st.integers(2, 4), min_size=2, max_size=3)
    rows, columns = axis(draw(sizes), two_rows), axis(draw(sizes), two_columns)
    rng = random.Random(draw(st.integers(0, 10**6)))
    high = draw(st.sampled_from([9, 300, 10**6]))
    count = (len(rows[-1][2]), len(columns[-1][2]))
    leaves = [[rng.randint(-high // 3, high) for _ in range(count[1])] for _ in range(count[0])]
    figures = [[sum(leaves[i][j] for i in ii for j in jj) for _c, _d, jj in columns] for _a, _b, ii in rows]
    wide = [""] if not two_rows else ["", ""]
    if two_columns:
        tops = [g if label == "" or columns[i - 1][0] != g else "" for i, (g, label, _l) in enumerate(columns)]
        headers = [[*wide, *tops], [*wide[:-1], "Ydelse", *(label for _g, label, _l in columns)]]
    else:
        headers = [[*wide[:-1], "Ydelse", *(label or g for g, label, _l in columns)]]
    labels = [[g, label] if two_rows else [label or g] for g, label, _l in rows]
    body = [(r, c) for r, row in enumerate(rows) for c, column in enumerate(columns) if row[1] and column[1]]
    return Made(headers, labels, figures, body)


#: How the rows of a group, its leaves and its total are labelled and ordered.
STYLES = ("flat", "under", "over", "outline", "plain", "compact")


def _group(style: str, name: str, leaves: list[int]) -> list[tuple[list[str], list[int]]]:
    first = leaves[0]
    match style:
        case "under":
            return [*(([name if i == first else "", f"p{i}"], [i]) for i in leaves), ([f"{name} i alt", ""], leaves)]
        case "over":
            return [([f"{name} i alt", ""], leaves), *(([name, f"p{i}"], [i]) for i in leaves)]
        case "outline":
            return [([name, ""], leaves), *((["", f"p{i}"], [i]) for i in leaves)]
        case "plain":
            return [*(([name if i == first else "", f"p{i}"], [i]) for i in leaves), (["", "I alt"], leaves)]
        case "compact":
            return [([name], leaves), *(([f"p{i}"], [i]) for i in leaves)]
        case _flat:
            return [([f"p{i}"], [i]) for i in leaves]


@st.composite
def written_tables(draw: st.DrawFn, unit: int = 1) -> Made:
    """A right table in any of the styles, with the grand total first or last; figures in whole ``unit``s, rounded."""
    style = draw(st.sampled_from(STYLES))
    rows: list[tuple[list[str], list[int]]] = []
    count = 0
    for number, size in enumerate(draw(st.lists(st.integers(2, 4), min_size=2, max_size=3))):
        rows += _group(style, f"G{number}", list(range(count, count + size)))
        count += size
    width = len(rows[0][0])
    rows.insert(
        0 if style in ("flat", "over", "outline") and draw(st.booleans()) else len(rows),
        (["Hovedtotal", *[""] * (width - 1)], list(range(count))),
    )
    columns = [(f"k{i}", [i]) for i in range(draw(st.integers(2, 5)))]
    columns.insert(draw(st.sampled_from([0, len(columns)])), ("I alt", list(range(len(columns)))))
    rng = random.Random(draw(st.integers(0, 10**6)))
    high = draw(st.sampled_from([300, 10**6])) * unit
    leaves = [[rng.randint(0, high) for _column in columns[1:]] for _row in range(count)]
    figures = [[_rounded(sum(leaves[i][j] for i in ii for j in jj), unit) for _name, jj in columns] for _l, ii in rows]
    header = ["Navn", *[""] * (width - 1), *(name for name, _leaves in columns)]
    return Made([header], [labels for labels, _leaves in rows], figures, [])


def _rounded(value: int, unit: int) -> int:
    return int((Decimal(value) / unit).quantize(Decimal(1), ROUND_HALF_UP))


def spoiled(rows: int, columns: int, wrong: int, rng: random.Random) -> tuple[str, dict[tuple[int, int], int]]:
    """A table with a total row and column and ``wrong`` cells changed by amounts that no chance makes equal.

    Goes out: its text, and what should have stood in the wrong cells by (row, column) from 0.
    """
    body = [[rng.randint(0, 5_000) for _ in range(columns)] for _ in range(rows)]
    right = [[*line, sum(line)] for line in body]
    right.append([sum(line[c] for line in right) for c in range(columns + 1)])
    places = rng.sample([(r, c) for r in range(rows + 1) for c in range(columns + 1)], wrong)
    printed = [list(line) for line in right]
    for r, c in places:
        printed[r][c] += rng.choice((-1, 1)) * rng.randint(10**6, 10**9)
    labels = [*(f"r{i}" for i in range(rows)), "I alt"]
    lines = [";".join(["Ydelse", *(f"k{c}" for c in range(columns)), "I alt"])]
    lines += [";".join([label, *map(str, line)]) for label, line in zip(labels, printed, strict=True)]
    return "\n".join(lines), {(r, c): right[r][c] for r, c in places}


def named_cells(text: str) -> list[tuple[int, int, Decimal]]:
    """The cells named in a table under one header row and beside one label column, by place from 0."""
    return [(s.row.number - 2, s.column.number - 2, s.expected) for s in judge(text).suspects]
