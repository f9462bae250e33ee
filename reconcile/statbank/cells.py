"""StatBank's CSV and BULK answers as cells, checked strictly, and what differs between two of them.

A cell's value stays the text StatBank wrote, because 0, an empty cell, ``..`` and a cell that is not there are four
different things. In CSV every chosen cell must be there. BULK leaves out the combinations that are 0 (StatBank's API
documentation), so they are put back as 0 and a combination that is there with an empty value stays empty.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from reconcile.domain.cpr import mask
from reconcile.errors import FetchError
from reconcile.i18n import _
from reconcile.statbank.api import Answer, error_message

#: The header of the column of figures, whatever the table.
CONTENT = "INDHOLD"

#: What StatBank writes where there is no figure.
NO_FIGURE = ("", "..", ".")

_NUMBER = re.compile(r"-?[0-9]+(,[0-9]+)?")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """The cells asked for: the codes chosen of each variable, in the table's order.

    ``area`` and ``time`` name two of the variables; ``periods`` are the quarters the user asked for, None for all.
    """

    table: str
    streaming: bool
    values: Mapping[str, tuple[str, ...]]
    area: str
    time: str
    periods: frozenset[str] | None = None

    @property
    def keys(self) -> Iterator[Key]:
        """Every combination asked for."""
        return product(*self.values.values())

    @property
    def size(self) -> int:
        """How many they are."""
        count = 1
        for codes in self.values.values():
            count *= len(codes)
        return count


@dataclass(frozen=True)
class Cells:
    """Values by key; a key has one code per variable in ``variables``."""

    variables: tuple[str, ...]
    values: Mapping[Key, str]
    zeros: int = 0

    def csv(self) -> bytes:
        """As StatBank's own CSV: BOM, semicolon, CRLF."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([*(name.upper() for name in self.variables), CONTENT])
        writer.writerows([*key, value] for key, value in self.values.items())
        return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Change:
    """What is different in a newer copy. ``outside`` counts stored cells that were not asked for this time."""

    new: Mapping[Key, str]
    removed: Mapping[Key, str]
    changed: Mapping[Key, tuple[str, str]]
    outside: int

    @property
    def any(self) -> bool:
        """Whether a cell differs."""
        return bool(self.new or self.removed or self.changed)


def read_answer(answer: Answer, choice: Choice) -> Cells:
    """The cells of an answer, every one of those chosen and no other.

    Raises:
        FetchError: the answer is an error, not a table, cut short, or not what was asked for.
    """
    rows = _rows(answer.body, choice.table)
    found = _keyed(rows, tuple(choice.values), choice.table)
    unasked = next((k for k in found if any(c not in v for c, v in zip(k, choice.values.values(), strict=True))), None)
    if unasked:
        raise _broken(choice.table, _("cellen {noegle} er der ikke spurgt om").format(noegle=" ".join(unasked)))
    absent = choice.size - len(found)
    if not found or (absent and not choice.streaming):
        raise _broken(choice.table, _("der er {antal} af {ialt} celler").format(antal=len(found), ialt=choice.size))
    if choice.streaming and not answer.whole:
        reason = _("serveren siger ikke, hvor langt svaret er, så det kan ikke ses, om det er helt; brug --format CSV")
        raise _broken(choice.table, reason)
    return Cells(tuple(choice.values), {key: found.get(key, "0") for key in choice.keys}, absent)


def read_stored(content: bytes, variables: Sequence[str]) -> Cells | None:
    """The cells of a copy stored earlier; None when its variables are others than these."""
    try:
        return Cells(tuple(variables), _keyed(_rows(content, ""), variables, ""))
    except FetchError:
        return None


def compare(old: Cells, new: Cells, choice: Choice) -> Change:
    """What changed. A stored cell of a quarter or area that was not asked for now is ``outside``, not removed."""
    area, time = new.variables.index(choice.area), new.variables.index(choice.time)
    areas, periods = choice.values[choice.area], choice.periods
    gone = {k: v for k, v in old.values.items() if k not in new.values}
    outside = {k for k in gone if k[area] not in areas or (periods is not None and k[time] not in periods)}
    both = ((k, old.values[k], v) for k, v in new.values.items() if k in old.values)
    return Change(
        new={k: v for k, v in new.values.items() if k not in old.values},
        removed={k: v for k, v in gone.items() if k not in outside},
        changed={k: (before, after) for k, before, after in both if _plain(before) != _plain(after)},
        outside=len(outside),
    )


def _plain(value: str) -> str | Decimal:
    """``160`` and ``160,0`` are the same figure; nothing else is the same but itself."""
    return Decimal(value.replace(",", ".")) if _NUMBER.fullmatch(value) else value


def _rows(body: bytes, table: str) -> list[list[str]]:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"<", b"["):
        _code, message = error_message(body[:100_000])
        kind = _("en webside (beder netværket om login?)") if start == b"<" else _("en fejl")
        raise _broken(table, _("der kom {slags} i stedet for tal: {svar}").format(slags=kind, svar=message))
    try:
        text = body.decode("utf-8-sig")
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _broken(table, _("det er ikke CSV i UTF-8 ({grund})").format(grund=mask(str(error)))) from None


def _keyed(rows: Sequence[Sequence[str]], variables: Sequence[str], table: str) -> dict[Key, str]:
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    wanted = [name.casefold() for name in (*variables, CONTENT)]
    if sorted(header) != sorted(wanted):
        text = _("overskriften er «{er}», ventet «{ventet}»")
        shown = mask(";".join(rows[0]) if rows else "")[:100]
        raise _broken(table, text.format(er=shown, ventet=";".join((*variables, CONTENT)).upper()))
    places = [header.index(name) for name in wanted]
    found: dict[Key, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            text = _("linje {nr} har {er} felter, overskriften {ventet}; svaret er nok klippet over")
            raise _broken(table, text.format(nr=number, er=len(row), ventet=len(header)))
        *key, value = (row[place].strip() for place in places)
        if value not in NO_FIGURE and not _NUMBER.fullmatch(value):
            text = _("linje {nr}: «{vaerdi}» er hverken et tal med komma, tomt eller «..»")
            raise _broken(table, text.format(nr=number, vaerdi=mask(value)[:40]))
        if tuple(key) in found:
            raise _broken(table, _("linje {nr}: cellen {noegle} står to gange").format(nr=number, noegle=" ".join(key)))
        found[tuple(key)] = value
    return found


def _broken(table: str, reason: str) -> FetchError:
    text = _("Svaret for {tabel} kan ikke bruges: {grund}. Intet er ændret; prøv igen.")
    return FetchError(text.format(tabel=table, grund=reason.rstrip(".")))
