"""Which column of a file is which canonical column: the configuration's map, known formats, canonical names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from reconcile.domain.canonical import Table
from reconcile.domain.cpr import mask
from reconcile.errors import Problem, did_you_mean
from reconcile.i18n import _
from reconcile.sources.cells import fold

#: How many of a file's headers are named where a column is missing.
_SHOWN = 12
#: Of a header, in letters.
_LONGEST = 80

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
    # FOLK1A and REGK31; an account of the latter is put together by ``statbank_form``.
    "befolkning": ({"kommune": "OMRÅDE", "periode": "TID", "antal": "INDHOLD", "alder": "ALDER", "koen": "KØN"},),
    "regnskab": ({"kommune": "OMRÅDE", "periode": "TID", "konto": "KONTO", "beloeb": "INDHOLD"},),
    # A masteroversigt as Lemvig Kommune keeps it (KOMBIT/KL, webinar on FLIS, April 2022), and as Komponent shows it
    # (workshop 13-12-2021): the account as a number, as a text, or both. Rammestyret is our own column.
    "masteroversigt": tuple(
        {
            "paragraf": "Paragraf",
            "ydelse": "Indsatsydelse",
            "indsats": "Indsats i Nexus",
            "dst_kode": dst_kode,
            "maalgruppe": maalgruppe,
            "konto": konto,
            "tilbud": "Egne institutioner",
            "rammestyret": "Rammestyret",
            "rytme": "Rytme",
        }
        | ({} if konto == "Kontostreng" else {"kontotekst": "Kontostreng"})
        for konto in ("Konto", "Kontostreng", "Funktionsområde")
        for dst_kode in ("DST kode", "DST-kode")
        for maalgruppe in ("Målgrupp-niveau", "Målgruppeniveau", "Målgruppe-niveau", "Målgruppe")
    ),
}


def wanted_headers(table: Table, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Every header that would be recognised in a file of this table."""
    formats = [header for known in KNOWN_FORMATS.get(table.name, ()) for header in known.values()]
    return (*table.names, *mapping.values(), *formats)


def code_headers(table: Table, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """What the column of codes (or accounts) of a table of published figures may be called."""
    name = "dst_kode" if "dst_kode" in table.names else "konto"
    known = [form[name] for form in KNOWN_FORMATS.get(table.name, ())]
    return (mapping.get(name, name), name, *known)


def match_columns(
    table: Table, headers: Sequence[str], mapping: Mapping[str, str], file: str
) -> tuple[dict[str, int], list[Problem]]:
    """Canonical column → position in the file, and what is wrong with the header.

    The configuration's map wins; then a known format, which gives its own columns only; then canonical names. Case and
    white space in headers do not count.
    """
    folded = [fold(header) for header in headers]
    wanted = _wanted(table, folded, mapping)
    places: dict[str, int] = {}
    problems = [*_shared(wanted, file), *_personal(wanted, folded, file)]
    count = Counter(folded)
    taken = {fold(header) for header in wanted.values() if count[fold(header)] == 1}
    for column, header in wanted.items():
        times = count[fold(header)]
        if times > 1:
            reason = _("overskriften står {antal} gange; slet eller omdøb den ene").format(antal=times)
            problems.append(Problem.make(file, 0, header, None, reason))
        elif times == 1:
            places[column] = folded.index(fold(header))
        elif column in mapping and column not in table.required:
            problems.append(_absent(column, header, headers, file, taken))
    twice = {column for column, header in wanted.items() if count[fold(header)] > 1}
    lacking = [column for column in table.required if column not in {*places, *twice}]
    problems += [_absent(column, wanted.get(column, column), headers, file, taken) for column in lacking]
    return places, list(dict.fromkeys(problems))


def _shared(wanted: Mapping[str, str], file: str) -> list[Problem]:
    """A header that is given to two columns."""
    users: dict[str, list[str]] = {}
    for column, header in wanted.items():
        users.setdefault(fold(header), []).append(column)
    text = _(
        "overskriften bruges til flere kolonner ({kolonner}); hver kolonne har sin egen. Ret «kolonner» i reconcile.toml."
    )
    return [
        Problem.make(file, 0, header, None, text.format(kolonner=", ".join(columns)))
        for header, columns in users.items()
        if len(columns) > 1
    ]


def _personal(wanted: Mapping[str, str], folded: Sequence[str], file: str) -> list[Problem]:
    """A header that says CPR number and is given to another column than ``cpr``."""
    text = _("overskriften siger CPR-nummer, men er sat til {kolonne}; den kan kun være cpr. Ret «kolonner».")
    return [
        Problem.make(file, 0, header, None, text.format(kolonne=column))
        for column, header in wanted.items()
        if column != "cpr" and fold(header) in folded and re.search("cpr|personnummer|personnr", fold(header))
    ]


def _wanted(table: Table, folded: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    fitting: list[Mapping[str, str]] = []
    for known in KNOWN_FORMATS.get(table.name, ()):
        needed = [fold(known[column]) for column in table.required if column not in mapping]
        if needed and all(header in folded for header in needed):
            fitting.append(known)
    if fitting:
        return {**_most_there(fitting, folded), **mapping}
    # A file whose header already has the canonical name needs no map, though the source's other files do. A header
    # that the map gives to one column is not another's, whatever it is called.
    present = {c: h for c, h in mapping.items() if fold(h) in folded or c not in folded}
    taken = {fold(header) for header in present.values()}
    return {**{name: name for name in table.names if name not in taken}, **present}


def _most_there(forms: Sequence[Mapping[str, str]], folded: Sequence[str]) -> Mapping[str, str]:
    """The form that has most of its headers in the file; the first of equals."""
    return max(forms, key=lambda form: sum(fold(header) in folded for header in form.values()))


def _absent(column: str, header: str, headers: Sequence[str], file: str, taken: Collection[str]) -> Problem:
    """A header that is not there: the nearest that no other column has, and those that are there."""
    there = ", ".join(f"«{_cut(name)}»" for name in headers[:_SHOWN] if name) + (" …" if len(headers) > _SHOWN else "")
    hint = did_you_mean(header, [name for name in headers if fold(name) not in taken])
    hint += _(" Filen har {kolonner}.").format(kolonner=there)
    reason = _("kolonnen til {kolonne} findes ikke i filen.{forslag} Ret «kolonner» i reconcile.toml.")
    return Problem.make(file, 0, header, None, reason.format(kolonne=column, forslag=hint))


def _cut(name: str) -> str:
    """A header as a sentence has room for it; without its line ends, a whole file can be one."""
    return name if len(name) <= _LONGEST else mask(name[: 4 * _LONGEST])[:_LONGEST] + "…"
