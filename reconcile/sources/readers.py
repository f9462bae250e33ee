"""Reads one file into the engine as rows of text, each with the row number Excel shows.

Every cell becomes text, so that one strict conversion serves all formats. A number or date cell of a workbook is what it
is: its text carries a mark (``NUMBER``, ``DATE``) that the conversion knows. Parquet keeps its types.
"""

from __future__ import annotations

import csv
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

from reconcile.engine.duckdb import Engine, literal
from reconcile.errors import InputError, Problem
from reconcile.i18n import _
from reconcile.periods import Quarter
from reconcile.sources.detect import TextFile, detect

#: Marks in front of the text of a cell that was a number or a date, from Unicode's private area.
NUMBER, DATE = "\ue000", "\ue001"

#: How many rows from the top the header is looked for.
_HEADER_ROWS = 20
_MAX_UNPACKED = 4 * 10**9

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class RawFile:
    """A file in the engine: relation ``name`` with columns ``c0`` … and ``raekke``; ``headers`` as written."""

    name: str
    headers: tuple[str, ...]
    types: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    ragged: tuple[Problem, ...]


def read_file(engine: Engine, path: Path, label: str, wanted: Sequence[str], sheet: str, unpivot: bool) -> RawFile:
    """Read a file into relation ``raa``.

    Args:
        engine: where to.
        path: the file; its ending says what it is.
        label: the file's name in messages.
        wanted: header names that tell the header row from a title above it.
        sheet: the sheet of a workbook; empty: the first that has a wanted header, else the first.
        unpivot: a table with quarters as columns is turned into one row per quarter (the FLIS page, pivot exports).

    Raises:
        InputError: the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        return _parquet(engine, path, label)
    if suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
        return _land(engine, label, _workbook_rows(path, label, wanted, sheet), wanted, unpivot, None)
    if suffix in (".csv", ".txt", ".tsv"):
        found = detect(path)
        if found.plain and not unpivot and (fast := _plain_csv(engine, path, found, wanted)):
            return fast
        return _land(engine, label, _csv_rows(path, label, found), wanted, unpivot, found)
    text = _("{fil}: «{endelse}» læses ikke. Brug CSV, XLSX eller Parquet.")
    raise InputError(text.format(fil=label, endelse=suffix or path.name))


def _csv_rows(path: Path, label: str, found: TextFile) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding=found.encoding, newline="") as handle:
            reader = csv.reader(handle, delimiter=found.delimiter)
            yield from enumerate(reader, start=1)
    except (UnicodeDecodeError, csv.Error) as error:
        text = _("{fil}: filen kan ikke læses som CSV ({grund}). Gem den igen som «CSV UTF-8».")
        raise InputError(text.format(fil=label, grund=error)) from None


def _workbook_rows(path: Path, label: str, wanted: Sequence[str], sheet: str) -> Iterator[Row]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if sum(info.file_size for info in archive.infolist()) > _MAX_UNPACKED:
                    text = _("{fil}: projektmappen fylder over 4 GB pakket ud. Gem den som CSV.")
                    raise InputError(text.format(fil=label))
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if sheet and sheet not in names:
            text = _("{fil}: arket «{ark}» findes ikke; der er {findes}.")
            raise InputError(text.format(fil=label, ark=sheet, findes=", ".join(f"«{n}»" for n in names)))
        for name in [sheet] if sheet else names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            known = {w.casefold() for w in wanted}
            head = rows[:_HEADER_ROWS]
            if sheet or name == names[-1] or any(_text(c).casefold() in known for row in head for c in row):
                yield from ((number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=1))
                return
    except PasswordError:
        raise InputError(_("{fil}: projektmappen er låst med adgangskode.").format(fil=label)) from None
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        text = _("{fil}: projektmappen kan ikke læses ({grund}).")
        raise InputError(text.format(fil=label, grund=error)) from None


def _text(cell: object) -> str:
    """A workbook cell as text; 15 significant digits, as Excel itself stores and shows a number."""
    match cell:
        case bool():
            return "ja" if cell else "nej"
        case int() | float():
            plain = Decimal(format(cell, ".15g"))
            return NUMBER + format(plain.normalize() + 0, "f")
        case datetime() | date():
            return DATE + cell.strftime("%Y-%m-%d")
        case time() | timedelta():
            return str(cell)
        case _other:
            return str(cell)


def _land(
    engine: Engine, label: str, rows: Iterable[Row], wanted: Sequence[str], unpivot: bool, found: TextFile | None
) -> RawFile:
    """Write the rows to a clean CSV in the run's own folder and read that: one way in, whatever the file was."""
    top = list(islice(iter(rows_iter := iter(rows)), _HEADER_ROWS))
    at = _header_at([cells for _number, cells in top], wanted)
    if at is None:
        raise InputError(_("{fil}: filen er tom; den har ingen overskrift.").format(fil=label))
    headers = [cell.strip(NUMBER + DATE + " \u00a0\t\ufeff") for cell in top[at][1]]
    while headers and not headers[-1]:
        headers.pop()
    body: Iterable[Row] = chain(top[at + 1 :], rows_iter)
    ragged: list[Problem] = []
    body = _even(body, len(headers), label, ragged)
    if unpivot:
        from reconcile.sources.unpivot import long_form

        headers, body = long_form(headers, body)
    path = engine.folder / "raa.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([number, *cells] for number, cells in body)
    names = ["raekke", *(f"c{i}" for i in range(len(headers)))]
    columns = ", ".join(f"{literal(n)}: 'VARCHAR'" for n in names)
    engine.run("DROP VIEW IF EXISTS raa")
    engine.run(
        f"CREATE OR REPLACE TABLE raa_tekst AS SELECT * REPLACE (CAST(raekke AS BIGINT) AS raekke) FROM read_csv("
        f"{literal(str(path))}, header = false, delim = ',', quote = '\"', escape = '\"', auto_detect = false,"
        f" columns = {{{columns}}}, max_line_size = 100000000)"
    )
    path.unlink()
    engine.run("CREATE VIEW raa AS SELECT * FROM raa_tekst")
    encoding = found.encoding if found else None
    mark = found.delimiter if found else None
    return RawFile("raa", tuple(headers), ("VARCHAR",) * len(headers), encoding, mark, tuple(ragged))


