"""A printed table and what the fodkontrol found in it: the cells that are wrong, the sums that fail, and what several
tables have to do with each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from reconcile.errors import InputError, Problem
from reconcile.i18n import _

#: What is printed where there is nothing.
DASHES = frozenset({"-", "–", "—", "−"})
_WORD = r"(?:grand\s*total|hoved\s*total|hovedsum|sub\s*total|del\s*total|delsum|totalt?|i\s*alt|ialt)"
_TOTAL = re.compile(rf"^{_WORD}\b[:.]?|\b{_WORD}[:.]?(?=\s*\([^)]*\)$|$)|^(?:sum|samlet)[:.]?$", re.IGNORECASE)
_GRAND = re.compile(r"^(?:grand\s*total|hoved\s*total|hovedsum)[:.]?$", re.IGNORECASE)
Operation = Literal["copy", "sum", "product"]
#: An identity between tables is believed when it holds in so many of the cells, and in a large part of them.
LEAST_CELLS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the text as printed (blanks tidied), and its number where it is one.

    ``malformed`` marks what looks like a number and is not a Danish one (``1,234.50``). ``indent`` counts the
    blanks before the text: an Excel pivot pasted from a mail shows its levels that way.
    """

    text: str
    number: Decimal | None = None
    percent: bool = False
    malformed: bool = False
    indent: int = 0

    @property
    def empty(self) -> bool:
        """Nothing is printed here: blank, or a dash for nothing."""
        return not self.text or self.text in DASHES

    @property
    def decimals(self) -> int:
        """Printed decimals of the number; 0 for anything else."""
        if self.number is None:
            return 0
        exponent = self.number.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True)
class Grid:
    """A file's cells, row by row as the user sees them (``rows[0]`` is row 1), all rows equally long."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()

    def problem(self, row: int, column: str, value: str, reason: str) -> InputError:
        """The error for one cell (``row`` counts from 1; 0 is the whole file), masked for CPR numbers."""
        return InputError(Problem.make(self.name, row, column, value, reason).sentence())


def is_total(label: str) -> bool:
    """Whether a label says total: ``Total``, ``I alt``, ``Hovedtotal``, ``Grand Total``, ``2021 i alt``, ``Sum``."""
    return bool(_TOTAL.search(label))


@dataclass(frozen=True)
class Line:
    """One row or column of figures. ``number`` is its place in the file, from 1; texts are masked for CPR numbers.

    ``labels`` are a row's label columns one by one, as in a list: area, sex, age.
    """

    number: int
    label: str
    group: str = ""
    indent: int = 0
    average: bool = False
    labels: tuple[str, ...] = ()

    @cached_property
    def total(self) -> bool:
        """Labelled as a total."""
        return is_total(self.label) or is_total(self.group)

    @cached_property
    def grand(self) -> bool:
        """Labelled as the total of everything."""
        return bool(_GRAND.match(self.label)) or (bool(_GRAND.match(self.group)) and not self.label)

    @cached_property
    def stem(self) -> str:
        """What it is the total of, by its label: ``2021 i alt`` gives ``2021``, a plain total the empty text."""
        if is_total(self.group) and not is_total(self.label):
            return self.label
        bare = _TOTAL.sub("", self.label).strip(" :.-/")
        return re.sub(r"^(?:for|af|over)\s+|\s*\([^)]*\)$|^\([^)]*\)$", "", bare, flags=re.IGNORECASE)

    @cached_property
    def name(self) -> str:
        """Group and label as they are shown; a line without either is called by its number."""
        parts = [part for part in (self.group, self.label) if part]
        return " / ".join(parts) or _("linje {number}").format(number=self.number)


@dataclass(frozen=True)
class Table:
    """A table as it stands: ``cells[r][c]`` is where ``rows[r]`` and ``columns[c]`` cross; ``titles`` stand above it."""

    grid: Grid
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[tuple[Cell, ...], ...]
    more_tables: bool = False
    titles: tuple[str, ...] = ()

    def figure(self, row: int, column: int) -> Decimal:
        """The number printed; an empty cell counts 0."""
        return self.cells[row][column].number or Decimal(0)

    def unknown(self, row: int, column: int) -> bool:
        """Something is printed that is not a number (``..``, ``n/a``)."""
        cell = self.cells[row][column]
        return cell.number is None and not cell.empty


@dataclass(frozen=True)
class Sum:
    """Line ``total`` is the sum of the lines ``parts`` (indexes into rows, or into columns)."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Suspect:
    """A cell that is wrong, and the value that would foot. ``recomputed`` says of what, where it is an average."""

    row: Line
    column: Line
    cell: Cell
    expected: Decimal
    decimals: int
    recomputed: str = ""


@dataclass(frozen=True)
class Miss:
    """A row or column that does not foot, at its total cell. ``expected`` is the sum (or average) of the parts.

    ``located``: a suspect cell explains it. ``rounding``: so many rounded figures could miss by this much.
    ``average_like``: the total lies among its parts, so it may be an average.
    """

    direction: str
    row: Line
    column: Line
    cell: Cell
    expected: Decimal
    decimals: int
    located: bool = False
    rounding: bool = False
    average_like: bool = False
    recomputed: str = ""


@dataclass(frozen=True)
class Footing:
    """What the control found. ``checked`` counts the sums and averages tried, ``untested`` names what could not be.

    ``rounded`` is the furthest a sum was allowed to be off because the table shows that its figures are rounded; None
    where it does not. ``distinct`` names the lines whose totals count persons once and are no sums.
    """

    table: Table
    suspects: tuple[Suspect, ...]
    misses: tuple[Miss, ...]
    checked: int
    untested: tuple[str, ...]
    unknown_cells: int
    row_sums: tuple[Sum, ...]
    column_sums: tuple[Sum, ...]
    rounded: Decimal | None = None
    distinct: tuple[str, ...] = ()

    @property
    def foots(self) -> bool:
        """Everything tried agrees within the tolerance."""
        return not self.suspects and not self.misses

    @property
    def unlocated(self) -> bool:
        """Something does not foot, and no cell can be named for it."""
        return any(not miss.located and not miss.recomputed for miss in self.misses)


@dataclass(frozen=True)
class Break:
    """A cell that breaks an identity: where it stands, and what the other tables make it."""

    row: Line
    column: Line
    cell: Cell
    expected: Fraction
    decimals: int


@dataclass(frozen=True)
class Identity:
    """Table ``result`` is the ``operation`` of ``parts`` (places among the tables) in ``holds`` of ``cells`` cells."""

    result: int
    operation: Operation
    parts: tuple[int, ...]
    holds: int
    cells: int
    breaks: tuple[Break, ...]
