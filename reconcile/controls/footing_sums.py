"""Which line of a table is the sum of which others: rows and columns alike.

Totals are known by their labels, the groups they close by label, by place or by figures; a group row without a word
for total (Excel's compact pivot) only by its figures being the sum of the rows after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from reconcile.results.footing import Line, Sum, is_total

# Looking for groups by figures takes time in the square of the rows; a longer table must name its totals.
MAX_UNLABELLED = 1_500
_SAMPLE = 8


class Axis:
    """The lines of one direction, with their figures where they cross the other (as exact whole numbers)."""

    def __init__(self, lines: Sequence[Line], figures: Sequence[Sequence[Decimal]], slack: Sequence[Decimal]) -> None:
        """``figures[i][k]`` is line i at crossing k, ``slack[k]`` what rounding may do there."""
        places = max((_decimals(v) for row in (*figures, slack) for v in row), default=0)
        scale = Decimal(10) ** places
        self.lines = lines
        self.figures = [[int(value * scale) for value in row] for row in figures]
        self.slack = [int(value * scale) for value in slack]

    def fit(self, total: int, parts: Iterable[int], *, exact: bool = False) -> int:
        """Crossings where the total is the sum of the parts, less those where it is not; zeros say nothing."""
        listed = list(parts)
        score = 0
        for k, allowed in enumerate(self.slack):
            score += _agree(self.figures[total][k], sum(self.figures[p][k] for p in listed), allowed, exact)
        return score


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _agree(total: int, parts: int, slack: int, exact: bool = False) -> int:
    if abs(total) <= slack and abs(parts) <= slack:
        return 0
    return 1 if abs(total - parts) <= (0 if exact else slack) else -1


def find_sums(axis: Axis, *, by_figures: bool) -> tuple[Sum, ...]:
    """All sums among the lines; ``by_figures`` (rows) also finds groups that no label gives away."""
    lines = axis.lines
    if crossed := _crossed(lines):
        return crossed
    items = [i for i, line in enumerate(lines) if not line.total and not line.average]
    totals = [i for i, line in enumerate(lines) if line.total and not line.average]
    sums = _outlines(lines, items)
    grands = [t for t in totals if lines[t].grand]
    loose = []
    for total in totals:
        if lines[total].grand:
            continue
        parts = _labelled(axis, total, items, sums)
        if parts:
            sums.append(Sum(total, tuple(parts)))
        else:
            loose.append(total)
    for total in loose:
        placed = _placed(axis, total, items, totals, sums, only=len(loose) == 1)
        if placed is None:
            grands.append(total)
        else:
            sums.append(Sum(total, tuple(placed)))
    if by_figures and not sums:
        sums = _groups_by_figures(axis, items, grands)
    top = _top(items, sums)
    for grand in grands:
        added = top if by_figures else _fitting_run(axis, grand, top)
        if added:
            sums.append(Sum(grand, tuple(added)))
    return tuple(sums)


def _crossed(lines: Sequence[Line]) -> tuple[Sum, ...]:
    """The sums of a list (area × sex × age): a total's parts are the rows equal in all its other label columns.

    Empty where the table is no list: every row must name itself in all of at least two label columns, once.
    """
    kinds = [line.labels for line in lines]
    if len(set(kinds)) < len(kinds) or any(len(labels) < 2 or not all(labels) for labels in kinds):
        return ()
    plain = [tuple(is_total(text) and not Line(0, text).stem for text in labels) for labels in kinds]
    if not any(any(totals) for totals in plain):
        return ()
    parts: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for i, labels in enumerate(kinds):
        for place, total in enumerate(plain[i]):
            if not total and not lines[i].average:
                parts.setdefault((place, (*labels[:place], *labels[place + 1 :])), []).append(i)
    found = []
    for i, labels in enumerate(kinds):
        for place in (place for place, total in enumerate(plain[i]) if total):
            added = parts.get((place, (*labels[:place], *labels[place + 1 :])), [])
            if added:
                found.append(Sum(i, tuple(added)))
    return tuple(found)


def _top(items: Sequence[int], sums: Sequence[Sum]) -> list[int]:
    """The lines a grand total adds up: totals of groups, and what is in no group."""
    inside = {part for s in sums for part in s.parts}
    return sorted({i for i in (*items, *(s.total for s in sums)) if i not in inside})


def _outlines(lines: Sequence[Line], items: Sequence[int]) -> list[Sum]:
    """Groups in outline form: the group's own row has a group and no label, its rows have both."""
    groups: dict[str, list[int]] = {}
    for i in items:
        groups.setdefault(lines[i].group, []).append(i)
    found = []
    for group, members in groups.items():
        heads = [i for i in members if not lines[i].label]
        if group and len(heads) == 1 and len(members) > 1:
            found.append(Sum(heads[0], tuple(i for i in members if i not in heads)))
    return found


