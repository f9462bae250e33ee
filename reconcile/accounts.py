"""Account numbers of the municipal chart of accounts (Budget- og regnskabssystem for kommuner, ch. 2).

Nine digits: hovedkonto (1), hovedfunktion (2), funktion (2), dranst (1), gruppering (3). ``538581001`` is
«5.38.58 dranst 1 gruppering 001». StatBank's REGKC puts dranst first.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_DASH = re.compile("[\u2010-\u2015\u2212]")
_SEP = r"(?: ?[-.] ?| )"
_WRITTEN = re.compile(rf"([0-9])\.([0-9]{{2}})\.([0-9]{{2}}){_SEP}([0-9]){_SEP}([0-9]{{3}})(?![0-9])")
_WRITTEN_REGKC = re.compile(rf"([1-9]){_SEP}([0-9])\.([0-9]{{2}})\.([0-9]{{2}}){_SEP}([0-9]{{3}})(?![0-9])")
_DIGITS = re.compile(r"([0-9]{8,9})(?![0-9])")


def parse_account(text: str, functions: Collection[str]) -> str | None:
    """The nine digits of an account text, or None.

    Text after the number («5.38.58 1 001 SEL § 103 …») is passed over. ``functions`` are the known funktioner
    (five digits): nine digits are read in REGKC order when the digits after the first are one of them and the
    plain reading is not. Eight digits have lost the leading zero of hovedkonto 0; a dranst is never 0.
    """
    text = " ".join(_DASH.sub("-", text).split())
    if match := _WRITTEN.match(text):
        return "".join(match.groups())
    if match := _WRITTEN_REGKC.match(text):
        dranst, *rest = match.groups()
        return "".join(rest[:3]) + dranst + rest[3]
    if match := _DIGITS.match(text):
        digits = match[1].zfill(9)
        if digits[0] != "0" and digits[1:6] in functions and digits[:5] not in functions:
            return digits[1:6] + digits[0] + digits[6:]
        return digits
    return None


def show_account(account: str) -> str:
    """``538581001`` → ``5.38.58-1-001``; anything else as it is."""
    if not re.fullmatch(r"[0-9]{9}", account):
        return account
    return f"{account[0]}.{account[1:3]}.{account[3:5]}-{account[5]}-{account[6:]}"
