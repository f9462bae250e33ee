"""What an amount stands for: kr., thousands or millions of kr., as a heading, a title line or the configuration says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reconcile.domain.canonical import Kind, Table
from reconcile.errors import InputError
from reconcile.i18n import _

_KRONER = r"(?:kr\.?|kroner|dkk)"
_UNITS = (
    (1000, rf"\bt\.?\s?{_KRONER}(?!\w)|\b1[. ]?000\s*{_KRONER}(?!\w)|\btusinde?\s+{_KRONER}(?!\w)|\btdkk\b"),
    (1_000_000, rf"\bmio\.?\s*{_KRONER}(?!\w)|\bmill?\.\s*{_KRONER}(?!\w)|\bmillioner\s+{_KRONER}(?!\w)"),
)


def unit_of(text: str) -> int:
    """1000 for «Beløb (t.kr.)» or «1.000 kr.», 1000000 for «mio. kr.», 1 where a text says neither."""
    return next((unit for unit, form in _UNITS if re.search(form, text, re.IGNORECASE)), 1)


def without_unit(text: str) -> str:
    """A heading without what its amounts stand in: «Beløb (t.kr.)» and «Beløb i kr.» are «Beløb»."""
    for _unit, form in (*_UNITS, (1, rf"(?<!\w){_KRONER}(?!\w)")):
        text = re.sub(rf"[\s(,]*(?:\bi\s+)?(?:{form})\s*\)?\s*$", "", text, flags=re.IGNORECASE)
    return text


def units(  # noqa: PLR0917 - what a file says of itself
    table: Table, headers: Sequence[str], places: Mapping[str, int], titles: Sequence[str], given: int, label: str
) -> dict[str, int]:
    """Per column of amounts: what a cell is multiplied by to be kr.

    ``given`` is the configuration's ``enhed``, 0 where it says nothing; ``titles`` the texts above the header.

    Raises:
        InputError: a heading and a title say two different things, and the configuration does not settle it.
    """
    above = {unit for title in titles if (unit := unit_of(title)) != 1}
    found = {}
    for column in table.columns:
        if column.kind is not Kind.MONEY or column.name not in places:
            continue
        header = headers[places[column.name]]
        own = unit_of(header)
        said = {own} if own != 1 else above
        if not given and (len(said) > 1 or (own != 1 and above and above != said)):
            text = _(
                "{fil}: kolonne «{kolonne}»: enheden er i tvivl ({enheder}). Skriv enhed = 1000 (eller 1) ved kilden."
            )
            raise InputError(text.format(fil=label, kolonne=header, enheder=", ".join(map(str, sorted(said | above)))))
        found[column.name] = given or (said.pop() if said else 1)
    return found


def unit_sentences(
    label: str, headers: Sequence[str], places: Mapping[str, int], found: Mapping[str, int]
) -> list[str]:
    """Sentences about the columns whose amounts were scaled."""
    text = _("{fil}, kolonne «{kolonne}»: beløbene er i {enhed} og er ganget med {faktor}.")
    names = {1000: "t.kr.", 1_000_000: "mio. kr."}
    return [
        text.format(fil=label, kolonne=headers[places[name]], enhed=names[unit], faktor=f"{unit:,}".replace(",", "."))
        for name, unit in found.items()
        if unit != 1
    ]
