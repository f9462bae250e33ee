"""The result tables in the municipality's own workbook: a copy of it, in which the tables that have a result's name are renewed.

Formulas, charts, pivots, pictures, macros and formats are not touched: their parts are copied byte for byte. What follows a
table that grows is stretched with it (charts, formulas, names, rules of format), pivots and formulas are asked to be counted anew
when the workbook is opened, and what could not be kept right is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from reconcile.errors import InputError, listed
from reconcile.i18n import _
from reconcile.privacy import door
from reconcile.reports.own_parts import (
    Area,
    Cells,
    Stretch,
    area,
    attributes,
    letters,
    moved,
    rows_of,
    stretched,
    stretched_squares,
    with_attribute,
    with_rows,
)
from reconcile.reports.own_read import Given, Table, faults, no_table, read, source_of, stretch_of, tables_in
from reconcile.reports.own_styles import with_dates
from reconcile.reports.workbook import Link, clean

#: A formula of a cell, a rule of format, a choice or a sparkline; one that is told with another (``<f si="0"/>``) has no text.
_FORMULA = re.compile(r"(<(?:(?:\w+:)?f|formula[12]?)\b(?:[^>]*[^>/])?>)([^<]*)(</)")


def written_into(template: Path, tables: Mapping[str, Given]) -> bytes:
    """A copy of the workbook with its tables of these names (any case) renewed.

    Raises:
        InputError: it is no workbook that can be kept as it is, or has no such table; names what and where.
    """
    archive = read(template)
    book = {name: archive.read(name) for name in archive.namelist()}
    every = tables_in(book)
    found = [table for table in every if table.name.casefold() in tables]
    if not found:
        raise no_table(template, tables)
    if told := [fault for table in found for fault in faults(table, tables[table.name.casefold()], book, every)]:
        raise InputError(listed(_("{fil} kan ikke fornyes:").format(fil=template.name), told))
    for table in found:
        _renew(book, table, tables[table.name.casefold()])
    _count_anew(book)
    return _zipped(archive, book)


def _renew(book: dict[str, bytes], table: Table, given: Given) -> None:
    """The table's cells, its range, and everything that follows it."""
    stretch = stretch_of(table, given)
    sheet = book[table.sheet_part].decode("utf-8")
    rows = rows_of(sheet)
    first = rows.get(table.area.top + 1, ("", {}))[1]
    headings = {table.area.left + place: heading for place, (heading, _formula) in enumerate(table.columns)}
    looks = {column: attributes(first.get(column, "")).get("s", "") for column in headings}
    days = {column: look for column, look in looks.items() if _has_dates(given, headings[column])}
    book["xl/styles.xml"], dates = with_dates(book["xl/styles.xml"], days)
    totals = _taken(rows, table, stretch)
    for offset in range(stretch.now - stretch.head):
        values = given.rows[offset] if offset < len(given.rows) else ()
        row = stretch.head + 1 + offset
        cells = rows.setdefault(row, ("", {}))[1]
        for place, (heading, formula) in enumerate(table.columns):
            column = table.area.left + place
            source = None if formula else source_of(heading, given)
            value = values[source] if source is not None and values else None
            told = _in_row(formula, column, stretch.head + 1, row)
            cells[column] = _cell(f"{letters(column)}{row}", value, told, looks.get(column, ""), dates.get(column, ""))
    for column, cell in totals.items():
        rows.setdefault(stretch.now + 1, ("", {}))[1][column] = moved(cell, stretch.now + 1)
    whole = with_rows(sheet, {row: told for row, told in rows.items() if told[0] or told[1]})
    whole = re.sub(
        r'(<(?:conditionalFormatting|dataValidation)\b[^>]*sqref="|<xm:sqref>)([^"<]+)',
        lambda m: m[1] + stretched_squares(m[2], stretch),
        whole,
    )
    used = [area(found) for found in re.findall(r'<dimension ref="([^"]+)"', whole)]
    for here in used:
        bottom = max(here.bottom, stretch.now + table.totals)
        whole = whole.replace(
            f'<dimension ref="{here}"', f'<dimension ref="{Area(here.left, here.top, here.right, bottom)}"'
        )
    book[table.sheet_part] = whole.encode("utf-8")
    book[table.part] = _new_range(book[table.part].decode("utf-8"), table, stretch).encode("utf-8")
    _follow(book, table, stretch)


def _in_row(formula: str, column: int, first: int, row: int) -> str:
    """The formula of a table's first row as it is in another row."""
    from openpyxl.formula.translate import Translator

    if not formula or row == first:
        return formula
    origin, there = f"{letters(column)}{first}", f"{letters(column)}{row}"
    return escape(Translator(f"={unescape(formula)}", origin=origin).translate_formula(there)[1:], quote=False)


def _has_dates(given: Given, heading: str) -> bool:
    source = source_of(heading, given)
    return source is not None and any(isinstance(row[source], date) for row in given.rows)


def _taken(rows: dict[int, tuple[str, Cells]], table: Table, stretch: Stretch) -> Cells:
    """The cells of the row of totals; they and the table's old rows are taken out."""
    totals: Cells = {}
    for row in range(stretch.head + 1, table.area.bottom + 1):
        cells = rows.get(row, ("", {}))[1]
        for column in range(table.area.left, table.area.right + 1):
            cell = cells.pop(column, "")
            if cell and row > stretch.before:
                totals[column] = cell
    return totals


