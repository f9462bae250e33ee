"""Prints of the deliveries a working folder has seen: pseudonymised copies of their courses, to compare the next with.

They lie in ``aftryk/`` in the working folder, never in a report folder: ``0007-<hash>.parquet``, numbered in the order in
which a delivery was first seen and named by a hash of its courses that does not depend on files or row order. A print
is written once and never changed, so that a run on the same courses is always compared with the same delivery.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reconcile.domain.canonical import SQL_TYPE, TABLES
from reconcile.domain.cpr import mask
from reconcile.engine.base import literal
from reconcile.engine.duckdb import PARQUET, Engine
from reconcile.errors import InputError
from reconcile.files import locked
from reconcile.i18n import _
from reconcile.privacy import door
from reconcile.privacy.pseudonym import Pseudonymiser
from reconcile.results.redelivery import NewPrint
from reconcile.world.context import Context
from reconcile.world.prepare import PRINTS

FOLDER = PRINTS
#: Which delivery the published figures of a quarter rest on (``hand07_earlier.py``).
FIGURES = "tal.json"
#: How many deliveries are kept.
KEPT = 10
#: The sources that are deliveries of courses.
SOURCES = ("fagsystem", "flis")
#: The columns of a print besides ``kilde``: those of a course, with the person as a pseudonym.
COLUMNS: Mapping[str, str] = {
    "borger" if column.name == "cpr" else column.name: SQL_TYPE[column.kind] for column in TABLES["fagsystem"].columns
}
#: Columns of free text, in which a CPR number may hide.
_TEXTS = (
    "dst_kode",
    "handlekommune",
    "betalingskommune",
    "maalgruppe",
    "funktionsvurdering",
    "tilbud",
    "ffb_ydelse",
    "ffb_tilbud",
    "afdeling",
)
_NAME = re.compile(r"([0-9]{4,})-([0-9a-f]{16})\.parquet")
_META, _STAGED = "reconcile", "aftryk.parquet"


@dataclass(frozen=True)
class Print:
    """An earlier delivery: the day it was first seen, whose key its pseudonyms are of, and each source's columns."""

    day: date
    key: str
    columns: Mapping[str, frozenset[str]]


def take(context: Context) -> None:
    """Stage the courses of this run without CPR, as they are kept, and create view ``levering_nu`` of them. No choice of
    quarters changes it."""
    engine = context.reader
    columns = {name: context.present[name] for name in SOURCES if context.has(name)}
    chosen = " UNION ALL ".join(f"SELECT '{name}' AS kilde, * FROM {name}" for name in columns)
    engine.run(f"CREATE OR REPLACE VIEW levering_raa AS {chosen}")
    pseudonyms(context, "levering_borger", "SELECT DISTINCT cpr AS raa FROM levering_raa")
    values, joins = {"borger": "b.ren"}, ["INNER JOIN levering_borger AS b ON b.raa = r.cpr"]
    there = {name for names in columns.values() for name in names}
    kept = _cleaned(engine, [name for name in _TEXTS if name in there])
    if "ydelse_id" in there:
        kept["ydelse_id"] = dict(_ids(context))
    for name, texts in sorted(kept.items()):
        if texts:
            lookup(engine, f"levering_{name}", texts.items())
            values[name] = f"coalesce({name}_ren.ren, r.{name})"
            joins.append(f"LEFT JOIN levering_{name} AS {name}_ren ON {name}_ren.raa = r.{name}")
    shown = ", ".join(f"{values.get(name, f'r.{name}')} AS {name}" for name in COLUMNS)
    select = f"SELECT r.kilde, {shown} FROM levering_raa AS r {' '.join(joins)}"
    stage(engine, select, Print(context.today, context.pseudonym(FOLDER), columns))
    engine.run("DROP TABLE levering_borger")


def pseudonyms(context: Context, table: str, texts: str) -> None:
    """Table of the pseudonym (``ren``) of every text (``raa``) of a query; by the database, for there can be millions."""
    made = context.pseudonym.query(texts) if isinstance(context.pseudonym, Pseudonymiser) else None
    if made is None:
        lookup(context.reader, table, ((text, context.pseudonym(text)) for (text,) in context.reader.rows(texts)))
    else:
        context.reader.run_with(f"CREATE OR REPLACE TABLE {table} AS {made[0]}", *made[1])


def lookup(engine: Engine, table: str, pairs: Iterable[tuple[str, str]]) -> None:
    """What is kept (``ren``) for what stood there (``raa``): two lists, for there can be a pair per course."""
    known = dict(pairs)
    engine.run_with(
        f"CREATE OR REPLACE TABLE {table} AS SELECT unnest(CAST(? AS VARCHAR[])) AS raa, unnest(CAST(? AS VARCHAR[])) AS ren",
        list(known),
        list(known.values()),
    )


