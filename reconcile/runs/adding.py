"""``reconcile add``: what files are, as a proposal for reconcile.toml that has been tried on the files themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reconcile.domain.canonical import PUBLISHED, TABLES, Kind
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import NUMBER, bare, fold
from reconcile.sources.columns import code_headers, match_columns
from reconcile.sources.formats import systems_named, tables_named
from reconcile.sources.peek import Peek, peek
from reconcile.sources.pivot import is_pivot
from reconcile.sources.recognise import Doubt, Guess, guess
from reconcile.sources.units import units
from reconcile.world.prepare import create_tables

#: So many figures without a decimal are persons: fuldtidsydelser are published with one.
_WHOLE = 8


class Asker(Protocol):
    """Asks the user."""

    def choose(self, question: str, choices: Sequence[str]) -> int | None:
        """The place of the chosen answer; None where nobody answers, or none of them is right."""


class Nobody:
    """Answers nothing: the doubts stay."""

    def choose(self, question: str, choices: Sequence[str]) -> int | None:
        """None, always."""


@dataclass
class File:
    """A file that has been looked at: which table it is, its columns, and what is in doubt or wrong."""

    path: Path
    label: str
    table: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    unit: int = 0
    systems: list[str] = field(default_factory=list)
    header_row: int = 1
    headers: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    doubts: list[Doubt] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def look(path: Path, label: str, wanted: str, ask: Asker) -> File:
    """What a file is; ``wanted`` is the table the user says it is, or nothing."""
    found = File(path, label)
    if mask(label) != label:
        found.wrong.append(_("filens navn ligner et CPR-nummer; omdøb filen."))
        return found
    with open_engine(input_bytes=path.stat().st_size) as engine:
        create_tables(engine)
        try:
            sheets = peek(engine, path, label)
            # A table with quarters as columns may be of ydelser in ydelsesrefusion too.
            other = any(g.table.name not in PUBLISHED for p in sheets for g in p.best)
            if wanted == "yr_tabel" or not (wanted or other or not is_pivot(path)):
                found.table, found.header_row = "yr_tabel", sheets[0].seen.raw.header_row
                return found  # every sheet is read, and its words are its columns
            chosen = _sheet(found, sheets, ask)
            if any(mask(header) != header for header in chosen.seen.headers):
                text = _(
                    "række {raekke} har et CPR-nummer, så filen har ingen overskrifter. Træk den ud med dem, eller skriv dem."
                )
                found.wrong.append(text.format(raekke=chosen.seen.raw.header_row))
                return found
            made = _choice(found, chosen, wanted, ask)
            if made is not None:
                _describe(found, chosen, made, ask, several=len(sheets) > 1)
        except InputError as error:
            found.wrong.append(str(error).removeprefix(label).lstrip(":, "))
    return found


def _sheet(found: File, sheets: Sequence[Peek], ask: Asker) -> Peek:
    if len(sheets) == 1:
        return sheets[0]
    names = [p.sheet for p in sheets]
    question = _("{fil}: hvilket ark skal læses?").format(fil=found.label)
    place = ask.choose(question, names)
    if place is None:
        found.doubts.append(Doubt("ark", tuple(names), _("flere ark ligner hinanden")))
    return sheets[place or 0]


def _choice(found: File, seen: Peek, wanted: str, ask: Asker) -> Guess | None:
    """The table a file is; None, with what is wrong, where it is none that can be told."""
    if wanted:
        return guess(TABLES[wanted], seen.seen)
    options = _likely(found, seen)
    if not options:
        found.wrong.append(_nothing(seen))
        return None
    if len(options) == 1:
        return options[0]
    question = _("{fil}: hvilken kilde er det?").format(fil=found.label)
    place = ask.choose(question, [g.table.name for g in options])
    if place is None:
        names = ", ".join(g.table.name for g in options)
        text = _("filen kan være {kilder}; sig hvilken med --som, fx --som {foerste}.")
        found.wrong.append(text.format(kilder=names, foerste=options[0].table.name))
        return None
    return options[place]


def _likely(found: File, seen: Peek) -> list[Guess]:
    """The best guesses, set apart by what the file, its sheet and its titles are called, and by their figures."""
    options = seen.best
    for text in (found.path.stem, " ".join((seen.sheet, *seen.seen.raw.titles))):
        named = [g for g in options if g.table.name in tables_named(text)]
        options = named or options
    names = {g.table.name for g in options}
    if len(options) > 1 and names <= {"hand07", "hand01", "flis_antal", "flis_fuldtid"}:
        if _is_statbank(seen):
            options = [g for g in options if g.table.name.startswith("hand")] or options
        whole = _are_whole(seen, options[0])
        if whole is not None:
            options = [g for g in options if g.table.whole_figures is whole] or options
    return options


def _is_statbank(seen: Peek) -> bool:
    """Whether figures have StatBank's headings, or its numbers or texts for codes."""
    if any(fold(header) == "ydelsestype" for header in seen.seen.headers):
        return True
    places = [i for i, header in enumerate(seen.seen.headers) if header in seen.best[0].columns.get("dst_kode", "\0")]
    cells = [cell for place in places for cell in seen.seen.cells[place]]
    return bool(cells) and not any(re.match(r"[0-9]+\.[0-9]", cell.lstrip(NUMBER)) for cell in cells)


