"""Strict conversion of text to the canonical types. What is not exactly right is an error that names the cell.

A kind is converted either by an SQL expression (dates, amounts, CPR: many different values) or by a Python function
over the distinct values of the column (codes, accounts, kommuner: few).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from reconcile.domain.accounts import parse_account
from reconcile.domain.canonical import Kind
from reconcile.domain.periods import Quarter, parse_month
from reconcile.i18n import _
from reconcile.reference import functions, kommuner
from reconcile.sources.cells import BLANK, DATE, NUMBER, bare
from reconcile.sources.code_cells import code, link_code, why_no_code

#: What a system writes where it has nothing. In a cell that may be empty it is no value.
NULL_WORDS = ("null", "(null)", "n/a", "ukendt", "-")

#: A kommune column's text that can be no kommune. What stood there is not repeated: it can be a CPR number.
NO_KOMMUNE = "?"

#: The greatest counter of weeks and the greatest count of persons: a CPR number is greater, also without its zero.
MOST_WEEKS, MOST_PERSONS = 9_999, 9_999_999

#: What StatBank writes where there is no figure. Not 0, and not an empty cell.
NO_FIGURE = ("..", ".", "...", "…")

_THOUSANDS = r"([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)"
_YEAR = "[1-9][0-9]{3}"
_TIME = r"([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"

_BLANKS = "".join(f"\\x{{{ord(mark):x}}}" for mark in BLANK)


def clean(column: str) -> str:
    """SQL for a raw text cell: outer white space removed (no-break spaces too), empty is NULL."""
    return f"nullif(trim(replace({column}, chr(160), ' '), '{BLANK}'), '')"


def _decimal(x: str, sql_type: str, fraction: str) -> str:
    """SQL for a Danish number; ``fraction`` is the pattern of the digits after the comma (or a number cell's point).

    A minus may stand before or after the number. Too big a number is NULL.
    """
    plain = rf"[-+]?{_THOUSANDS}(,{fraction})?"
    turned = rf"−{_THOUSANDS}(,{fraction})?|{_THOUSANDS}(,{fraction})?[-−]"
    digits = f"replace(replace({x}, '.', ''), ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({x}, '{plain}') THEN try_cast({digits} AS {sql_type})"
        f" WHEN {_number_cell(x, sql_type, fraction)}"
        f" WHEN regexp_full_match({x}, '{turned}')"
        f" THEN try_cast('-' || translate({digits}, '-−', '') AS {sql_type}) END"
    )


def _number_cell(x: str, sql_type: str, fraction: str) -> str:
    """What a number cell is: the condition and the value of a CASE."""
    cell = rf"{NUMBER}-?[0-9]+(\.{fraction})?"
    return f"regexp_full_match({x}, '{cell}') THEN try_cast(substr({x}, 2) AS {sql_type})"


#: Two decimals, or more where those are zeros; not three, which in an English file would be thousands.
_OERE = "([0-9]{1,2}|[0-9]{2}0{2,})"
_FOUR = "[0-9]{1,4}0*"


def _date(x: str) -> str:
    """SQL for ``dd-mm-yyyy``, ``dd.mm.yyyy`` and ``yyyy-mm-dd``; a time of day is passed over, a day that does not
    exist is NULL."""
    return (
        f"CASE WHEN regexp_full_match({x}, '[0-9]{{2}}\\.[0-9]{{2}}\\.{_YEAR}{_TIME}')"
        f" THEN CAST(try_strptime(substr({x}, 1, 10), '%d.%m.%Y') AS DATE)"
        f" WHEN regexp_full_match({x}, '[0-9]{{2}}-[0-9]{{2}}-{_YEAR}{_TIME}')"
        f" THEN CAST(try_strptime(substr({x}, 1, 10), '%d-%m-%Y') AS DATE)"
        f" WHEN regexp_full_match({x}, '{DATE}?{_YEAR}-[0-9]{{2}}-[0-9]{{2}}{_TIME}')"
        f" THEN CAST(try_strptime(substr(replace({x}, '{DATE}', ''), 1, 10), '%Y-%m-%d') AS DATE) END"
    )


def _cpr(x: str) -> str:
    """SQL for a CPR text: no spaces or hyphens; nine digits get their leading zero back. Anything else stays."""
    bare = f"upper(regexp_replace({x}, '[-\\t\\n\\f\\r\\x{{20}}\\x{{2010}}-\\x{{2015}}−{NUMBER}{DATE}]', '', 'g'))"
    return (
        f"CASE WHEN regexp_full_match({x}, '[0-9]{{10}}') THEN {x}"
        f" WHEN regexp_full_match({bare}, '[0-9]{{9}}') THEN '0' || {bare} ELSE nullif({bare}, '') END"
    )


def _rate(x: str) -> str:
    """SQL for a rate in percent."""
    return _no_fraction(x, _decimal(f"trim(rtrim({x}, '%'))", "DECIMAL(9,4)", _FOUR))


def _no_fraction(x: str, value: str) -> str:
    """SQL for the value of a rate; what lies between 0 and 1 is a fraction that nobody meant as percent."""
    fraction = f"[{NUMBER}]?[-+−]?0*[,.][0-9]*[1-9][0-9]*\\s*%?"
    return f"CASE WHEN NOT regexp_full_match({x}, '{fraction}') THEN {value} END"


def _whole(x: str) -> str:
    """SQL for a counter of weeks; one that a CPR number could be is NULL."""
    value = _any_whole(x)
    return f"CASE WHEN abs({value}) <= {MOST_WEEKS} THEN {value} END"


def _any_whole(x: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({x}, '-?{_THOUSANDS}') THEN try_cast(replace({x}, '.', '') AS BIGINT)"
        f" WHEN regexp_full_match({x}, '{NUMBER}-?[0-9]+(\\.0+)?') THEN try_cast(substr({x}, 2) AS BIGINT) END"
    )


_EXPRESSIONS: Mapping[Kind, Callable[[str], str]] = {
    Kind.CPR: _cpr,
    Kind.TEXT: lambda x: f"regexp_replace({x}, '^[{NUMBER}{DATE}]', '')",
    Kind.DATE: _date,
    Kind.MONEY: lambda x: _decimal(x, "DECIMAL(18,2)", _OERE),
    Kind.FIGURE: lambda x: _decimal(x, "DECIMAL(18,4)", _FOUR),
    Kind.RATE: _rate,
    Kind.WHOLE: _whole,
}


_TEXT = (rf"[^{_BLANKS}{NUMBER}{DATE}]([^\x{{a0}}]*[^{_BLANKS}])?", lambda x: x)
_KRONER = ("-?[0-9]+(,[0-9]{1,2})?", lambda x: f"try_cast(replace({x}, ',', '.') AS DECIMAL(18,2))")
_PERCENT = ("([1-9][0-9]*|0)", lambda x: f"try_cast({x} AS DECIMAL(9,4))")

#: What nearly every raw cell of a large extract looks like, and its value: no more than what ``clean`` and
#: ``expression`` make of it, at a fraction of their time.
_PLAIN: Mapping[Kind, tuple[str, Callable[[str], str]]] = {
    Kind.TEXT: _TEXT,
    Kind.CPR: ("[0-9]{10}", lambda x: x),
    Kind.MONEY: _KRONER,
    Kind.RATE: _PERCENT,
    Kind.WHOLE: ("-?[0-9]{1,4}", lambda x: f"try_cast({x} AS BIGINT)"),
}


def kommune(text: str) -> str | None:
    """A kommunekode: ``665``, ``0665``, ``665 Lemvig`` or ``Lemvig``.

    Another name stays, for rule VH12 to find; anything else with a digit in it is ``NO_KOMMUNE``.
    """
    word = bare(text)
    few = len(re.findall("[0-9]", word)) <= len("0665")
    if few and (match := re.match(r"0?([0-9]{3})(?![0-9])", word)):
        return match[1]
    if re.fullmatch(r"[0-9]{1,2}", word):
        return word.zfill(3)
    plain = re.sub(r"\s+(regions)?kommune$", "", word, flags=re.IGNORECASE).casefold()
    codes = {name.casefold(): kode for kode, name in kommuner().items()}
    if found := codes.get(plain) or codes.get(plain.removesuffix("s")):  # «Københavns Kommune»
        return found
    return NO_KOMMUNE if any(letter.isnumeric() for letter in word) else word


def link_account(text: str) -> str | None:
    """An account that ``sources.overview`` has read, or None where the cell holds something else."""
    return text if re.fullmatch("[0-9]{9}", text) else None


def account(text: str) -> str | None:
    """An account as nine digits, or None."""
    return parse_account(bare(text), functions())


def month(text: str) -> date | None:
    """A month as its first day: ``2020-07``, or any date in it."""
    word = bare(text)
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})" + _TIME, word)
    turned = re.fullmatch(r"([0-9]{2})[-.]([0-9]{2})[-.]([0-9]{4})" + _TIME, word)
    if not match and not turned:
        return parse_month(word)
    parts = match.group(1, 2, 3) if match else turned.group(3, 2, 1) if turned else ()
    try:
        return date(*map(int, parts)).replace(day=1)
    except ValueError:
        return None


def months(text: str) -> tuple[date, date] | None:
    """The first and the last month of a posting: ``2020-07``, or a range ``2020-01:2020-03`` (also with ``–`` or ``til``)."""
    first, _sign, last = re.sub(r"\s*(:|–|\btil\b)\s*", ":", bare(text)).partition(":")
    start, end = month(first), month(last) if last else month(first)
    return (start, end) if start and end and start <= end else None


def first_month(text: str) -> date | None:
    """The first month of ``months``, or any date in one."""
    found = (month(text), None) if month(text) else months(text)
    return found[0] if found else None


def last_month(text: str) -> date | None:
    """The last month of a range of several; None where there is one month."""
    found = None if month(text) else months(text)
    return found[1] if found and found[1] > found[0] else None


def rhythm(text: str) -> str | None:
    """How an account is billed: ``maaned``, ``kvartal``, ``halvaar`` or ``aar``, each also with `` forud``."""
    words = bare(text).casefold().replace(chr(229), "aa").replace("-", " ").split()
    spoken = {"maanedsvis": "maaned", "kvartalsvis": "kvartal", "halvaarlig": "halvaar", "aarlig": "aar"}
    name = spoken.get(words[0], words[0]) if words else ""
    if name not in ("maaned", "kvartal", "halvaar", "aar") or words[1:] not in ([], ["forud"]):
        return None
    return " ".join([name, *words[1:]])


def quarter(text: str) -> str | None:
    """A quarter as ``2020K3``."""
    found = Quarter.parse(bare(text))
    return str(found) if found else None


def year(text: str) -> str | None:
    """A year as four digits."""
    return match[0] if (match := re.fullmatch("[12][0-9]{3}", bare(text))) else None


def yes_no(text: str) -> bool | None:
    """``ja``/``nej`` (also j, n, x, 1, 0, true, false)."""
    return {"ja": True, "j": True, "x": True, "1": True, "true": True, "sand": True}.get(bare(text).casefold()) or (
        False if bare(text).casefold() in ("nej", "n", "0", "false", "falsk") else None
    )


def system(text: str) -> str | None:
    """``nuvaerende`` or ``tidligere``."""
    word = bare(text).casefold().replace("æ", "ae")
    return word if word in ("nuvaerende", "tidligere") else None


def financing(text: str) -> str | None:
    """``refusion`` or ``medfinansiering``."""
    word = bare(text).casefold()
    return word if word in ("refusion", "medfinansiering") else None


#: What a takst is for, as systems write it, without «pr.», «kr.» and «takst».
UNITS: Mapping[str, tuple[str, ...]] = {
    "dag": ("dag", "dage", "daglig", "dagligt", "døgn", "kalenderdag"),
    "uge": ("uge", "uger", "ugentlig", "ugentligt"),
    "maaned": ("maaned", "måned", "måneder", "månedlig", "månedligt", "md", "mdr", "mnd"),
    "kvartal": ("kvartal", "kvartaler", "kvartalsvis", "kvt"),
    "aar": ("aar", "år", "årlig", "årligt"),
    "styk": ("styk", "stk", "gang", "engang", "engangs", "engangsbeløb", "engangsydelse"),
}


def unit(text: str) -> str | None:
    """What a takst is for: ``dag``, ``uge``, ``maaned``, ``kvartal``, ``aar`` or ``styk``; «kr. pr. døgn» and «Døgntakst» too."""
    word = re.sub(r"^(kr\.?\s*)?(pr\.?|/|per)\s*|[.\s]*(s?takst)?$", "", bare(text).casefold())
    return next((name for name, words in UNITS.items() if word in words), None)


#: The målgrupper of a masterark as levels: Komponent's and Lemvig's words, and those they use of the grupperinger.
LEVELS: Mapping[str, str] = {
    "social": "2",
    "særlige problemer": "2",
    "særlige sociale problemer": "2",
    "handicap": "1.1",
    "nedsat funktionsevne": "1.1",
    "sindslidende": "1.2",
    "sindslidelse": "1.2",
}


def groups(text: str) -> str | None:
    """One or more målgrupper with ``|`` between, as level codes (``1.1``); the masterark's names become their codes."""
    words = [word.strip() for word in re.split(r"[|;]", bare(text)) if word.strip()]
    return "|".join(LEVELS.get(word.casefold(), word) for word in words) or None


#: Kinds converted value by value in Python, over the distinct values of the column.
LOOKUPS: Mapping[Kind, Callable[[str], str | bool | date | None]] = {
    Kind.CODE: code,
    Kind.KOMMUNE: kommune,
    Kind.LINK_CODE: link_code,
    Kind.KONTO: account,
    Kind.LINK_KONTO: link_account,
    Kind.MONTH: month,
    Kind.MONTHS: first_month,
    Kind.RHYTHM: rhythm,
    Kind.QUARTER: quarter,
    Kind.YEAR: year,
    Kind.YESNO: yes_no,
    Kind.SYSTEM: system,
    Kind.GROUPS: groups,
    Kind.FINANCING: financing,
    Kind.UNIT: unit,
}


def expression(kind: Kind, x: str) -> str:
    """SQL for a cleaned text cell as its type; NULL where it cannot be converted."""
    return _EXPRESSIONS[kind](x)


#: What a cell can be that a typed column of numbers gave: as ``expression``, without what only a text can look like.
_NUMBERS: Mapping[Kind, Callable[[str], str]] = {
    Kind.MONEY: lambda x: f"CASE WHEN {_number_cell(x, 'DECIMAL(18,2)', _OERE)} END",
    Kind.FIGURE: lambda x: f"CASE WHEN {_number_cell(x, 'DECIMAL(18,4)', _FOUR)} END",
    Kind.RATE: lambda x: _no_fraction(x, f"CASE WHEN {_number_cell(x, 'DECIMAL(9,4)', _FOUR)} END"),
}


def value(kind: Kind, cell: str, sql_type: str = "VARCHAR") -> str:
    """SQL for a raw text cell as its type: ``expression`` of the cleaned cell, by a short cut where there is one.

    ``sql_type``: what the column is in the file; ``as_text`` made the cell of it.
    """
    if kind in _NUMBERS and not re.match("VARCHAR|DATE|TIMESTAMP|BOOLEAN", sql_type):
        return _NUMBERS[kind](cell)
    general = expression(kind, clean(cell))
    if kind not in _PLAIN:
        return general
    pattern, plain = _PLAIN[kind]
    return f"CASE WHEN regexp_full_match({cell}, '{pattern}') THEN {plain(cell)} ELSE {general} END"


def as_text(column: str, sql_type: str) -> str:
    """SQL for a typed Parquet cell as the text a workbook cell of the same value would have; not-a-number is empty."""
    if sql_type == "VARCHAR":
        return column
    if sql_type.startswith(("DATE", "TIMESTAMP")):
        return f"'{DATE}' || strftime({column}, '%Y-%m-%d')"
    if sql_type == "BOOLEAN":
        return f"CASE {column} WHEN true THEN 'ja' WHEN false THEN 'nej' END"
    if sql_type == "DOUBLE":
        return f"CASE WHEN NOT isnan({column}) THEN '{NUMBER}' || format('{{:.15g}}', {column}) END"
    if sql_type == "FLOAT":
        return f"CASE WHEN NOT isnan({column}) THEN '{NUMBER}' || CAST({column} AS VARCHAR) END"
    return f"'{NUMBER}' || CAST({column} AS VARCHAR)"


_WHOLE_TYPES = "U?(TINY|SMALL|BIG)?INT(EGER)?"


def scaled(cell: str, factor: int) -> str:
    """SQL for an amount given in thousands or millions of kr. (a cleaned text cell) as kr.; NULL where it is no amount.

    As many more decimals are allowed as the factor has zeros.
    """
    decimals = 2 + len(str(factor)) - 1
    made = _decimal(cell, f"DECIMAL(38,{decimals})", f"[0-9]{{1,{decimals}}}0*")
    return f"try_cast({made} * {factor} AS DECIMAL(18,2))"


def same_type(kind: Kind, sql_type: str) -> str | None:
    """The type a Parquet column can be cast to without going through text, or None."""
    if kind in (Kind.DATE, Kind.MONTH, Kind.MONTHS) and sql_type.startswith(("DATE", "TIMESTAMP")):
        return "DATE"
    if kind is Kind.MONEY and re.fullmatch(rf"DECIMAL\([0-9]+,[0-2]\)|{_WHOLE_TYPES}", sql_type):
        return "DECIMAL(18,2)"
    if kind is Kind.RATE and re.fullmatch(rf"DECIMAL\([0-9]+,[0-4]\)|{_WHOLE_TYPES}", sql_type):
        return "DECIMAL(9,4)"
    if kind is Kind.WHOLE and re.fullmatch(_WHOLE_TYPES, sql_type):
        return "BIGINT"
    return None


def remedy(  # noqa: PLR0911 - one answer each
    kind: Kind, value: str | None, *, converted: bool = False, whole: bool = False
) -> str:
    """What to do about a cell of this kind.

    ``converted``: it is a figure, but one that cannot be; ``whole``: only whole figures can.
    """
    if value and beyond(kind, value):
        return _("tallet er større, end et antal kan være; er det den rigtige kolonne?")
    if kind is Kind.MONEY and re.fullmatch(rf"{NUMBER}-?[0-9]{{1,16}}\.[0-9]{{2,}}[1-9]", value or ""):
        return _("ikke et beløb; det har tre decimaler eller flere, og et beløb har højst to")
    if converted:
        return _("et antal personer er et helt tal fra 0 og op") if whole else _("antallet kan ikke være under 0")
    if value is None:
        if kind is Kind.LINK_CODE:
            return _("rækken har en konto, men ingen kode, og den hører ikke til koden ovenfor; skriv koden")
        return _("cellen er tom, men skal være udfyldt; ret den, hvor den er registreret, og træk filen igen")
    if kind in (Kind.MONEY, Kind.FIGURE, Kind.WHOLE, Kind.RATE) and _too_big(bare(value)):
        return _("tallet er større, end der er plads til (16 cifre før kommaet i beløb, 5 i procentsatser)")
    if kind in (Kind.CODE, Kind.LINK_CODE):
        return why_no_code(value)
    texts = {
        Kind.CPR: _("ikke et CPR-nummer; skriv ti cifre, med eller uden bindestreg"),
        Kind.DATE: _("ikke en dato, der findes; skriv dd-mm-åååå eller åååå-mm-dd"),
        Kind.MONEY: _("ikke et beløb; skriv 1.234,50 (komma før ører, punktum kun ved tusinder, højst to decimaler)"),
        Kind.FIGURE: _("ikke et tal; skriv 1.234 eller 867,6 (komma som decimaltegn), eller .. hvor tallet mangler"),
        Kind.RATE: _("ikke en procentsats; skriv 40 for 40 procent, ikke 0,4"),
        Kind.WHOLE: _("ikke et helt tal; skriv fx 12"),
        Kind.KONTO: _("ikke en konto; skriv 5.38.58-1-001, «5.38.58 1 001» eller 538581001"),
        Kind.LINK_KONTO: _(
            "ikke en konto; skriv 5.38.58-1-001 med funktion, dranst og gruppering, hver konto for sig, eller lad cellen"
            " være tom, hvis koden ingen konto har"
        ),
        Kind.MONTH: _("ikke en måned; skriv 2020-07"),
        Kind.MONTHS: _("ikke en måned; skriv 2020-07, eller 2020-01:2020-03 når beløbet er for flere"),
        Kind.RHYTHM: _("ikke en rytme; skriv maaned, kvartal, halvaar eller aar, med « forud» når der betales forud"),
        Kind.QUARTER: _("ikke et kvartal; skriv 2020K3"),
        Kind.YEAR: _("ikke et år; skriv 2020"),
        Kind.YESNO: _("skriv ja eller nej"),
        Kind.SYSTEM: _("skriv nuvaerende eller tidligere"),
        Kind.FINANCING: _("skriv refusion eller medfinansiering"),
        Kind.UNIT: _(
            "ikke en enhed; skriv dag, uge, måned, kvartal, år eller styk. En timetakst skrives som uge, med timerne i antal"
        ),
    }
    return texts.get(kind, _("kan ikke læses"))


def beyond(kind: Kind, text: str) -> bool:
    """Whether a cell has more digits than a count has; such a cell is not repeated, for it can be a CPR number."""
    if kind not in (Kind.WHOLE, Kind.FIGURE):
        return False
    digits = re.sub(r"[^0-9]", "", re.split(r",|(?<=\d)\.(?!\d{3}(\D|$))", bare(text))[0] or "")
    most = MOST_WEEKS if kind is Kind.WHOLE else MOST_PERSONS
    return bool(digits) and int(digits) > most


def _too_big(text: str) -> bool:
    """Whether it is a number as it should be, but for its size."""
    match = re.fullmatch(rf"[-+−]?({_THOUSANDS})([,.]0*[0-9]{{0,4}}0*)?[-−%]?|[0-9.]+e\+[0-9]+", text)
    return match is not None and (match[1] is None or len(match[1].replace(".", "")) > 5)


assert set(LOOKUPS) | set(_EXPRESSIONS) == set(Kind)  # noqa: S101 - every kind has one way in
