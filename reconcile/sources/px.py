"""Reads PX (``.px``), PC-Axis' file format as StatBank writes it: windows-1252, STUB, HEADING, VALUES, CODES, DATA.

In DATA ``".."`` and ``"."`` are no figure and stay as they are. ``"-"`` is nil in the PX file format, that is 0.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import NUMBER, Row
from reconcile.sources.cube import Dimension, cube_rows

#: A keyword, its language in brackets, and what it is about in parentheses: ``VALUES[en]("område")=``.
_KEYWORD = re.compile(r'\s*([A-Z][A-Z0-9-]*)(\[[^\]]*\])?(?:\(((?:"[^"]*"|[^")])*)\))?\s*=', re.ASCII)
_STRING = re.compile(r'"([^"]*)"')
_TOKEN = re.compile(r'"([^"]*)"|[^\s,;"]+')
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_NIL = "-"
#: What is read; any other keyword may stand as often as it will.
_USED = frozenset({"STUB", "HEADING", "VALUES", "CODES", "DATA", "KEYS"})

Keywords = dict[tuple[str, str], str]


def px_rows(path: Path, file: str) -> Iterator[Row]:
    """The header and one row per cell, numbered from 1.

    Raises:
        InputError: the file is not PX or does not fit together; the text says what is wrong.
    """
    keywords = _keywords(_decoded(path, file), file)
    if any(keyword == "KEYS" for keyword, _about in keywords):
        _wrong(file, _("PX med KEYS læses ikke; hent filen som PX uden nøgler eller som CSV"))
    names = [*_strings(keywords.get(("STUB", ""), "")), *_strings(keywords.get(("HEADING", ""), ""))]
    if not names:
        _wrong(file, _("STUB og HEADING mangler"))
    dimensions = [_dimension(keywords, name, file) for name in names]
    if ("DATA", "") not in keywords:
        _wrong(file, _("DATA mangler; filen er nok ikke hentet helt"))
    values = [_cell(match, i, file) for i, match in enumerate(_TOKEN.finditer(keywords["DATA", ""]), start=1)]
    yield from cube_rows(file, dimensions, values, None)


def _decoded(path: Path, file: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(_("{fil}: filen kan ikke læses ({grund}).").format(fil=file, grund=error.strerror)) from None
    said = re.search(rb'CODEPAGE\s*=\s*"([^"]*)"', content[:2000])
    page = said[1].decode("ascii", "replace") if said else "windows-1252"
    if content.startswith(codecs.BOM_UTF8):
        page = "utf-8-sig"
    try:
        return content.decode(page)
    except (UnicodeDecodeError, LookupError):
        _wrong(file, _("teksten er ikke i tegnsættet {tegnsaet}").format(tegnsaet=page))


def _keywords(text: str, file: str) -> Keywords:
    """Each keyword without a language, by name and what it is about: the text up to its semicolon."""
    found: Keywords = {}
    place = 0
    while text[place:].strip():
        match = _KEYWORD.match(text, place)
        if not match:
            line = text.count("\n", 0, len(text) - len(text[place:].lstrip())) + 1
            _wrong(file, _("linje {linje} er ikke et PX-nøgleord").format(linje=line))
        end = _semicolon(text, match.end())
        if end is None:
            _wrong(
                file,
                _("{noegleord} slutter ikke med semikolon; filen er nok ikke hentet helt").format(noegleord=match[1]),
            )
        about = "\n".join(_STRING.findall(match[3])) if match[3] else ""  # all of it: a value's note names both
        if not match[2]:
            if (match[1], about) in found and match[1] in _USED:
                _wrong(file, _("{noegleord} står to gange").format(noegleord=match[1]))
            found[match[1], about] = text[match.end() : end]
        place = end + 1
    return found


def _semicolon(text: str, start: int) -> int | None:
    """The next semicolon outside quotes."""
    quoted = False
    for match in re.compile(r'[";]').finditer(text, start):
        if match[0] == '"':
            quoted = not quoted
        elif not quoted:
            return match.start()
    return None


def _strings(value: str) -> list[str]:
    """The texts of a list; one that is broken over lines (``"a" "b"`` without a comma) is put together."""
    return ["".join(_STRING.findall(part)) for part in _parts(value)]


def _parts(value: str) -> Iterator[str]:
    """A list divided at the commas outside quotes."""
    start, quoted = 0, False
    for match in re.compile(r'[",]').finditer(value):
        if match[0] == '"':
            quoted = not quoted
        elif not quoted:
            yield value[start : match.start()]
            start = match.end()
    if value[start:].strip():
        yield value[start:]


def _dimension(keywords: Keywords, name: str, file: str) -> Dimension:
    texts = _strings(keywords.get(("VALUES", name), ""))
    codes = _strings(keywords.get(("CODES", name), "")) or texts
    if not texts or len(texts) != len(codes) or len(set(codes)) != len(codes):
        _wrong(file, _("VALUES og CODES for «{navn}» mangler eller passer ikke sammen").format(navn=name))
    return Dimension(name, tuple(codes), tuple(texts))


def _cell(match: re.Match[str], ordinal: int, file: str) -> str:
    if match[1] is not None:
        return f"{NUMBER}0" if match[1] == _NIL else match[1]
    if match[0] == _NIL:
        return f"{NUMBER}0"
    if not _NUMBER.fullmatch(match[0]):
        _wrong(file, _("celle {nr} i DATA er «{tekst}», ikke et tal").format(nr=ordinal, tekst=match[0][:40]))
    return NUMBER + match[0]


def _wrong(file: str, reason: str) -> NoReturn:
    text = _("{fil}: filen er ikke PX, som den kan læses: {grund}.")
    raise InputError(text.format(fil=file, grund=mask(reason)[:300].rstrip(".")))
