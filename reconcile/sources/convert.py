"""Strict conversion of text to the canonical types. What is not exactly right is an error that names the cell.

A kind is converted either by an SQL expression (dates, amounts, CPR: many different values) or by a Python function
over the distinct values of the column (codes, accounts, kommuner: few).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from reconcile.accounts import parse_account
from reconcile.i18n import _
from reconcile.periods import Quarter, parse_month
from reconcile.reference import functions, kommuner, statbank_codes
from reconcile.sources.readers import DATE, NUMBER
from reconcile.tables import Kind

#: What StatBank writes where there is no figure. Not 0, and not an empty cell.
NO_FIGURE = ("..", ".")

_THOUSANDS = r"([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)"
_TIME = r"([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"


def clean(column: str) -> str:
    """SQL for a raw text cell: outer white space removed (no-break spaces too), empty is NULL."""
    return f"nullif(trim(replace({column}, chr(160), ' ')), '')"


def _decimal(x: str, sql_type: str, decimals: int) -> str:
    """SQL for a Danish number with at most ``decimals`` decimals (more only if they are zeros)."""
    text = rf"[-+−]?{_THOUSANDS}(,[0-9]{{1,{decimals}}}0*)?|{_THOUSANDS}(,[0-9]{{1,{decimals}}}0*)?-"
    cell = rf"{NUMBER}-?[0-9]+(\.[0-9]{{1,{decimals}}}0*)?"
    digits = f"replace(replace(translate({x}, '.-−+', ''), '−', ''), ',', '.')"
    sign = f"CASE WHEN regexp_matches({x}, '[-−]') THEN '-' ELSE '' END"
    return (
        f"CASE WHEN regexp_full_match({x}, '{text}') THEN try_cast({sign} || {digits} AS {sql_type})"
        f" WHEN regexp_full_match({x}, '{cell}') THEN try_cast(substr({x}, 2) AS {sql_type}) END"
    )


def _date(x: str) -> str:
    """SQL for ``dd-mm-yyyy`` and ``yyyy-mm-dd``, a time of day after it passed over; a day that does not exist is NULL."""
    return (
        f"CASE WHEN regexp_full_match({x}, '[0-9]{{2}}-[0-9]{{2}}-[0-9]{{4}}{_TIME}')"
        f" THEN CAST(try_strptime(substr({x}, 1, 10), '%d-%m-%Y') AS DATE)"
        f" WHEN regexp_full_match({x}, '{DATE}?[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}')"
        f" THEN CAST(try_strptime(substr(replace({x}, '{DATE}', ''), 1, 10), '%Y-%m-%d') AS DATE) END"
    )


def _cpr(x: str) -> str:
    """SQL for a CPR text: no spaces or hyphens; nine digits get their leading zero back. Anything else stays."""
    bare = f"upper(regexp_replace({x}, '[-\\s\\x{{2010}}-\\x{{2015}}−{NUMBER}]', '', 'g'))"
    return f"nullif(CASE WHEN regexp_full_match({bare}, '[0-9]{{9}}') THEN '0' || {bare} ELSE {bare} END, '')"


def _rate(x: str) -> str:
    bare = f"trim(regexp_replace({x}, '%$', ''))"
    value = _decimal(bare, "DECIMAL(9,4)", 4)
    return f"CASE WHEN ({value}) > 0 AND ({value}) < 1 THEN NULL ELSE ({value}) END"


_EXPRESSIONS: Mapping[Kind, Callable[[str], str]] = {
    Kind.CPR: _cpr,
    Kind.TEXT: lambda x: f"regexp_replace({x}, '^[{NUMBER}{DATE}]', '')",
    Kind.DATE: _date,
    Kind.MONEY: lambda x: _decimal(x, "DECIMAL(18,2)", 2),
    Kind.FIGURE: lambda x: _decimal(x, "DECIMAL(18,4)", 4),
    Kind.RATE: _rate,
    Kind.WHOLE: lambda x: (
        f"CASE WHEN regexp_full_match({x}, '{NUMBER}?-?{_THOUSANDS}')"
        f" THEN try_cast(replace(replace({x}, '.', ''), '{NUMBER}', '') AS BIGINT) END"
    ),
}


def bare(text: str) -> str:
    """The text without the mark of a number or date cell."""
    return text.lstrip(NUMBER + DATE)


def code(text: str) -> str | None:
    """A dst_kode: «1.1 Aktivitets- og …» is 1.1, StatBank's 30011 is 1.1; an unknown code stays (rule VH02)."""
    match = re.match(r"[0-9][0-9.]*", bare(text))
    word = match[0].rstrip(".") if match else bare(text)
    return statbank_codes().get(word, word if match and _stands_alone(bare(text), match.end()) else bare(text))


def _stands_alone(text: str, end: int) -> bool:
    return end == len(text) or not text[end].isalnum()


def kommune(text: str) -> str | None:
    """A kommunekode: ``665``, ``0665``, ``665 Lemvig`` or ``Lemvig``; anything else stays (rule VH12)."""
    word = bare(text)
    if match := re.match(r"0?([0-9]{3})(?![0-9])", word):
        return match[1]
    if re.fullmatch(r"[0-9]{1,2}", word):
        return word.zfill(3)
    plain = re.sub(r"\s+kommune$", "", word, flags=re.IGNORECASE).casefold()
    return next((k for k, name in kommuner().items() if name.casefold() == plain), word)


