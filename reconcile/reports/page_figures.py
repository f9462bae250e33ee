"""HAND07 on the page, chosen and laid out: by quarter, by status, and the bridges of what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.domain.codes import code_order
from reconcile.i18n import _, number
from reconcile.reports import labels
from reconcile.reports.charts import Level, Spark, Waterfall, spark, waterfall
from reconcile.reports.labels import COMPARED, IMPORTANCE, Label, signed
from reconcile.reports.verdict import hand07_cells
from reconcile.results.rows import OPEN_STATUSES, BridgeStep, Hand07Cell, RunResult, Status

QUARTERS = 8
ROWS_PER_STATUS = 30
BRIDGES = 6


def difference(cell: Hand07Cell) -> int | None:
    """DST − the extract where there is one, else DST − FLIS."""
    return cell.forskel_flis if cell.forskel_fagsystem is None else cell.forskel_fagsystem


def anchor(code: str, period: str) -> str:
    """The id of a cell's bridge on the page."""
    return "bro-" + "".join(sign if sign.isalnum() else "-" for sign in f"{code}-{period}")


def importance(cell: Hand07Cell) -> tuple[object, ...]:
    """Sorts what matters most first: unexplained, then the largest rest and difference, then the newest."""
    newest = tuple(-ord(sign) for sign in cell.periode)
    sizes = (-abs(cell.rest or 0), -abs(difference(cell) or 0))
    open_first = 0 if cell.status in OPEN_STATUSES else 1 + rank(cell.status)
    return (open_first, *sizes, newest, code_order(cell.dst_kode))


def rank(status: str) -> int:
    """The place of a status in ``IMPORTANCE``; an unknown one comes last."""
    return IMPORTANCE.index(status) if status in IMPORTANCE else len(IMPORTANCE)


@dataclass(frozen=True)
class QuarterCell:
    """A cell of the quarter tables: the difference and its label, DST's figure and FLIS', and the row it leads to.

    ``counts``: the code is valid and both figures count; a figure of another cell is shown all the same, greyed.
    """

    cell: Hand07Cell
    text: str
    label: Label
    link: str
    counts: bool


@dataclass(frozen=True)
class QuarterRow:
    """A code of the quarter table with its curve."""

    code: str
    name: str
    law: str
    cells: tuple[QuarterCell | None, ...]
    curve: Spark
    curve_text: str


@dataclass(frozen=True)
class QuarterTable:
    """Codes × the newest quarters; ``left_out`` are the quarters that are only in the workbook."""

    periods: tuple[str, ...]
    rows: tuple[QuarterRow, ...]
    left_out: tuple[str, ...]
    own: str
    flis: bool


@dataclass(frozen=True)
class StatusGroup:
    """The cells of one status; ``cells`` are those shown, ``count`` all of them."""

    label: Label
    count: int
    cells: tuple[Hand07Cell, ...]
    periods: str
    codes: int


@dataclass(frozen=True)
class Bridge:
    """The drawn bridge of a cell."""

    id: str
    cell: Hand07Cell
    label: Label
    name: str
    drawing: Waterfall
    text: str


def row_anchor(code: str, period: str) -> str:
    """The id of a cell's row among all cells on the page."""
    return anchor(code, period).replace("bro-", "celle-", 1)


def quarter_table(result: RunResult) -> QuarterTable | None:
    """The quarters newest last; only where there is more than one quarter."""
    cells = hand07_cells(result)
    by_key = {(cell.dst_kode, cell.periode): cell for cell in cells}
    told = sorted({cell.periode for cell in cells if cell.status in COMPARED} or {cell.periode for cell in cells})
    if len(told) < 2:
        return None
    shown = tuple(told[-QUARTERS:])
    has_extract = any(cell.fagsystem is not None for cell in cells)
    rows = []
    for code in sorted({cell.dst_kode for cell in cells}, key=code_order):
        series = [by_key.get((code, period)) for period in shown]
        own = [(cell.fagsystem if has_extract else cell.flis) if cell else None for cell in series]
        dst = [cell.dst if cell else None for cell in series]
        rows.append(
            QuarterRow(
                code=code,
                name=labels.code_name(code),
                law=labels.code_law(code),
                cells=tuple(_quarter_cell(cell) if cell else None for cell in series),
                curve=spark(own, dst),
                curve_text=_curve_text(shown, own, dst),
            )
        )
    left_out = tuple(sorted({cell.periode for cell in cells} - set(shown)))
    has_flis = any(cell.flis is not None for cell in cells)
    return QuarterTable(shown, tuple(rows), left_out, _("fagsystem") if has_extract else _("FLIS"), has_flis)


