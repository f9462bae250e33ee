"""A published run as the result it was made of, as far as a mail needs it: read back from ``resultat.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reconcile.errors import InputError
from reconcile.history.accepted import HOLDS
from reconcile.history.accepted import TABLE as ACCEPTED
from reconcile.history.published import Published
from reconcile.i18n import _
from reconcile.results.rows import (
    FileInfo,
    Finding,
    Hand07Cell,
    NotRun,
    OttetalCell,
    ResultTable,
    RunResult,
    Severity,
    SourceInfo,
    Status,
    columns_of,
    verbatim,
)

#: The tables that are read back.
_TABLES: Mapping[str, type] = {"hand07_diff": Hand07Cell, "ottetal": OttetalCell}


def restore(run: Published) -> RunResult:
    """The result of a published run: its findings, cells, sources and reservations, and what was accepted.

    Raises:
        InputError: ``resultat.json`` is from another version and lacks something.
    """
    try:
        return _restore(run)
    except (KeyError, TypeError, ValueError):
        text = _("Rapporten i {mappe} er fra en anden version af reconcile. Kør igen, og send den nye.")
        raise InputError(text.format(mappe=run.manifest.folder)) from None


def _restore(run: Published) -> RunResult:
    told: Mapping[str, Any] = run.result["koersel"]
    accepted = frozenset(row["fund_id"] for row in run.rows(ACCEPTED) if row["tilstand"] == HOLDS)
    return RunResult(
        command=told["kommando"],
        version=told["version"],
        started=datetime.fromisoformat(told["tid"]),
        kommune=told["kommune"],
        navn=told["navn"],
        perioder=tuple(told["perioder"]),
        sources=tuple(_source(row) for row in run.rows("kilder")),
        tables=tuple(
            ResultTable(name, kind, [_row(kind, row) for row in run.rows(name)])
            for name, kind in _TABLES.items()
            if name in run.result
        ),
        findings=tuple(_row(Finding, row) for row in run.rows("fund")),
        not_run=tuple(_row(NotRun, row) for row in run.rows("ikke_koert")),
        caveats=tuple(run.result["forbehold"]),
        quarantined=told["karantaene"],
        config_hash=told["konfiguration"],
        rules_hash=told["regelsaet"],
        rules_run=tuple(run.result["regler_koert"]),
        accepted=accepted,
    )


def _source(row: Mapping[str, Any]) -> SourceInfo:
    files: Sequence[Mapping[str, Any]] = row["filer"]
    newest = date.fromisoformat(row["nyeste"]) if row["nyeste"] else None
    made = {**row, "filer": tuple(FileInfo(**file) for file in files), "nyeste": newest}
    return SourceInfo(**{**made, "kolonner": tuple(row["kolonner"])})


def _row(kind: type, row: Mapping[str, Any]) -> Any:
    """A row of a table, its enumerations made again; numbers with decimals are read as exact decimals already. The day a
    finding has as its value stays text."""
    values = {name: row[name] for name in columns_of(kind)}
    if kind is Finding:
        values |= {"alvor": Severity(values["alvor"]), "sentence": verbatim(values.pop("besked"))}
    if kind is Hand07Cell:
        values["status"] = Status(values["status"])
    if kind is OttetalCell:
        values = {name: _exact(name, value) for name, value in values.items()}
    return kind(**values)


def _exact(name: str, value: Any) -> Any:
    decimal = name.endswith(("fuldtid", "beloeb"))
    return Decimal(value) if decimal and value is not None else value
