"""How CPR numbers are kept out of every text. What a CPR number is stands in ``sql/funktioner.sql``."""

from __future__ import annotations

import re

_DASH = "-\u2010-\u2015\u2212"
_LETTER = "A-ZÆØÅa-zæøå"
_LIKELY = re.compile(
    r"(?<![0-9])([0-9]{1,2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{2})"  # a birth date, its first zero perhaps lost
    rf"(?:[{_DASH}\s]{{0,3}}[0-9]{{4}}(?![0-9])"  # four digits
    rf"|[{_DASH}]?(?=[0-9]{{0,3}}[{_LETTER}])[0-9{_LETTER}]{{4}}(?![0-9{_LETTER}])"  # or letters among them
    r"|[\s\-]{1,3}(?=[A-ZÆØÅ]{1,3}[0-9]|[0-9]{1,3}[A-ZÆØÅ])[0-9A-ZÆØÅ]{4}(?![0-9A-ZÆØÅa-zæøå]))"
)
MASKED = "xxxxxx-xxxx"


def mask(text: str) -> str:
    """The text with everything that can be a CPR number replaced by ``xxxxxx-xxxx``.

    Ten digits (or nine, a lost leading zero), or six and four with letters among the four, are masked when the first
    six can be a birth date, also with 60 added to the day: account numbers and amounts stay readable.
    """

    def hide(match: re.Match[str]) -> str:
        return MASKED if _looks_born(re.sub(r"[^0-9]", "", match[1]).zfill(6)) else match[0]

    return _LIKELY.sub(hide, text) if text else text


def _looks_born(six: str) -> bool:
    day, month = int(six[:2]) % 60, int(six[2:4])
    return int(six[:2]) <= 91 and 1 <= day <= 31 and 1 <= month <= 12
