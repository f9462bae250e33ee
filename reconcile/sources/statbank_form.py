"""StatBank's tables for people, as a user downloads them: texts for codes, and kommune and ydelsestype down the side.

The workbook has title rows, then the quarters as columns; the columns before them hold kommune and ydelsestype, and a
blank there means «as above». Notes stand below. Quarters are turned into rows afterwards, by ``unpivot``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import Row, bare, fold, is_blank
from reconcile.sources.statbank_names import as_code, code_or_error, is_area

#: Headers StatBank's side columns may have; mostly they have none.
_TYPE, _AREA = "ydelsestype", "område"


def plain_form(
    headers: Sequence[str], rows: Iterable[Row], file: str, told: list[str]
) -> tuple[list[str], Iterable[Row]]:
    """Headers and rows with a dst_kode where StatBank has a text, and every side column filled.

    A table that is not StatBank's is returned as it is. ``told`` gets what a side column says of the whole table.

    Raises:
        InputError: a ydelsestype that is not known, or a table with more variables than kommune, ydelsestype and time.
    """
    lowered = [fold(header) for header in headers]
    if "dranst" in lowered and "konto" not in lowered:
        return _with_accounts(list(headers), lowered, rows, file, told)
    quarters = [i for i, header in enumerate(headers) if Quarter.parse(header)]
    if not quarters:
        place = lowered.index(_TYPE) if _TYPE in lowered else None
        return list(headers), rows if place is None else _coded(rows, place, file)
    side = quarters[0]
    if not side or any(name not in ("", _TYPE, _AREA) for name in lowered[:side]):
        return list(headers), rows
    body = list(rows)
    filled = list(_filled(body, side, file))
    places = _places(filled, lowered[:side])
    if places is None:
        return list(headers), body
    of_type, of_area = places
    kept = [
        (
            number,
            [code_or_error(cells[of_type], file, number), "" if of_area is None else cells[of_area], *cells[side:]],
        )
        for number, cells in filled
    ]
    _check_unique(kept, file)
    return ["dst_kode", "kommune", *headers[side:]], kept


def _with_accounts(
    headers: list[str], lowered: Sequence[str], rows: Iterable[Row], file: str, told: list[str]
) -> tuple[list[str], Iterable[Row]]:
    """A table of accounts with funktion, dranst and perhaps gruppering apart: the account in one more column.

    Raises:
        InputError: another variable (art, prisenhed) has several values, so that amounts would count more than once.
    """
    function = next((i for i, name in enumerate(lowered) if name.startswith("funk")), None)
    if function is None:
        return headers, rows
    grouping = next((i for i, name in enumerate(lowered) if name.startswith("grup")), None)
    dranst, body = lowered.index("dranst"), list(rows)
    known = {
        function,
        dranst,
        grouping,
        *(i for i, name in enumerate(lowered) if name in ("", _AREA, "tid", "indhold")),
    }
    for place in sorted(set(range(len(headers))) - known):
        if len(several := {bare(cells[place]).strip() for _number, cells in body}) > 1:
            text = _(
                "{fil}: kolonnen «{kolonne}» har flere værdier ({antal}); hent tabellen med én af dem, helst «i alt»."
            )
            raise InputError(text.format(fil=file, kolonne=headers[place], antal=len(several)))
        told += several  # prisenhed: «Løbende priser (1.000 kr.)»

    def account(cells: Sequence[str]) -> str:
        """The account of a row's funktion, dranst and gruppering; empty where one cannot be read."""
        found = [_number(cells[place]) for place in (dranst, function)]
        group = _number(cells[grouping]) if grouping is not None else ""
        name = found[1].zfill(5)
        return f"{name[0]}.{name[1:3]}.{name[3:]}-{found[0]}-{group.zfill(3)}" if all(found) else ""

    return [*headers, "KONTO"], [(number, [*cells, account(cells)]) for number, cells in body]


def _number(cell: str) -> str:
    """The number of a funktion, dranst or gruppering by its code («53852») or its text («5.38.52 Botilbud …»); empty: none."""
    found = re.match(r"(?:Grp\. ?)?(\d(?:[\d.]*\d)?)(?= |$)", bare(cell).strip())
    return found[1].replace(".", "") if found else ""


def _coded(rows: Iterable[Row], place: int, file: str) -> Iterator[Row]:
    for number, cells in rows:
        if not is_blank([cells[place]]):
            cells[place] = code_or_error(cells[place], file, number)
        yield number, cells


def _filled(body: Sequence[Row], side: int, file: str) -> Iterator[Row]:
    """The rows with figures, blanks in the side columns filled from above; headings and notes are left out."""
    above = [""] * side
    for number, cells in body:
        given = [bare(cell).strip() for cell in cells[:side]]
        figures = not is_blank(cells[side:])
        if given[-1] and (figures or side > 1):
            above = [cell or old for cell, old in zip(given, above, strict=True)]
            yield number, [*above, *cells[side:]]
        elif figures:
            text = _("{fil}, række {raekke}: tallene har ingen tekst foran; udfyld kolonne {kolonne}.")
            raise InputError(text.format(fil=file, raekke=number, kolonne=side))
        else:
            above = [cell or old for cell, old in zip(given, above, strict=True)]


def _places(filled: Sequence[Row], names: Sequence[str]) -> tuple[int, int | None] | None:
    """Which side column is the ydelsestype and which the area; None when no StatBank text is in any."""
    columns = [[cells[i] for _number, cells in filled] for i in range(len(names))]
    types = [i for i, name in enumerate(names) if name == _TYPE or any(as_code(cell) for cell in columns[i])]
    areas = [i for i, name in enumerate(names) if i not in types and (name == _AREA or any(map(is_area, columns[i])))]
    # One unnamed column of plain codes is FLIS' page, not StatBank's.
    if not types or (len(names) == 1 and all(cell[:1].isdigit() for cell in columns[0])):
        return None
    return types[0], areas[0] if areas else None


def _check_unique(rows: Sequence[Row], file: str) -> None:
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        first = seen.setdefault((cells[0], cells[1]), number)
        if first != number:
            text = _(
                "{fil}: række {raekke} og {foerste} er samme kommune og ydelsestype. Har tabellen flere variable, så "
                "vælg én værdi af hver i Statistikbanken."
            )
            raise InputError(text.format(fil=file, raekke=number, foerste=first))
