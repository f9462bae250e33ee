"""Reads JSON-stat (``.json``): StatBank's version 1 and version 2, values as a list or as a sparse object.

A null and a value left out of a sparse object are the same in JSON-stat: the cell is there and has no figure. That is
an empty cell, or what ``status`` says of it (``..``); it is never 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import NUMBER, Row
from reconcile.sources.convert import NO_FIGURE
from reconcile.sources.cube import Dimension, cube_rows


def jsonstat_rows(path: Path, file: str) -> Iterator[Row]:
    """The header and one row per cell, numbered from 1.

    Raises:
        InputError: the file is not JSON, not JSON-stat, or does not fit together; the text says what is wrong.
    """
    dataset = _dataset(_parsed(path, file), file)
    dimension = dataset["dimension"]
    names, sizes = (dataset.get(key, dimension.get(key)) for key in ("id", "size"))
    if not isinstance(names, list) or not isinstance(sizes, list) or len(names) != len(sizes) or not names:
        _wrong(file, _("«id» og «size» skal være to lige lange lister"))
    dimensions = [_dimension(dimension, str(name), size, file) for name, size in zip(names, sizes, strict=True)]
    count = 1
    for found in dimensions:
        count *= len(found.codes)
    values = _series(dataset["value"], count, "value", file)
    statuses = dataset.get("status")
    if isinstance(statuses, str):
        statuses = [statuses] * count
    said = [str(s or "") for s in _series(statuses, count, "status", file)] if statuses else [""] * count
    texts = [_text(v, s, i, file) for i, (v, s) in enumerate(zip(values, said, strict=True), start=1)]
    yield from cube_rows(file, dimensions, texts, said)


def _parsed(path: Path, file: str) -> Any:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_constant=lambda name: _wrong(file, name))
    except json.JSONDecodeError as error:
        text = _("{fil}: filen er ikke gyldig JSON (linje {linje}, tegn {tegn}); den er nok ikke hentet helt.")
        raise InputError(text.format(fil=file, linje=error.lineno, tegn=error.colno)) from None
    except (ValueError, RecursionError):
        raise InputError(_("{fil}: filen er ikke JSON i UTF-8.").format(fil=file)) from None
    except OSError as error:
        raise InputError(_("{fil}: filen kan ikke læses ({grund}).").format(fil=file, grund=error.strerror)) from None


def _dataset(parsed: Any, file: str) -> dict[str, Any]:
    """The one dataset: version 2 is it itself, version 1 has it under a name («dataset»)."""
    if isinstance(parsed, dict) and parsed.get("errorTypeCode"):
        _wrong(file, _("det er en fejl fra Statistikbanken: {svar}").format(svar=parsed.get("message")))
    inner = parsed if isinstance(parsed, dict) else {}
    found = [inner] if "value" in inner else [v for v in inner.values() if isinstance(v, dict) and "value" in v]
    if len(found) != 1 or not isinstance(found[0].get("dimension"), dict):
        _wrong(file, _("der skal være ét datasæt med «dimension» og «value»"))
    return dict(found[0])


def _dimension(dimensions: Mapping[str, Any], name: str, size: Any, file: str) -> Dimension:
    found = dimensions.get(name)
    category = found.get("category") if isinstance(found, dict) else None
    if not isinstance(category, dict):
        _wrong(file, _("dimensionen «{navn}» mangler").format(navn=name))
    texts = category.get("label")
    texts = texts if isinstance(texts, dict) else {}
    index = category.get("index", list(texts))
    if isinstance(index, dict):
        places = list(index.values())
        if any(type(place) is not int for place in places) or sorted(places) != list(range(len(places))):
            _wrong(file, _("dimensionen «{navn}» har huller i «index»").format(navn=name))
        index = sorted(index, key=index.__getitem__)
    if not isinstance(index, list) or len({str(code) for code in index}) != len(index) or len(index) != size:
        _wrong(file, _("dimensionen «{navn}» har ikke de værdier, «size» siger").format(navn=name))
    codes = tuple(str(code) for code in index)
    return Dimension(name, codes, tuple(str(texts.get(code, "")) for code in codes))


def _series(given: Any, count: int, name: str, file: str) -> Sequence[Any]:
    """A list of ``count``, from a list or from an object that leaves empty cells out."""
    if isinstance(given, list):
        if len(given) != count:
            text = _("«{navn}» har {antal} celler, dimensionerne giver {ventet}; filen er nok ikke hentet helt")
            _wrong(file, text.format(navn=name, antal=len(given), ventet=count))
        return given
    if not isinstance(given, dict):
        _wrong(file, _("«{navn}» skal være en liste eller et objekt").format(navn=name))
    full: list[Any] = [None] * count
    for key, value in given.items():
        if not (key.isascii() and key.isdigit() and len(key) < 10 and int(key) < count):
            text = _("«{navn}» har en celle «{noegle}», men der er kun {antal} celler fra 0")
            _wrong(file, text.format(navn=name, noegle=key[:20], antal=count))
        full[int(key)] = value
    return full


def _text(value: Any, status: str, ordinal: int, file: str) -> str:
    """A cell as text: a number as the number it is, no figure as empty or as its status says."""
    if value is None:
        return status if status in NO_FIGURE else ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or abs(Decimal(value).adjusted()) > 18:
        _wrong(file, _("celle {nr} er ikke et tal").format(nr=ordinal))
    return NUMBER + format(value, "f" if isinstance(value, Decimal) else "d")


def _wrong(file: str, reason: str) -> NoReturn:
    text = _("{fil}: filen er ikke JSON-stat, som den kan læses: {grund}.")
    raise InputError(text.format(fil=file, grund=mask(reason)[:300].rstrip(".")))
