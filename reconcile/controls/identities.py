"""Do the tables of a run add up? Every identity is counted again from the tables themselves, and said with «gået efter: n af n».

A control computes its figures in the engine; here they are only added: a table that was cut, filtered or written wrongly does
not add up. Money in øre and volumes in days, so that rounding hides nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls import identities_noegletal
from reconcile.controls.ottetal_money import LEDGER as BOOKED
from reconcile.controls.ottetal_people import CROSSING, LEDGER, RECORDS
from reconcile.domain.periods import Quarter
from reconcile.results.rows import PartResult, ResultTable
from reconcile.results.survey import Identity

TABLE = "identiteter"
Rows = Mapping[str, Sequence[Any]]
Key = tuple[str, str]


def check(parts: Iterable[PartResult], *, flis_persons: bool) -> ResultTable:
    """Table ``identiteter``: the identities that the tables of these parts have something to check of.

    ``flis_persons``: FLIS is an extract, so that the edge to it has persons.
    """
    tables = {table.name: table.rows for part in parts for table in part.tables}
    found = (
        ("bro_sum", _bridge_sums(tables, "bro")),
        ("bro_fuldtid_sum", _bridge_sums(tables, "bro_fuldtid")),
        ("bro_personer", _bridge_people(tables)),
        ("bro_dage", _bridge_days(tables)),
        ("flis_dage", _flis_days(tables)),
        ("celle_personer", _cell_people(tables)),
        ("kant_aarsager", _edge_causes(tables)),
        ("kant_personer", _edge_people(tables, flis_persons=flis_persons)),
        ("handle_betaler", _crossing(tables)),
        ("begge_kun", _overlap(tables)),
        ("beloeb_dele", _amounts(tables, "ottetal_beloeb", "aarsag", ())),
        ("kroner_sum", _amounts(tables, "ottetal_kroner", "trin", (BOOKED,))),
        *identities_noegletal.found(tables),
    )
    counted = ((name, list(held)) for name, held in found)
    return ResultTable(TABLE, Identity, tuple(Identity(name, sum(held), len(held)) for name, held in counted if held))


def _key(row: Any) -> Key:
    return row.dst_kode, row.periode


def _by_cell(rows: Iterable[Any]) -> dict[Key, list[Any]]:
    cells: dict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        cells[_key(row)].append(row)
    return cells


def _bridge_sums(tables: Rows, name: str) -> Iterator[bool]:
    """The first figure and every change are the last figure; four decimals may differ in the last for each step."""
    for steps in _by_cell(tables.get(name, ())).values():
        changes = sum((step.aendring for step in steps if step.aendring is not None), Decimal())
        off = abs(Decimal(steps[0].antal) + changes - steps[-1].antal)
        yield off <= (Decimal(len(steps)) / 10000 if name == "bro_fuldtid" else 0)


def _bridge_people(tables: Rows) -> Iterator[bool]:
    """The change of every step is the persons who come less those who go."""
    people: Counter[tuple[str, str, str]] = Counter()
    for person in tables.get("bro_borgere", ()):
        people[person.dst_kode, person.periode, person.trin] += person.aendring
    for step in tables.get("bro", ()):
        if step.trin not in ("raa", "harmoniseret", "dst"):
            yield step.aendring == people[step.dst_kode, step.periode, step.trin]


def _bridge_days(tables: Rows) -> Iterator[bool]:
    """The change of every step in days is the days of its persons."""
    days: Counter[tuple[str, str, str]] = Counter()
    for person in tables.get("bro_fuldtid_borgere", ()):
        days[person.dst_kode, person.periode, person.trin] += person.dage
    for cell in _by_cell(tables.get("bro_fuldtid", ())).values():
        before = 0
        for step in cell:
            after = _days(step.antal, step.periode)
            if step.trin not in ("raa", "harmoniseret", "dst"):
                yield after - before == days[step.dst_kode, step.periode, step.trin]
            before = after


def _days(full: Decimal, period: str) -> int:
    """Fuldtidsydelser with four decimals as the whole days they are."""
    quarter = Quarter.parse(period)
    return round(Fraction(full) * (quarter.days if quarter else 0))


def _flis_days(tables: Rows) -> Iterator[bool]:
    """FLIS' days less the fagsystem's are the differences of the persons."""
    if "flis_dage" not in tables:
        return
    days: Counter[Key] = Counter()
    for person in tables["flis_dage"]:
        days[_key(person)] += person.forskel
    for cell in tables.get("ottetal", ()):
        if cell.flis_fuldtid is not None and cell.fagsystem_fuldtid is not None:
            gap = _days(cell.flis_fuldtid, cell.periode) - _days(cell.fagsystem_fuldtid, cell.periode)
            yield gap == days[_key(cell)]


def _cell_people(tables: Rows) -> Iterator[bool]:
    """The persons listed of an open cell are those that the fagsystem counts."""
    listed = _by_cell(tables.get("celle_borgere", ()))
    for cell in tables.get("hand07_diff", ()):
        if _key(cell) in listed and cell.fagsystem is not None:
            yield cell.fagsystem == sum(bool(person.i_fagsystem) for person in listed[_key(cell)])


def _edge_causes(tables: Rows) -> Iterator[bool]:
    """The causes of an edge are its difference, and each is who comes less who goes."""
    causes: Counter[tuple[str, str, str]] = Counter()
    wrong = set()
    for cause in tables.get("ottetal_aarsager", ()):
        causes[cause.dst_kode, cause.periode, cause.kant] += cause.antal
        if cause.antal != cause.til - cause.fra:
            wrong.add((cause.dst_kode, cause.periode, cause.kant))
    for edge in tables.get("ottetal_kanter", ()):
        if edge.forskel is not None:
            key = edge.dst_kode, edge.periode, edge.kant
            yield causes[key] == edge.forskel == edge.til - edge.fra and key not in wrong


def _edge_people(tables: Rows, *, flis_persons: bool) -> Iterator[bool]:
    """The persons of every cause are listed, at either end of the edge."""
    people: dict[tuple[str, str, str], Counter[tuple[str, bool]]] = defaultdict(Counter)
    causes: dict[tuple[str, str, str], Counter[tuple[str, bool]]] = defaultdict(Counter)
    for person in tables.get("ottetal_borgere", ()):
        near = person.side in ("fagsystem", "handlekommune")
        people[person.dst_kode, person.periode, person.kant][person.aarsag, not near] += 1
    for cause in tables.get("ottetal_aarsager", ()):
        key = cause.dst_kode, cause.periode, cause.kant
        causes[key] += Counter({(cause.aarsag, True): cause.til, (cause.aarsag, False): cause.fra})
    for edge in tables.get("ottetal_kanter", ()):
        personal = edge.kant in (CROSSING, LEDGER) or (edge.kant == RECORDS and flis_persons)
        if personal and edge.forskel is not None:
            key = edge.dst_kode, edge.periode, edge.kant
            yield people[key] == causes[key]


def _crossing(tables: Rows) -> Iterator[bool]:
    """The handlekommune's persons, less who only it counts, and who only the betalingskommune counts, are the latter's."""
    ways: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for person in tables.get("ottetal_borgere", ()):
        if person.kant == CROSSING:
            ways[_key(person)][person.side == "handlekommune"] += 1
    for cell in tables.get("ottetal", ()):
        if cell.fagsystem_borgere is not None:
            came, went = ways[_key(cell)]
            yield cell.fagsystem_borgere - went + came == cell.fagsystem_betaler_borgere


def _overlap(tables: Rows) -> Iterator[bool]:
    """Persons in both, and those of one side only, are each side's."""
    for cell in tables.get("ottetal", ()):
        if cell.begge is not None:
            yield cell.begge + cell.kun_fagsystem == cell.fagsystem_betaler_borgere
            yield cell.begge + cell.kun_oekonomi == cell.oekonomi_borgere


def _amounts(tables: Rows, name: str, column: str, apart: Sequence[str]) -> Iterator[bool]:
    """The parts of a cell are the ledger's amount, to the øre; ``apart``: what is no part but the amount itself."""
    if name not in tables:
        return
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for row in tables[name]:
        if getattr(row, column) not in apart:
            sums[_key(row)] += row.beloeb
    for cell in tables.get("ottetal", ()):
        if cell.oekonomi_beloeb is not None:
            yield sums[_key(cell)] == cell.oekonomi_beloeb