def _quarter_cell(cell: Hand07Cell) -> QuarterCell:
    label = labels.status(cell.status)
    compared = cell.status in COMPARED
    gap = difference(cell) or cell.rest
    text = signed(gap) if compared or gap is not None else label.text
    return QuarterCell(cell, text, label, row_anchor(cell.dst_kode, cell.periode), compared)


def _curve_text(periods: Sequence[str], own: Sequence[int | None], dst: Sequence[int | None]) -> str:
    parts = [
        _("{periode}: DST {dst}, jeres {egne}").format(
            periode=period, dst=labels.figure(theirs), egne=labels.figure(ours)
        )
        for period, ours, theirs in zip(periods, own, dst, strict=True)
    ]
    return "; ".join(parts)


def status_groups(result: RunResult) -> tuple[StatusGroup, ...]:
    """The cells by status, what matters first; equal ones are listed for a single quarter, else only counted."""
    cells = hand07_cells(result)
    single = len({cell.periode for cell in cells}) == 1
    groups: dict[str, list[Hand07Cell]] = defaultdict(list)
    for cell in sorted(cells, key=importance):
        groups[cell.status].append(cell)
    made = []
    for status in sorted(groups, key=rank):
        listed = single or (status in COMPARED and status != Status.EQUAL)
        members = groups[status]
        made.append(
            StatusGroup(
                label=labels.status(status),
                count=len(members),
                cells=tuple(members[:ROWS_PER_STATUS]) if listed else (),
                periods=labels.span(tuple(sorted({cell.periode for cell in members}))),
                codes=len({cell.dst_kode for cell in members}),
            )
        )
    return tuple(made)


def bridges(result: RunResult) -> tuple[tuple[Bridge, ...], int]:
    """The bridges of the cells that differ, the most important first, and how many differ in all."""
    worth = differing(result)
    return tuple(_bridge(cell, steps) for cell, steps in worth[:BRIDGES]), len(worth)


def differing(result: RunResult) -> Sequence[tuple[Hand07Cell, Sequence[BridgeStep]]]:
    """The cells that differ with the steps of their bridges, the most important first."""
    table = result.table("bro")
    steps: dict[tuple[str, str], list[BridgeStep]] = defaultdict(list)
    for row in table.rows if table else ():
        steps[row.dst_kode, row.periode].append(row)
    return [
        (cell, steps[cell.dst_kode, cell.periode])
        for cell in sorted(hand07_cells(result), key=importance)
        if cell.status in COMPARED and cell.status is not Status.EQUAL and (cell.dst_kode, cell.periode) in steps
    ]


def levels(steps: Sequence[BridgeStep]) -> Sequence[Level]:
    """What the bridge of a cell is drawn of; a step without effect is left out."""
    made = []
    for step in steps:
        total = step.aendring is None or step.trin == "harmoniseret"
        if step.trin == "dst":
            if step.aendring:
                made.append(Level(_("Rest, uforklaret"), signed(step.aendring), "rest", step.antal, step.aendring))
            made.append(Level(labels.step("dst"), number(step.antal), "end", step.antal, None))
        elif total:
            made.append(Level(labels.step(step.trin), number(step.antal), "total", step.antal, None))
        elif step.aendring:
            made.append(Level(labels.step(step.trin), signed(step.aendring), "change", step.antal, step.aendring))
    return made


def _bridge(cell: Hand07Cell, steps: Sequence[BridgeStep]) -> Bridge:
    shown = levels(steps)
    return Bridge(
        id=anchor(cell.dst_kode, cell.periode),
        cell=cell,
        label=labels.status(cell.status),
        name=labels.code_name(cell.dst_kode),
        drawing=waterfall(shown),
        text="; ".join(f"{level.label} {level.figure}" for level in shown),
    )
