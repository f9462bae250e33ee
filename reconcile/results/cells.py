"""A cell is a dst_kode × quarter; it is open in every table or in none, and has one name for all of them.

``hand07_diff`` judges its persons against Danmarks Statistik, ``hand01_diff`` its fuldtidsydelser, ``ottetal`` both loops.
A cell that one of them leaves without a full explanation is open: it is counted once, and one acceptance accepts it.
An account × year on which the ledger is not what ``regnskab_diff`` has published is such a cell too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

#: The rule under which an open cell is named and accepted, and the names it had for a table of its own.
CELL = "CELLE"
OLD_NAMES = frozenset({"HAND07", "HAND01", "OTTETAL"})
#: The tables that judge a dst_kode × quarter, in the order in which their sizes are written, and the one that judges accounts.
EIGHT, ACCOUNTS = ("hand07_diff", "hand01_diff", "ottetal"), "regnskab_diff"
JUDGING = (*EIGHT, ACCOUNTS)
#: Letters stand between the parts of a size: figures beside each other could be taken for a CPR number, and masked.
_BETWEEN = " og "
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
#: The statuses that leave something unexplained, the worst last.
_OPEN = ("delvist_forklaret", "uforklaret")
_ACCOUNT = "regnskab"
#: What the size of a loop is: the persons at its ends.
_ENDS = {
    "status_statistik": ("fagsystem_borgere", "flis_borgere", "dst_modtagere"),
    "status_oekonomi": ("fagsystem_betaler_borgere", "oekonomi_borgere", "kun_fagsystem", "kun_oekonomi"),
}


@dataclass(frozen=True)
class OpenCell:
    """A cell that is left without a full explanation: the worst of its statuses, and how large what is open is, as text.

    ``where`` names what leaves it open: ``hand07`` and ``hand01`` (Danmarks Statistik), ``statistik`` (fagsystem mod FLIS)
    and ``oekonomi``; or ``regnskab`` alone, where ``dst_kode`` is an account and ``periode`` a year.
    """

    dst_kode: str
    periode: str
    status: str
    size: str
    where: tuple[str, ...]

    @property
    def id(self) -> str:
        """``CELLE:<dst_kode>:<periode>``."""
        return cell_id(self.dst_kode, self.periode)

    @property
    def is_account(self) -> bool:
        """Whether it is an account of the ledger against the published accounts."""
        return self.where == (_ACCOUNT,)


def cell_id(code: str, period: str) -> str:
    """The one name of a cell, by which it is accepted."""
    return f"{CELL}:{code}:{period}"


def cell_key(name: str) -> tuple[str, str]:
    """The dst_kode (or account) and period of a cell's name."""
    _rule, code, period = name.split(":", 2)
    return code, period


def known_as(name: str) -> str:
    """The name of a cell for one of the names it had before; any other name is itself."""
    rule, mark, rest = name.partition(":")
    return f"{CELL}:{rest}" if mark and rule.upper() in OLD_NAMES else name


def is_cell(name: str) -> bool:
    """Whether a name of something accepted is that of a cell."""
    return name.startswith(f"{CELL}:")


def open_cells(tables: Mapping[str, Iterable[Any]]) -> dict[tuple[str, str], OpenCell]:
    """The open cells of a run by code and quarter, in that order; ``tables`` are rows by table."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for table in JUDGING:
        for row in tables.get(table, ()):
            parts = found.setdefault((row.konto if table == ACCOUNTS else row.dst_kode, row.periode), [])
            # The statistics loop ends in HAND07: what that has left open is not told twice.
            known = {where for where, _status, _size in parts}
            parts += [part for part in _parts(table, row) if not (part[0] == "statistik" and "hand07" in known)]
    return {
        key: OpenCell(
            *key,
            status=max((status for _where, status, _size in parts), key=_OPEN.index),
            size=_BETWEEN.join(size for _where, _status, size in parts),
            where=tuple(where for where, _status, _size in parts),
        )
        for key, parts in sorted(found.items())
        if parts
    }


def _parts(table: str, row: Any) -> Iterable[tuple[str, str, str]]:
    """What of a row is open: where, its status and its size."""
    if table == ACCOUNTS:
        if row.status in _OPEN:
            yield _ACCOUNT, str(row.status), size_text(row.forskel)
        return
    if table != "ottetal":
        if row.status in _OPEN:
            yield table.removesuffix("_diff"), str(row.status), size_text(row.rest)
        return
    for column, ends in _ENDS.items():
        if (status := getattr(row, column)) in _OPEN:
            yield column.removeprefix("status_"), str(status), "x".join(size_text(getattr(row, end)) for end in ends)


def sealed(size: str) -> str:
    """A size in letters only, as the workbook carries it and gives it back."""
    digest = hashlib.sha256(size.encode()).hexdigest()[:12]
    return "~" + digest.translate(_LETTERS)


def size_text(value: object) -> str:
    """The size of something as one text, the same from a run and from its ``resultat.json``."""
    if value is None:
        return ""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
