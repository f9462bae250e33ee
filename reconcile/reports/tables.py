"""CSV and JSON of a run: the same tables, Excel-friendly and machine-readable."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reconcile.errors import Problem
from reconcile.results.rows import Finding, Harmonisation, ResultTable, RunResult

_PLAIN = (str, int, Decimal, date, type(None))
#: Between values on their way into JSON.
_BREAK = ",\x00"
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


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with BOM, ``;``: Excel opens it with a double click."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def table_csv(table: ResultTable) -> bytes:
    """A result table as CSV; the fields of its rows are the columns."""
    return csv_bytes(table.columns, ([getattr(row, name) for name in table.columns] for row in table.rows))


def findings_table(result: RunResult) -> ResultTable:
    """The findings as a table (``fund.csv``)."""
    return ResultTable("fund", Finding, result.findings)


def quarantine_csv(problems: Iterable[Problem]) -> bytes:
    """``karantaene.csv``: which rows were set aside and why; no values, so no CPR."""
    rows = ((p.file, p.row, p.column, p.reason) for p in sorted(problems))
    return csv_bytes(("fil", "raekke", "kolonne", "grund"), rows)


def result_json(result: RunResult) -> bytes:
    """``resultat.json``: the run, its tables, findings, ``harmonisering``, ``ikke_koert`` and ``forbehold``."""
    tables = {t.name: as_records(t.rows) for t in result.tables if t.row_type is not Harmonisation}
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
        "fund": [{name: getattr(finding, name) for name in Finding.COLUMNS} for finding in result.findings],
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


def as_records(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Frozen dataclasses as dicts; what ``asdict`` makes, without copies of rows that hold nothing but plain values."""
    if not rows:
        return []
    names = [one.name for one in fields(rows[0])]
    made = [{name: getattr(row, name) for name in names} for row in rows]
    return made if _flat(made, tuples=True) else [asdict(row) for row in rows]


def _flat(records: Sequence[Mapping[str, object]], *, tuples: bool = False) -> bool:
    """Whether every value is a plain one; ``tuples``: or a tuple of plain ones."""
    kinds = {type(value) for record in records for value in record.values()}
    several = {kind for kind in kinds if not issubclass(kind, _PLAIN)}
    if several != {tuple} or not tuples:
        return not several
    found = (value for record in records for value in record.values() if type(value) is tuple)
    return all(isinstance(each, _PLAIN) for value in found for each in value)


def to_json(document: Mapping[str, object] | Sequence[object]) -> bytes:
    """JSON with exact decimals (as numbers) and ISO dates, a value a line; the tables in it are written without a loop."""
    import simplejson

    told: dict[str, Any] = {"use_decimal": True, "default": _other, "ensure_ascii": False}
    whole = simplejson.JSONEncoder(indent=1, **told)
    rows = simplejson.JSONEncoder(separators=(_BREAK, ": "), **told)
    if not isinstance(document, Mapping) or not document:
        return (whole.encode(document) + "\n").encode("utf-8")
    pieces = []
    for name, value in document.items():
        if isinstance(value, list) and value and all(type(row) is dict and row for row in value) and _flat(value):
            # A text has its control characters escaped, so this sign parts values and nothing else.
            text = rows.encode(value).replace("}" + _BREAK + "{", "\n  },\n  {\n   ").replace(_BREAK, ",\n   ")
            pieces.append(f" {whole.encode(name)}: [\n  {{\n   {text[2:-2]}\n  }}\n ]")
        else:
            pieces.append(whole.encode({name: value})[2:-2])
    return ("{\n" + ",\n".join(pieces) + "\n}\n").encode("utf-8")


def _other(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
