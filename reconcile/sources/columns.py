"""Which column of a file is which canonical column: the configuration's map, known formats, canonical names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reconcile.errors import Problem, did_you_mean
from reconcile.i18n import _
from reconcile.tables import Table

#: Headers of formats that exist in the world: table → canonical column → header.
KNOWN_FORMATS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    # The monthly delivery from Ydelsesrefusion, as municipalities receive it.
    "yr": (
        {
            "uge": "Uge",
            "cpr": "CPR nummer",
            "ydelse": "Ydelse",
            "finansieringskommune": "Finansiering Kommunenavn",
            "bruttoudgift": "Beregnet udbetalingsbeløb",
            "refusionssats": "Refusionssats",
            "refusion": "Refusionsbeløb",
            "medfinansieringssats": "Medfinansieringssats",
            "medfinansiering": "Medfinansieringsbeløb",
        },
    ),
    # StatBank's CSV and BULK.
    **dict.fromkeys(
        ("hand07", "hand01"),
        ({"kommune": "OMRÅDE", "dst_kode": "YDELSESTYPE", "periode": "TID", "antal": "INDHOLD"},),
    ),
}


def wanted_headers(table: Table, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Every header that would be recognised in a file of this table."""
    formats = [header for known in KNOWN_FORMATS.get(table.name, ()) for header in known.values()]
    return (*table.names, *mapping.values(), *formats)


def match_columns(
    table: Table, headers: Sequence[str], mapping: Mapping[str, str], file: str
) -> tuple[dict[str, int], list[Problem]]:
    """Canonical column → position in the file, and what is wrong with the header.

    The configuration's map wins; then a known format, which gives its own columns only; then canonical names.
    """
    folded = [header.casefold() for header in headers]
    wanted = _wanted(table, folded, mapping)
    places: dict[str, int] = {}
    problems: list[Problem] = []
    count = Counter(folded)
    for column, header in wanted.items():
        if count[header.casefold()] > 1:
            reason = _("overskriften står {antal} gange; slet eller omdøb den ene").format(
                antal=count[header.casefold()]
            )
            problems.append(Problem.make(file, 1, header, None, reason))
        elif header.casefold() in folded:
            places[column] = folded.index(header.casefold())
        elif column in mapping and column not in table.required:
            problems.append(_absent(column, header, headers, file))
    problems += [_absent(c, wanted.get(c, c), headers, file) for c in table.required if c not in places]
    return places, [p for i, p in enumerate(problems) if p not in problems[:i]]


def _wanted(table: Table, folded: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    for known in KNOWN_FORMATS.get(table.name, ()):
        needed = [known[column].casefold() for column in table.required if column not in mapping]
        if needed and all(header in folded for header in needed):
            return {**known, **mapping}
    # A file whose header already has the canonical name needs no map, though the source's other files do.
    canonical = {name: name for name in table.names}
    present = {c: h for c, h in mapping.items() if h.casefold() in folded or c not in folded}
    return {**canonical, **present}


def _absent(column: str, header: str, headers: Sequence[str], file: str) -> Problem:
    reason = _("kolonnen til {kolonne} findes ikke i filen.{forslag} Ret «kolonner» i reconcile.toml.")
    hint = did_you_mean(header, headers)
    return Problem.make(file, 1, header, None, reason.format(kolonne=column, forslag=hint))
