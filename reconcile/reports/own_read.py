"""Somebody's own workbook, looked at before anything is written in it: its tables, and what keeps them from being renewed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from zipfile import BadZipFile, ZipFile

from reconcile.errors import InputError
from reconcile.i18n import _, number
from reconcile.privacy import door
from reconcile.reports.own_parts import Area, Cells, Stretch, area, attributes, letters, rows_of, says_something

_LAST_ROW, _UNPACKED = 1_048_576, 1 << 30
_TAKEN = frozenset({"rapport.xlsx", "sagsliste.xlsx"})


@dataclass(frozen=True)
class Given:
    """A result table to write: the names that each column can have in the workbook, and the rows."""

    names: tuple[frozenset[str], ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Table:
    """A table of the workbook: its part and sheet, its range, whether it ends with a row of totals, its columns with the formula
    of each in the first row (empty for none)."""

    part: str
    sheet: str
    sheet_part: str
    name: str
    area: Area
    totals: int
    columns: tuple[tuple[str, str], ...]


def check_own(template: Path) -> None:
    """Judge a workbook before anything runs.

    Raises:
        InputError: it cannot be used, has no table, or is called as a file of the report.
    """
    if template.name.casefold() in _TAKEN:
        text = _("{fil} hedder som en fil i rapporten; kald den noget andet.")
        raise InputError(text.format(fil=template.name))
    archive = read(template)
    if not tables_in({name: archive.read(name) for name in archive.namelist()}):
        raise no_table(template, ("sager", "hand07_diff", "ottetal"))


def no_table(template: Path, known: Iterable[str]) -> InputError:
    """The error of a workbook in which no table has a result's name."""
    text = _("{fil} har ingen tabel med et resultats navn ({navne} …). Navnet står under Tabeldesign i Excel.")
    return InputError(text.format(fil=template.name, navne=", ".join(list(known)[:4])))


def read(template: Path) -> ZipFile:
    """The workbook as an archive.

    Raises:
        InputError: it is none, or cannot be kept as it is.
    """
    try:
        archive = ZipFile(BytesIO(template.read_bytes()))
        names = {name.casefold() for name in archive.namelist()}
    except FileNotFoundError:
        raise InputError(_("{fil} findes ikke.").format(fil=template)) from None
    except (OSError, BadZipFile):
        text = _(
            "{fil} er ingen .xlsx- eller .xlsm-fil, eller den har en adgangskode. Gem den som .xlsx uden adgangskode."
        )
        raise InputError(text.format(fil=template.name)) from None
    reasons = (
        (
            any(name.startswith("_xmlsignatures/") for name in names),
            _("den er digitalt underskrevet, og det ville bryde underskriften"),
        ),
        ("xl/workbook.bin" in names, _("den er gemt som .xlsb; gem den som .xlsx")),
        (sum(info.file_size for info in archive.infolist()) > _UNPACKED, _("den fylder over 1 GB pakket ud")),
        ("xl/workbook.xml" not in names, _("den er ingen Excel-projektmappe")),
        (
            "xl/workbook.xml" in names and b"purl.oclc.org" in archive.read("xl/workbook.xml"),
            _("den er gemt som «Strict Open XML»; gem den som en almindelig .xlsx"),
        ),
        (_has_numbers(archive), _("der står CPR-numre i den, og de må ikke komme med i rapporten")),
    )
    if told := [reason for holds, reason in reasons if holds]:
        raise InputError(_("{fil} kan ikke bruges: {grund}.").format(fil=template.name, grund="; ".join(told)))
    return archive


def _has_numbers(archive: ZipFile) -> bool:
    """Whether a text or value of the workbook is a CPR number of the run."""
    for name in archive.namelist():
        if re.fullmatch(
            r"xl/(sharedStrings|(threaded)?comments.*|(worksheets|pivotCache|drawings|charts)/[^/]*)\.xml",
            name,
            re.IGNORECASE,
        ):
            told = re.findall(r">([^<]+)<", archive.read(name).decode("utf-8", "replace"))
            if any(door.by_form(text) != text or door.text(text) != text for text in told if len(text) > 8):
                return True
    return False


def tables_in(book: Mapping[str, bytes]) -> list[Table]:
    """Every table of the workbook with the sheet it stands on."""
    made: list[Table] = []
    sheets = re.findall(r"<sheet\b[^>]*>", book["xl/workbook.xml"].decode("utf-8"))
    where = _targets(book, "xl/workbook.xml")
    for told in map(attributes, sheets):
        part = next((where[value] for name, value in told.items() if name.endswith(":id") and value in where), "")
        made.extend(
            _with_cells(_table(name, told["name"], part, book[name].decode("utf-8")), book[part].decode("utf-8"))
            for name in _targets(book, part).values()
            if re.fullmatch(r"xl/tables/.*\.xml", name) and name in book
        )
    return made


