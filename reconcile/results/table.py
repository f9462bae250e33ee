"""What is said of a result table, once: its name, its rows, and where it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A result table: its ``name`` (as in ``ResultTable`` and in every file), the type of its rows, and its ``heading``.

    ``sheet`` is its name in the workbook (else the heading; those with one come first, in the order of this module), and
    ``description`` its line in the workbook's contents. ``printed``: its sheet is to read, and part of a print of the whole
    workbook; evidence is not. ``csv``: it is written as ``<name>.csv``. ``own_place``: the page
    has a section made for it, or it is too long for the page; any other is shown there as it is. ``followed``: the columns
    that are compared from one run to the next, per ``dst_kode`` and ``periode``.
    """

    name: str
    row_type: type
    heading: str
    sheet: str = ""
    description: str = ""
    csv: bool = False
    own_place: bool = False
    printed: bool = False
    followed: tuple[str, ...] = ()
