"""Table ``rettelser``: for each cell that is not equal, the smallest set of corrections after which it is.

A one-sided person has one first cause on an edge, so each needs one correction, and none can be left out: the set is smallest
by the persons' cases being taken together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reconcile.domain.codes import code_order
from reconcile.results.cases import REST, Case, Correction
from reconcile.results.cells import cell_id
from reconcile.results.rows import RunResult
from reconcile.runs.cases import BRIDGE, Moved, moved

_EQUAL = frozenset({"ens", "ufuldstaendig", "kode_ikke_gyldig", "ikke_godkendt", "mangler_dst", "mangler_egen"})


def corrections(result: RunResult, cases: Sequence[Case]) -> tuple[Correction, ...]:
    """The corrections of every cell that is not ``ens``, in the order of codes and quarters, most persons first."""
    statuses = _statuses(result)
    owner = {name: case for case in cases for name in case.fund}
    by_person = _by_person(result, owner)
    grouped: dict[tuple[str, str], dict[tuple[str, str, str | None], list[Moved]]] = {}
    for move in moved(result):
        if (status := statuses.get((move.code, move.period))) and status not in _EQUAL:
            case = _case(move, by_person)
            key = (move.edge, move.cause, case.sag_id if case else None)
            grouped.setdefault((move.code, move.period), {}).setdefault(key, []).append(move)
    rows = [row for cell, group in grouped.items() for row in _rows(cell, statuses[cell], group)]
    rows += _rests(result, statuses)
    return tuple(
        sorted(rows, key=lambda r: (code_order(r.dst_kode), r.periode, -r.borgere, r.kant, r.aarsag, r.sag_id or ""))
    )


def _statuses(result: RunResult) -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for name in ("hand07_diff", "ottetal"):
        table = result.table(name)
        for row in table.rows if table else ():
            key = (row.dst_kode, row.periode)
            if found.get(key, "ens") in _EQUAL or row.status not in _EQUAL:
                found[key] = str(row.status)
    return found


def _by_person(result: RunResult, owner: Mapping[str, Case]) -> Mapping[tuple[str, str], dict[str, Case]]:
    """Rule and person → their cases by code."""
    found: dict[tuple[str, str], dict[str, Case]] = {}
    for finding in result.findings:
        if finding.borger and (case := owner.get(finding.fund_id)):
            found.setdefault((finding.regel, finding.borger), {})[finding.dst_kode or ""] = case
    return found


def _case(move: Moved, by_person: Mapping[tuple[str, str], dict[str, Case]]) -> Case | None:
    """The case behind a person; a wrong account (OE03) stands at the code it was booked on."""
    cases = by_person.get((move.rule or "", move.person), {})
    return cases.get(move.code) or (next(iter(cases.values())) if len(cases) == 1 else None)


def _rows(
    cell: tuple[str, str], status: str, group: Mapping[tuple[str, str, str | None], Sequence[Moved]]
) -> Iterator[Correction]:
    for (edge, cause, case), moves in group.items():
        amounts = [move.amount for move in moves if move.amount is not None]
        persons = len({move.person for move in moves})
        yield Correction(*cell, status, edge, cause, case, persons, sum(amounts, Decimal(0)) if amounts else None)


def _rests(result: RunResult, statuses: Mapping[tuple[str, str], str]) -> Iterator[Correction]:
    """What no cause explains of a cell against Danmarks Statistik."""
    table = result.table("hand07_diff")
    for row in table.rows if table else ():
        key = (row.dst_kode, row.periode)
        if row.rest and statuses.get(key, "ens") not in _EQUAL:
            yield Correction(*key, statuses[key], BRIDGE, REST, cell_id(*key), abs(row.rest), None)