def _labelled(axis: Axis, total: int, items: Sequence[int], sums: Sequence[Sum]) -> list[int]:
    """The parts a total names: a group («2021 i alt»), a measure in every group, or the group it stands in."""
    line = axis.lines[total]
    stem = line.stem.casefold()
    if stem:
        members = [i for i in items if axis.lines[i].group.casefold() == stem]
        alike = [i for i in items if axis.lines[i].label.casefold() == stem and axis.lines[i].group]
        return members or (alike if len(alike) > 1 else [])
    members = [i for i in items if line.group and axis.lines[i].group == line.group]
    # The last plain total may close the last group or the whole table: the figures say which.
    if members and axis.fit(total, members) >= axis.fit(total, _top(items, sums)):
        return members
    return []


def _placed(
    axis: Axis, total: int, items: Sequence[int], totals: Sequence[int], sums: Sequence[Sum], *, only: bool
) -> list[int] | None:
    """The parts of a total by its place: since the total before, or up to the next; None is the whole table."""
    before = max((t for t in totals if t < total), default=-1)
    after = min((t for t in totals if t > total), default=len(axis.lines))
    inside = {part for s in sums for part in s.parts}
    run_before = [i for i in items if before < i < total and i not in inside]
    run_after = [i for i in items if total < i < after and i not in inside]
    whole = _top(items, sums)
    options: list[list[int] | None] = [None] if only else [run_before, None, run_after]
    if only and len(totals) > 1:
        options += [run_before, run_after]
    options = [option for option in options if option is None or (option and option != whole)]
    return max(options, key=lambda o: axis.fit(total, whole if o is None else o), default=None)


def _fitting_run(axis: Axis, grand: int, top: Sequence[int]) -> Sequence[int]:
    """The columns a total column adds up: all of them, unless only its neighbours do in most rows."""
    if len(top) < 3 or len(top) > 60 or axis.fit(grand, top) >= 0:
        return top
    left = [i for i in top if i < grand]
    right = [i for i in top if i > grand]
    runs = [left[n:] for n in range(len(left) - 1)] + [right[:n] for n in range(2, len(right) + 1)]
    best = max(runs, key=lambda run: axis.fit(grand, run), default=top)
    return best if axis.fit(grand, best) > 1 else top


def _groups_by_figures(axis: Axis, items: Sequence[int], grands: Sequence[int]) -> list[Sum]:
    """Group rows that are the sum of the rows after them; none where the table adds up as it stands."""
    if len(items) < 2 or len(items) > MAX_UNLABELLED or not axis.slack:
        return []
    flat = max((axis.fit(g, items) for g in grands), default=None)
    if flat is not None and flat > 0:
        return []
    best: list[Sum] = []
    best_score = 0 if flat is None else max(flat, -1)
    indented = _by_indent(axis, items)
    for sums in (indented, *_readings(axis, items)):
        score = _score(axis, items, grands, sums, shown=sums is indented)
        if sums and score is not None and score > best_score:
            best, best_score = sums, score
    return best


