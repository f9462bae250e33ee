"""The 8-tals kontrol on the page: the cells with the worst first, and the figure eight of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from reconcile.domain.codes import code_order
from reconcile.i18n import _, kr, number
from reconcile.reports import labels
from reconcile.reports.labels import Label, signed
from reconcile.reports.page_figures import rank
from reconcile.reports.page_loops import Line, loop_lines, of_cell
from reconcile.reports.verdict import hand07_cells
from reconcile.reports.verdict_tag import ottetal_cells
from reconcile.results.rows import OttetalCell, RunResult

#: How many cells the page lists.
CELLS = 12


@dataclass(frozen=True)
class FigureSource:
    """A source in the table of the eight figures: its name, its columns of persons and of volume, and the volume's unit."""

    name: str
    persons: str
    volume: str
    unit: str


@dataclass(frozen=True)
class Edge:
    """An edge of the figure eight: a sign and a figure on it, and its tone."""

    name: str
    figure: str
    sign: str
    tone: str


@dataclass(frozen=True)
class Node:
    """A source in the figure eight: its two figures as text; ``persons`` is empty where the figure is missing."""

    name: str
    persons: str
    unit: str
    volume: str
    more: str = ""


@dataclass(frozen=True)
class Eight:
    """The drawn figure eight: four nodes and five edges; ``lines`` tell each loop's persons and volume with their causes."""

    cell: OttetalCell
    label: Label
    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    both: str
    text: str
    lines: tuple[Line, ...]


def worst_eights(result: RunResult) -> tuple[OttetalCell, ...]:
    """The cells of the 8-tals kontrol, the worst first: status, then persons on one side only, then the newest."""
    rest = {(cell.dst_kode, cell.periode): abs(cell.rest or 0) for cell in hand07_cells(result)}

    def worst(cell: OttetalCell) -> tuple[object, ...]:
        """What orders the cells: the worst status, the fewest missing figures, the most persons left, the newest period."""
        apart = (cell.kun_fagsystem or 0) + (cell.kun_oekonomi or 0)
        newest = tuple(-ord(sign) for sign in cell.periode)
        missing = sum(value is None for value in (cell.fagsystem_borgere, cell.flis_borgere, cell.dst_modtagere))
        left = -rest.get((cell.dst_kode, cell.periode), 0)
        return (rank(cell.status), missing, left, -apart, newest, code_order(cell.dst_kode))

    return tuple(sorted(ottetal_cells(result), key=worst))


def eight(result: RunResult, cell: OttetalCell) -> Eight:
    """The figure eight of one cell."""
    people, receivers = _("borgere"), _("modtagere")
    nodes = (
        _node(_("Økonomi"), cell.oekonomi_borgere, people, _amount(cell.oekonomi_beloeb)),
        replace(
            _node(_("Fagsystem"), cell.fagsystem_borgere, people, _fulltime(cell.fagsystem_fuldtid)), more=_paid(cell)
        ),
        _node(_("FLIS"), cell.flis_borgere, people, _fulltime(cell.flis_fuldtid)),
        _node(_("Danmarks Statistik"), cell.dst_modtagere, receivers, _fulltime(cell.dst_fuldtid)),
    )
    edges = _edges(result, cell)
    missing = _("mangler")
    told = [", ".join(filter(None, (_node_text(node, missing), node.more))) for node in nodes]
    told += [f"{edge.name}: {edge.figure}" for edge in edges]
    return Eight(
        cell=cell,
        label=labels.status(cell.status),
        name=labels.code_name(cell.dst_kode),
        nodes=nodes,
        edges=edges,
        both="" if cell.begge is None else _("{antal} i begge").format(antal=number(cell.begge)),
        text="; ".join(told),
        lines=loop_lines(result, cell),
    )


def _node_text(node: Node, missing: str) -> str:
    return f"{node.name}: {node.persons or missing} {node.unit}, {node.volume}"


