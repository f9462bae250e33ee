"""Columns that do not add up because they are averages, rates or percentages: recomputed from the table's own figures.

A column is first tried as a quotient of two others in every row (refusion / bruttoudgift, beløb / antal), as a share
of a column's total, or as the mean of a row; else its totals are tried as averages weighted by another column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from reconcile.i18n import _
from reconcile.results.footing import Sum, Table

# A distinct count (unikke personer) is neither a sum nor an average of its parts: nothing in the table can tell.
_DISTINCT = re.compile(r"\bunikke?\b|\bmedian", re.IGNORECASE)
_WEIGHT = re.compile(r"antal|person|borger|modtager|fuldtid|årsværk|elev|vægt|brutto", re.IGNORECASE)
# A percentage of money is weighted by money, never by persons.
_OF_MONEY = re.compile(r"refusion|finansiering", re.IGNORECASE)
_MONEY = re.compile(r"brutto|udgift|beløb|\bkr\b", re.IGNORECASE)
_FACTORS = (Decimal(1), Decimal(100), Decimal(1000))
_SAMPLE = 60
_MAX_COLUMNS = 40


@dataclass(frozen=True)
class Known:
    """A table with what is known of it: ``figures[r][c]`` (corrected where a wrong cell was found) and its sums.

    ``allowed[c]`` is how far a recomputed value may be from the printed one in column c; ``doubtful`` are the columns
    that do not foot, no cell being told: an average that disagrees with them is not the one to blame.
    """

    table: Table
    figures: Sequence[Sequence[Decimal]]
    row_sums: Sequence[Sum]
    column_sums: Sequence[Sum]
    allowed: Sequence[Decimal]
    doubtful: frozenset[int] = frozenset()

    @cached_property
    def plain(self) -> list[int]:
        """The columns an average can be made from."""
        return [c for c, line in enumerate(self.table.columns) if not line.average][:_MAX_COLUMNS]

    def printed(self, row: int, column: int) -> bool:
        """Whether a number is printed there."""
        return self.table.cells[row][column].number is not None

    def near(self, row: int, column: int, expected: Decimal) -> bool:
        """Whether the figure is the expected one, as far as the cell itself is printed out: ``4`` may be 3,5."""
        half = Decimal(5).scaleb(-1 - self.table.cells[row][column].decimals)
        return abs(expected - self.figures[row][column]) <= max(self.allowed[column], half)


@dataclass(frozen=True)
class Fault:
    """A cell that is not what its figures give. ``located``: each row stands for itself, so this cell is wrong."""

    row: int
    column: int
    expected: Decimal
    of: str
    located: bool


@dataclass(frozen=True)
class Verdict:
    """The faults, how many averages were recomputed, and the columns for which nothing to recompute from was found."""

    faults: tuple[Fault, ...]
    checked: int
    untested: tuple[int, ...]


@dataclass(frozen=True)
class _Rule:
    """A way to recompute a column: its name, its value for a row (None: it says nothing), what it uses."""

    of: str
    at: Callable[[int], Decimal | None]
    uses: tuple[int, ...] = ()


def judge_averages(known: Known, columns: Sequence[int]) -> Verdict:
    """Recompute ``columns`` wherever the figures behind them are in the table."""
    faults: list[Fault] = []
    untested: list[int] = []
    checked = 0
    for column in columns:
        rows, rule, located = _rows_and_rule(known, column)
        if rule is None:
            untested.append(column)
            continue
        said = [(r, e) for r in rows if (e := rule.at(r)) is not None]
        checked += len(said)
        wrong = [(r, e) for r, e in said if not known.near(r, column, e)]
        faults += [Fault(r, column, e, rule.of, located) for r, e in wrong]
    return Verdict(tuple(faults), checked, tuple(untested))


def _rows_and_rule(known: Known, column: int) -> tuple[list[int], _Rule | None, bool]:
    """The rows to judge, the rule to judge them by, and whether a miss points at the very cell."""
    if _DISTINCT.search(known.table.columns[column].name):
        return [], None, False
    lines = enumerate(known.table.rows)
    rows = [r for r, line in lines if not line.average and known.printed(r, column)]
    rule = _by_row(known, column, rows)
    if rule is not None:
        return rows, rule, known.doubtful.isdisjoint(rule.uses)
    totals = {s.total for s in known.row_sums}
    return [r for r in rows if r in totals], _by_weight(known, column), False


def _by_row(known: Known, column: int, rows: Sequence[int]) -> _Rule | None:
    """The rule that most rows follow, if more than half of them do and at least two."""
    totals = {s.total for s in known.row_sums}
    sample = sorted({*rows[:_SAMPLE], *[r for r in rows if r in totals][:_SAMPLE]})
    best, most = None, 1
    for rule in _row_rules(known):
        said = [(r, e) for r in sample if known.figures[r][column] and (e := rule.at(r)) is not None]
        right = sum(known.near(r, column, e) for r, e in said)
        if right > most and right * 2 > len(said):
            best, most = rule, right
    return best


def _row_rules(known: Known) -> Iterator[_Rule]:
    """Quotients of two columns, shares of a column's whole, and the mean of a row's parts."""
    inside = {part for s in known.row_sums for part in s.parts}
    whole = next((s.total for s in known.row_sums if s.total not in inside), None)
    for top in known.plain:
        over = known.table.columns[top].name
        for factor in _FACTORS:
            for below in known.plain:
                if below != top:
                    name = f"{over} / {known.table.columns[below].name}"
                    yield _Rule(name, _quotient(known, top, below, factor), (top, below))
            if whole is not None:
                name = _("andel af «{column}»").format(column=over)
                yield _Rule(name, _share(known, top, whole, factor), (top,))
    leaves = tuple(c for c in known.plain if not known.table.columns[c].total)
    for parts in {leaves, *(s.parts for s in known.column_sums)} if len(leaves) > 1 else ():
        yield _Rule(_("gennemsnit af rækken"), _mean_of_row(known, parts), parts)


def _quotient(known: Known, top: int, below: int, factor: Decimal) -> Callable[[int], Decimal | None]:
    def at(row: int) -> Decimal | None:
        """What a row's cell should be, from its own two figures; None where there is nothing to divide by."""
        figures = known.figures[row]
        return factor * figures[top] / figures[below] if figures[below] else None

    return at