def _targets(book: Mapping[str, bytes], part: str) -> dict[str, str]:
    """The parts that a part names, by the ids of its relations."""
    folder, _slash, file = part.rpartition("/")
    told = book.get(f"{folder}/_rels/{file}.rels", b"").decode("utf-8")
    relations = map(attributes, re.findall(r"<Relationship\b[^>]*>", told))
    return {r["Id"]: normpath(join("/" + folder, r["Target"])).lstrip("/") for r in relations if "Target" in r}


def _table(part: str, sheet: str, sheet_part: str, text: str) -> Table:
    told = attributes(text[text.index("<table") : text.index(">", text.index("<table"))])
    columns = []
    for tag, content in re.findall(r"<tableColumn\b([^>]*?)(?:/>|>(.*?)</tableColumn>)", text, re.DOTALL):
        formula = re.search(r"<calculatedColumnFormula[^>]*>(.*?)</calculatedColumnFormula>", content, re.DOTALL)
        columns.append((attributes(tag)["name"], formula[1] if formula else ""))
    totals = int(told.get("totalsRowCount", 0))
    name = told.get("displayName") or told["name"]
    return Table(part, sheet, sheet_part, name, area(told["ref"]), totals, tuple(columns))


def _with_cells(table: Table, sheet: str) -> Table:
    """The table with the formula of a column that is one in every row, where only its cells tell it."""
    rows = rows_of(sheet)
    columns = []
    for place, (heading, formula) in enumerate(table.columns):
        cells = [
            rows.get(row, ("", {}))[1].get(table.area.left + place, "")
            for row in range(table.area.top + 1, table.area.bottom - table.totals + 1)
        ]
        told = [re.search(r"<f\b[^>]*?(?:/>|>(.*?)</f>)", cell, re.DOTALL) for cell in cells]
        first = told[0][1] if told and told[0] else ""
        columns.append((heading, (first or formula) if all(told) and first else formula))
    return replace(table, columns=tuple(columns))


def faults(table: Table, given: Given, book: Mapping[str, bytes], others: Sequence[Table]) -> list[str]:
    """What stands in the way of renewing a table, in words."""
    said = []
    foreign = _(
        "tabellen {tabel} har kolonnen «{kolonne}», som resultatet ikke har; flyt den ud af tabellen, eller gør den til en"
        " formel"
    )
    for heading, formula in table.columns:
        if not formula and source_of(heading, given) is None:
            said.append(foreign.format(tabel=table.name, kolonne=heading))
    now = stretch_of(table, given).now + table.totals
    if now > _LAST_ROW:
        text = _("tabellen {tabel} får {antal} rækker, og dem er der ikke plads til")
        said.append(text.format(tabel=table.name, antal=number(len(given.rows))))
    text = _("arket «{ark}» har {hvad} i {celle}, hvor tabellen {tabel} skal være")
    for what, where in _in_the_way(table, now, book[table.sheet_part].decode("utf-8"), others):
        said.append(text.format(ark=table.sheet, hvad=what, celle=where, tabel=table.name))
    return said[:20]


def _in_the_way(table: Table, now: int, sheet: str, others: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """What stands where a table is to be, and in which cell."""
    here = table.area
    reach = Area(here.left, here.top, here.right, max(now, here.bottom))
    for merged in re.findall(r'<mergeCell\b[^>]*ref="([^"]+)"', sheet):
        if area(merged).meets(reach):
            yield _("flettede celler"), merged
    for other in others:
        if other is not table and other.sheet == table.sheet and other.area.meets(reach):
            yield other.name, str(other.area)
    rows = rows_of(sheet)
    if _shared(rows, here):
        yield _("en formel, der er skrevet sammen med andre uden for tabellen,"), str(here)
    for row, (_tag, cells) in sorted(rows.items()):
        if here.bottom < row <= now:
            for column, cell in sorted(cells.items()):
                if here.left <= column <= here.right and says_something(cell):
                    yield _("noget"), f"{letters(column)}{row}"


def _shared(rows: Mapping[int, tuple[str, Cells]], here: Area) -> bool:
    """Whether a formula is told once for cells in an area and cells outside it."""
    inside: set[str] = set()
    outside: set[str] = set()
    for row, (_tag, cells) in rows.items():
        for column, cell in cells.items():
            within = here.top < row <= here.bottom and here.left <= column <= here.right
            (inside if within else outside).update(re.findall(r'<f\b[^>]*\bsi="(\d+)"', cell))
    return bool(inside & outside)


def source_of(heading: str, given: Given) -> int | None:
    """Which column of the result a heading names."""
    return next((n for n, names in enumerate(given.names) if heading.strip().casefold() in names), None)


def stretch_of(table: Table, given: Given) -> Stretch:
    """The table before and now, without its totals; it has a row even where the result has none."""
    top, before = table.area.top, table.area.bottom - table.totals
    return Stretch(table.sheet, table.area.left, table.area.right, top, before, top + max(len(given.rows), 1))
