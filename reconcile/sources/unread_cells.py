"""Cells of an XLSX that the workbook reader gives as empty though something stands there: errors, and formulas whose
value was never saved. Taken for empty, an end date «#N/A» would be an open course."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path, PurePosixPath

_SUSPECT = re.compile(rb'\st="e"|<c\b(?:(?!\st=)[^>])*><f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
_CELL = re.compile(rb"<c\b([^>]*[^/>])>(.*?)</c>", re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]+)</v>")
_FORMULA = re.compile(rb"<f\b[^>]*>([^<]*)")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def unread_cells(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """Row → column → what stands there («#N/A», «=B2+1») in the cells of a sheet that would be read as empty.

    Both are counted from 1. Only XLSX and XLSM are looked into.
    """
    found: dict[int, dict[int, str]] = {}
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part is None or not _is_suspect(archive, part):
            return found
        for written, content in _CELL.findall(archive.read(part)):
            given = _attributes(written)
            value, formula = _VALUE.search(content), _FORMULA.search(content)
            never_saved = formula and not value and given.get("t") != "str"
            if (given.get("t") == "e" or never_saved) and (
                place := re.fullmatch("([A-Z]+)([0-9]+)", given.get("r", ""))
            ):
                said = value[1].decode() if value else f"={formula[1].decode()}" if formula else ""
                found.setdefault(int(place[2]), {})[_column(place[1])] = unescape(said)
    return found


def hidden_rows(path: Path, sheet: str) -> frozenset[int]:
    """The numbers of a sheet's hidden rows, those a filter leaves out too. Only XLSX and XLSM are looked into."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return frozenset()
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        rows = _tags(archive, part, b"row") if part else []
    return frozenset(int(row["r"]) for row in rows if row.get("hidden") in ("1", "true") and row.get("r", "").isdigit())


def _column(letters: str) -> int:
    """«B» is 2, «AA» is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): unescape(value.decode()) for name, value in _ATTRIBUTE.findall(tag)}


def _tags(archive: zipfile.ZipFile, part: str, name: bytes) -> list[dict[str, str]]:
    return [_attributes(tag) for tag in re.findall(rb"<" + name + rb"\b[^>]*>", archive.read(part))]


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file in the archive that holds a sheet."""
    targets = {
        tag.get("Id"): tag.get("Target", "") for tag in _tags(archive, "xl/_rels/workbook.xml.rels", b"Relationship")
    }
    for tag in _tags(archive, "xl/workbook.xml", b"sheet"):
        if tag.get("name") == sheet and tag.get("r:id") in targets:
            part = str(PurePosixPath("xl") / targets[tag["r:id"]].removeprefix("/xl/"))
            return part if part in archive.namelist() else None
    return None


def _is_suspect(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether there can be such a cell: most sheets have none, and are not looked at cell by cell."""
    tail = b""
    with archive.open(part) as handle:
        while chunk := handle.read(1 << 22):
            if _SUSPECT.search(tail + chunk):
                return True
            tail = chunk[-4096:]
    return False
