"""What is asked for in tables with more variables than kommune, ydelse and time: ages, totals, and the accounts of 5.38.

A variable is known by its code, and a total by its code or text, as StatBank's ``tableinfo`` says them: nothing rests on the
order of the variables or on numbers of values.
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

_ACCOUNT = re.compile("funk|konto")
_GROUPING = re.compile("grup")
_TOTAL = re.compile(r"tot|ialt|i alt.*|total.*|alle.*", re.IGNORECASE)
_ADULT = range(18, 65)


def wanted(table: str, variable: str, values: Values) -> tuple[str, ...]:
    """The values of a variable to ask for.

    Raises:
        FetchError: the table has no total of it, and a sum of its values would be a guess.
    """
    name, codes = variable.casefold(), tuple(code for code, _text in values)
    if table not in SOURCES or _GROUPING.search(name):
        return codes if table not in SOURCES else tuple(c for c, text in values if not _is_total(c, text)) or codes
    if "alder" in name:
        found = tuple(code for code in codes if code.isdigit() and int(code) in _ADULT)
    elif name == "dranst":
        found = tuple(code for code in codes if code.lstrip("0") in ("1", "2"))
    elif _ACCOUNT.search(name):
        found = tuple(code for code in codes if code.zfill(5).startswith("538"))
    elif "pris" in name:
        found = tuple(c for c, text in values if "løbende" in text.casefold() and "indbygger" not in text.casefold())[
            :1
        ]
    else:
        found = tuple(code for code, text in values if _is_total(code, text))[:1]
    if not found:
        text = _(
            "{tabel}: variablen {variabel} har ikke det, der skal bruges; hent tabellen på www.statistikbanken.dk."
        )
        raise FetchError(text.format(tabel=table, variabel=mask(variable)))
    return found


def _is_total(code: str, text: str) -> bool:
    return bool(_TOTAL.fullmatch(code) or _TOTAL.fullmatch(text))


def thousands(table: str, unit: str, chosen: Mapping[str, Sequence[str]]) -> bool:
    """Whether the amounts of a table of accounts are in 1.000 kr., by its unit or by the text of what was chosen."""
    said = " ".join([unit, *(text for texts in chosen.values() for text in texts)])
    return table in SOURCES and re.search(r"1[. ]?000 kr", said) is not None
