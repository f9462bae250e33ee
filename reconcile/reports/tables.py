"""CSV and JSON of a run: the same tables, Excel-friendly and machine-readable."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reconcile.errors import Problem
from reconcile.results.rows import Finding, Harmonisation, ResultTable, RunResult

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
    tables = {t.name: [asdict(row) for row in t.rows] for t in result.tables if t.row_type is not Harmonisation}
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


def to_json(document: object) -> bytes:
    """JSON with exact decimals (as numbers) and ISO dates."""
    import simplejson

    def other(value: object) -> object:
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds")
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    text = simplejson.dumps(document, use_decimal=True, default=other, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8")
