"""``approvals.jsonl``: an append-only log, each line with the SHA-256 of the line before and a seal.

A line is canonical JSON (keys sorted, no spaces, UTF-8). It holds ``nr`` (1, 2, …), ``forrige`` (the SHA-256 of the whole
line before, without its line end; zeros for the first), ``segl`` (HMAC-SHA-256 over the line's record with the working
folder's key, which only the municipality has), ``noegle`` (which key that was, never the key) and ``kontrol`` (the SHA-256
of the line's own canonical JSON without this key). The chain finds lines that were edited, removed or reordered; the seal
finds lines that somebody without the key wrote, also where the whole chain was written anew. A line that an earlier key
sealed holds as long as a later one, which the key there is now sealed, follows it in the chain (``key_changed``). Lines cut
off at the end are found by the *head*: the hash of the last line, which every report, mail and decision prints. Times
never go back.

Line ends do not matter (git and editors change them), nor whether the last line has one. A line is written with one
write and flushed to disk before it counts; a line that a crash tore is not whole JSON, is never read as a line, and is
set aside by name before the next one is written.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from reconcile.errors import InputError, listed
from reconcile.files import flush_folder, locked
from reconcile.i18n import _
from reconcile.privacy import door
from reconcile.privacy.ending import deed
from reconcile.privacy.pseudonym import key_id

APPROVALS = "approvals.jsonl"
_NOTHING_BEFORE = "0" * 64
_BOM = b"\xef\xbb\xbf"
#: What a line says, in place of a decision, that was written when the key was changed.
KEY_CHANGED = "noegle_skiftet"
#: Keeps a seal from being of use as anything else that is made with the same key.
_PURPOSE = b"approvals.jsonl\n"


@dataclass(frozen=True)
class Line:
    """A whole line: its record and the hash of its bytes."""

    record: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class ApprovalLog:
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
        return text.format(antal=len(self.lines), fil=APPROVALS, byte=len(self.torn))


@dataclass(frozen=True)
class Appended:
    """A line that was written: its hash, and the file a torn line before it was moved to."""

    line: Line
    set_aside: Path | None


def read_log(folder: Path, key: bytes | None = None) -> ApprovalLog:
    """Read and check ``approvals.jsonl`` in a working folder; an absent file is an empty log.

    Without the key the chain is checked, and not who wrote it.

    Raises:
        InputError: the file is there and cannot be read.
    """
    try:
        content = (folder / APPROVALS).read_bytes()
    except FileNotFoundError:
        return ApprovalLog()
    except OSError as error:
        raise InputError(_("{fil} kan ikke læses: {grund}.").format(fil=APPROVALS, grund=error.strerror)) from None
    *ended, last = content.removeprefix(_BOM).split(b"\n")
    whole = [line.removesuffix(b"\r") for line in ended]
    if _record(last.removesuffix(b"\r")) is not None:
        whole.append(last.removesuffix(b"\r"))
        last = b""
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
    faults += _backwards(lines)
    if key is not None:
        faults += _seal_faults(lines, key)
    return ApprovalLog(tuple(lines), tuple(faults), last)


def append(folder: Path, record: Mapping[str, Any], key: bytes, sealed_by: bytes | None = None) -> Appended:
    """Add a record as the next line, sealed with the key; it counts when this returns. ``sealed_by`` is the key of the lines
    there are, where it is another.

    Raises:
        InputError: the chain is broken, the record is older than the last line, another run holds the log, or the line
            cannot be written (a full disk); the lines before it are then as they were.
    """
    path = folder / APPROVALS
    with locked(path):
        log = read_log(folder, sealed_by or key)
        if log.faults:
            heading = _("{fil} er ændret efter at den blev skrevet; der skrives ikke mere i den.")
            raise InputError(listed(heading.format(fil=path), log.faults))
        record = {**_masked(record), "nr": len(log.lines) + 1, "forrige": log.head or _NOTHING_BEFORE}
        raw = _canonical_line(_sealed(record, key))
        _refuse_earlier(log, json.loads(raw))
        try:
            with deed():
                aside = _set_aside(folder, log.torn)
                _write(path, raw + b"\n", without=len(log.torn))
        except OSError as error:
            text = _("Beslutningen er ikke skrevet: {fil} kan ikke skrives ({grund}). De tidligere linjer er uændrede.")
            raise InputError(text.format(fil=path, grund=error.strerror or error)) from None
    return Appended(Line(json.loads(raw), hashlib.sha256(raw).hexdigest()), aside)


def key_changed(folder: Path, old: bytes, new: bytes, now: datetime) -> None:
    """Seal the whole log with a new key, by a line of its own; nothing where there is no log.

    Raises:
        InputError: the log does not hold with the old key, or cannot be written.
    """
    if read_log(folder).lines:
        record = {"tid": now.isoformat(timespec="seconds"), "hvad": KEY_CHANGED, "foer": key_id(old)}
        append(folder, record, new, sealed_by=old)


def _masked(record: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody typed is kept for ever: it is masked first, also in a list. Hashes stay as they are."""

    def hidden(told: Any) -> Any:
        """A text masked, alone or in a list; anything else as it is."""
        return door.by_form(told) if isinstance(told, str) else [*map(hidden, told)] if isinstance(told, list) else told

    return {key: hidden(told) for key, told in record.items()}


