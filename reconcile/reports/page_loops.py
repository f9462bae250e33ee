"""The loops of the figure eight in lines: for each loop its persons and its volume, with the causes both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.domain.periods import Quarter
from reconcile.i18n import _, kr, number
from reconcile.reports import labels
from reconcile.results.rows import OttetalCell, RunResult

_NO_STEPS = ("raa", "harmoniseret", "dst")


@dataclass(frozen=True)
class Line:
    """A line of a loop: what is counted, between whom, the figures at the ends, and the causes with what they add and take."""

    loop: str
    what: str
    ends: str
    causes: str


def of_cell(result: RunResult, name: str, cell: OttetalCell) -> list[Any]:
    """The rows of a table that are of the cell."""
    table = result.table(name)
    rows = table.rows if table else ()
    return [row for row in rows if (row.dst_kode, row.periode) == (cell.dst_kode, cell.periode)]


def loop_lines(result: RunResult, cell: OttetalCell) -> tuple[Line, ...]:
    """The lines in the order of the figure: the økonomi loop, the crossing, the statistics loop; those that have causes or
    a difference."""
    money, cross, figures = _("Økonomisløjfen"), _("Krydset"), _("Statistiksløjfen")
    people, volume = _("borgere"), _("fuldtid")
    lines = (
        Line(money, people, _ends(result, cell, "fagsystem–økonomi"), _people(result, cell, "fagsystem–økonomi")),
        _kroner(result, cell, money),
        Line(cross, people, *_crossing(result, cell)),
        *(Line(figures, people, _ends(result, cell, edge), _people(result, cell, edge)) for edge in _STATISTICS),
        Line(
            figures,
            volume,
            _full(_("fagsystem → FLIS"), cell.fagsystem_fuldtid, cell.flis_fuldtid),
            _flis_volume(result, cell),
        ),
        Line(
            figures,
            volume,
            _full(_("fagsystem → DST"), cell.fagsystem_fuldtid, cell.dst_fuldtid),
            _bridge_volume(result, cell),
        ),
    )
    return tuple(line for line in lines if line.causes)


_STATISTICS = ("fagsystem–FLIS", "FLIS–DST", "fagsystem–DST")


def _ends(result: RunResult, cell: OttetalCell, edge: str) -> str:
    found = [row for row in of_cell(result, "ottetal_kanter", cell) if row.kant == edge]
    name = edge.replace("–", " → ")
    if not found or found[0].fra is None or found[0].til is None:
        return name
    return f"{name}: {number(found[0].fra)} → {number(found[0].til)}"


def _full(name: str, start: Decimal | None, end: Decimal | None) -> str:
    return name if start is None or end is None else f"{name}: {_four(start)} → {_four(end)}"


def _people(result: RunResult, cell: OttetalCell, edge: str) -> str:
    causes = [row for row in of_cell(result, "ottetal_aarsager", cell) if row.kant == edge]
    return _listed((labels.cause(row.aarsag), _ways(number(row.til), number(row.fra))) for row in causes)


def _crossing(result: RunResult, cell: OttetalCell) -> tuple[str, str]:
    edge = "handlekommune–betalingskommune"
    return _ends(result, cell, edge), _people(result, cell, edge)


def _kroner(result: RunResult, cell: OttetalCell, loop: str) -> Line:
    """The bridge in kr.: what the days cost at usual prices, the causes, the ledger's amount."""
    steps = {row.trin: row for row in of_cell(result, "ottetal_kroner", cell)}
    if not steps:
        return Line(loop, _("kr."), "", "")
    expected, booked = _whole(steps["forventet"].beloeb), _whole(steps["oekonomi"].beloeb)
    ends = _("forventet → økonomi: {foer} → {efter}").format(foer=expected, efter=booked)
    causes = [row for name, row in steps.items() if name not in ("forventet", "oekonomi") and (row.til or row.fra)]
    return Line(
        loop, _("kr."), ends, _listed((labels.cause(r.trin), _ways(_whole(r.til), _whole(r.fra))) for r in causes)
    )


def _flis_volume(result: RunResult, cell: OttetalCell) -> str:
    """FLIS' days less the fagsystem's, by what the record comparison says of them."""
    rows = of_cell(result, "flis_dage", cell)
    return _volumes(cell, ((row.aarsag, row.forskel) for row in rows))


def _bridge_volume(result: RunResult, cell: OttetalCell) -> str:
    """The steps of the bridge in fuldtidsydelser; the rest is what Danmarks Statistik has besides."""
    steps = [row for row in of_cell(result, "bro_fuldtid", cell) if row.aendring]
    told = _volumes(cell, ((row.trin, row.dage) for row in of_cell(result, "bro_fuldtid_borgere", cell)))
    rest = [_("rest {antal}").format(antal=_four(row.aendring, signed=True)) for row in steps if row.trin == "dst"]
    return ", ".join([*([told] if told else []), *rest])


def _volumes(cell: OttetalCell, changes: Iterable[tuple[str, int]]) -> str:
    """Causes with days, as fuldtidsydelser both ways."""
    ways: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cause, days in changes:
        ways[cause][days < 0] += abs(days)
    quarter = Quarter.parse(cell.periode)
    whole = quarter.days if quarter else 1
    full = {
        cause: [Decimal(round(Fraction(days * 10000, whole))).scaleb(-4) for days in both]
        for cause, both in ways.items()
    }
    return _listed((_cause(cause), _ways(_four(came), _four(went))) for cause, (came, went) in full.items())


def _cause(name: str) -> str:
    """A cause, or several with a comma between; the FL rules keep their ids and fields."""
    return name if name.startswith("FL") else labels.cause(name)


def _listed(causes: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {ways}" for name, ways in causes)


def _ways(came: str, went: str) -> str:
    """``+2``, ``−1`` or ``+2 −1``: what is added and what is taken; the two never vanish."""
    zero = ("0", kr(Decimal()))
    return " ".join([*([f"+{came}"] if came not in zero else []), *([f"−{went}"] if went not in zero else [])])


def _four(value: Decimal, *, signed: bool = False) -> str:
    text = number(abs(value.normalize()) if value else Decimal())
    return f"{'−' if value < 0 else '+'}{text}" if signed else text


def _whole(value: Decimal) -> str:
    return kr(value).replace("-", "−")
