"""How a file was read, as a row of the table ``laesning``: what was assumed, and three rows without who they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from reconcile.domain.canonical import Kind, Table
from reconcile.domain.cpr import MASKED, mask
from reconcile.engine.duckdb import Engine
from reconcile.i18n import kr, number, value_text
from reconcile.results.rows import FileInfo
from reconcile.results.survey import FileReading
from reconcile.sources.overview import runs_of
from reconcile.sources.readers import RawFile
from reconcile.sources.staging import Staged

#: What points at one person or one case: read, but never shown as an example.
_HIDDEN = frozenset({"cpr", "foedselsdato", "doedsdato", "ydelse_id", "beregning_id", "bilag", "tekst"})
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16"}
_EXAMPLES = 3


def readings(
    staged: Staged,
    raw: RawFile,
    infos: Sequence[FileInfo],
    units: Mapping[str, int],
    left_out: Sequence[tuple[int, str]] = (),
) -> list[FileReading]:
    """A row for each of the files that were inserted; ``units`` and ``left_out`` as they were used."""
    examples = _examples(staged)
    return [_reading(staged, raw, info, examples.get(info.fil, []), units, left_out) for info in infos]


def _reading(  # noqa: PLR0917 - what is known of a file
    staged: Staged,
    raw: RawFile,
    info: FileInfo,
    examples: Sequence[str],
    units: Mapping[str, int],
    left_out: Sequence[tuple[int, str]],
) -> FileReading:
    shown_rows = [*examples, *[""] * _EXAMPLES]
    read = set(staged.places.values())
    return FileReading(
        kilde=staged.table.name,
        fil=info.fil,
        raekker=info.raekker,
        tegnsaet=_ENCODINGS.get(info.tegnsaet or "", info.tegnsaet or ""),
        skilletegn={"\t": "tab"}.get(info.skilletegn or "", info.skilletegn or ""),
        ark=mask(raw.seen.sheet) if raw.seen else "",
        overskriftsraekke=None if raw.loose or raw.cells else raw.header_row,
        kolonner=mask(", ".join(f"{name} = «{raw.headers[place]}»" for name, place in staged.places.items())),
        laeses_ikke=mask(", ".join(f"«{h}»" for place, h in enumerate(raw.headers) if h and place not in read)),
        enhed=max(units.values(), default=None),
        serie="",
        nulord=sum(staged.nulls.get(info.fil, {}).values()),
        rettede_cpr=staged.repaired.get(info.fil, 0),
        skjulte=len(raw.hidden),
        udeladte=runs_of(row for row, _text in left_out),
        raekke_1=shown_rows[0],
        raekke_2=shown_rows[1],
        raekke_3=shown_rows[2],
    )


def with_serie(engine: Engine, table: Table, readings: Sequence[FileReading]) -> list[FileReading]:
    """The readings with what the files of a source of courses are to each other, where there are several."""
    mine = [row for row in readings if row.kilde == table.name]
    if len(mine) < 2 or table.name not in ("fagsystem", "flis"):
        return list(readings)
    there = engine.rows(f"SELECT count(DISTINCT fil) FROM {table.name}")[0][0]
    serie = "hele" if there == 1 and sum(row.raekker > 0 for row in mine) > 1 else "dele"
    return [replace(row, serie=serie) if row.kilde == table.name else row for row in readings]


def _examples(staged: Staged) -> dict[str, list[str]]:
    """The first rows of each file: «dst_kode 1.1 · start_dato 01-02-2021»; what is empty is left out."""
    columns = [c for c in staged.table.columns if c.name in staged.places and c.name not in _HIDDEN]
    if not columns:
        return {}
    told: dict[str, list[str]] = {}
    for label, *row in staged.first(columns, _EXAMPLES):
        words = [f"{c.name} {cell(c.kind, v)}" for c, v in zip(columns, row, strict=True) if v is not None]
        told.setdefault(label, []).append(mask(" · ".join(words)))
    return told


def cell(kind: Kind, value: object) -> str:
    """A value as it was read, for a person to look at; a CPR number is masked."""
    match value:
        case None:
            return ""
        case date():
            return f"{value:%Y-%m}" if kind in (Kind.MONTH, Kind.MONTHS) else value_text(value)
        case Decimal() if kind is Kind.MONEY:
            return kr(value)
        case int() | Decimal() if not isinstance(value, bool):
            return number(value)
    return MASKED if kind is Kind.CPR else str(value) if not isinstance(value, bool) else value_text(value)
