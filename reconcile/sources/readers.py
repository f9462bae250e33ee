"""Reads one file into the engine as view ``raa``: rows of text, each with the row number Excel shows.

A CSV whose lines are its rows is read by DuckDB, in parallel; anything else row by row. Either way the rows lie in one
Parquet file in the run's own folder, which costs little to read several times. A Parquet file is read where it lies.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

from reconcile.domain.periods import Quarter
from reconcile.engine.base import literal
from reconcile.engine.duckdb import PARQUET, Engine
from reconcile.errors import InputError, Problem
from reconcile.i18n import _
from reconcile.sources.cells import BLANK, DATE, NUMBER, Row, fold, header_text, is_blank
from reconcile.sources.detect import TextFile, detect
from reconcile.sources.unpivot import is_no_data
from reconcile.sources.workbook import HEADER_ROWS, Seen, workbook_rows

__all__ = ["DATE", "NUMBER", "RawFile", "read_file"]

_CHUNK = 1 << 22
#: How many rows from the end totals and notes are looked for.
_END = 30
#: The longest row, in bytes.
_MAX_ROW = 16_000_000


@dataclass(frozen=True)
class RawFile:
    """A file in the engine: relation ``name`` with columns ``c0`` … and ``raekke``; ``headers`` as written.

    ``cells``: the file has no rows (JSON-stat, PX); ``raekke`` is the number of the cell. ``hidden``: the numbers of the
    rows that are hidden in a workbook. ``titles``: what stands above the header. ``seen``: what was seen in a
    workbook besides its rows. ``header_row``: the number of the row with the headers. ``loose``: the rows are a
    database's, so that none stands above or below another. ``files``: the labels of several files that lie in it, and
    ``fil`` says which; else it is one. ``hashed``: the column that holds a hash of each row, where there is one.
    """

    name: str
    headers: tuple[str, ...]
    types: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    ragged: tuple[Problem, ...]
    cells: bool = False
    hidden: frozenset[int] = frozenset()
    titles: tuple[str, ...] = ()
    seen: Seen | None = None
    header_row: int = 1
    loose: bool = False
    files: tuple[str, ...] = ()
    hashed: str = ""


def read_file(
    engine: Engine,
    path: Path,
    label: str,
    wanted: Sequence[str],
    *,
    sheet: str = "",
    codes: Sequence[str] = (),
    overview: bool = False,
) -> RawFile:
    """Read a file into relation ``raa``.

    Args:
        engine: where to.
        path: the file; its ending says what it is.
        label: the file's name in messages.
        wanted: header names that tell the header row from a title above it.
        sheet: the sheet of a workbook; empty: the visible one with most of the wanted headers.
        codes: given for published figures: a table with quarters as columns is turned into one row per quarter, and
            its code column has one of these headers, else it is the first.
        overview: mark what the merged cells of a workbook cover.

    Raises:
        InputError: the file cannot be read.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in (".parquet", ".pq"):
            return _parquet(engine, path, label)
        if suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
            seen = Seen()
            score = partial(_recognised_in, wanted=wanted)
            rows = workbook_rows(path, label, sheet, score, seen=seen, merged=overview)
            raw = _land(engine, label, rows, wanted, codes=codes, found=None)
            return replace(raw, hidden=frozenset(seen.hidden), seen=seen)
        if suffix in (".csv", ".txt", ".tsv"):
            return _csv(engine, path, label, wanted, codes)
        if suffix in (".json", ".px"):
            return replace(_land(engine, label, _cube_rows(path, label), wanted, codes=codes, found=None), cells=True)
    except OSError as error:
        text = _("{fil}: filen kan ikke læses ({grund}). Er den åben i et andet program?")
        raise InputError(text.format(fil=label, grund=error.strerror or error)) from None
    text = _("{fil}: «{endelse}» læses ikke. Brug CSV, XLSX eller Parquet.")
    raise InputError(text.format(fil=label, endelse=suffix or path.name))


def _cube_rows(path: Path, label: str) -> Iterator[Row]:
    from reconcile.sources.jsonstat import jsonstat_rows
    from reconcile.sources.px import px_rows

    return jsonstat_rows(path, label) if path.suffix.lower() == ".json" else px_rows(path, label)


def _csv(engine: Engine, path: Path, label: str, wanted: Sequence[str], codes: Sequence[str]) -> RawFile:
    found = detect(path, label)
    text = (
        path
        if found.encoding.startswith("utf-8") and not found.inner_mark
        else _as_utf8(path, engine.scratch("utf8.csv"), label, found)
    )
    fast = None if codes else _plain_csv(engine, text, found, wanted)
    raw = fast or _land(engine, label, _csv_rows(text, label, found.delimiter), wanted, codes=codes, found=found)
    engine.drop("utf8.csv")
    return raw


