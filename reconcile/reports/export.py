"""``--export parquet``: the tables of a run as Parquet, for Power BI, Power Query and other programs.

One file for each table, named after it. Names and types come from the row types alone, so they are the same in every
run; docs/eksport.md lists them. Persons are pseudonyms, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from reconcile.privacy import door
from reconcile.reports.tables import findings_table
from reconcile.results.rows import Finding, NotRun, ResultTable, RunResult, columns_of
from reconcile.rules.catalogue import Rule

FORMATS = ("parquet",)
#: Exact at any amount there is, and not wider than the decimals of Excel and Power BI.
DECIMAL = "DECIMAL(28,4)"
_TYPES: Mapping[type, str] = {
    bool: "BOOLEAN",
    int: "BIGINT",
    Decimal: DECIMAL,
    datetime: "TIMESTAMP",
    date: "DATE",
}
#: What a column that holds several types gets beside it: the value where it is a number.
_NUMBER = "_tal"


@dataclass(frozen=True)
class RunRow:
    """The run itself (table ``koersel``, one row). ``tid`` is local time."""

    kommune: str
    navn: str
    kommando: str
    tid: datetime
    version: str
    perioder: tuple[str, ...]
    afslutningskode: int
    aabne_celler: int
    karantaene: int
    konfiguration_sha256: str
    regelsaet_sha256: str


@dataclass(frozen=True)
class RuleRow:
    """A rule that ran or was hit (table ``regler``); ``regel`` leads from ``fund`` to it."""

    regel: str
    titel: str
    alvor: str
    hvem: str
    hvorfor: str
    goer: str
    kilde: str
    fund: int


@dataclass(frozen=True)
class CaveatRow:
    """What a reader must know (table ``forbehold``)."""

    tekst: str


#: What is exported beside the result tables themselves.
BESIDE: Mapping[str, type] = {
    "koersel": RunRow,
    "fund": Finding,
    "regler": RuleRow,
    "ikke_koert": NotRun,
    "forbehold": CaveatRow,
}


def write_parquet(result: RunResult, rules: Sequence[Rule], folder: Path) -> None:
    """Write every table of the run to ``folder`` as ``<table>.parquet``.

    Raises:
        OSError: a file cannot be written.
    """
    import duckdb

    from reconcile.engine.duckdb import OPTIONS

    # Objects are taken as text whatever the first rows hold; one thread keeps the rows in order.
    options = {**OPTIONS, "preserve_insertion_order": "true", "pandas_analyze_sample": "0", "threads": "1"}
    with duckdb.connect(":memory:", config=options) as connection:
        try:
            for table in export_tables(result, rules):
                _write(connection, table, folder / f"{table.name}.parquet")
        except duckdb.IOException as error:
            raise OSError(str(error)) from None


def export_tables(result: RunResult, rules: Sequence[Rule]) -> Iterator[ResultTable]:
    """Everything that is exported: the run, its findings, rules and reservations, and each of its tables."""
    yield ResultTable("koersel", RunRow, (run_row(result),))
    yield findings_table(result)
    yield ResultTable("regler", RuleRow, tuple(_rules(result, rules)))
    yield ResultTable("ikke_koert", NotRun, result.not_run)
    yield ResultTable("forbehold", CaveatRow, tuple(CaveatRow(text) for text in result.caveats))
    yield from result.tables


@cache
def columns(row_type: type) -> Mapping[str, str]:
    """Column → SQL type of the Parquet files of a row type.

    A column of several types is text; where one of them is a number, ``<column>_tal`` beside it has the number.
    """
    made: dict[str, str] = {}
    for name in columns_of(row_type):
        made_of = getattr(row_type, name, None)
        hint = (
            get_type_hints(made_of.fget)["return"] if isinstance(made_of, property) else get_type_hints(row_type)[name]
        )
        kinds = [kind for kind in (get_args(hint) or (hint,)) if kind is not NoneType]
        if len(kinds) == 1:
            made[name] = _TYPES.get(kinds[0], "VARCHAR")
        else:
            made[name] = "VARCHAR"
            if {int, Decimal} & set(kinds):
                made[f"{name}{_NUMBER}"] = DECIMAL
    return made


def _write(connection: Any, table: ResultTable, path: Path) -> None:
    import pandas as pd

    types = columns(table.row_type)
    frame = pd.DataFrame(
        {name: pd.Series([_out(row, name, kind) for row in table.rows], dtype=object) for name, kind in types.items()},
        dtype=object,
    )
    connection.register("raekker", frame)
    cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    target = str(path).replace("'", "''")
    connection.execute(f"COPY (SELECT {cast} FROM raekker) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    connection.unregister("raekker")


def _out(row: Any, name: str, kind: str) -> str | None:
    """A value as it may leave: a number that is a CPR number of the run is missing, since no text fits its column."""
    value = getattr(row, name.removesuffix(_NUMBER) if not hasattr(row, name) else name)
    if kind != "VARCHAR" and door.value(value) == door.MASKED:
        return None
    text = _text(row, name)
    return door.text(text) if text is not None and kind == "VARCHAR" else text


def _text(row: Any, name: str) -> str | None:
    """A value as text that SQL reads back exactly."""
    if name.endswith(_NUMBER) and not hasattr(row, name):
        value = getattr(row, name.removesuffix(_NUMBER))
        return format(Decimal(value), "f") if isinstance(value, int | Decimal) else None
    match getattr(row, name):
        case None:
            text = None
        case datetime() as value:
            text = value.replace(tzinfo=None).isoformat(sep=" ")
        case Decimal() as value:
            text = format(value, "f")
        case tuple() | list() | frozenset() as parts:
            text = ", ".join(map(str, parts))
        case value:
            text = str(value)
    return text


def run_row(result: RunResult) -> RunRow:
    """The run itself as a row."""
    return RunRow(
        kommune=result.kommune,
        navn=result.navn,
        kommando=result.command,
        tid=result.started,
        version=result.version,
        perioder=result.perioder,
        afslutningskode=result.exit_code,
        aabne_celler=result.open_cells,
        karantaene=result.quarantined,
        konfiguration_sha256=result.config_hash,
        regelsaet_sha256=result.rules_hash,
    )


def _rules(result: RunResult, rules: Sequence[Rule]) -> Iterator[RuleRow]:
    counts: dict[str, int] = {}
    for finding in result.findings:
        counts[finding.regel] = counts.get(finding.regel, 0) + 1
    for rule in rules:
        if rule.id in counts or rule.id in result.rules_run:
            told = (rule.text("title"), rule.severity, rule.who, rule.text("why"), rule.text("remedy"), rule.source)
            yield RuleRow(rule.id, *told, counts.get(rule.id, 0))
