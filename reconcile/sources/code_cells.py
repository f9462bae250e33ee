"""A dst_kode in a cell, and what spreadsheets make of one: 1.4 typed into Excel is the first of April."""

from __future__ import annotations

import re
from datetime import date, timedelta

from reconcile.errors import did_you_mean
from reconcile.i18n import _
from reconcile.reference import dst_codes, statbank_codes
from reconcile.sources.cells import DATE, NUMBER, bare

_MONTHS = "jan feb mar apr maj jun jul aug sep okt nov dec"
_MONTH = rf"({_MONTHS.replace(' ', '|')}|may|oct)[a-z]*\.?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
#: A day with a year; with points only where the year has four digits, for 1.8.2 is a code.
_DAY = re.compile(
    r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{2,4})(?![0-9])|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?![0-9])"
)
_WORDED = re.compile(rf"([0-9]{{1,2}})[-. ]+{_MONTH}(?![a-z])", re.IGNORECASE)
_TURNED = re.compile(rf"{_MONTH}[-. ]+([0-9]{{1,2}})(?![0-9])", re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?![0-9])")
#: Day 0 of Excel's count of days, and the counts that are days of our time where they are not StatBank's codes.
_DAY_0, _DAYS = date(1899, 12, 30), range(30_000, 80_000)


def code(text: str) -> str | None:
    """A dst_kode: «1.1 Aktivitets- og …» is 1.1, StatBank's 30011 is 1.1; an unknown code stays (rule VH02).

    A date or a time is what a spreadsheet made of a code.
    """
    plain = bare(text)
    if text.startswith(DATE) or _CLOCK.match(plain):
        return None
    match = re.match(r"([0-9][0-9.]*)(?![-\w.,/+&])", plain)
    word = match[1].rstrip(".") if match else plain
    if word in statbank_codes():
        return statbank_codes()[word]
    # «1. 12. 0. 1» and «1. apr» are not code 1; «31999 Ny» is StatBank's.
    return word if "." in word or len(word) == 5 or word == plain.rstrip(".") else plain


def link_code(text: str) -> str | None:
    """The code of a masteroversigt's cell; None where a spreadsheet spoilt it, also as text or as a day's number."""
    return None if is_spoilt(text) else code(text)


def is_spoilt(text: str) -> bool:
    """Whether a cell holds a date, a time of day or an error of the spreadsheet in place of a code."""
    return _parts(text) is not None or bare(text)[:1] in ("#", "=")


def why_no_code(text: str) -> str:
    """What to do about a cell that holds no code."""
    parts = _parts(text)
    if parts is None:
        return _("en fejl eller en formel, der ikke er beregnet; skriv koden som tekst")
    said = _("en dato eller et klokkeslæt, som regnearket har lavet af koden; gør kolonnen til tekst, og skriv koden.")
    meant = next((word for word in _meant(parts) if word in dst_codes()), "")
    return said + (did_you_mean(meant, [meant]) if meant else "")


def _parts(text: str) -> tuple[int, ...] | None:
    """Day, month and year as far as they are known, or hour, minute and second; None for another text."""
    plain = bare(text)
    if match := _ISO.match(plain):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _DAY.match(plain) or _CLOCK.match(plain):
        return tuple(int(part) for part in match.groups() if part)
    if match := _WORDED.match(plain):
        return int(match[1]), _month(match[2])
    if match := _TURNED.match(plain):
        return int(match[2]), _month(match[1])
    if text.startswith(NUMBER) and plain.isdigit() and int(plain) in _DAYS and plain not in statbank_codes():
        day = _DAY_0 + timedelta(days=int(plain))
        return day.day, day.month, day.year
    return None


def _month(word: str) -> int:
    english = {"may": "maj", "oct": "okt"}
    return _MONTHS.split().index(english.get(word[:3].lower(), word[:3].lower())) + 1


def _meant(parts: tuple[int, ...]) -> list[str]:
    """The codes a date can have been: day.month.year's last digits, day.month, and the American month.day."""
    first, second = parts[:2]
    year = [str(parts[2] % 100)] if len(parts) > 2 else []
    return [".".join([str(first), str(second), *year]), f"{first}.{second}", f"{second}.{first}"]