def _are_whole(seen: Peek, made: Guess) -> bool | None:
    """Whether published figures are persons (no decimals) or not; None where there are too few to tell."""
    places = seen.seen.quarters or [
        i for i, header in enumerate(seen.seen.headers) if header == made.columns.get("antal")
    ]
    cells = [cell.lstrip(NUMBER) for place in places for cell in seen.seen.cells[place]]
    if any(re.search(r",[0-9]|\.[0-9]{1,2}$", cell) for cell in cells):
        return False
    return True if len([c for c in cells if re.fullmatch(r"[0-9.]+", c) and c != "0"]) >= _WHOLE else None


def _nothing(seen: Peek) -> str:
    """That a file is no source: the headings that are there, and what the nearest source misses."""
    there = ", ".join(f"«{header}»" for header in seen.seen.headers[:12] if header) or _("ingen overskrifter")
    said = _("filen ligner ingen kilde. Den har {kolonner}.").format(kolonner=there)
    near = seen.guesses[0] if seen.guesses else None
    lacks = [c for c in near.table.required if c not in near.columns] if near else []
    if near and lacks and near.columns:
        text = _(" Nærmest er {kilde}, men {mangler} mangler.")
        said += text.format(kilde=near.table.name, mangler=", ".join(lacks))
    return said


def _describe(found: File, seen: Peek, made: Guess, ask: Asker, *, several: bool) -> None:
    raw = seen.seen.raw
    found.table, found.columns, found.unused = made.table.name, dict(made.columns), made.unused
    found.header_row, found.headers = raw.header_row, raw.headers
    found.systems = systems_named(" ".join((found.path.stem, seen.sheet, *raw.titles)))
    found.sheet = seen.sheet if several else ""
    for doubt in made.doubts:
        _settle(found, seen, doubt, ask)
    found.unused = tuple(header for header in made.unused if header not in found.columns.values())
    lacking = [name for name in made.missing if name not in found.columns]
    if lacking:
        there = ", ".join(f"«{header}»" for header in raw.headers[:12] if header)
        text = _("{kilde} skal have {mangler}, og ingen kolonne ligner. Filen har {kolonner}.")
        found.wrong.append(text.format(kilde=found.table, mangler=", ".join(lacking), kolonner=there))
    _unit(found, seen, made, ask)


def _example(seen: Peek, header: str) -> str:
    """A heading with a cell below it, a CPR number masked: «From», fx 01-02-2021."""
    cells = seen.seen.cells[seen.seen.headers.index(header)]
    return f"«{header}»" + (_(", fx {celle}").format(celle=mask(bare(cells[0]))[:40]) if cells else "")


def _settle(found: File, seen: Peek, doubt: Doubt, ask: Asker) -> None:
    free = [header for header in doubt.headers if header not in found.columns.values()]
    required = doubt.column in TABLES[found.table].required
    if not free:
        found.doubts.append(doubt)
        return
    question = _("{fil}: hvilken kolonne er {kolonne}? ({grund})")
    none = _("ingen af dem")
    place = ask.choose(
        question.format(fil=found.label, kolonne=doubt.column, grund=doubt.reason),
        [*(_example(seen, header) for header in free), none],
    )
    if place is None or (place == len(free) and required):
        found.doubts.append(doubt)
    elif place < len(free):
        found.columns[doubt.column] = free[place]