def _may_hold_number(column: str) -> str:
    """SQL for whether a text is worth a closer look: without the signs between them, five digits and four more or letters
    stand on end, as in every way a CPR number is written, or some of the signs are written as others (``%20``, ``&nbsp;``)."""
    bare = f"regexp_replace({column}, '[^\\pN\\pL]', '', 'g')"
    escapes = " OR ".join(f"strpos({column}, '{sign}') > 0" for sign in ("%", "&", "\\"))
    # Nothing but digits and letters is left: any four signs say what [\pN\pL]{4} does, and are ready in a third of the time.
    return f"(length({column}) >= 9 AND (regexp_matches({bare}, '\\pN{{5}}.{{4}}') OR {escapes}))"


def _ids(context: Context) -> Iterator[tuple[str, str]]:
    """The ids with a CPR in them, and a keyed name for each: masked ids would no longer tell courses apart."""
    query = f"""
        SELECT ydelse_id, max(CASE WHEN strpos(ydelse_id, cpr) > 0 THEN 1 ELSE 0 END)
        FROM levering_raa
        WHERE ydelse_id IS NOT NULL AND (strpos(ydelse_id, cpr) > 0 OR {_may_hold_number("ydelse_id")})
        GROUP BY ydelse_id
    """
    for name, holds_cpr in context.reader.rows(query):
        if holds_cpr or door.text(mask(name)) != name:
            yield name, context.pseudonym(name)


