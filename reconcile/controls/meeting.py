"""The comparison every control makes: any number of sources meet on a key, each with its figures.

``meet`` lays the figures side by side in one table, set-based, a row for every key; ``Measure.compare`` says whether the
figures of a cell agree. Missing is an outcome of its own, never 0. A source that has a key more than once has no figure
for it: nothing is added up, chosen or paired by row order, and the key is named (``duplicate_caveats``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from reconcile.domain.cpr import mask
from reconcile.engine.base import Engine
from reconcile.i18n import _

Number = Decimal | Fraction | int


class Outcome(StrEnum):
    """What comparing the figures of a cell gives."""

    EQUAL = "ens"
    DIFFERENT = "forskellig"
    MISSING = "mangler"


@dataclass(frozen=True)
class Measure:
    """How far apart figures may be and still agree: ``absolute`` in their own unit, or ``relative``, a share of the largest.

    The wider of the two holds. Both are symmetric: which source is named first does not matter.
    """

    absolute: Number = 0
    relative: Number = 0

    def compare(self, figures: Iterable[Number | None]) -> Outcome:
        """Compare any number of figures, exactly: the largest and the smallest present one are within the tolerance.

        Fewer than two present figures are MISSING. Integers, decimals and fractions, never floats.
        """
        present = [Fraction(figure) for figure in figures if figure is not None]
        if len(present) < 2:
            return Outcome.MISSING
        allowed = max(Fraction(self.absolute), Fraction(self.relative) * max(map(abs, present)))
        return Outcome.EQUAL if max(present) - min(present) <= allowed else Outcome.DIFFERENT


@dataclass(frozen=True)
class Source:
    """One side of a meeting.

    Attributes:
        name: what the source is called where a key of it is named.
        relation: a table or view with the key's columns, one row per key.
        figures: column of the meeting → column of the relation.
        absent: SQL over the key ``k``: the figures of a key the source does not have. NULL is missing; 0 is right for a
            source that counts everybody there is.
        makes_cells: whether a key that only this source has is a cell.
    """

    name: str
    relation: str
    figures: Mapping[str, str]
    absent: str = "NULL"
    makes_cells: bool = True

    @classmethod
    def published(cls, name: str, figures: Mapping[str, str], *, numbers_only: bool = False) -> Source:
        """The published figures of a source, as view ``offentliggjort`` has them; a key without one is missing.

        ``numbers_only``: a cell that is empty or ``..`` is no key.
        """
        where = f"kilde = '{name}'{' AND antal IS NOT NULL' if numbers_only else ''}"
        return cls(name, f"(SELECT * FROM offentliggjort WHERE {where}) AS {name}_tal", figures)


def meet(engine: Engine, table: str, key: Sequence[str], sources: Sequence[Source], within: str = "true") -> None:
    """Create ``table``: a row for every key within ``within`` (SQL over the key) that a source has.

    Its columns are the key, the figures of every source, and ``dubletter``: the sources that have the key more than
    once, or NULL.
    """
    # A key with an empty part is a cell, and no source has a figure for it.
    columns, known = ", ".join(key), " AND ".join(f"{column} IS NOT NULL" for column in key)
    sides, counted, figures, twice = [], [], [], []
    for number, source in enumerate(sources):
        own = {f"s{number}_{figure}": column for figure, column in source.figures.items()}
        sides.append((source.relation, {"side": str(number), **own}))
        counted.append(f"count(*) FILTER (WHERE side = {number} AND {known}) AS gange{number}")
        counted += [f"max({name}) AS {name}" for name in own]
        twice.append(f"CASE WHEN k.gange{number} > 1 THEN '{source.name}' END")
        figures += [
            f"CASE WHEN k.gange{number} = 0 THEN {source.absent} WHEN k.gange{number} = 1 THEN k.{name} END AS {figure}"
            for name, figure in zip(own, source.figures, strict=True)
        ]
    every = {name: "NULL" for _relation, selected in sides for name in selected}
    rows = " UNION ALL ".join(
        f"SELECT {columns}, {', '.join(f'{column} AS {name}' for name, column in (every | selected).items())} FROM {relation}"
        for relation, selected in sides
    )
    makers = ", ".join(str(number) for number, source in enumerate(sources) if source.makes_cells)
    engine.run(
        f"CREATE OR REPLACE TABLE {table} AS"
        f" SELECT {', '.join(f'k.{column}' for column in key)}, {', '.join(figures)},"
        f" nullif(concat_ws(', ', {', '.join(twice)}), '') AS dubletter"
        f" FROM (SELECT {columns}, {', '.join(counted)} FROM ({rows}) AS alle WHERE {within} GROUP BY {columns}"
        f" HAVING count(*) FILTER (WHERE side IN ({makers})) > 0) AS k"
    )


def duplicate_caveats(engine: Engine, table: str, key: Sequence[str]) -> Iterator[str]:
    """A sentence for every key of a meeting that a source has more than once."""
    rows = engine.rows(f"SELECT dubletter, {', '.join(key)} FROM {table} WHERE dubletter IS NOT NULL ORDER BY ALL")
    for sources, *values in rows:
        text = _("{kilde} har nøglen {noegle} flere gange; dens tal er ikke brugt.")
        yield text.format(kilde=sources, noegle=mask(" ".join(map(str, values))))
