"""How CPR numbers are kept out of every text. What a CPR number is stands in ``sql/funktioner.sql``.

``mask`` knows a number by its form alone; ``privacy.door`` knows the numbers of the run, and finds them anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_DASH = "-\u2010-\u2015\u2212"
_LETTER = "A-ZÆØÅa-zæøå"
_SIGN = rf"{_DASH}./_:,*\\"  # what people write between the two halves, and some systems
_LIKELY = re.compile(
    r"(?<![0-9])([0-9]{1,2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{2})"  # a birth date, its first zero perhaps lost
    rf"(?:[{_DASH}\s]{{0,3}}[0-9]{{4}}(?![0-9])"  # four digits
    rf"|[{_DASH}]?(?=[0-9]{{0,3}}[{_LETTER}])[0-9{_LETTER}]{{4}}(?![0-9{_LETTER}])"  # or letters among them
    r"|[\s\-]{1,3}(?=[A-ZÆØÅ]{1,3}[0-9]|[0-9]{1,3}[A-ZÆØÅ])[0-9A-ZÆØÅ]{4}(?![0-9A-ZÆØÅa-zæøå]))"
)
#: The two halves with another sign between them.
_APART = re.compile(rf"(?<![0-9.,])([0-9]{{6}}) ?[{_SIGN}] ?[0-9]{{4}}(?![0-9])")
_SLASHED = re.compile(rf"(?<![0-9.,])([0-9]{{2}}([/_:*\\])[0-9]{{2}}\2[0-9]{{2}})[{_SIGN} ]{{0,3}}[0-9]{{4}}(?![0-9])")
_PAIRS = re.compile(
    rf"(?<![0-9])([0-9]{{2}}([ {_DASH}._/:*\\])[0-9]{{2}}\2[0-9]{{2}})\2[0-9]{{2}}\2[0-9]{{2}}(?![0-9])"
)
_LONG_YEAR = re.compile(
    r"(?<![0-9])([0-9]{2}([-./ _]?)[0-9]{2})\2(?:18|19|20)([0-9]{2})(?:[-\u2010\u2011_./]|(?<=[0-9]{8})[ ]?)[0-9]{4}(?![0-9:])"
)
#: Written as a CPR number, whatever the digits are: a mistyped day is somebody's number all the same.
_WRITTEN = re.compile(r"(?<![0-9A-Za-z\-])[0-9]{6}[-\u2010\u2011][0-9]{4}(?![0-9A-Za-z\-])")
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
#: Begins with one set of signs, which is looked for twice as fast as one thing or another.
_STRANGE = re.compile(
    rf"[\d{_UNSEEN}\u00b2\u00b3\u00b9\u2070-\u2089\u2460-\u2468\u24ea%&]"
    r"(?:(?<![0-9%&])|(?<=%)20|(?<=&)(?:nbsp|\#160|shy);)"
)
#: What every form but _LIKELY has, nine digits close to each other: most texts have not, and are looked through no more.
_NINE = re.compile(r"[0-9](?:[^0-9]{0,3}[0-9]){8}")
MASKED = "xxxxxx-xxxx"
#: A CPR number that has lost its first zero.
_SHORTEST = 9


def mask(text: str) -> str:
    """The text with everything that can be a CPR number replaced by ``xxxxxx-xxxx``.

    Ten digits (or nine, a lost leading zero), or six and four with letters among the four, are masked when the first
    six can be a birth date, also with 60 added to the day: account numbers and amounts stay readable. Digits of other
    scripts, signs that are not seen and other separators make no difference, nor does a year of four digits.
    """
    if len(text) < _SHORTEST:
        return text
    if _STRANGE.search(text):
        text = _normalised(text)
    text = _LIKELY.sub(_hide_first, text)
    if not _NINE.search(text):
        return text
    for form in (_APART, _SLASHED, _PAIRS):
        text = form.sub(_hide_first, text)
    text = _LONG_YEAR.sub(_hide_long_year, text)
    return _WRITTEN.sub(MASKED, text)


def _hide_born(six: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """A replacement that masks where the six digits can be a birth date."""

    def hide(match: re.Match[str]) -> str:
        """What stands in place of six digits: the mask where they can be a birthday, else themselves."""
        return MASKED if _looks_born(re.sub(r"[^0-9]", "", six(match)).zfill(6)) else match[0]

    return hide


_hide_first = _hide_born(lambda match: match[1])
_hide_long_year = _hide_born(lambda match: match[1] + match[3])


def _looks_born(six: str) -> bool:
    day, month = int(six[:2]) % 60, int(six[2:4])
    return int(six[:2]) <= 91 and 1 <= day <= 31 and 1 <= month <= 12


def _normalised(text: str) -> str:
    """The text as it is read by people, where that uncovers a number; else as it stands."""
    plain = "".join(_plain(text))
    return plain if _masks(plain) else text


def _masks(plain: str) -> bool:
    return mask(plain) != plain


def _plain(text: str) -> Iterator[str]:
    for part in re.split(r"(%20|&nbsp;|&#160;|&shy;)", text):
        if part in ("%20", "&nbsp;", "&#160;"):
            yield " "
        elif part != "&shy;":
            for sign in re.sub(f"[{_UNSEEN}]", "", part):
                yield str(unicodedata.digit(sign)) if not sign.isascii() and sign.isdigit() else sign