def _unit(found: File, seen: Peek, made: Guess, ask: Asker) -> None:
    """What the amounts stand in: as the heading or a title says, asked about where they say two things."""
    raw = seen.seen.raw
    money = [c.name for c in made.table.columns if c.kind is Kind.MONEY and c.name in found.columns]
    places = {name: raw.headers.index(found.columns[name]) for name in money}
    try:
        said = set(units(made.table, raw.headers, places, raw.titles, 0, found.label).values())
        found.unit = said.pop() if len(said) == 1 else 0
        found.unit = 0 if found.unit == 1 else found.unit
    except InputError as error:
        sizes = {_("kr."): 1, _("t.kr. (tusinder)"): 1000, _("mio. kr."): 1_000_000}
        place = ask.choose(_("{fil}: hvad står beløbene i?").format(fil=found.label), list(sizes))
        if place is None:
            found.doubts.append(Doubt("enhed", (), str(error)))
        else:
            found.unit = list(sizes.values())[place]


def written_columns(file: File) -> dict[str, str]:
    """The columns that must stand in reconcile.toml: none where the file is read rightly without."""
    table = TABLES[file.table]
    pivot = "periode" in table.required and "periode" not in file.columns
    if pivot:
        header = file.columns.get("dst_kode", "")
        by_itself = not header or header == file.headers[0] or fold(header) in map(fold, code_headers(table, {}))
        return {} if by_itself else {"dst_kode": header}
    places, problems = match_columns(table, file.headers, {}, file.label)
    if not problems and {name: file.headers[place] for name, place in places.items()} == file.columns:
        return {}
    return {name: header for name, header in file.columns.items() if fold(header) != name}


def settings(files: Sequence[File], folder: Path, serie: str) -> dict[str, Any]:
    """``[kilder.<table>]`` of files of one kind."""
    made: dict[str, Any] = {"filer": patterns([file.path for file in files], folder)}
    sheets = {file.sheet for file in files}
    if len(sheets) == 1 and (sheet := sheets.pop()):
        made["ark"] = sheet
    if units_ := {file.unit for file in files} - {0}:
        made["enhed"] = units_.pop()
    if serie:
        made["serie"] = serie
    columns: dict[str, str] = {}
    for file in files:
        columns |= written_columns(file)
    order = TABLES[files[0].table].names
    return {**made, **({"kolonner": {c: columns[c] for c in order if c in columns}} if columns else {})}


def patterns(paths: Sequence[Path], folder: Path) -> list[str]:
    """The files as they are written in reconcile.toml: with a ``*`` where that means these files and no others."""
    alike: dict[tuple[Path, str], list[Path]] = {}
    for path in paths:
        alike.setdefault((path.parent, path.suffix), []).append(path)
    return sorted(name for group in alike.values() for name in _pattern(group, folder))


def _pattern(paths: Sequence[Path], folder: Path) -> list[str]:
    """Files with the same ending in one folder; the date in a name is left open, for next month's file has another."""
    first, suffix = paths[0], paths[0].suffix
    start = _common([path.stem for path in paths])
    for begin in (re.sub(r"[0-9][\W_0-9]*$", "", start), start) if len(paths) > 1 else ():
        glob = f"{begin}*{suffix}"
        if len(re.sub(r"[\W_]", "", begin)) > 1 and set(first.parent.glob(glob)) == set(paths):
            return [_relative(first.parent / glob, folder)]
    return [_relative(path, folder) for path in paths]


def _common(stems: Sequence[str]) -> str:
    first, last = min(stems), max(stems)
    same = (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(same, min(len(first), len(last)))]


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def groups(files: Sequence[File]) -> tuple[list[list[File]], list[File]]:
    """Files of the same kind together, and those that cannot be read with the others of their kind."""
    made: dict[str, list[File]] = {}
    odd: list[File] = []
    for file in files:
        if why := next((clash for other in made.get(file.table, []) if (clash := _clash(other, file))), ""):
            file.wrong.append(why)
            odd.append(file)
        else:
            made.setdefault(file.table, []).append(file)
    return list(made.values()), odd


def _clash(one: File, other: File) -> str:
    first, second = written_columns(one), written_columns(other)
    for column in {*first, *second}:
        here, there = first.get(column), second.get(column)
        if here and there and fold(here) != fold(there):
            text = _("{kolonne} hedder «{her}» i filen, men «{der}» i {anden}; kald dem det samme.")
            return text.format(kolonne=column, her=there, der=here, anden=one.label)
    if one.unit != other.unit:
        return _("beløbene står i en anden enhed end i {anden}; giv filerne samme enhed.").format(anden=one.label)
    return ""


def columns_of(files: Sequence[File]) -> Mapping[str, list[str]]:
    """Canonical column → its headings in the files."""
    names = TABLES[files[0].table].names
    return {
        name: list(dict.fromkeys(f.columns[name] for f in files if name in f.columns))
        for name in names
        if any(name in f.columns for f in files)
    }