def canonical(record: Mapping[str, Any]) -> bytes:
    """The one way a record is written."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _canonical_line(record: Mapping[str, Any]) -> bytes:
    return canonical({**record, "kontrol": hashlib.sha256(canonical(record)).hexdigest()})


def _sealed(record: Mapping[str, Any], key: bytes) -> Mapping[str, Any]:
    named = {**record, "noegle": key_id(key)}
    return {**named, "segl": _seal(named, key)}


def _seal(record: Mapping[str, Any], key: bytes) -> str:
    bare = {name: value for name, value in record.items() if name not in {"kontrol", "segl"}}
    return hmac.digest(key, _PURPOSE + canonical(bare), "sha256").hex()


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


def _seal_faults(lines: list[Line], key: bytes) -> Iterator[str]:
    """The lines that nobody with the key vouches for: its own seal is wrong, or an earlier key's and none follows.

    A line seals all before it, since it holds their hash.
    """
    vouched, own = False, key_id(key)
    unsealed = []
    for line in reversed(lines):
        named = line.record.get("noegle")
        if hmac.compare_digest(str(line.record.get("segl", "")).encode(), _seal(line.record, key).encode()):
            vouched = True
        elif named == own or not vouched:
            unsealed.append(line.record["nr"])
    for number in reversed(unsealed):
        yield _("linje {nr} er ikke skrevet med arbejdsmappens nøgle").format(nr=number)


def _backwards(lines: list[Line]) -> Iterator[str]:
    """The lines that say they are older than the one before."""
    for before, line in pairwise(lines):
        if _earlier(line.record, before.record):
            text = _("linje {nr} siger, at den er skrevet før linjen før den ({tid})")
            yield text.format(nr=line.record["nr"], tid=line.record["tid"])


def _earlier(record: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    try:
        return datetime.fromisoformat(record["tid"]) < datetime.fromisoformat(before["tid"])
    except (KeyError, TypeError, ValueError):
        return False


def _refuse_earlier(log: ApprovalLog, record: Mapping[str, Any]) -> None:
    if log.lines and _earlier(record, log.lines[-1].record):
        text = _("Uret på maskinen ({nu}) går før den sidste linje i {fil} ({tid}). Stil uret; intet er skrevet.")
        raise InputError(text.format(nu=record["tid"], fil=APPROVALS, tid=log.lines[-1].record["tid"]))


def _set_aside(folder: Path, torn: bytes) -> Path | None:
    """Keep a torn line in a file of its own, so that nothing that was written is lost."""
    if not torn:
        return None
    path = folder / f"{Path(APPROVALS).stem}-afbrudt-{hashlib.sha256(torn).hexdigest()[:8]}.txt"
    door.write_whole(path, torn, mode=0o600)
    return path


def _write(path: Path, line: bytes, *, without: int) -> None:
    """Append a line with one write and flush it to disk; a write that fails is taken back."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.fstat(handle).st_size - without
        if without:
            os.ftruncate(handle, size)
        if size and not _ends_line(handle, size):
            line = b"\n" + line
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


def _ends_line(handle: int, size: int) -> bool:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"
