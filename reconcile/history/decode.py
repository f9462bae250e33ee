"""A published run as the result it was made of: the same types, read back from ``resultat.json``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

from reconcile.errors import InputError
from reconcile.history.published import Published
from reconcile.i18n import _
from reconcile.results.declared import TABLES
from reconcile.results.followed import HOLDS
from reconcile.results.rows import FileInfo, Finding, NotRun, ResultTable, RunResult, Severity, SourceInfo, verbatim

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def decode(run: Published, only: Collection[str] | None = None) -> RunResult:
    """The result of a published run with every table typed: exact decimals, dates, enumerations; with ``only``, those tables.

    What findings say is read back as it was said, in the language of the run; the day a finding has as its value stays text.

    Raises:
        InputError: ``resultat.json`` is from another version and lacks something.
    """
    from pydantic import ValidationError

    try:
        return _decode(run, TABLES if only is None else only)
    except (ValidationError, TypeError, AttributeError, KeyError, ValueError):
        text = _(
            "Rapporten i {mappe} er fra en anden version af reconcile og kan ikke læses. Kør igen, og brug den nye."
        )
        raise InputError(text.format(mappe=run.manifest.folder)) from None


def _decode(run: Published, wanted: Collection[str]) -> RunResult:
    from pydantic import TypeAdapter

    told: Mapping[str, Any] = run.result["koersel"]
    tables = tuple(
        ResultTable(
            name,
            table.row_type,
            TypeAdapter(list[table.row_type]).validate_python(_rows(table.row_type, run.result[name])),  # type: ignore[name-defined]
        )
        for name, table in TABLES.items()
        if name in run.result and name in wanted
    )
    return RunResult(
        command=told["kommando"],
        version=told["version"],
        started=datetime.fromisoformat(told["tid"]),
        kommune=told["kommune"],
        navn=told["navn"],
        perioder=tuple(told["perioder"]),
        sources=tuple(_source(row) for row in run.rows("kilder")),
        tables=tables,
        findings=tuple(_finding(row) for row in run.rows("fund")),
        not_run=tuple(NotRun(**row) for row in run.rows("ikke_koert")),
        caveats=tuple(run.result["forbehold"]),
        quarantined=told["karantaene"],
        config_hash=told["konfiguration"],
        rules_hash=told["regelsaet"],
        rules_run=tuple(run.result["regler_koert"]),
        tried=run.result.get("regler_proevet", {}),
        accepted=_accepted(run),
    )


def _accepted(run: Published) -> frozenset[str]:
    """What was accepted, an accepted case with all its findings."""
    held = {row["fund_id"] for row in run.rows("accepterede") if row["tilstand"] == HOLDS}
    return frozenset(held).union(*(row["fund"] for row in run.rows("sager") if row["sag_id"] in held))


def _rows(kind: type, value: Any) -> list[Any]:
    """The rows as they are written: ``harmonisering`` is an object with a rule to a key, and what is a day or a text is a
    day where it is written as one."""
    if isinstance(value, Mapping):
        return [{"regel": rule.replace("_", " "), **counts} for rule, counts in value.items()]
    hints = {name: set(get_args(hint)) for name, hint in get_type_hints(kind).items()}
    # A column that an earlier version did not have yet is missing in its runs.
    missing = dict.fromkeys(name for name, kinds in hints.items() if NoneType in kinds)
    rows = [{**missing, **row} for row in value]
    either = [name for name, kinds in hints.items() if {date, str} <= kinds]
    return [{**row, **{name: _day(row[name]) for name in either}} for row in rows] if either else rows


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) and _ISO_DAY.fullmatch(value) else value


def _source(row: Mapping[str, Any]) -> SourceInfo:
    files: Sequence[Mapping[str, Any]] = row["filer"]
    newest = date.fromisoformat(row["nyeste"]) if row["nyeste"] else None
    made = {**row, "filer": tuple(FileInfo(**file) for file in files), "nyeste": newest}
    lists = {name: tuple(row.get(name, ())) for name in ("kolonner", "bruges_til")}
    return SourceInfo(**{**made, **lists})


def _finding(row: Mapping[str, Any]) -> Finding:
    values = {name: row[name] for name in Finding.COLUMNS if name != "besked"}
    return Finding(**{**values, "alvor": Severity(row["alvor"]), "sentence": verbatim(row["besked"])})
