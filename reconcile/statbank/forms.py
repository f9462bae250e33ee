"""What is asked for in tables with more variables than kommune, ydelse and time: ages, totals, and the accounts of 5.38.

A variable is known by its code or its text, and a value by both, as StatBank's ``tableinfo`` says them: nothing rests on the
order of the variables or on numbers of values. What is not there is refused with what is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reconcile.domain.cpr import mask
from reconcile.errors import FetchError
from reconcile.i18n import _

#: The tables that are asked for in part, and the source each is. Others are asked for whole.
SOURCES: Mapping[str, str] = {"FOLK1A": "befolkning", "REGK31": "regnskab"}

#: Value codes and texts of a variable.
Values = Sequence[tuple[str, str]]

#: What a variable is, by its code (REGK31: FUNKTION, DRANST, ART, PRISENHED) or its text; the first that fits.
_KINDS = (
    ("gruppering", re.compile("grup")),
    ("alder", re.compile("alder")),
    ("dranst", re.compile("dranst")),
    ("funktion", re.compile("funk|konto")),
    ("prisenhed", re.compile("pris")),
)
#: The kinds without which a table is not what its source needs.
_NEEDED: Mapping[str, tuple[str, ...]] = {"FOLK1A": ("alder",), "REGK31": ("funktion", "dranst", "prisenhed")}
#: What a dranst's text says, and its number.
_DRANST = {"drift": "1", "refusion": "2", "anlæg": "3"}
_TOTAL = re.compile(r"tot|ialt|i alt.*|total.*|alle.*", re.IGNORECASE)
_ADULT = range(18, 65)
_SHOWN = 8


def check(table: str, variables: Mapping[str, str]) -> None:
    """Refuse a table that lacks a variable its source needs; ``variables`` are their codes with their texts.

    Raises:
        FetchError: names what is lacking and what is there.
    """
    kinds = [_kind(code, text) for code, text in variables.items()]
    if lacking := [kind for kind in _NEEDED.get(table, ()) if kind not in kinds]:
        text = _(
            "{tabel} har ingen variabel for {mangler}; den har {variable}. Hent tabellen på www.statistikbanken.dk, og læg den i"
            " ind/."
        )
        there = ", ".join(f"{code} ({text})" for code, text in variables.items())
        raise FetchError(text.format(tabel=table, mangler=", ".join(lacking), variable=mask(there)))


def wanted(table: str, variable: tuple[str, str], values: Values) -> tuple[str, ...]:
    """The values of a variable (its code and text) to ask for.

    Raises:
        FetchError: the table has no total of it, and a sum of its values would be a guess; says what it has.
    """
    if table not in SOURCES:
        return tuple(code for code, _text in values)
    found = _codes_to_fetch(_kind(*variable), values)
    if not found:
        text = _(
            "{tabel}: variablen {variabel} har ikke det, der skal bruges, men {vaerdier}; hent tabellen på"
            " www.statistikbanken.dk."
        )
        there = ", ".join(f"{code} ({told})" for code, told in values[:_SHOWN])
        there += "" if len(values) <= _SHOWN else " …"
        raise FetchError(text.format(tabel=table, variabel=mask(variable[0]), vaerdier=mask(there)))
    return found


def _kind(code: str, text: str) -> str:
    said = (code.casefold(), text.casefold())
    return next((kind for kind, words in _KINDS for name in said if words.search(name)), "")


def _codes_to_fetch(kind: str, values: Values) -> tuple[str, ...]:
    """The codes to ask for; none where the variable has not what is needed."""
    codes = tuple(code for code, _text in values)
    if kind == "gruppering":
        return tuple(code for code, text in values if not _is_total(code, text)) or codes
    if kind == "alder":
        return tuple(code for code in codes if code.isdigit() and int(code) in _ADULT)
    if kind == "dranst":
        found = [_dranst(code, text) for code, text in values]
        both = {"1", "2"} <= set(found)
        return tuple(code for code, name in zip(codes, found, strict=True) if name in ("1", "2")) if both else ()
    if kind == "funktion":
        return tuple(code for code in codes if code.isdigit() and code.zfill(5).startswith("538"))
    if kind == "prisenhed":
        return tuple(c for c, text in values if "løbende" in text.casefold() and "indbygger" not in text.casefold())[:1]
    return tuple(code for code, text in values if _is_total(code, text))[:1]


def _dranst(code: str, text: str) -> str:
    """1 for drift and 2 for statsrefusion, by the code; nothing where the text says another, for the copy is read by its code."""
    told = next((number for word, number in _DRANST.items() if word in text.casefold()), code)
    return code if told == code else ""


def _is_total(code: str, text: str) -> bool:
    return bool(_TOTAL.fullmatch(code) or _TOTAL.fullmatch(text))


def thousands(table: str, unit: str, chosen: Mapping[str, Sequence[str]]) -> bool:
    """Whether the amounts of a table of accounts are in 1.000 kr., by its unit or by the text of what was chosen."""
    said = " ".join([unit, *(text for texts in chosen.values() for text in texts)])
    return table in SOURCES and re.search(r"1[. ]?000 kr", said) is not None
