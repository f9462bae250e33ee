"""What a text file is: its encoding and its delimiter."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import _

_CHUNK = 1 << 22
_LOOKED_AT, _CHARACTERS = 20, 1 << 16
_MARKS = ";\t,"


@dataclass(frozen=True)
class TextFile:
    """A CSV file after a look at its bytes: Python's name of the encoding, the delimiter; is there a BOM further down?"""

    encoding: str
    delimiter: str
    inner_mark: bool = False


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def mark_of(path: Path) -> tuple[int, int]:
    """What changes when a file is written to."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def check_unchanged(path: Path, begun: tuple[int, int]) -> None:
    """The hash in the manifest must be of what was read.

    Raises:
        InputError: the file has been written to.
    """
    if mark_of(path) != begun:
        raise InputError(_("filen blev ændret, mens den blev læst. Vent, til den er skrevet færdig, og kør igen."))


def detect(path: Path, label: str = "") -> TextFile:
    """The encoding and delimiter of a CSV file, called ``label`` in messages.

    UTF-8 (with or without BOM), UTF-16 with BOM (Excel's «Unicode-tekst») or windows-1252; ``;``, tab or ``,``: the one
    that divides most of the first lines into the same number of fields, so that a title above the table or a comma in
    a text does not decide.

    Raises:
        InputError: the file is empty or no text.
    """
    label = label or path.name
    with path.open("rb") as handle:
        start = handle.read(_CHUNK)
    if not start.strip(codecs.BOM_UTF8 + b" \t\r\n\x00"):
        raise InputError(_("{fil}: filen er tom; den har ingen overskrift. Træk den ud igen.").format(fil=label))
    if start.startswith(b"PK\x03\x04") or start.startswith(b"\xd0\xcf\x11\xe0"):
        text = _("{fil}: filen er en Excel-projektmappe, selv om navnet siger andet. Omdøb den til .xlsx.")
        raise InputError(text.format(fil=label))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in start:
        raise InputError(_("{fil}: filen er ikke tekst. Gem den som CSV eller XLSX.").format(fil=label))
    elif _is_utf8(path):
        encoding = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    else:
        encoding = "windows-1252"
    inner = encoding.startswith("utf-8") and _has_inner_mark(path)
    return TextFile(encoding, _delimiter(start.decode(encoding, errors="replace")), inner)


def _delimiter(text: str) -> str:
    outside = "".join(text[:_CHARACTERS].split('"')[::2])  # what stands in quotes divides nothing
    lines = [line for line in re.split(r"[\r\n]+", outside) if line.strip()][:_LOOKED_AT]

    def evidence(mark: str) -> tuple[int, int, int]:
        """How sure a separator is: lines with the same number of it, that number, and its place in the order."""
        counts = Counter(line.count(mark) for line in lines)
        del counts[0]
        often, most = max(((lines_, count) for count, lines_ in counts.items()), default=(0, 0))
        return often, most, -_MARKS.index(mark)

    return max(_MARKS, key=evidence)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                if not chunk.isascii() or decoder.getstate()[0]:
                    decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_inner_mark(path: Path) -> bool:
    """Whether a byte order mark stands after a line end: files that were put together."""
    mark, tail = b"\n" + codecs.BOM_UTF8, b""
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            if mark in tail + chunk[:3] or (not chunk.isascii() and mark in chunk):
                return True
            tail = chunk[-3:]
    return False