def _share(known: Known, top: int, whole: int, factor: Decimal) -> Callable[[int], Decimal | None]:
    total = known.figures[whole][top]
    return lambda row: factor * known.figures[row][top] / total if total else None


def _mean_of_row(known: Known, parts: Sequence[int]) -> Callable[[int], Decimal | None]:
    return lambda row: sum((known.figures[row][p] for p in parts), Decimal(0)) / len(parts)


def _by_weight(known: Known, column: int) -> _Rule | None:
    """Totals as weighted averages: the weight that fits a total, else the only column that can be one."""
    sums = {s.total: s.parts for s in known.row_sums if known.printed(s.total, column)}
    weighted = [_weighted(known, sums, column, weight) for weight in known.plain]
    rest = [_harmonic(known, sums, column, top) for top in known.plain]

    def right(rule: _Rule) -> int:
        """How many of the totals a rule gives the printed value of."""
        said = [(total, e) for total in sums if (e := rule.at(total)) is not None]
        return sum(known.near(total, column, e) for total, e in said)

    # Never the simple mean: an average of averages is the very fault to find.
    best = max([*weighted, *rest], key=right, default=None)
    if best and right(best):
        return best
    only = _only_weight(known, column)
    rule = weighted[known.plain.index(only)] if only is not None else None
    return rule if rule and any(rule.at(total) is not None for total in sums) else None


def _only_weight(known: Known, column: int) -> int | None:
    """The one column that can be the weights: the only one, or the only one that by its name counts something."""
    parts = [c for c in known.plain if not known.table.columns[c].total] or known.plain
    if _OF_MONEY.search(known.table.columns[column].name):
        parts = [c for c in parts if _MONEY.search(known.table.columns[c].name)]
    named = [c for c in parts if _WEIGHT.search(known.table.columns[c].name)]
    if len(parts) == 1:
        return parts[0]
    return named[0] if len(named) == 1 else None


def _weighted(known: Known, sums: dict[int, tuple[int, ...]], column: int, weight: int) -> _Rule:
    def at(total: int) -> Decimal | None:
        """A total's average of its parts, weighted by a column that is printed; None where a part lacks its figure."""
        parts = sums[total]
        if any(known.figures[p][weight] and not known.printed(p, column) for p in parts):
            return None
        return _average([(known.figures[p][column], known.figures[p][weight]) for p in parts])

    return _Rule(_("vægtet med «{column}»").format(column=known.table.columns[weight].name), at)


def _harmonic(known: Known, sums: dict[int, tuple[int, ...]], column: int, top: int) -> _Rule:
    """The numerator is in the table, the denominator is not: the weights are numerator / rate."""

    def at(total: int) -> Decimal | None:
        """A total's average of its parts, weighted by what each rate divides; None where a rate is 0 and its amount is not."""
        pairs = [(known.figures[p][column], known.figures[p][top]) for p in sums[total]]
        if any(amount and not rate for rate, amount in pairs):
            return None
        return _average([(rate, amount / rate) for rate, amount in pairs if rate])

    return _Rule(_("vægtet efter «{column}»").format(column=known.table.columns[top].name), at)


def _average(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    weight = sum((w for _value, w in pairs), Decimal(0))
    return sum((value * w for value, w in pairs), Decimal(0)) / weight if weight else None