def _cleaned(engine: Engine, columns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Column → the texts in it that are kept otherwise than they stand: without CPR, and målgrupper in one order.

    They are looked at in one table: to make the pattern ready takes ten milliseconds for each place it has in a query, and
    the database would move it to every column's.
    """
    found: dict[str, dict[str, str]] = {column: {} for column in columns}
    if not columns:
        return found
    different = " UNION ALL ".join(
        f"SELECT DISTINCT '{column}' AS kolonne, {column} AS tekst FROM levering_raa WHERE {column} IS NOT NULL"
        for column in columns
    )
    engine.run(f"CREATE OR REPLACE TABLE levering_tekst AS {different}")
    several = "kolonne = 'maalgruppe' AND strpos(tekst, '|') > 0"
    where = f"({several}) OR {_may_hold_number('tekst')}"
    for column, text in engine.rows(f"SELECT kolonne, tekst FROM levering_tekst WHERE {where}"):
        clean = door.text(mask("|".join(sorted(text.split("|"))) if column == "maalgruppe" else text))
        if clean != text:
            found[column][text] = clean
    engine.run("DROP TABLE levering_tekst")
    return found


@dataclass(frozen=True)
class Noted:
    """The delivery that a quarter's published figures rest on: a hash of the figures, and the delivery's number."""

    tal: str
    levering: int


def earlier(context: Context, working_folder: Path) -> tuple[Print | None, NewPrint]:
    """The delivery seen before ``levering_nu``, loaded as ``levering_foer``, and this one's print to keep (without
    content where it is kept already).

    Nothing is written: the run keeps the print (``keep``) when its reports are published.

    Raises:
        InputError: the folder of the prints cannot be read or written to, or the earlier print cannot be read.
    """
    folder = working_folder / FOLDER
    seen = known(folder)
    if not os.access(folder if folder.exists() else working_folder, os.W_OK):
        raise _unwritable(folder, os.strerror(errno.EACCES))
    name = context.need(own_name)
    own = _number(seen, name)
    before = max((number for number in seen if own is None or number < own), default=None)
    fresh = NewPrint(name, staged(context.reader) if own is None else None)
    return (read(context.reader, seen[before], "levering_foer") if before is not None else None), fresh


def known(folder: Path) -> dict[int, Path]:
    """The prints that are kept, by number.

    Raises:
        InputError: the folder cannot be read.
    """
    try:
        return dict(_prints(folder)) if folder.exists() else {}
    except OSError as error:
        raise _unwritable(folder, error.strerror or error) from None


def own_number(context: Context, seen: Mapping[int, Path]) -> int | None:
    """The number of the print of ``levering_nu``; None where this delivery is new."""
    return _number(seen, context.need(own_name))


def own_name(context: Context) -> str:
    """The name of the print of ``levering_nu``."""
    context.need(take)
    return content_name(context.reader, context.pseudonym(FOLDER))


def _number(seen: Mapping[int, Path], name: str) -> int | None:
    return next((number for number, path in seen.items() if path.stem.endswith(name)), None)


def noted(folder: Path) -> dict[str, Noted]:
    """Quarter → the delivery its published figures rest on; none where nothing is noted, or the note cannot be read."""
    try:
        texts = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
        return {quarter: Noted(str(note["tal"]), int(note["levering"])) for quarter, note in texts.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def keep(working_folder: Path, new: NewPrint) -> None:
    """Keep the print of a delivery under the next number, unless it is kept already, and note which figures rest on it.

    The oldest print goes, but not one that published figures rest on.

    Raises:
        InputError: another run holds the folder, or it cannot be written to.
    """
    folder = working_folder / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with locked(folder / "levering"):
            seen, notes = dict(_prints(folder)), noted(folder)
            number = _number(seen, new.name)
            if number is None and new.content is not None:
                number = max(seen, default=0) + 1
                _put(folder / f"{number:04d}-{new.name}.parquet", new.content)
                resting = {note.levering for note in notes.values()}
                for old in sorted(seen)[: -(KEPT - 1)]:
                    if old not in resting:
                        seen.pop(old).unlink(missing_ok=True)
            fresh = {r.periode: Noted(r.tal, number) for r in new.figures if number is not None}
            if fresh:
                texts = {quarter: vars(note) for quarter, note in sorted({**notes, **fresh}.items())}
                _put(folder / FIGURES, json.dumps(texts, indent=1).encode())
    except OSError as error:
        raise _unwritable(folder, error.strerror or error) from None


def _unwritable(folder: Path, reason: object) -> InputError:
    return InputError(_("Der kan ikke skrives i {mappe}: {grund}.").format(mappe=folder, grund=reason))


def _prints(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.iterdir():
        if match := _NAME.fullmatch(path.name):
            yield int(match[1]), path


def content_name(engine: Engine, key: str) -> str:
    """A name for the courses and the key: the same for the same courses, whatever their files, rows and order."""
    texts = ", ".join(f"coalesce(CAST({name} AS VARCHAR), chr(30))" for name in ("kilde", *COLUMNS))
    query = f"""
        SELECT count(*), sum(CAST(n >> 64 AS UBIGINT)), sum(CAST(n & {2**64 - 1} AS UBIGINT))
        FROM (SELECT CAST(md5_number(concat_ws(chr(31), {texts})) AS UHUGEINT) AS n FROM levering_nu)
    """
    return hashlib.sha256(f"{key} {engine.rows(query)[0]}".encode()).hexdigest()[:16]


def stage(engine: Engine, select: str, about: Print) -> None:
    """Write the rows of a query as a print, with what is said of it, in the run's own folder: view ``levering_nu``.

    They stand as they come: to put them in order costs more than all the rest, and makes the file larger; so does a higher level.
    """
    columns = {name: sorted(names) for name, names in about.columns.items()}
    meta = literal(json.dumps({"dag": about.day.isoformat(), "noegle": about.key, "kolonner": columns}))
    target = literal(engine.scratch(_STAGED).as_posix())
    form = f"{PARQUET}, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {{{_META}: {meta}}}"
    engine.connection.execute(f"COPY ({engine.fill(select)}) TO {target} ({form})")
    engine.connection.execute(f"CREATE OR REPLACE VIEW levering_nu AS SELECT * FROM read_parquet({target})")


def staged(engine: Engine) -> bytes:
    """The print that is staged."""
    return engine.scratched(_STAGED).read_bytes()


def _put(path: Path, content: bytes) -> None:
    """One step makes the print appear: a crash leaves no half one under its name."""
    door.write_whole(path, content, sealed=True, mode=0o600)


def read(engine: Engine, path: Path, table: str) -> Print:
    """A print, its courses in ``table``.

    Raises:
        InputError: the file is no print.
    """
    unreadable: tuple[type[Exception], ...] = (*engine.errors, OSError, ValueError, KeyError, TypeError)
    source = literal(str(path))
    query = f"SELECT value FROM parquet_kv_metadata({source}) WHERE CAST(key AS VARCHAR) = '{_META}'"
    try:
        engine.connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT kilde, {', '.join(COLUMNS)} FROM read_parquet({source})"
        )
        ((value,),) = engine.connection.execute(query).fetchall()
        meta = json.loads(bytes(value).decode())
        columns = {name: frozenset(names) for name, names in meta["kolonner"].items()}
        return Print(date.fromisoformat(meta["dag"]), meta["noegle"], columns)
    except unreadable:
        raise InputError(_("{fil} kan ikke læses som en fil fra reconcile.").format(fil=path)) from None
