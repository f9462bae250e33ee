"""Do the nøgletal add up? A year and its quarters, the parts of a split and the whole, a change and what it is made of."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.domain.periods import Quarter

Rows = Mapping[str, Sequence[Any]]

#: Dimensions that a person has one value of in a period, so that the days of the parts are the whole's; a course may have
#: several målgrupper.
_OF_PERSONS = ("alder_5", "alder_10", "koen", "godkendt")
_SEVERAL = "maalgruppe"
_COURSES = ("ydelser", "aabne", "lukkede")
_PARTS = ("volumen", "pris", "kommet", "gaaet", "mellemkommunal", "uden_cpr")


def found(tables: Rows) -> tuple[tuple[str, Iterable[bool]], ...]:
    """Each identity of the nøgletal with whether it holds, case by case."""
    return (
        ("flow", (f.primo + f.tilgang - f.afgang == f.ultimo for f in tables.get("flow", ()))),
        ("aar_kvartaler", _years(tables)),
        ("fordelt_forloeb", _split(tables, _courses)),
        ("fordelt_dage", _split(tables, _whole_days)),
        ("fordelt_borgere", _split(tables, _persons)),
        ("pris_aendring", _changes(tables)),
    )


def _length(period: str) -> int:
    """The days of a month («2020-01»), a quarter («2020K1») or a year («2020»)."""
    year, _sign, month = period.partition("-")
    if month:
        return monthrange(int(year), int(month))[1]
    quarter = Quarter.parse(period)
    return quarter.days if quarter else 365 + isleap(int(year))


def _days(row: Any, name: str = "helaarsmodtagere") -> int:
    """Helårsmodtagere with four decimals as the whole days they are."""
    return round(Fraction(getattr(row, name)) * _length(row.periode))


def _years(tables: Rows) -> Iterator[bool]:
    """The days of a year are those of its quarters, as extracted and harmonised."""
    for name in ("helaarsmodtagere", "helaarsmodtagere_harmoniseret"):
        quarters: dict[tuple[str, ...], int] = defaultdict(int)
        years = {}
        for row in tables.get("noegletal_vh", ()):
            key = row.niveau, row.kategori, row.periode[:4]
            if row.periodetype == "kvartal":
                quarters[key] += _days(row, name)
            elif row.periodetype == "aar":
                years[key] = _days(row, name)
        for key, days in years.items():
            yield days == quarters[key]


def _split(tables: Rows, holds: Any) -> Iterator[bool]:
    """A dimension's parts against the whole, for each level and period."""
    whole = {(row.niveau, row.kategori, row.periode): row for row in tables.get("noegletal_vh", ())}
    parts: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in tables.get("noegletal_fordelt", ()):
        parts[row.opdeling, row.niveau, row.kategori, row.periode].append(row)
    for (dimension, *cell), rows in parts.items():
        total = whole.get((cell[0], cell[1], cell[2]))
        yield total is not None and holds(dimension, rows, total)


def _courses(dimension: str, rows: Sequence[Any], total: Any) -> bool:
    """The courses of the parts are the whole's; no fewer where a course counts under several values."""
    sums = [(sum(getattr(row, name) for row in rows), getattr(total, name)) for name in _COURSES]
    return all(parts >= whole if dimension == _SEVERAL else parts == whole for parts, whole in sums)


def _whole_days(dimension: str, rows: Sequence[Any], total: Any) -> bool:
    """The days of the parts are the whole's; no fewer where a person may have two values on a day."""
    parts, whole = sum(map(_days, rows)), _days(total)
    return parts == whole if dimension in _OF_PERSONS else parts >= whole


def _persons(_dimension: str, rows: Sequence[Any], total: Any) -> bool:
    """The most in one part ≤ the whole ≤ the sum of the parts."""
    counts = [row.modtagere for row in rows]
    return bool(max(counts) <= total.modtagere <= sum(counts))


def _changes(tables: Rows) -> Iterator[bool]:
    """Volume, price, came, left, mellemkommunal and without CPR are the change, to the øre, and so are the two amounts."""
    for row in tables.get("pris", ()):
        if row.aendring is not None:
            parts = sum((getattr(row, name) for name in _PARTS), Decimal(0))
            yield parts == row.aendring == row.beloeb - row.beloeb_aaret_foer