def _readings(axis: Axis, items: Sequence[int]) -> Iterator[list[Sum]]:
    """The ways to read the rows as groups by their figures: at one level, then groups of those groups."""
    for loose_rows in (False, True):
        inner = _parse(axis, items, loose_rows=loose_rows)
        yield inner
        outer = _parse(axis, _top(items, inner), loose_rows=False) if inner else []
        if outer:
            yield [*inner, *outer]


def _score(axis: Axis, items: Sequence[int], grands: Sequence[int], sums: Sequence[Sum], *, shown: bool) -> int | None:
    """How well a reading in groups adds up, or None where the evidence is too thin to believe it.

    ``shown``: the table itself shows the groups, by indent.
    """
    top = _top(items, sums)
    fits = [axis.fit(s.total, s.parts) for s in sums]
    score = sum(fits)
    if not grands:
        convincing = all(fit > 0 for fit in fits) and score > 1 and all(len(s.parts) > 1 for s in sums)
        return score if convincing else None
    whole = max(axis.fit(grand, top) for grand in grands)
    loose = len(set(top) - {s.total for s in sums})
    if len(axis.slack) > 1:
        # With several columns to agree chance is out, unless rows outside the groups leave it room.
        return score + whole if whole > 0 or (not loose and whole == 0) else None
    exact = [axis.fit(s.total, s.parts, exact=not shown) > 0 for s in sums]
    all_exact = all(exact) and (not loose or sum(len(s.parts) for s in sums) > len(sums))
    foots = max(axis.fit(grand, top, exact=not shown) for grand in grands) > 0
    # In one column of small figures chance makes sums: either the grand total or every group must bear them out.
    if foots and (all_exact or (not loose and sum(exact) * 2 >= len(exact))):
        return score + 1
    several = len(sums) > 1 and all(len(s.parts) > 1 for s in sums)
    return score if all_exact and several and not loose else None


def _by_indent(axis: Axis, items: Sequence[int]) -> list[Sum]:
    """Groups, and groups of groups, by the blanks before the labels, as a pivot pasted from a mail has them."""
    parts: dict[int, list[int]] = {}
    above: list[int] = []
    for i in items:
        while above and axis.lines[above[-1]].indent >= axis.lines[i].indent:
            above.pop()
        if above:
            parts.setdefault(above[-1], []).append(i)
        above.append(i)
    return [Sum(head, tuple(members)) for head, members in parts.items()]


def _parse(axis: Axis, items: Sequence[int], *, loose_rows: bool) -> list[Sum]:
    """The best cut of the rows into «group row, its rows»; ``loose_rows`` lets rows stand outside groups.

    Dynamic programming from the end: ``best[i]`` is the best score of the rows from i on.
    """
    crossings = sorted(range(len(axis.slack)), key=lambda k: -sum(bool(axis.figures[i][k]) for i in items))[:_SAMPLE]
    columns = [([axis.figures[i][k] for i in items], axis.slack[k]) for k in crossings]
    n = len(items)
    nothing = -(10**9)
    best = [nothing] * n + [0]
    cut = [n] * (n + 1)
    for i in range(n - 1, -1, -1):
        if loose_rows:
            best[i], cut[i] = best[i + 1], i + 1
        running = [0] * len(columns)
        for j in range(i + 1, n):
            score = best[j + 1]
            for k, (values, slack) in enumerate(columns):
                running[k] += values[j]
                # A group of one row is that row: rounding cannot part them.
                agree = _agree(values[i], running[k], slack, exact=j == i + 1)
                # One wrong cell must not hide a group: agreeing by chance is rarer than one error.
                score += 3 * agree if agree > 0 else 2 * agree
            if best[j + 1] > nothing and score > best[i]:
                best[i], cut[i] = score, j + 1
    sums = []
    i = 0
    while i < n:
        if cut[i] > i + 1:
            sums.append(Sum(items[i], tuple(items[i + 1 : cut[i]])))
        i = cut[i]
    return sums if best[0] > nothing else []
