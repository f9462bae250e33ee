"""StatBank's texts of ydelsestyper as dst_koder: a download for people has the texts, not the codes."""

from __future__ import annotations

import re
from functools import cache

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.reference import dst_codes, kommuner, rows
from reconcile.sources.cells import bare
from reconcile.sources.code_cells import code
from reconcile.sources.convert import kommune

#: A paragraph and its letter; the letters stop before «i», which is the word after it: «§ 104 i lov om …».
_PARAGRAPH = re.compile(r"§+\s*([0-9]+)\s*([a-h](?![a-zæøå]))?", re.IGNORECASE)
_VALIDITY = re.compile(r"\s*\([0-9]{4}[KkQq][1-4]-[^()]*\)\s*$")


def as_code(text: str) -> str | None:
    """The dst_kode of a code, a StatBank number or StatBank's text; None when it is none of them.

    A text is known by being ours word for word, or by its paragraph («(§ 104 i lov om social service)»). Where several
    codes share the paragraph, every word of our text must be in StatBank's, and of one code's only.
    """
    found = code(text)
    if found in dst_codes():
        return found
    label = _VALIDITY.sub("", " ".join(bare(text).split())).casefold()
    if label in _texts():
        return _texts()[label]
    candidates = [row for row in rows("ydelseskode") if _paragraph(row["paragraf"]) in _last_paragraphs(label)]
    if len(candidates) > 1:
        candidates = [row for row in candidates if _says(label, row["paragraf"], row["tekst"])]
    return candidates[0]["dst_kode"] if len(candidates) == 1 else None


def code_or_error(text: str, file: str, row: int) -> str:
    """The dst_kode of a text; a text that starts with a digit is a code we do not know, and stays.

    Raises:
        InputError: a text that cannot be told; guessing would put figures on the wrong ydelse.
    """
    found = as_code(text)
    if found is not None:
        return found
    if bare(text)[:1].isdigit():
        return text
    reason = _(
        "{fil}, række {raekke}: ydelsestypen «{tekst}» kendes ikke. Hent tabellen med koder i stedet for tekster."
    )
    raise InputError(reason.format(fil=file, raekke=row, tekst=bare(text)[:80]))


def is_area(text: str) -> bool:
    """Whether a text is a kommune, by number or name, or the whole country."""
    return kommune(text) in kommuner() or bare(text).casefold() in ("hele landet", "000", "0")


@cache
def _texts() -> dict[str, str]:
    """Our text → dst_kode, where the text is one code's only."""
    found: dict[str, list[str]] = {}
    for row in rows("ydelseskode"):
        found.setdefault(row["tekst"].casefold(), []).append(row["dst_kode"])
    return {text: codes[0] for text, codes in found.items() if len(codes) == 1}


def _paragraph(text: str) -> str:
    match = _PARAGRAPH.search(text)
    return f"{match[1]}{match[2] or ''}".casefold() if match else ""


def _last_paragraphs(label: str) -> set[str]:
    """The paragraphs of the last parenthesis that has one: what the ydelse is given by."""
    inside = [part for part in re.findall(r"\(([^()]*)\)", label) if "§" in part]
    return {f"{m[1]}{m[2] or ''}" for m in _PARAGRAPH.finditer(inside[-1])} if inside else set()


def _says(label: str, paragraphs: str, text: str) -> bool:
    """Whether a label has every word of our text, and the paragraph ours has in parenthesis within the same law."""
    said = set(re.findall(r"\w+", label))
    inner = re.search(r"\((§[^()]*)\)", paragraphs)
    if inner and _paragraph(inner[1]) not in {f"{m[1]}{m[2] or ''}" for m in _PARAGRAPH.finditer(label)}:
        return False
    return set(re.findall(r"\w+", text.casefold())) <= said
