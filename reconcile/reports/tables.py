"""CSV and JSON of a run: the same tables, Excel-friendly and machine-readable."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from reconcile.errors import Problem
from reconcile.results.rows import Finding, Harmonisation, ResultTable, RunResult

_PLAIN = (str, int, Decimal, date, type(None))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """A value as a CSV cell: decimal comma, ISO dates, missing empty; text that looks like a formula gets a ``'``."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case int():
            return str(int(value))
        case Decimal():
            return format(value, "f").replace(".", ",")
        case datetime() | date():
            return value.isoformat()
        case _text:
            text = str(value)
            return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(values: Iterable[object]) -> list[str]:
    """The cells of a column; a text that comes many times is judged once."""
    known: dict[object, str] = {}
    made = []
    for value in values:
        if type(value) is str:
            if (text := known.get(value)) is None:
                text = known[value] = cell(value)
            made.append(text)
        else:
            made.append("" if value is None else cell(value))
    return made


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with BOM, ``;``: Excel opens it with a double click."""
    return _csv(columns, ([cell(value) for value in row] for row in rows))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def table_csv(table: ResultTable) -> bytes:
    """A result table as CSV; the fields of its rows are the columns."""
    return _csv(table.columns, zip(*map(_cells, _columns(table.rows, table.columns)), strict=True))


def _columns(rows: Sequence[Any], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """The values of rows by column; none where there are no rows."""
    if len(names) == 1:
        return [tuple(getattr(row, names[0]) for row in rows)]
    return list(zip(*map(attrgetter(*names), rows), strict=True))


def findings_table(result: RunResult) -> ResultTable:
    """The findings as a table (``fund.csv``)."""
    return ResultTable("fund", Finding, result.findings)


def quarantine_csv(problems: Iterable[Problem]) -> bytes:
    """``karantaene.csv``: which rows were set aside and why; no values, so no CPR."""
    rows = ((p.file, p.row, p.column, p.reason) for p in sorted(problems))
    return csv_bytes(("fil", "raekke", "kolonne", "grund"), rows)


def result_json(result: RunResult) -> bytes:
    """``resultat.json``: the run, its tables, findings, ``harmonisering``, ``ikke_koert`` and ``forbehold``."""
    tables = {t.name: _records(t.rows) for t in result.tables if t.row_type is not Harmonisation}
    document: dict[str, Any] = {
        "koersel": {
            "version": result.version,
            "kommando": result.command,
            "tid": result.started,
            "kommune": result.kommune,
            "navn": result.navn,
            "perioder": result.perioder,
            "afslutningskode": result.exit_code,
            "aabne_celler": result.open_cells,
            "karantaene": result.quarantined,
            "konfiguration": result.config_hash,
            "regelsaet": result.rules_hash,
        },
        "kilder": [asdict(source) for source in result.sources],
        **tables,
        "fund": Records(Finding.COLUMNS, _columns(result.findings, Finding.COLUMNS)) if result.findings else [],
        "harmonisering": _harmonisation(result),
        "regler_koert": result.rules_run,
        "regler_proevet": dict(sorted(result.tried.items())),
        "ikke_koert": [asdict(item) for item in result.not_run],
        "forbehold": result.caveats,
    }
    return to_json(document)


def _harmonisation(result: RunResult) -> dict[str, dict[str, int]]:
    table = result.table("harmonisering")
    rows: Sequence[Harmonisation] = table.rows if table else ()
    return {h.regel.replace(" ", "_"): {"fjernet": h.fjernet, "aendret": h.aendret} for h in rows}


class Records(NamedTuple):
    """Rows of values on their way into JSON, by column."""

    names: Sequence[str]
    columns: Sequence[Sequence[object]]


def _records(rows: Sequence[Any]) -> Records | list[dict[str, Any]]:
    """Frozen dataclasses as what ``asdict`` makes of them, without its copies where they hold nothing but plain values."""
    if not rows:
        return []
    names = [one.name for one in fields(rows[0])]
    columns = _columns(rows, names)
    return Records(names, columns) if all(map(_flat, columns)) else [asdict(row) for row in rows]


def _flat(values: Sequence[object]) -> bool:
    """Whether every value is a plain one, or a tuple of plain ones."""
    several = {kind for kind in set(map(type, values)) if not issubclass(kind, _PLAIN)}
    if several != {tuple}:
        return not several
    return all(isinstance(each, _PLAIN) for value in values if type(value) is tuple for each in value)


def to_json(document: Mapping[str, object] | Sequence[object]) -> bytes:
    """JSON with exact decimals (as numbers) and ISO dates, a value a line; the tables in it are written without a loop."""
    import simplejson

    encoder = simplejson.JSONEncoder(indent=1, use_decimal=True, default=_other, ensure_ascii=False)
    if not isinstance(document, Mapping) or not document:
        return (encoder.encode(document) + "\n").encode("utf-8")
    pieces = []
    for name, value in document.items():
        if isinstance(value, Records):
            pieces.append(f" {encoder.encode(name)}: {_lines(value, encoder.encode)}")
        else:
            pieces.append(encoder.encode({name: value})[2:-2])
    return ("{\n" + ",\n".join(pieces) + "\n}\n").encode("utf-8")


def _lines(table: Records, encode: Callable[[object], str]) -> str:
    """A table as the encoder would write it."""
    frame = ",\n".join(f"   {encode(name)}: ".replace("%", "%%") + "%s" for name in table.names)
    columns = [_values(column, encode) for column in table.columns]
    return "[\n  {\n" + "\n  },\n  {\n".join(frame % row for row in zip(*columns, strict=True)) + "\n  }\n ]"


def _values(values: Iterable[object], encode: Callable[[object], str]) -> list[str]:
    """The values of a column; what comes many times is encoded once."""
    known: dict[object, str] = {}
    made = []
    for value in values:
        kind = type(value)
        if kind is int or kind is Decimal:
            made.append(str(value))
            continue
        key = value if kind is str else (kind, value)  # True is 1, and a text of ours is one of an enumeration
        if (text := known.get(key)) is None:
            text = known[key] = encode(value)
            if kind is tuple and value:  # it stands three levels down
                text = known[key] = text.replace("\n", "\n   ")
        made.append(text)
    return made


def _other(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
