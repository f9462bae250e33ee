"""The CPR numbers of a run, and where one of them stands in a text, however it is written.

A number is ten digits. It is looked for in every way people and programs write it: other digits than ours, separators
between the pairs, a year of four digits, the first zero lost, as an amount with thousands points, inside a longer
number or a file name. Only numbers that are known are found, so amounts, accounts, dates and hashes stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable

MASKED = "xxxxxx-xxxx"
#: Signs that are not seen: soft hyphen, zero width, direction marks.
UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
DASHES = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
BLANKS = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ENTITY = (
    r"&(?:nbsp|shy|thinsp|ensp|emsp|ndash|mdash|minus|sol|period|comma|lowbar|colon|\#[0-9]{1,5}|\#x[0-9A-Fa-f]{1,4});"
)
_ESCAPE = r"%(?:20|2[CDEFcdef]|3[Aa]|5[CFcf]|[89A-Fa-f][0-9A-Fa-f])|\\u[0-9A-Fa-f]{4}"
#: What may stand between two digits of one number.
BETWEEN = rf"(?:[{BLANKS}{UNSEEN}{DASHES}./_:,*\\·'’+|]|{_ENTITY}|{_ESCAPE})"
#: A digit of any script, raised or circled; ``\d`` is Unicode's decimal digits.
_ODD = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u24ea"
DIGIT = rf"[\d{_ODD}]"
_CHAIN = re.compile(rf"{DIGIT}(?:{BETWEEN}{{0,3}}{DIGIT}){{8,}}")
#: The same where the text has no escapes: three times as fast.
_SIMPLE = re.compile(rf"{DIGIT}(?:[{BLANKS}{UNSEEN}{DASHES}./_:,*\\·'’+|]{{0,3}}{DIGIT}){{8,}}")
_ESCAPES = re.compile(f"{_ENTITY}|{_ESCAPE}")
#: What every text with a number has: nine digits with nothing but such signs between them. A sign beyond ASCII may be a digit.
_DIGITS = bytes(48 if 48 <= byte < 58 or byte > 127 else 10 for byte in range(256))
_SIGNS, _NINE = b" -./_:,*\\'+|", b"0" * 9
#: A long text is looked through in parts of whole lines: no number goes on in the next. They are small, since a part that may
#: hold a number (a hash can have nine digits) is looked through sign by sign.
_PART = 1_000
_GROUP = re.compile(rf"{DIGIT}+")
#: A hash as we write it: digits in it are no number.
_HASH = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{40}")
#: The times that we write, each with the day and the T before it (ESS has no signs between the figures), and the name of a run's
#: folder: 06:12:43+00:00 is nobody born in 1943.
_MOMENTS = (
    (
        re.compile(r"(?<![0-9])20[0-9]{2}-[01][0-9]-[0-3][0-9]T$"),
        re.compile(r"[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?[+-][01][0-9]:[0-5][0-9]"),
    ),
    (
        re.compile(r"(?<![0-9])20[0-9]{2}[01][0-9][0-3][0-9]T$"),
        re.compile(r"[0-2][0-9][0-5][0-9][0-5][0-9][+-][01][0-9][0-5][0-9]"),
    ),
)
_FOLDER = re.compile(
    r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])-[0-2][0-9][0-5][0-9][0-5][0-9](?:-[0-9]{1,2})?"
)
_PAIRS = frozenset({2, 4, 6, 8})
_LONG_YEAR = frozenset({2, 4, 6, 8, 10})
_THOUSANDS = {9: frozenset({3, 6}), 10: frozenset({1, 4, 7})}
_EACH = frozenset(range(1, 12))


class Known:
    """A set of CPR numbers that takes eight bytes for each, and finds them in text. What is learnt at a time is a part of it."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        part = array("q", sorted(numbers))  # what comes in order costs little to put in order
        self._learnt: tuple[array[int], ...] = (part,) if part else ()

    def __bool__(self) -> bool:
        return bool(self._learnt)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and any(_in_sorted(part, number) for part in self._learnt)

    def joined(self, other: Iterable[int]) -> Known:
        """These numbers and others."""
        both = Known(other)
        both._learnt = (*self._learnt, *both._learnt)
        return both

    def hide(self, text: str, shown: Callable[[re.Match[str], str], str] | None = None) -> str:
        """The text with every number of the set replaced by ``xxxxxx-xxxx``.

        ``shown`` makes the replacement of a chain of digits from its match and its masked text, where the place of the
        number asks for it (a bare number in JSON).
        """
        if not self._learnt:
            return text
        parts = _parts(text) if len(text) > _PART else (text,)
        return "".join([self._hide(part, shown) if _may_hold(part) else part for part in parts])

    def _hide(self, text: str, shown: Callable[[re.Match[str], str], str] | None) -> str:
        def masked(match: re.Match[str]) -> str:
            """What stands in place of a match: itself where it is no known number, part of a hash or a time of ours."""
            made = self._masked(match[0])
            if made == match[0] or _in_hash(match) or _is_time(match):
                return match[0]
            return shown(match, made) if shown else made

        return (_CHAIN if _ESCAPES.search(text) else _SIMPLE).sub(masked, text)

    def _masked(self, chain: str) -> str:
        """A chain of digit groups with the known numbers in it replaced."""
        places, starts = _digits(chain)
        digits = "".join(_ascii(chain[place]) for place in places)
        made, done, at = "", 0, 0
        while at + 9 <= len(digits):
            length = self._length_at(digits, starts, at)
            if not length:
                at += 1
                continue
            made += chain[done : places[at]] + MASKED
            done = places[at + length - 1] + 1
            at += length
        return made + chain[done:]

    def _length_at(self, digits: str, starts: frozenset[int], at: int) -> int:
        """How many digits from ``at`` on are a known number; 0: none."""
        for length, number in _readings(digits[at : at + 12]):
            if number in self and _written_as_one(starts, at, length, len(digits)):
                return length
        return 0


