"""Small CSV files of one shape, read together: a hundred monthly files then cost little more than one.

Only what is plain in every way is read so: lines that are rows, the header first, no total at the end. Anything else is left
to be read alone, which says what is wrong with it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reconcile.engine.duckdb import Engine
from reconcile.errors import InputError
from reconcile.sources.cells import BLANK, header_text, is_blank
from reconcile.sources.detect import TextFile, detect, mark_of
from reconcile.sources.readers import RawFile, header_at, land_together
from reconcile.sources.unpivot import is_no_data
from reconcile.sources.workbook import HEADER_ROWS

#: Larger files gain nothing by company.
_SMALL = 500_000


@dataclass(frozen=True)
class Part:
    """A file that can be read with others: its headers, the lines below them, and of what bytes and when they were read."""

    label: str
    found: TextFile
    mark: tuple[int, int]
    sha256: str
    headers: tuple[str, ...]
    lines: tuple[str, ...]


def read_together(
    engine: Engine, files: Mapping[Path, str], wanted: Sequence[str]
) -> Iterator[tuple[RawFile, list[Part]]]:
    """The files (path → label) that can be read together, as relation ``raa`` of several ``files``: one shape at a time.

    A relation is there until the next is asked for.
    """
    shapes: dict[tuple[object, ...], list[Part]] = {}
    for path, label in files.items():
        if path.suffix.lower() in (".csv", ".txt", ".tsv") and (part := _part(path, label, wanted)):
            shapes.setdefault((part.headers, part.found.delimiter), []).append(part)
    for parts in shapes.values():
        if len(parts) > 1:
            bodies = {part.label: part.lines for part in parts}
            if raw := land_together(engine, bodies, parts[0].found.delimiter, parts[0].headers):
                yield raw, parts


def _part(path: Path, label: str, wanted: Sequence[str]) -> Part | None:
    """The file where it is small and plain."""
    try:
        mark = mark_of(path)
        if mark[0] > _SMALL:
            return None
        found, data = detect(path, label), path.read_bytes()
        text = data.decode(found.encoding).replace("\r\n", "\n").removeprefix("\ufeff")
    except (OSError, InputError, UnicodeDecodeError):
        return None
    first, *lines = text.rstrip("\n").split("\n")
    if found.inner_mark or "\r" in text or "\ufeff" in text or not lines:
        return None
    try:
        head = list(csv.reader([first, *islice(lines, HEADER_ROWS - 1)], delimiter=found.delimiter, strict=True))
        last = next((row for line in reversed(lines) if not is_blank(row := _cells(line, found.delimiter))), [])
    except (csv.Error, StopIteration):
        return None
    headers = tuple(header_text(cell) for cell in head[0]) if head else ()
    text = next((cell.strip(BLANK) for cell in last if cell.strip(BLANK)), "")
    if len(headers) < 2 or not all(headers) or header_at(head, wanted) != 0 or is_no_data(text):
        return None
    return Part(label, found, mark, hashlib.sha256(data).hexdigest(), headers, tuple(lines))


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, strict=True), [])