def _cell(place: str, value: Any, formula: str, look: str, date_look: str) -> str:
    """A cell with a value of a result, or with the formula of its column (which the program counts when it opens)."""
    start = f'<c r="{place}"'
    plain = f'{start} s="{look}"' if look else start
    if formula:
        return f"{plain}><f>{formula}</f></c>"
    value = door.value(value.text if isinstance(value, Link) else value)
    match value:
        case None | "":
            return f"{plain}/>"
        case bool():
            return _text(plain, _("ja") if value else _("nej"))
        case int() | Decimal():
            return f"{plain}><v>{value}</v></c>"
        case date():
            return f'{start} s="{date_look}"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        case _other:
            return _text(plain, str(value))


def _text(start: str, text: str) -> str:
    return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(clean(text), quote=False)}</t></is></c>'


def _new_range(text: str, table: Table, stretch: Stretch) -> str:
    """The table's part with its new range, and that of its filter; a sorting is of rows that are no longer there."""
    whole = Area(table.area.left, table.area.top, table.area.right, stretch.now + table.totals)
    body = Area(table.area.left, table.area.top, table.area.right, stretch.now)
    text = re.sub(r"<sortState\b.*?(?:</sortState>|/>)", "", text, flags=re.DOTALL)
    text = re.sub(r'(<table\b[^>]*?\sref=")[^"]+"', rf'\g<1>{whole}"', text, count=1)
    return re.sub(r'(<autoFilter\b[^>]*?\sref=")[^"]+"', rf'\g<1>{body}"', text)


def _follow(book: dict[str, bytes], table: Table, stretch: Stretch) -> None:
    """Charts, formulas and names that were about exactly the table's rows are about its new ones; pivots are read anew."""
    if stretch.before == stretch.now:
        return
    for part, content in book.items():
        kind = next(
            (k for k in ("charts/", "chartex/", "worksheets/", "pivotCache/") if f"xl/{k}" in part or f"/{k}" in part),
            "",
        )
        if not part.endswith(".xml") or not (kind or part == "xl/workbook.xml"):
            continue
        text, own = content.decode("utf-8"), part == table.sheet_part
        if kind == "worksheets/":
            made = _FORMULA.sub(lambda m: m[1] + _followed(m[2], stretch, own_sheet=own) + m[3], text)  # noqa: B023
        elif kind == "pivotCache/":
            made = re.sub(r"<worksheetSource\b[^>]*>", lambda m: _followed_source(m[0], stretch), text)
        elif kind:
            made = re.sub(
                r"(<(?:\w+:)?f\b[^>]*>)(.*?)(</(?:\w+:)?f>)",
                lambda m: m[1] + _followed(m[2], stretch, own_sheet=False) + m[3],
                text,
            )
        else:
            made = re.sub(
                r"(<definedName\b[^>]*>)(.*?)(</definedName>)",
                lambda m: m[1] + _followed(m[2], stretch, own_sheet=False) + m[3],
                text,
            )
        if made != text:
            book[part] = made.encode("utf-8")


def _followed_source(tag: str, stretch: Stretch) -> str:
    """What a pivot counts, where that is the rows of a sheet and not the table by its name."""
    told = attributes(tag)
    if told.get("sheet") != stretch.sheet or "ref" not in told:
        return tag
    return with_attribute(tag, "ref", stretched_squares(told["ref"], stretch))


def _followed(formula: str, stretch: Stretch, *, own_sheet: bool) -> str:
    """``stretched`` for a formula as XML has it; one that nothing follows in keeps its characters."""
    told = unescape(formula)
    made = stretched(told, stretch, own_sheet=own_sheet)
    return formula if made == told else escape(made, quote=False)


def _count_anew(book: dict[str, bytes]) -> None:
    """Formulas are counted and pivots read anew when the workbook is opened: what a formula gave last time is left out, since not
    every program counts by itself, and so is Excel's order of counting."""
    for part in [name for name in book if name.startswith("xl/worksheets/") and name.endswith(".xml")]:
        sheet = book[part].decode("utf-8")
        book[part] = re.sub(r"(<f\b[^>]*?(?:/>|>[^<]*</f>))<v>[^<]*</v>", r"\1", sheet).encode("utf-8")
    text = book["xl/workbook.xml"].decode("utf-8")
    if found := re.search(r"<calcPr\b[^>]*>", text):
        text = text.replace(found[0], with_attribute(found[0], "fullCalcOnLoad", "1"), 1)
    else:
        after = next(
            tag for tag in ("definedNames", "externalReferences", "functionGroups", "sheets") if f"</{tag}>" in text
        )
        text = text.replace(f"</{after}>", f'</{after}><calcPr fullCalcOnLoad="1"/>', 1)
    book["xl/workbook.xml"] = text.encode("utf-8")
    for part in [name for name in book if re.fullmatch(r"xl/pivotCache/pivotCacheDefinition\d*\.xml", name)]:
        cache = book[part].decode("utf-8")
        start = re.search(r"<pivotCacheDefinition\b[^>]*>", cache)
        if start and 'type="worksheet"' in cache:
            book[part] = cache.replace(start[0], with_attribute(start[0], "refreshOnLoad", "1"), 1).encode("utf-8")
    if book.pop("xl/calcChain.xml", None) is not None:
        for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            told = book[part].decode("utf-8")
            book[part] = re.sub(r"<(?:Override|Relationship)\b[^>]*calcChain\.xml\"[^>]*/>", "", told).encode("utf-8")


def _zipped(archive: ZipFile, book: Mapping[str, bytes]) -> bytes:
    """The parts in their order, each with the time it had: the same workbook and result give the same bytes."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as made:
        for info in archive.infolist():
            if info.filename in book:
                made.writestr(info, book[info.filename], compress_type=ZIP_DEFLATED)
    return target.getvalue()
