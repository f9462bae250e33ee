"""``approvals.jsonl``: an append-only ledger, each line with the SHA-256 of the line before.

A line is canonical JSON (keys sorted, no spaces, UTF-8) and ends with ``\\n``. It holds ``nr`` (1, 2, …), ``forrige``
(the SHA-256 of the whole line before, without its line end; zeros for the first) and ``kontrol`` (the SHA-256 of the
line's own canonical JSON without this key). The chain finds lines that were edited, removed or reordered. Lines
cut off at the end, or a last line that was rewritten with a new ``kontrol``, are found by the *head*: the hash of the
last line, which every report and every decision prints.

A line is written with one write and flushed to disk before it counts; a line that a crash tore has no line end, is
never read as a line, and is set aside by name before the next line is written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconcile.errors import InputError, listed
from reconcile.files import flush_folder, locked, write_whole
from reconcile.i18n import _

LEDGER = "approvals.jsonl"
_NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class Line:
    """A whole line: its record and the hash of its bytes."""

    record: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class Ledger:
    """What the file holds: the readable lines, what is wrong with the chain, and the bytes of a torn last line."""

    lines: tuple[Line, ...] = ()
    faults: tuple[str, ...] = ()
    torn: bytes = b""

    @property
    def head(self) -> str:
        """The hash of the last line; empty while there is none."""
        return self.lines[-1].sha256 if self.lines else ""

    @property
    def hashes(self) -> frozenset[str]:
        """The hash of every line."""
        return frozenset(line.sha256 for line in self.lines)

    def torn_sentence(self) -> str:
        """What is said of a torn last line; empty when there is none."""
        if not self.torn:
            return ""
        text = _(
            "Efter linje {antal} i {fil} står en linje, der ikke blev skrevet færdig ({byte} byte); den gælder ikke."
        )
        return text.format(antal=len(self.lines), fil=LEDGER, byte=len(self.torn))


@dataclass(frozen=True)
class Appended:
    """A line that was written: its hash, and the file a torn line before it was moved to."""

    line: Line
    set_aside: Path | None


def read_ledger(folder: Path) -> Ledger:
    """Read and check ``approvals.jsonl`` in a working folder; an absent file is an empty ledger.

    Raises:
        InputError: the file is there and cannot be read.
    """
    try:
        content = (folder / LEDGER).read_bytes()
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise InputError(_("{fil} kan ikke læses: {grund}.").format(fil=LEDGER, grund=error.strerror)) from None
    *whole, torn = content.split(b"\n")
    lines: list[Line] = []
    faults: list[str] = []
    before = _NOTHING_BEFORE
    for number, raw in enumerate(whole, start=1):
        digest = hashlib.sha256(raw).hexdigest()
        record = _record(raw)
        if record is None:
            faults.append(_("linje {nr} er ikke en linje, som reconcile har skrevet").format(nr=number))
        else:
            faults += _line_faults(number, record, before)
            lines.append(Line(record, digest))
        before = digest
    return Ledger(tuple(lines), tuple(faults), torn)


def append(folder: Path, record: Mapping[str, Any]) -> Appended:
    """Add a record as the next line; it counts when this returns.

    Raises:
        InputError: the chain is broken, another run holds the ledger, or the line cannot be written (a full disk);
            the lines before it are then as they were.
    """
    path = folder / LEDGER
    with locked(path):
        ledger = read_ledger(folder)
        if ledger.faults:
            heading = _("{fil} er ændret efter at den blev skrevet; der skrives ikke mere i den.")
            raise InputError(listed(heading.format(fil=path), ledger.faults))
        raw = _canonical_line({**record, "nr": len(ledger.lines) + 1, "forrige": ledger.head or _NOTHING_BEFORE})
        try:
            aside = _set_aside(folder, ledger.torn)
            _write(path, raw + b"\n", without=len(ledger.torn))
        except OSError as error:
            text = _("Beslutningen er ikke skrevet: {fil} kan ikke skrives ({grund}). De tidligere linjer er uændrede.")
            raise InputError(text.format(fil=path, grund=error.strerror or error)) from None
    return Appended(Line(json.loads(raw), hashlib.sha256(raw).hexdigest()), aside)


def canonical(record: Mapping[str, Any]) -> bytes:
    """The one way a record is written."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _canonical_line(record: Mapping[str, Any]) -> bytes:
    return canonical({**record, "kontrol": hashlib.sha256(canonical(record)).hexdigest()})


def _record(raw: bytes) -> Mapping[str, Any] | None:
    """The record of a line; None when it is not one of ours, byte for byte."""
    try:
        record = json.loads(raw.decode("utf-8"))
        ours = isinstance(record, dict) and {"nr", "forrige", "kontrol"} <= set(record) and canonical(record) == raw
    except ValueError:
        return None
    return record if ours else None


def _line_faults(number: int, record: Mapping[str, Any], before: str) -> Iterator[str]:
    bare = {key: value for key, value in record.items() if key != "kontrol"}
    if hashlib.sha256(canonical(bare)).hexdigest() != record["kontrol"]:
        yield _("linje {nr} er ændret").format(nr=number)
    if record["forrige"] != before or record["nr"] != number:
        text = _("linje {nr} følger ikke efter linjen før den: en linje er ændret, fjernet eller flyttet")
        yield text.format(nr=number)


def _set_aside(folder: Path, torn: bytes) -> Path | None:
    """Keep a torn line in a file of its own, so that nothing that was written is lost."""
    if not torn:
        return None
    path = folder / f"{Path(LEDGER).stem}-afbrudt-{hashlib.sha256(torn).hexdigest()[:8]}.txt"
    write_whole(path, torn)
    return path


def _write(path: Path, line: bytes, *, without: int) -> None:
    """Append a line with one write and flush it to disk; a write that fails is taken back."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    try:
        size = os.fstat(handle).st_size - without
        if without:
            os.ftruncate(handle, size)
        try:
            written = os.write(handle, line)
            if written != len(line):
                raise OSError(28, _("disken er fuld"))
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    flush_folder(path.parent)
