"""The cases of a rule, ``expectations/cases/<RULE>.json``: small canonical rows, and what the rule says of them.

A file has these keys (CONTRIBUTING shows one)::

    regel           the rule's id, as in the file's name
    valg            optional: ``perioder`` (default 2020), ``regler`` (options of reconcile.toml)
    raekke          optional: per table the values every row has unless it says otherwise
    altid           optional: tables of rows that stand in the hit, the near miss and the empty case
    ramt            tables the rule hits
    naesten         tables so near that one step more would be a hit; ``naesten_fordi`` says in Danish why it is none
    tom             tables with nothing to judge: the value is missing, or there is no row
    fund            what every finding of ``ramt`` says (periode, vaerdi, besked), and how many there are (antal, default 1)

Dates are ISO text and amounts decimal text. A row with ``gange`` stands so many times; ``{nr}`` in it counts from ``fra``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.domain.canonical import TABLES, Kind
from reconcile.resources import EXPECTATIONS

CASES = EXPECTATIONS / "cases"
KEYS = {"regel", "valg", "raekke", "altid", "ramt", "naesten", "naesten_fordi", "tom", "fund"}
OPTIONAL = {"valg", "raekke", "altid"}
_READ = {
    **dict.fromkeys((Kind.DATE, Kind.MONTH), date.fromisoformat),
    **dict.fromkeys((Kind.MONEY, Kind.RATE, Kind.FIGURE), Decimal),
}

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Cases:
    """The cases of one rule, as they stand in its file."""

    name: str
    content: Mapping[str, Any]

    @property
    def options(self) -> dict[str, Any]:
        """What the world is asked for."""
        chosen = self.content.get("valg", {})
        return {"periods": chosen.get("perioder", "2020"), "regler": chosen.get("regler")}

    def tables(self, case: str) -> dict[str, list[dict[str, Any]]]:
        """The rows of ``ramt``, ``naesten`` or ``tom``; every source of the hit is there in all three."""
        always: Tables = self.content.get("altid", {})
        own: Tables = self.content[case]
        names = dict.fromkeys([*self.content["ramt"], *always, *own])
        return {name: [*self._rows(name, own), *self._rows(name, always)] for name in names}

    def nothing(self) -> dict[str, list[dict[str, Any]]]:
        """The sources of the hit without a row."""
        return {name: [] for name in self.tables("ramt")}

    def _rows(self, table: str, tables: Tables) -> Iterator[dict[str, Any]]:
        kinds = {column.name: column.kind for column in TABLES[table].columns}
        for given in tables.get(table, ()):
            row = {**self.content.get("raekke", {}).get(table, {}), **given}
            first = 0 if "fra" in kinds else row.pop("fra", 0)  # a column of that name is no count
            times = row.pop("gange", 1)
            for number in range(first, first + times):
                yield {name: _typed(kinds[name], value, number) for name, value in row.items()}


def _typed(kind: Kind, value: Any, number: int) -> Any:
    if not isinstance(value, str):
        return value
    text = value.format(nr=number) if "{nr" in value else value
    return _READ[kind](text) if kind in _READ else text


def read_cases(path: Path) -> Cases:
    """The cases of a file."""
    return Cases(path.stem, json.loads(path.read_text(encoding="utf-8")))
