"""How CPR numbers are kept out of every text. What a CPR number is stands in ``sql/funktioner.sql``."""

from __future__ import annotations

import re

_LIKELY = re.compile(
    r"(?<![0-9])([0-9]{5,6})[-\u2010-\u2015\u2212 \u00a0]?"
    r"([0-9]{4}(?![0-9])|(?=[0-9]{0,3}[A-ZÆØÅ])[0-9A-ZÆØÅ]{4}(?![0-9A-ZÆØÅ]))"
)
MASKED = "xxxxxx-xxxx"


def mask(text: str) -> str:
    """The text with everything that can be a CPR number replaced by ``xxxxxx-xxxx``.

    Ten digits (or nine, a lost leading zero) are masked when their first six can be a birth date, also with 60
    added to the day, so that account numbers and amounts stay readable.
    """

    def hide(match: re.Match[str]) -> str:
        return MASKED if _looks_born(match[1].zfill(6)) else match[0]

    return _LIKELY.sub(hide, text) if text else text


def _looks_born(six: str) -> bool:
    day, month = int(six[:2]) % 60, int(six[2:4])
    return int(six[:2]) <= 91 and 1 <= day <= 31 and 1 <= month <= 12
