"""A workbook that somebody has written in, as it may be kept: with no CPR number in any of its texts and numbers.

People write where they like: in a column of their own, on a sheet of their own, in a comment. The file is a zip of XML, and
every text of every part is looked at; what is not text stays as it was.
"""

from __future__ import annotations

import io
import re
from zipfile import ZIP_DEFLATED, ZipFile

from reconcile.privacy.door import by_form

_CELL = re.compile(r"<((?:\w+:)?)c\b([^>]*?)>(.*?)</\1c>", re.DOTALL)
_NUMBER = re.compile(r"(<(?:\w+:)?v[^>]*>)([0-9]{9,10})(?:\.0+)?(</)")
_TYPE = re.compile(r'\st="(\w+)"')
_TEXT = re.compile(r"(<(?!(?:\w+:)?v\b)[^<>]*>)([^<>]*[0-9][^<>]*)(?=<)")
#: What people name and point to: sheets, columns, links, pictures.
_NAMED = re.compile(r'(\s(?:name|displayName|descr|title|alt|display|tooltip|Target|location)=")([^"]*[0-9][^"]*)(?=")')
_TEXT_IN_CELL = re.compile(r"(>)([^<>]*[0-9][^<>]*)(?=<)")


def masked_workbook(content: bytes) -> bytes:
    """The workbook with CPR numbers masked.

    Raises:
        BadZipFile: it is no workbook.
    """
    made = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as given, ZipFile(made, "w", ZIP_DEFLATED) as kept:
        for entry in given.infolist():
            part = given.read(entry)
            kept.writestr(entry, _masked(part) if entry.filename.endswith((".xml", ".rels", ".vml")) else part)
    return made.getvalue()


def _masked(part: bytes) -> bytes:
    text = part.decode("utf-8-sig", errors="surrogateescape")
    if "<" not in text[:5]:
        return part  # another encoding: Excel writes UTF-8
    made = _CELL.sub(_cell, text)
    for form in (_TEXT, _NAMED):
        made = form.sub(lambda match: match[1] + by_form(match[2]), made)
    return part if made == text else made.encode("utf-8", errors="surrogateescape")


def _cell(match: re.Match[str]) -> str:
    """A cell: a number that can be a CPR number becomes a text."""
    prefix, said, inside = match.groups()
    kind = _TYPE.search(said)
    if kind is None or kind[1] == "n":
        number = _NUMBER.search(inside)
        masked = by_form(number[2].zfill(10)) if number else ""
        if number is None or masked == number[2].zfill(10):
            return match[0]
        inside = inside[: number.start()] + number[1] + masked + number[3] + inside[number.end() :]
        return f'<{prefix}c{_TYPE.sub("", said)} t="str">{inside}</{prefix}c>'
    if kind[1] != "str":
        return match[0]
    return f"<{prefix}c{said}>" + _TEXT_IN_CELL.sub(lambda m: m[1] + by_form(m[2]), inside) + f"</{prefix}c>"