def _paid(cell: OttetalCell) -> str:
    """The fagsystem's other count, of the courses the municipality pays for."""
    if cell.fagsystem_betaler_borgere is None or cell.fagsystem_betaler_fuldtid is None:
        return ""
    text = _("vi betaler for {antal} · {fuldtid} fuldtid")
    return text.format(antal=number(cell.fagsystem_betaler_borgere), fuldtid=volume(cell.fagsystem_betaler_fuldtid))


def paid_apart(cell: OttetalCell) -> str:
    """The persons of that other count where they are not as many; empty where they are."""
    paid = cell.fagsystem_betaler_borgere
    if paid is None or paid == cell.fagsystem_borgere:
        return ""
    return _("vi betaler for {antal}").format(antal=number(paid))


def _node(name: str, persons: int | None, unit: str, volume: str) -> Node:
    return Node(name, "" if persons is None else number(persons), unit, volume)


def _edges(result: RunResult, cell: OttetalCell) -> tuple[Edge, ...]:
    """The five edges in the order they are drawn; status and causes are the control's own where it has judged them."""
    judged = {row.kant: row.status for row in of_cell(result, "ottetal_kanter", cell)}
    plan = (
        ("fagsystem–økonomi", _("kun i fagsystem"), cell.kun_fagsystem, labels.figure),
        ("fagsystem–økonomi", _("kun i økonomi"), cell.kun_oekonomi, labels.figure),
        ("fagsystem–FLIS", _("FLIS − fagsystem"), _gap(cell.flis_borgere, cell.fagsystem_borgere), signed),
        ("FLIS–DST", _("DST − FLIS"), _gap(cell.dst_modtagere, cell.flis_borgere), signed),
        ("fagsystem–DST", _("DST − fagsystem"), _gap(cell.dst_modtagere, cell.fagsystem_borgere), signed),
    )
    return tuple(_edge(name, value, written, judged.get(edge, cell.status)) for edge, name, value, written in plan)


def _edge(name: str, value: int | None, written: Callable[[int], str], status: str) -> Edge:
    if value is None:
        return Edge(name, _("mangler"), "○", "na")
    if not value:
        return Edge(name, "0", "✓", "ok")
    label = labels.status(status)
    if label.tone == "ok":  # the økonomi loop of a code without an account of its own does not count
        label = labels.status("udeladt")
    return Edge(name, written(value), label.sign, label.tone)


def _gap(theirs: int | None, ours: int | None) -> int | None:
    return None if theirs is None or ours is None else theirs - ours


def volume(value: Decimal) -> str:
    """A volume with one decimal, half up."""
    return number(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def with_figures(cells: Sequence[OttetalCell]) -> tuple[FigureSource, ...]:
    """The sources that have a figure in any cell: what is not part of a run is left out, and not said to be missing."""
    known = (
        FigureSource(_("Fagsystem"), "fagsystem_borgere", "fagsystem_fuldtid", _("fuldtid")),
        FigureSource(_("Økonomi"), "oekonomi_borgere", "oekonomi_beloeb", _("kr.")),
        FigureSource(_("FLIS"), "flis_borgere", "flis_fuldtid", _("fuldtid")),
        FigureSource(_("DST"), "dst_modtagere", "dst_fuldtid", _("fuldtid")),
    )
    return tuple(
        source
        for source in known
        if any(getattr(cell, source.persons) is not None or getattr(cell, source.volume) is not None for cell in cells)
    )


def whole(value: Decimal) -> str:
    """An amount in whole kroner, half up; the øre are in the workbook.

    One that rounding would put on a full thousand has its øre: limits are round, and 9.999,99 is not 10.000.
    """
    rounded = value.quantize(Decimal(1), ROUND_HALF_UP)
    return kr(value) if rounded != value and not rounded % 1000 else number(rounded)


def _fulltime(value: Decimal | None) -> str:
    return _("fuldtid mangler") if value is None else _("{antal} fuldtid").format(antal=volume(value))


def _amount(value: Decimal | None) -> str:
    return _("beløb mangler") if value is None else _("{beloeb} kr.").format(beloeb=kr(value))
