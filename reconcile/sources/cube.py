"""A cube of figures (JSON-stat, PX) as rows of kommune, dst_kode, periode, antal and status.

Such a file has no rows; the row number is the cell's own: the first cell is 1, the last dimension runs fastest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.cells import Row
from reconcile.sources.statbank_names import as_code, code_or_error, is_area

HEADERS = ("kommune", "dst_kode", "periode", "antal", "status")


@dataclass(frozen=True)
class Dimension:
    """A dimension: its name, and each category's code and text in the order of the cells."""

    name: str
    codes: tuple[str, ...]
    texts: tuple[str, ...]


def cube_rows(
    file: str, dimensions: Sequence[Dimension], values: Sequence[str], statuses: Sequence[str] | None
) -> Iterator[Row]:
    """The header and then one row per cell.

    Raises:
        InputError: the number of cells is wrong, or the dimensions are not kommune, ydelsestype and quarter.
    """
    size = 1
    for dimension in dimensions:
        size *= len(dimension.codes)
    if len(values) != size:
        text = _("{fil}: filen har {antal} tal, dimensionerne giver {ventet}; den er nok ikke hentet helt.")
        raise InputError(text.format(fil=file, antal=len(values), ventet=size))
    types, times, areas = _roles(file, dimensions)
    yield 0, list(HEADERS)
    for ordinal, places in enumerate(product(*(range(len(d.codes)) for d in dimensions)), start=1):
        at = {id(dimension): place for dimension, place in zip(dimensions, places, strict=True)}
        area = "" if areas is None else _area(areas, at[id(areas)])
        code = _type(types, at[id(types)], file, ordinal)
        status = statuses[ordinal - 1] if statuses else ""
        yield ordinal, [area, code, _time(times, at[id(times)]), values[ordinal - 1], status]


def _roles(file: str, dimensions: Sequence[Dimension]) -> tuple[Dimension, Dimension, Dimension | None]:
    """The ydelsestype, the time and the area (None when the file has none); others must have one category."""
    times = [d for d in dimensions if all(map(Quarter.parse, d.codes)) or all(map(Quarter.parse, d.texts))]
    types = [d for d in dimensions if d not in times and any(map(as_code, (*d.codes, *d.texts))) and not _contents(d)]
    areas = [d for d in dimensions if d not in (*times, *types) and any(map(is_area, (*d.codes, *d.texts)))]
    for found, what in ((types, _("ydelsestype")), (times, _("kvartal"))):
        if not found:
            text = _("{fil}: ingen af dimensionerne ({navne}) er {hvad}.")
            names = ", ".join(d.name for d in dimensions)
            raise InputError(text.format(fil=file, navne=names, hvad=what))
    used = (types[0], times[0], *areas[:1])
    extra = next((d for d in dimensions if d not in used and len(d.codes) > 1), None)
    if extra:
        text = _("{fil}: dimensionen «{navn}» har {antal} værdier; vælg én af dem i Statistikbanken.")
        raise InputError(text.format(fil=file, navn=extra.name, antal=len(extra.codes)))
    return types[0], times[0], areas[0] if areas else None


def _contents(dimension: Dimension) -> bool:
    """JSON-stat's dimension of what is counted; its one text («Antal») is no ydelse."""
    return dimension.name.casefold() == "contentscode"


def _type(dimension: Dimension, place: int, file: str, ordinal: int) -> str:
    by_code = as_code(dimension.codes[place])
    return by_code or code_or_error(dimension.texts[place] or dimension.codes[place], file, ordinal)


def _time(dimension: Dimension, place: int) -> str:
    return dimension.codes[place] if Quarter.parse(dimension.codes[place]) else dimension.texts[place]


def _area(dimension: Dimension, place: int) -> str:
    return dimension.codes[place] if is_area(dimension.codes[place]) else dimension.texts[place]