def _header_at(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> int | None:
    """The header: the row among the first with most of the wanted names; else the first row with anything in it."""
    known = {name.casefold() for name in wanted}
    filled = [i for i, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return None

    def recognised(i: int) -> int:
        cells = {c.strip(" \u00a0\ufeff").casefold() for c in rows[i]}
        return len({c for c in cells if c in known or Quarter.parse(c)})

    return max(filled, key=lambda i: (recognised(i), -i))


def _even(rows: Iterable[Row], width: int, label: str, ragged: list[Problem]) -> Iterator[Row]:
    """Rows of the header's width. Empty rows are passed over; rows of another width are collected as problems."""
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]  # noqa: PLW2901 - trailing delimiters hold nothing
        if len(cells) != width:
            reason = _("rækken har {antal} felter, overskriften har {ventet}; ret rækken (mangler der et skilletegn?)")
            ragged.append(Problem.make(label, number, "", "", reason.format(antal=len(cells), ventet=width)))
            continue
        yield number, cells


def _plain_csv(engine: Engine, path: Path, found: TextFile, wanted: Sequence[str]) -> RawFile | None:
    """Let DuckDB read a plain file itself, in parallel; None when it is not as plain as it looked."""
    import duckdb

    with path.open(encoding=found.encoding) as handle:
        headers = [cell.strip() for cell in handle.readline().rstrip("\r\n").split(found.delimiter)]
    known = {name.casefold() for name in wanted}
    if len(headers) < 2 or not all(headers) or not known.intersection(h.casefold() for h in headers):
        return None
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(headers)))
    cells = ", ".join(f"c{i}" for i in range(len(headers)))
    engine.run("DROP VIEW IF EXISTS raa")
    engine.run("SET preserve_insertion_order = true")  # the row number is the order in the file
    try:
        engine.run(
            f"CREATE OR REPLACE TABLE raa_tekst AS SELECT row_number() OVER () + 1 AS raekke, {cells} FROM read_csv("
            f"{literal(str(path))}, header = true, delim = {literal(found.delimiter)}, quote = '', escape = '',"
            f" auto_detect = false, strict_mode = true, columns = {{{columns}}}, max_line_size = 10000000)"
        )
    except duckdb.Error:
        return None
    finally:
        engine.run("SET preserve_insertion_order = false")
    engine.run(f"CREATE VIEW raa AS SELECT * FROM raa_tekst WHERE NOT (coalesce(trim(concat({cells})), '') = '')")
    return RawFile("raa", tuple(headers), ("VARCHAR",) * len(headers), found.encoding, found.delimiter, ())


def _parquet(engine: Engine, path: Path, label: str) -> RawFile:
    import duckdb

    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        described = engine.rows(f"DESCRIBE SELECT * FROM {source}")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(_("{fil}: Parquet-filen kan ikke læses ({grund}).").format(fil=label, grund=reason)) from None
    columns = [(row[0], row[1]) for row in described if row[0] != "file_row_number"]
    cells = ", ".join(f'"{name}" AS c{i}' for i, (name, _type) in enumerate(columns))
    engine.run("DROP VIEW IF EXISTS raa")
    engine.run(f"CREATE VIEW raa AS SELECT file_row_number + 1 AS raekke, {cells} FROM {source}")
    return RawFile("raa", tuple(n for n, _type in columns), tuple(t for _n, t in columns), None, None, ())
