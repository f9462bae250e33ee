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

_FUNCTION = r"[0-9]\.[0-9]{2}\.[0-9]{2}"
_SIGN = "(?: ?[;/,+&|] ?| og )"
#: Where another account begins in a cell; the digit of a REGKC dranst belongs to what comes after it.
_NEXT = re.compile(rf"(?<!\b[1-9])(?:{_SIGN}| )(?=(?:[1-9][ .-]{{1,3}})?{_FUNCTION}|[0-9]{{9}}(?![0-9]))")
_PARENTHESIS = re.compile(r"\([^()]*\)")
#: «…-003/004/005»: more grupperinger of the account before them.
_MORE = re.compile(rf"(?:{_SIGN}-?[0-9]{{3}}(?![0-9.]))+")
_MORE_BELOW = re.compile(r"[\r\n]+\s*(?=-[0-9]{3}(?![0-9]))")
#: «…-003-005» may be a range, or an account and a local number: nobody can tell. «…-003 til 5.38.39-1-005» has
#: accounts between the two that nobody has named.
_UNCLEAR = re.compile(r"(?: ?- ?| til )(?:(?:[0-9]{3}|[0-9]{9})(?![0-9])|[0-9]\.[0-9]{2}\.)|(?: ?-| til)$")
#: A word before the account.
_BEFORE = re.compile(r"^(?:funktion|konto(?:nr|nummer|streng)?|kto|kt)\b[:.]* ?(?=[0-9])", re.IGNORECASE)
#: «5.38.39 grp. 3+4+5», as budget texts write it.
_GROUPS = re.compile(
    rf"({_FUNCTION})[-, ]*(?:(?:dranst )?([1-7])[-, ]+)?"
    rf"(?:gr|grp|gruppering|grupperinger)\b\.? ?([0-9]{{1,3}}(?:{_SIGN}[0-9]{{1,3}})*)(?! ?[-0-9]| til )",
    re.IGNORECASE,
)


def _one_line(text: str) -> str:
    return " ".join(_DASH.sub("-", text).split())


def parse_account(text: str, functions: Collection[str]) -> str | None:
    """The nine digits of an account text, or None.

    Text after the number («5.38.58 1 001 SEL § 103 …») is passed over. ``functions`` are the known funktioner
    (five digits): nine digits are read in REGKC order when the digits after the first are one of them and the
    plain reading is not. Eight digits have lost the leading zero of hovedkonto 0; a dranst is never 0.
    """
    account, _rest = _leading(_one_line(text), functions)
    return account


def _leading(text: str, functions: Collection[str]) -> tuple[str | None, str]:
    """The account that a text begins with, and what stands after it."""
    if match := _WRITTEN.match(text):
        return "".join(match.groups()), text[match.end() :]
    if match := _WRITTEN_REGKC.match(text):
        dranst, *rest = match.groups()
        return "".join(rest[:3]) + dranst + rest[3], text[match.end() :]
    if match := _DIGITS.match(text):
        digits = match[1].zfill(9)
        if digits[0] != "0" and digits[1:6] in functions and digits[:5] not in functions:
            digits = digits[1:6] + digits[0] + digits[6:]
        return digits, text[match.end() :]
    return None, text


def accounts_in(text: str, functions: Collection[str]) -> list[str]:
    """The accounts of a cell that may hold several, as nine digits; a part that cannot be read stays as it is written.

    They stand on lines of their own or with ``/ , ; + & |``, «og» or white space between, each with a text after it or
    not. ``5.38.39-1-003/004`` is two accounts, and ``5.38.39 grp. 3+4`` too: without a dranst it is 1 (drift). What
    stands in parentheses is text.
    """
    text = _one_line(_MORE_BELOW.sub("/", _DASH.sub("-", text)))
    text = _BEFORE.sub("", text)
    hidden = _PARENTHESIS.sub(lambda match: "(" + "x" * (len(match[0]) - 2) + ")", text)
    ends = [(match.start(), match.end()) for match in _NEXT.finditer(hidden)]
    starts = [0, *(end for _start, end in ends)]
    stops = [*(start for start, _end in ends), len(text)]
    if _leading(text[: stops[0]], functions)[0] is None and not _GROUPS.match(text):
        return [text]  # a note that names an account is no account
    return [a for start, stop in zip(starts, stops, strict=True) for a in _accounts_of(text[start:stop], functions)]


def lacks_dranst(text: str) -> bool:
    """Whether a cell names grupperinger («5.38.39 grp. 3») without a dranst."""
    return any(match[2] is None for match in _GROUPS.finditer(_one_line(text)))


def _accounts_of(part: str, functions: Collection[str]) -> list[str]:
    if match := _GROUPS.match(part):
        function, dranst, groups = match.groups()
        start = function.replace(".", "") + (dranst or "1")
        return [start + group.zfill(3) for group in re.findall("[0-9]+", groups)]
    account, rest = _leading(part, functions)
    if account is None or _UNCLEAR.match(rest):
        return [part]
    more = _MORE.match(rest)
    return [account, *(account[:6] + group for group in re.findall("[0-9]{3}", more[0] if more else ""))]


def show_account(account: str) -> str:
    """``538581001`` → ``5.38.58-1-001``; anything else as it is."""
    if not re.fullmatch(r"[0-9]{9}", account):
        return account
    return f"{account[0]}.{account[1:3]}.{account[3:5]}-{account[5]}-{account[6:]}"