def _as_utf8(path: Path, copy: Path, label: str, found: TextFile) -> Path:
    """A copy of the file in UTF-8; a byte that the encoding does not have is a mistake, with its line."""
    try:
        with (
            path.open(encoding=found.encoding, newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as to,
        ):
            while chunk := source.read(_CHUNK):
                to.write(chunk.replace("\ufeff", ""))  # of files that were put together
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1 + _lines_before(copy)
        text = _("{fil}: linje {linje} er hverken UTF-8 eller windows-1252. Gem filen igen som «CSV UTF-8».")
        raise InputError(text.format(fil=label, linje=line)) from None
    return copy


def _lines_before(copy: Path) -> int:
    return copy.read_bytes().count(b"\n") if copy.exists() else 0


def _csv_rows(path: Path, label: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for number, cells in enumerate(csv.reader(handle, delimiter=delimiter, strict=True), start=1):
                yield number, cells
    except csv.Error:
        text = _('{fil}, række {raekke}: anførselstegnene passer ikke; et felt begynder med " og slutter ikke rigtigt.')
        raise InputError(text.format(fil=label, raekke=number + 1)) from None


def _plain_csv(engine: Engine, path: Path, found: TextFile, wanted: Sequence[str]) -> RawFile | None:
    """Let DuckDB read the file, in parallel; None where a line is not a row, or the header not the first line."""
    import duckdb

    lines = _count_lines(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            head = list(islice(csv.reader(handle, delimiter=found.delimiter, strict=True), HEADER_ROWS))
    except csv.Error:
        return None
    headers = [header_text(cell) for cell in head[0]] if head else []
    if lines is None or len(headers) < 2 or not all(headers) or header_at(head, wanted) != 0:
        return None
    engine.connection.execute("SET preserve_insertion_order = true")  # the row number is the order in the file
    try:
        copied = _to_parquet(engine, f"SELECT * FROM {_plain_rows(path, found.delimiter, len(headers))}")
    except duckdb.Error:
        return None
    finally:
        engine.connection.execute("SET preserve_insertion_order = false")
    if copied + 1 != lines:
        return None
    _view_of_filled(engine, "file_row_number + 2", len(headers))
    return RawFile("raa", tuple(headers), ("VARCHAR",) * len(headers), found.encoding, found.delimiter, ())


def _plain_rows(path: Path, delimiter: str, width: int, *, numbered: bool = False) -> str:
    """SQL for a CSV whose lines are its rows: ``c0`` … as text, below a header or else after ``fil_nr`` and ``raekke``."""
    numbers = ["'fil_nr': 'INTEGER'", "'raekke': 'BIGINT'"] * numbered
    columns = ", ".join([*numbers, *(f"'c{i}': 'VARCHAR'" for i in range(width))])
    options = (
        f"header = {literal(not numbered)}, delim = {literal(delimiter)}, quote = '\"', escape = '\"', auto_detect = false,"
        f" strict_mode = true, columns = {{{columns}}}"
    )
    return f"read_csv({_sql_path(path)}, {options})"


def _view_of_filled(engine: Engine, number: str, width: int) -> None:
    """View ``raa`` of the stored rows in which anything stands."""
    cells = [f"c{i}" for i in range(width)]
    filled = ", ".join(f"nullif(trim({cell}, {literal(BLANK)}), '')" for cell in cells)
    blank = f"coalesce(ascii(c0), 0) NOT BETWEEN 33 AND 126 AND coalesce({filled}) IS NULL"  # the first part is cheap
    counted = engine.rows(f"SELECT count(*) FROM {_stored(engine)} WHERE {blank}")  # once, not in every reading
    _view(engine, _stored(engine), number, cells, f" WHERE NOT ({blank})" if counted[0][0] else "")


def land_together(
    engine: Engine, bodies: Mapping[str, Sequence[str]], delimiter: str, headers: Sequence[str]
) -> RawFile | None:
    """The lines below the headers of several files (label → lines) as relation ``raa``, which has ``fil`` too.

    None where a line of any of them is not a row.
    """
    import duckdb

    path = engine.scratch("raa.csv")
    with path.open("w", encoding="utf-8", newline="") as handle:
        for number, lines in enumerate(bodies.values(), start=1):
            handle.writelines(f"{number}{delimiter}{row}{delimiter}{line}\n" for row, line in enumerate(lines, start=2))
    try:
        copied = _to_parquet(engine, f"SELECT * FROM {_plain_rows(path, delimiter, len(headers), numbered=True)}")
    except duckdb.Error:
        return None
    finally:
        engine.drop("raa.csv")
    if copied != sum(map(len, bodies.values())):
        return None
    labels = ", ".join(map(literal, bodies))
    _view_of_filled(engine, f"[{labels}][fil_nr] AS fil, raekke", len(headers))
    return RawFile("raa", tuple(headers), ("VARCHAR",) * len(headers), None, delimiter, (), files=tuple(bodies))


def _count_lines(path: Path) -> int | None:
    """How many lines a file has, blank ones at its end not counted; None where a line ends with CR alone."""
    feeds, returns, pairs, last, ending = 0, 0, 0, b"", b""
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            feeds += chunk.count(b"\n")
            if b"\r" in chunk or last == b"\r":
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last, ending = chunk[-1:], (ending + chunk)[-_CHUNK:] if len(chunk) < _CHUNK else chunk
    blank = ending[len(ending.rstrip(b"\r\n")) :].count(b"\n")
    return feeds - blank + 1 if returns == pairs else None


def _land(
    engine: Engine,
    label: str,
    rows: Iterable[Row],
    wanted: Sequence[str],
    *,
    codes: Sequence[str],
    found: TextFile | None,
) -> RawFile:
    """Write the rows as a clean CSV in the run's own folder and read that: one way in, whatever the file was."""
    rest = iter(rows)
    top = list(islice(rest, HEADER_ROWS))
    at = header_at([cells for _number, cells in top], wanted)
    if at is None:
        raise InputError(_("{fil}: filen er tom; den har ingen overskrift. Træk den ud igen.").format(fil=label))
    headers = [header_text(cell) for cell in top[at][1]]
    while not headers[-1]:
        headers.pop()
    ragged: list[Problem] = []
    body: Iterable[Row] = chain(top[at + 1 :], rest)
    body = _even(body, len(headers), label, ragged) if found else _cut(body, len(headers))
    told: list[str] = []
    if codes:
        from reconcile.sources.statbank_form import plain_form
        from reconcile.sources.unpivot import long_form, without_totals

        headers, body = plain_form(headers, without_totals(headers, body), label, told)
        headers, body = long_form(label, headers, body, codes)
    path = engine.scratch("raa.csv")
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([number, *cells] for number, cells in body)
    _to_parquet(engine, f"SELECT * FROM {_own_csv(path, len(headers), numbered=True)}")
    engine.drop("raa.csv")
    _view(engine, _stored(engine), "raekke", [f"c{i}" for i in range(len(headers))])
    encoding, mark = (found.encoding, found.delimiter) if found else (None, None)
    titles = tuple(text for _number, cells in top[:at] for cell in cells if (text := header_text(cell)))
    titles += tuple(told)
    types = ("VARCHAR",) * len(headers)
    return RawFile("raa", tuple(headers), types, encoding, mark, tuple(ragged), titles=titles, header_row=top[at][0])


def land_rows(engine: Engine, label: str, rows: Iterable[Row], wanted: Sequence[str]) -> RawFile:
    """Rows that another reader has made, the header first, as relation ``raa``; none of them is a total or a note."""
    return replace(_land(engine, label, rows, wanted, codes=(), found=None), loose=True)


def _own_csv(path: Path, width: int, *, numbered: bool = False) -> str:
    """SQL for a CSV that this program wrote: no header, ``c0`` … as text, and ``raekke`` before them where numbered."""
    columns = ", ".join(["'raekke': 'BIGINT'"] * numbered + [f"'c{i}': 'VARCHAR'" for i in range(width)])
    options = (
        f"header = false, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', auto_detect = false,"
        f" columns = {{{columns}}}, max_line_size = {_MAX_ROW}"
    )
    return f"read_csv({_sql_path(path)}, {options})"


def raw_from_csv(engine: Engine, path: Path, headers: Sequence[str], cells: Sequence[str]) -> RawFile:
    """The rows of a database, written as CSV, as relation ``raa`` in the order of their own cells, numbered from 1.

    ``cells``: for each column SQL that makes a cell of ``c0`` …
    """
    named = ", ".join(f"{cell} AS c{i}" for i, cell in enumerate(cells))
    engine.connection.execute("SET preserve_insertion_order = true")
    _to_parquet(engine, f"SELECT {named} FROM {_own_csv(path, len(headers))} ORDER BY ALL")
    engine.connection.execute("SET preserve_insertion_order = false")
    _view(engine, _stored(engine), "file_row_number + 1", [f"c{i}" for i in range(len(headers))])
    return RawFile("raa", tuple(headers), ("VARCHAR",) * len(headers), None, None, (), loose=True)


def _recognised_in(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> int:
    """How many of the wanted names stand in the row that has most of them; a quarter counts as one."""
    known = {fold(name) for name in wanted}
    cells = ({c for cell in row if (c := fold(cell)) in known or Quarter.parse(c)} for row in rows)
    return max((len(found) for found in cells), default=0)


def header_at(rows: Sequence[list[str]], wanted: Sequence[str]) -> int | None:
    """The header: the row among the first with most of the wanted names; else the first row with anything in it."""
    filled = [i for i, row in enumerate(rows) if not is_blank([header_text(cell) for cell in row])]
    return max(filled, key=lambda i: (_recognised_in([rows[i]], wanted), -i), default=None)


def _even(rows: Iterable[Row], width: int, label: str, ragged: list[Problem]) -> Iterator[Row]:
    """Rows of the header's width. Empty rows are passed over; rows of another width are collected as problems."""
    for number, cells in rows:
        if is_blank(cells):
            continue
        kept = cells[:width] if is_blank(cells[width:]) else cells  # trailing delimiters hold nothing
        if len(kept) < width and is_blank(kept[1:]) and is_no_data(kept[0]):
            kept = [*kept, *[""] * (width - len(kept))]
        if len(kept) != width:
            reason = _("rækken har {antal} felter, overskriften har {ventet}; ret rækken (mangler der et skilletegn?)")
            ragged.append(Problem.make(label, number, "", "", reason.format(antal=len(kept), ventet=width)))
            continue
        yield number, kept


def _cut(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """Rows of a workbook under the header: notes beside the table and empty rows are no part of it."""
    return (
        (number, [*cells[:width], *[""] * (width - len(cells))])
        for number, cells in rows
        if not is_blank(cells[:width])
    )


def _parquet(engine: Engine, path: Path, label: str) -> RawFile:
    """A Parquet file in place. Its rows are numbered as if it had a header in row 1, as in the other formats."""
    import duckdb

    source = f"read_parquet({_sql_path(path)}, file_row_number = true)"
    try:
        described = engine.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0].rpartition(f"'{path}' ")[2]
        text = _("{fil}: Parquet-filen kan ikke læses ({grund}). Skriv den igen, eller brug CSV.")
        raise InputError(text.format(fil=label, grund=reason)) from None
    columns = [(row[0], row[1]) for row in described if row[0] != "file_row_number"]
    cells, types = [], []
    for name, sql_type in columns:
        quoted = '"' + name.replace('"', '""') + '"'
        zoned = sql_type == "TIMESTAMP WITH TIME ZONE"  # a day is a day in Denmark, whatever the machine's clock says
        cells.append(f"timezone('Europe/Copenhagen', {quoted})" if zoned else quoted)
        types.append("TIMESTAMP" if zoned else sql_type)
    _view(engine, source, "file_row_number + 2", cells)
    return RawFile("raa", tuple(header_text(n) for n, _type in columns), tuple(types), None, None, ())


def files_relation(files: Iterable[Path]) -> str:
    """SQL for the rows of Parquet files."""
    return f"read_parquet([{', '.join(map(_sql_path, files))}])"


def _sql_path(path: Path) -> str:
    """A path as an SQL literal that names this one file: ``*``, ``?`` and ``[`` in it are letters."""
    return literal(re.sub(r"([*?\[])", r"[\1]", path.as_posix()))


def _stored(engine: Engine) -> str:
    return f"read_parquet({_sql_path(engine.scratched('raa.parquet'))}, file_row_number = true)"


def _to_parquet(engine: Engine, select: str) -> int:
    """Store rows as ``raa.parquet`` in the run's folder; returns how many."""
    target = literal(engine.scratch("raa.parquet").as_posix())
    copied = engine.connection.execute(f"COPY ({select}) TO {target} ({PARQUET})")
    return int(copied.fetchall()[0][0])


def _view(engine: Engine, source: str, number: str, cells: Sequence[str], condition: str = "") -> None:
    named = ", ".join([f"{number} AS raekke", *(f"{cell} AS c{i}" for i, cell in enumerate(cells))])
    engine.connection.execute(f"CREATE OR REPLACE VIEW raa AS SELECT {named} FROM {source}{condition}")


def leave_out_end(engine: Engine, raw: RawFile) -> list[tuple[int, str]]:
    """Take totals and notes at the end of a table out of view ``raa``: the number and the first text of each such row."""
    last = engine.rows(f"SELECT max(raekke) FROM {raw.name}")[0][0]
    if last is None or raw.cells:
        return []
    cells = [f"CAST(c{i} AS VARCHAR)" for i in range(len(raw.headers))]
    texts = ", ".join(f"nullif(trim({cell}, {literal(BLANK)}), '')" for cell in cells)
    query = f"SELECT raekke, coalesce({texts}) FROM {raw.name} WHERE raekke > {last - _END} ORDER BY raekke DESC"
    out: dict[int, str] = {}
    for number, first in engine.rows(query):
        if not (number in out or is_no_data(first or "")):
            break
        out[number] = header_text(first or "")
    if out:
        relation = "raa_uden_slutning"
        select = f"SELECT * FROM {raw.name} WHERE raekke < {min(out)}"
        engine.connection.execute(f"CREATE OR REPLACE VIEW {relation} AS {select}")
    return sorted(out.items())
