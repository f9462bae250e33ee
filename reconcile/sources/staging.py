"""One raw file on its way into a canonical table: cleaned, converted, checked, inserted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from reconcile.engine.duckdb import Engine, literal
from reconcile.errors import Problem
from reconcile.sources.convert import LOOKUPS, NO_FIGURE, as_text, clean, expression, remedy, same_type
from reconcile.sources.readers import RawFile
from reconcile.tables import PUBLISHED, SQL_TYPE, Column, Kind, Table

#: What is carried down from the row above where a masteroversigt leaves a code blank («as above»).
_CARRIED = ("dst_kode", "paragraf", "ydelse", "indsats", "tilbud")


@dataclass(frozen=True)
class Staged:
    """A file as view ``klar``: per column ``t_<name>`` (text), ``v_<name>`` (value)."""

    engine: Engine
    table: Table
    label: str
    places: Mapping[str, int]

    def problems(self) -> list[Problem]:
        """Every bad cell."""
        columns = [c for c in self.table.columns if c.name in self.places]
        counts = ", ".join(f"count(*) FILTER (WHERE {self._bad(c)})" for c in columns)
        found = self.engine.rows(f"SELECT {counts} FROM klar")[0]
        return [p for column, count in zip(columns, found, strict=True) if count for p in self._problems_in(column)]

    def _bad(self, column: Column) -> str:
        t, v = f"t_{column.name}", f"v_{column.name}"
        bad = f"({t} IS NOT NULL AND {v} IS NULL)"
        if column.kind is Kind.FIGURE and self.table.name in PUBLISHED:
            none = ", ".join(literal(mark) for mark in NO_FIGURE)
            bad = f"({t} IS NOT NULL AND {t} NOT IN ({none}) AND {v} IS NULL)"
            if self.table.whole_figures:
                bad += f" OR {v} < 0 OR {v} <> floor({v})"
        if column.required and not column.may_be_empty:
            bad += f" OR {v} IS NULL"
        return f"({bad})"

    def _problems_in(self, column: Column) -> Iterator[Problem]:
        query = f"SELECT raekke, t_{column.name}, v_{column.name} FROM klar WHERE {self._bad(column)} ORDER BY raekke"
        for row, text, value in self.engine.rows(query):
            shown = None if text is None else text.lstrip("\ue000\ue001")
            if column.kind is Kind.CPR and shown is not None:
                shown = "xxxxxx-xxxx"
            reason = remedy(column.kind, text, whole=value is not None)
            yield Problem.make(self.label, row, column.name, shown, reason)

    def repaired(self) -> int:
        """How many CPR numbers got their leading zero back."""
        if "cpr" not in self.places:
            return 0
        bare = "regexp_replace(t_cpr, '[^0-9]', '', 'g')"
        return int(self.engine.rows(f"SELECT count(*) FROM klar WHERE length({bare}) = 9 AND length(v_cpr) = 10")[0][0])

    def insert(self, without: Collection[int] = ()) -> int:
        """Insert the rows, but for those numbered in ``without``; returns how many."""
        names = [c for c in self.table.names if c in self.places]
        values = [f"v_{name}" for name in names]
        if self.table.name in PUBLISHED:
            names.append("antal_tekst")
            values.append("CASE WHEN v_antal IS NULL THEN coalesce(t_antal, '') END")
        if self.table.name == "yr":
            names.append("raa")
            values.append("raa_vaerdi")
        keep = ""
        if without:
            self.engine.add_rows("udeladt", {"raekke": "BIGINT"}, [(row,) for row in sorted(without)])
            keep = " WHERE raekke NOT IN (SELECT raekke FROM udeladt)"
        result = self.engine.rows(
            f"INSERT INTO {self.table.name} ({', '.join([*names, 'fil', 'raekke'])})"
            f" SELECT {', '.join(values)}, {literal(self.label)}, raekke FROM klar{keep}"
        )
        return int(result[0][0])


def stage(engine: Engine, table: Table, raw: RawFile, places: Mapping[str, int], label: str) -> Staged:
    """Make view ``klar`` of a raw file."""
    kinds = {c.name: c.kind for c in table.columns}
    texts, values, joins = [], [], []
    for name, place in places.items():
        kind, raw_type = kinds[name], raw.types[place]
        direct = same_type(kind, raw_type)
        if direct:
            value = f"CAST(c{place} AS {direct})"
            texts.append(f"CAST(c{place} AS VARCHAR) AS t_{name}")
            texts.append(f"{_first_of_month(value) if kind is Kind.MONTH else value} AS d_{name}")
            values.append(f"d_{name} AS v_{name}")
            continue
        texts.append(f"{clean(as_text(f'c{place}', raw_type))} AS t_{name}")
        if kind in LOOKUPS:
            values.append(f"opslag_{name}.vaerdi AS v_{name}")
            joins.append(f"LEFT JOIN opslag_{name} ON opslag_{name}.tekst = t_{name}")
        else:
            values.append(f"{expression(kind, f't_{name}')} AS v_{name}")
    hashed = (
        f", hash({', '.join(f'c{i}' for i in range(len(raw.headers)))}) AS raa_vaerdi" if table.name == "yr" else ""
    )
    engine.run("DROP VIEW IF EXISTS klar")
    engine.run(f"CREATE OR REPLACE VIEW rensede AS SELECT raekke, {', '.join(texts)}{hashed} FROM {raw.name}")
    relation = _filled_down(engine, places) if table.fill_down else "rensede"
    for name in places:
        if not same_type(kinds[name], raw.types[places[name]]) and kinds[name] in LOOKUPS:
            _lookup(engine, relation, name, kinds[name])
    engine.run(
        f"CREATE OR REPLACE VIEW klar AS SELECT {relation}.*, {', '.join(values)} FROM {relation} {' '.join(joins)}"
    )
    return Staged(engine, table, label, places)


def _first_of_month(value: str) -> str:
    return f"CAST(date_trunc('month', {value}) AS DATE)"


def _lookup(engine: Engine, relation: str, name: str, kind: Kind) -> None:
    """Convert the distinct texts of a column in Python into table ``opslag_<name>``."""
    texts = [row[0] for row in engine.rows(f"SELECT DISTINCT t_{name} FROM {relation} WHERE t_{name} IS NOT NULL")]
    convert = LOOKUPS[kind]
    types = {"tekst": "VARCHAR", "vaerdi": SQL_TYPE[kind]}
    engine.add_rows(f"opslag_{name}", types, [(text, convert(text)) for text in texts])


def _filled_down(engine: Engine, places: Mapping[str, int]) -> str:
    """View ``fyldt``: in a row without a code, the code and what describes it are those of the row above.

    Rows with neither code nor account (headings, notes) are left out when nothing stands above to carry.
    """
    carried = [name for name in _CARRIED if name in places]
    other = [name for name in places if name not in carried]
    filled = [
        f"CASE WHEN t_dst_kode IS NULL AND t_{n} IS NULL"
        f" THEN last_value(t_{n} IGNORE NULLS) OVER (ORDER BY raekke) ELSE t_{n} END AS t_{n}"
        for n in carried
    ]
    engine.run(
        f"CREATE OR REPLACE VIEW fyldt AS SELECT * FROM (SELECT raekke, {', '.join([*filled, *(f't_{n}' for n in other)])}"
        f" FROM rensede) WHERE t_dst_kode IS NOT NULL"
    )
    return "fyldt"
