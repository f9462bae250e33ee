"""Where things stand in the drawings: plain numbers in, frozen geometry out. The SVG itself is in the templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconcile.i18n import number

#: A bridge whose bars all reach this share of the longest is drawn on a shortened axis, so that changes can be seen.
_SHORTEN_ABOVE = 0.6
WIDTH, BAR_LEFT, BAR_RIGHT, ROW = 400, 126.0, 348.0, 26.0
#: Bars begin further to the right where their names need it, and a name that needs more than that has two lines.
_FURTHEST = 236.0
#: The width of a letter at the size of the names (in a wide typeface), of the narrow ones and of the wide ones.
_LETTER, _NARROW, _BROAD = 8.0, 4.8, 11.5
_THIN, _WIDE = frozenset(".,:;-'()| iljtfr"), frozenset("+−–mwMW%@")


@dataclass(frozen=True)
class Bar:
    """A row of a waterfall.

    ``kind`` is ``total``, ``change``, ``rest`` or ``end``; ``link`` is where the row above ends, None for the first;
    ``lines`` the name as it is written, on one line or two.
    """

    label: str
    figure: str
    kind: str
    x: float
    width: float
    y: float
    link: float | None

    @property
    def lines(self) -> tuple[str, ...]:
        """The name on one line, or on the two that are shortest."""
        if _wide(self.label) <= _FURTHEST or " " not in self.label:
            return (self.label,)
        words = self.label.split(" ")
        cuts = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words)))
        return min(cuts, key=lambda lines: max(map(_wide, lines)))


@dataclass(frozen=True)
class Waterfall:
    """A bridge drawn as horizontal bars from top to bottom, which begin at ``left``; ``shortened`` when that is not 0."""

    bars: tuple[Bar, ...]
    height: float
    shortened: bool
    left: float = BAR_LEFT


def _wide(text: str) -> float:
    """About how wide a name is."""
    return sum(_NARROW if letter in _THIN else _BROAD if letter in _WIDE else _LETTER for letter in text)


def _left(names: Iterable[str]) -> float:
    """Where the bars begin: to the right of every name."""
    return min(max((BAR_LEFT, *(_wide(name) + 10 for name in names))), _FURTHEST + 10)


@dataclass(frozen=True)
class Level:
    """What a waterfall is made of: the level reached after a row, and the change (None for a total)."""

    label: str
    figure: str
    kind: str
    level: int
    change: int | None


def waterfall(levels: Sequence[Level]) -> Waterfall:
    """Bars for the levels, from left to right by size; at least 2 units wide, so that one person can be seen."""
    ends = [level.level for level in levels]
    ends += [level.level - level.change for level in levels if level.change is not None]
    low, high = min(ends, default=0), max(ends, default=0)
    shortened = low > 0 and low >= _SHORTEN_ABOVE * high
    start = max(0.0, low - max(1.5 * (high - low), 0.02 * high, 1.0)) if shortened else 0.0
    from_left = _left(level.label for level in levels)
    scale = (BAR_RIGHT - from_left) / ((high - start) or 1.0)

    def position(value: float) -> float:
        """Where a value lies along the bar, in the drawing's own units."""
        return from_left + (value - start) * scale

    bars, previous = [], None
    for place, level in enumerate(levels):
        before = level.level - level.change if level.change is not None else start
        left, right = sorted((position(before), position(level.level)))
        bars.append(Bar(level.label, level.figure, level.kind, left, max(right - left, 2.0), place * ROW + 4, previous))
        previous = position(level.level)
    return Waterfall(tuple(bars), len(levels) * ROW + 8, shortened, from_left)


@dataclass(frozen=True)
class Spark:
    """A small curve of two series on one scale: the points of each unbroken run of quarters."""

    own: tuple[str, ...]
    dst: tuple[str, ...]
    last_own: tuple[float, float] | None
    last_dst: tuple[float, float] | None
    width: float
    height: float


def spark(own: Sequence[int | None], dst: Sequence[int | None], width: float = 128, height: float = 34) -> Spark:
    """Two series of equal length drawn on one scale; a missing figure breaks the line."""
    known = [value for value in (*own, *dst) if value is not None]
    low, high = min(known, default=0), max(known, default=0)
    if high == low:
        low, high = low - 1, high + 1
    step = (width - 8) / max(len(own) - 1, 1)

    def place(number: int, value: int) -> tuple[float, float]:
        """Where a curve's point lies, from the left and from the top."""
        return round(4 + number * step, 1), round(height - 5 - (value - low) / (high - low) * (height - 10), 1)

    def drawn(series: Sequence[int | None]) -> tuple[tuple[str, ...], tuple[float, float] | None]:
        """The unbroken lines of a series, and its last point (None: it has none)."""
        runs: list[list[tuple[float, float]]] = [[]]
        for at, value in enumerate(series):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(place(at, value))
        lines = tuple(" ".join(f"{x:g},{y:g}" for x, y in run) for run in runs if len(run) > 1)
        ends = [run[-1] for run in runs if run]
        return lines, ends[-1] if ends else None

    own_lines, own_last = drawn(own)
    dst_lines, dst_last = drawn(dst)
    return Spark(own_lines, dst_lines, own_last, dst_last, width, height)


def bars(rows: Sequence[tuple[str, str, int]]) -> Waterfall:
    """A bar for each row (label, figure as it is written, size), all from 0; one that counts anything can be seen."""
    from_left = _left(label for label, _figure, _size in rows)
    scale = (BAR_RIGHT - from_left) / (max((size for _label, _figure, size in rows), default=0) or 1)
    made = [
        Bar(label, figure, "change", from_left, max(size * scale, 2.0) if size else 0.0, place * ROW + 4, None)
        for place, (label, figure, size) in enumerate(rows)
    ]
    return Waterfall(tuple(made), len(made) * ROW + 8, shortened=False, left=from_left)


@dataclass(frozen=True)
class Column:
    """A period of a flow: who came as a bar upwards, who left as one downwards from the middle line, and who is there after."""

    label: str
    came: str
    left: str
    after: str
    x: float
    up: float
    down: float


@dataclass(frozen=True)
class Columns:
    """Periods side by side; ``middle`` is the line between those who came and those who left."""

    columns: tuple[Column, ...]
    width: float
    bar: float
    middle: float
    height: float


_REACH, _ROOM = 62.0, 40.0


def columns(periods: Sequence[tuple[str, int, int, int]]) -> Columns:
    """Periods (label, came, left, after) drawn on one scale for both directions, each with the room that its largest takes."""
    up = max((came for _label, came, _left, _after in periods), default=0)
    down = max((left for _label, _came, left, _after in periods), default=0)
    most = max(up, down) or 1
    step = (WIDTH - 16) / max(len(periods), 1)
    made = [
        Column(
            label, number(came), number(left), number(after),
            round(8 + place * step + step / 2, 1), round(came * _REACH / most, 1), round(left * _REACH / most, 1),
        )
        for place, (label, came, left, after) in enumerate(periods)
    ]  # fmt: skip
    middle = round(_ROOM + up * _REACH / most, 1)
    height = round(middle + down * _REACH / most + _ROOM, 1)
    return Columns(tuple(made), WIDTH, round(min(step * 0.5, 30.0), 1), middle, height)