def _is_time(match: re.Match[str]) -> bool:
    """Whether the digits are a moment as we write it, alone."""
    if _FOLDER.fullmatch(match[0]):
        return True
    day = match.string[max(0, match.start() - 12) : match.start()]
    return any(time.fullmatch(match[0]) and before.search(day) for before, time in _MOMENTS)


def _in_sorted(numbers: array[int], number: int) -> bool:
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number


def _parts(text: str) -> Iterable[str]:
    """A text in parts that end with a line."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PART) + 1 or len(text)
        yield text[start:end]
        start = end


def _may_hold(text: str) -> bool:
    """Whether a number can be in a text: told twenty times as fast as it is found. Signs between digits can be written out."""
    raw = text.encode("utf-8", "surrogatepass")
    return _NINE in raw.translate(_DIGITS, _SIGNS) or b"&" in raw or b"%" in raw or b"\\u" in raw


def _readings(digits: str) -> Iterable[tuple[int, int]]:
    """What the digits can be as a CPR number: with a year of four digits (last or first), as it is, its zero lost."""
    if len(digits) >= 12:
        yield 12, int(digits[:4] + digits[6:12])
        yield 12, int(digits[6:8] + digits[4:6] + digits[2:4] + digits[8:12])
    if len(digits) >= 10:
        yield 10, int(digits[:10])
    if digits[0] != "0":
        yield 9, int(digits[:9])


def _written_as_one(starts: frozenset[int], at: int, length: int, total: int) -> bool:
    """Whether the groups of digits from ``at`` on are a way to write one number."""
    breaks = frozenset(start - at for start in starts if at < start < at + length)
    opens, closes = at in starts, at + length in starts or at + length == total
    if length == 9:  # the first zero lost
        shapes = frozenset({1, 3, 5}), _THOUSANDS[9]
        return (
            opens and closes and any(breaks <= shape for shape in (*shapes, _EACH if len(breaks) == 8 else frozenset()))
        )
    if not breaks or breaks in ({length - 4}, {2}):
        return True
    if not (opens and closes):
        return False
    shape = _LONG_YEAR if length == 12 else _PAIRS
    return breaks <= shape or breaks <= {4, 6, 8} or breaks == _THOUSANDS.get(length) or len(breaks) == length - 1


def _digits(chain: str) -> tuple[list[int], frozenset[int]]:
    """Where the digits of a chain stand, and which of them begin a group. Digits of an escape (``%20``) are none."""
    hidden = {place for found in _ESCAPES.finditer(chain) for place in range(*found.span())}
    places: list[int] = []
    starts: set[int] = set()
    for group in _GROUP.finditer(chain):
        here = [place for place in range(*group.span()) if place not in hidden]
        if here:
            starts.add(len(places))
            places += here
    return places, frozenset(starts)


def _ascii(sign: str) -> str:
    return sign if "0" <= sign <= "9" else str(unicodedata.digit(sign))


def _in_hash(match: re.Match[str]) -> bool:
    """Whether the digits are part of a hash: hex digits alone around them, with a letter among them."""
    text, (begin, end) = match.string, match.span()
    while begin > 0 and text[begin - 1] in "0123456789abcdef":
        begin -= 1
    while end < len(text) and text[end] in "0123456789abcdef":
        end += 1
    word = text[begin:end]
    return _HASH.fullmatch(word) is not None and not word.isdigit()


def numbers_in(text: str) -> Iterable[int]:
    """The digits of a text as a number where they can be a CPR number: nine, ten, or twelve with a year of four."""
    digits = "".join(_ascii(sign) for sign in text if re.fullmatch(DIGIT, sign))
    if len(digits) in (9, 10):
        yield int(digits)
    elif len(digits) == 12:
        yield int(digits[:4] + digits[6:])
