"""What a text file is: its encoding, its delimiter, and whether DuckDB may read it as it stands."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import _

_CHUNK = 1 << 22


@dataclass(frozen=True)
class TextFile:
    """A CSV file after one pass over its bytes.

    ``plain`` means UTF-8 without quotes and blank lines: a line is a row, so it can be read in parallel as it stands.
    """

    encoding: str
    delimiter: str
    plain: bool


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def detect(path: Path) -> TextFile:
    """The encoding and delimiter of a CSV file.

    UTF-8 (with or without BOM), UTF-16 with BOM (Excel's «Unicode-tekst») or windows-1252; ``;``, tab or ``,``, by
    what the first line has most of, ``;`` first.

    Raises:
        InputError: the file is empty or no text.
    """
    with path.open("rb") as handle:
        start = handle.read(_CHUNK)
    if not start.strip():
        raise InputError(_("{fil}: filen er tom; den har ingen overskrift.").format(fil=path.name))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, plain = "utf-16", False
    elif b"\x00" in start:
        raise InputError(_("{fil}: filen er ikke tekst. Gem den som CSV eller XLSX.").format(fil=path.name))
    else:
        encoding, plain = _eight_bit(path, start.startswith(codecs.BOM_UTF8))
    first = start.decode(encoding, errors="replace").lstrip("\ufeff\r\n").split("\n", 1)[0]
    return TextFile(encoding, _delimiter(first), plain)


def _delimiter(line: str) -> str:
    outside = "".join(line.split('"')[::2])
    return max(";\t,", key=lambda mark: (outside.count(mark), -";\t,".index(mark)))


def _eight_bit(path: Path, bom: bool) -> tuple[str, bool]:
    """UTF-8 when the whole file decodes, else windows-1252; and whether the file is plain."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, plain, tail = True, True, b"\n"
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            if plain:
                joined = (tail + chunk).replace(b"\r\n", b"\n")
                plain = b'"' not in joined and b"\n\n" not in joined and b"\r" not in joined[:-1]
                tail = chunk[-2:]
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                utf8 = False
                break
    if not utf8:
        return "windows-1252", False
    return ("utf-8-sig" if bom else "utf-8"), plain