def account(text: str) -> str | None:
    """An account as nine digits, or None."""
    return parse_account(bare(text), functions())


def month(text: str) -> date | None:
    """A month as its first day: ``2020-07``, or any date in it."""
    word = bare(text)
    for shape in (r"([0-9]{4}-[0-9]{2})-[0-9]{2}.*", r"[0-9]{2}-([0-9]{2})-([0-9]{4}).*"):
        if match := re.fullmatch(shape, word):
            word = match[1] if match.lastindex == 1 else f"{match[2]}-{match[1]}"
    return parse_month(word)


def quarter(text: str) -> str | None:
    """A quarter as ``2020K3``."""
    found = Quarter.parse(bare(text))
    return str(found) if found else None


def yes_no(text: str) -> bool | None:
    """``ja``/``nej`` (also j, n, x, 1, 0, true, false)."""
    return {"ja": True, "j": True, "x": True, "1": True, "true": True, "sand": True}.get(bare(text).casefold()) or (
        False if bare(text).casefold() in ("nej", "n", "0", "false", "falsk") else None
    )


def system(text: str) -> str | None:
    """``nuvaerende`` or ``tidligere``."""
    word = bare(text).casefold().replace("æ", "ae")
    return word if word in ("nuvaerende", "tidligere") else None


def groups(text: str) -> str | None:
    """One or more målgrupper with ``|`` between, as level codes (``1.1``); names of the masterark become their codes."""
    names = {"social": "2", "handicap": "1.1", "sindslidende": "1.2"}
    words = [word.strip() for word in re.split(r"[|;]", bare(text)) if word.strip()]
    return "|".join(names.get(word.casefold(), word) for word in words) or None


#: Kinds converted value by value in Python, over the distinct values of the column.
LOOKUPS: Mapping[Kind, Callable[[str], str | bool | date | None]] = {
    Kind.CODE: code,
    Kind.KOMMUNE: kommune,
    Kind.KONTO: account,
    Kind.MONTH: month,
    Kind.QUARTER: quarter,
    Kind.YESNO: yes_no,
    Kind.SYSTEM: system,
    Kind.GROUPS: groups,
}


def expression(kind: Kind, x: str) -> str:
    """SQL for a cleaned text cell as its type; NULL where it cannot be converted."""
    return _EXPRESSIONS[kind](x)


def as_text(column: str, sql_type: str) -> str:
    """SQL for a typed Parquet cell as the text a workbook cell of the same value would have."""
    if sql_type == "VARCHAR":
        return column
    if sql_type.startswith(("DATE", "TIMESTAMP")):
        return f"'{DATE}' || strftime({column}, '%Y-%m-%d')"
    if sql_type == "BOOLEAN":
        return f"CASE {column} WHEN true THEN 'ja' WHEN false THEN 'nej' END"
    return f"'{NUMBER}' || CAST({column} AS VARCHAR)"


def same_type(kind: Kind, sql_type: str) -> str | None:
    """The type a Parquet column can be cast to without going through text, or None."""
    if kind is Kind.DATE and sql_type.startswith(("DATE", "TIMESTAMP")):
        return "DATE"
    if kind is Kind.MONTH and sql_type.startswith(("DATE", "TIMESTAMP")):
        return "DATE"
    if kind is Kind.MONEY and re.fullmatch(r"DECIMAL\((1[0-8]|[0-9]),[0-2]\)|(TINY|SMALL|BIG)?INT(EGER)?", sql_type):
        return "DECIMAL(18,2)"
    if kind is Kind.WHOLE and re.fullmatch(r"U?(TINY|SMALL|BIG)?INT(EGER)?", sql_type):
        return "BIGINT"
    return None


def remedy(kind: Kind, value: str | None, whole: bool = False) -> str:
    """What to do about a cell of this kind that could not be converted."""
    if value is None:
        return _("cellen er tom, men skal være udfyldt")
    texts = {
        Kind.DATE: _("ikke en dato, der findes; skriv dd-mm-åååå eller åååå-mm-dd"),
        Kind.MONEY: _("ikke et beløb; skriv 1.234,50 (komma før ører, punktum kun ved tusinder, højst to decimaler)"),
        Kind.FIGURE: _("ikke et tal; skriv 1.234 eller 867,6 (komma som decimaltegn), eller .. hvor tallet mangler"),
        Kind.RATE: _("ikke en procentsats; skriv 40 for 40 procent, ikke 0,4"),
        Kind.WHOLE: _("ikke et helt tal"),
        Kind.KONTO: _("ikke en konto; skriv 5.38.58-1-001, «5.38.58 1 001» eller 538581001"),
        Kind.MONTH: _("ikke en måned; skriv 2020-07"),
        Kind.QUARTER: _("ikke et kvartal; skriv 2020K3"),
        Kind.YESNO: _("skriv ja eller nej"),
        Kind.SYSTEM: _("skriv nuvaerende eller tidligere"),
    }
    if whole:
        return _("antal modtagere er et helt tal fra 0 og op")
    return texts.get(kind, _("kan ikke læses"))


assert set(LOOKUPS) | set(_EXPRESSIONS) == set(Kind)  # noqa: S101 - every kind has one way in
