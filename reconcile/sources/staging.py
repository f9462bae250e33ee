"""One raw file on its way into a canonical table: cleaned, converted, inserted; then what could not be converted.

The rows are converted once, as they are inserted. Bad cells are looked for afterwards, and only in the columns that
have cells without a value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reconcile.domain.canonical import COUNTED, PUBLISHED, SQL_TYPE, Column, Kind, Table
from reconcile.domain.cpr import mask
from reconcile.engine.base import Engine, literal
from reconcile.engine.duckdb import Engine as DuckDB
from reconcile.errors import Problem
from reconcile.i18n import Count, _
from reconcile.sources.cells import DATE, NUMBER, bare, fold
from reconcile.sources.convert import (
    LOOKUPS,
    MOST_PERSONS,
    MOST_WEEKS,
    NO_FIGURE,
    NULL_WORDS,
    as_text,
    beyond,
    clean,
    expression,
    last_month,
    remedy,
    same_type,
    scaled,
    value,
)
from reconcile.sources.overview import links
from reconcile.sources.readers import RawFile

#: How many rows are looked through for bad cells at first.
_FIRST_LOOK = 10_000


@dataclass(frozen=True)
class Staged:
    """Files as view ``klar``: ``fil``, and per column ``t_<name>`` (text), ``v_<name>`` (value).

    ``labels``: what the files are called, most often one; ``remarks`` on how each was read.
    ``relation``: the same rows before their cells are converted.
    ``raw``: the prefix of the cells before cleaning, which is the text itself where the rows have been read as links.
    ``nulls``: how many cells of each file had a word for nothing, by column.
    ``keys``: the columns that tell whoever looks in a database which row is meant; its number says nothing there.
    """

    engine: Engine
    table: Table
    labels: tuple[str, ...]
    places: Mapping[str, int]
    headers: tuple[str, ...]
    relation: str
    raw: str
    remarks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    nulls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def insert(self) -> int:
        """Insert every row, bad ones too; returns how many."""
        names = [c for c in self.table.names if c in self.places]
        values = [f"v_{name}" for name in names]
        if self.table.name in PUBLISHED:
            names.append("antal_tekst")
            values.append("CASE WHEN v_antal IS NULL THEN coalesce(t_antal, '') END")
        if "ydelsesperiode" in names:
            names.append("ydelsesperiode_til")
            values.append("v_ydelsesperiode_til")
        if self.table.name == "yr":
            names.append("raa")
            values.append("raa_vaerdi")
        result = self.engine.rows(
            f"INSERT INTO {self.table.name} ({', '.join([*names, 'fil', 'raekke'])})"
            f" SELECT {', '.join(values)}, fil, raekke FROM klar"
        )
        return int(result[0][0])

    def problems(self, most: int | None) -> tuple[list[Problem], int]:
        """The bad cells of the inserted rows, at most ``most`` of each column, and how many there are."""
        bad = self._counted()
        return [p for column in bad for p in self._problems_in(column, most)], sum(bad.values())

    def remove(self, rows: Collection[int]) -> int:
        """Take inserted rows out again; returns how many there were."""
        self.engine.add_rows("udeladt", {"raekke": "BIGINT"}, [(row,) for row in sorted(rows)])
        statement = f"DELETE FROM {self._inserted} AND raekke IN (SELECT raekke FROM udeladt)"
        return int(self.engine.rows(statement, self.labels)[0][0])

    def take_back(self) -> None:
        """Take every inserted row out again."""
        self.engine.rows(f"DELETE FROM {self._inserted}", self.labels)

    @property
    def _inserted(self) -> str:
        """The table and a condition on its inserted rows; the values are the labels."""
        return f"{self.table.name} WHERE fil IN ({', '.join('?' for _label in self.labels)})"

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """How many rows of each file are in the table."""
        return dict(self.engine.rows(f"SELECT fil, count(*) FROM {self._inserted} GROUP BY fil", self.labels))

    def first(self, columns: Sequence[Column], most: int) -> list[tuple[Any, ...]]:
        """The first ``most`` rows of each file as they are in the table: its name, and the columns' values."""
        names = ", ".join(["fil", *(column.name for column in columns)])
        chosen = f"QUALIFY row_number() OVER (PARTITION BY fil ORDER BY raekke) <= {most} ORDER BY raekke"
        if len(self.labels) == 1:
            chosen = f"ORDER BY raekke LIMIT {most}"
        return self.engine.rows(f"SELECT {names} FROM {self._inserted} {chosen}", self.labels)

    @cached_property
    def repaired(self) -> Mapping[str, int]:
        """How many CPR numbers got their leading zero back, by file."""
        if "cpr" not in self.places or not self._cells[1]:
            return {}
        other = f"SELECT fil, t_cpr, v_cpr FROM klar WHERE NOT regexp_full_match({self.raw}_cpr, '[0-9]{{10}}')"
        where = f"{_nine_digits('t_cpr')} AND length(v_cpr) = 10"
        return dict(self.engine.rows(f"SELECT fil, count(*) FROM ({other}) WHERE {where} GROUP BY fil"))

    @cached_property
    def _cells(self) -> tuple[Mapping[str, int], int]:
        """How many cells of each column are not empty, and how many CPR numbers have nine digits: few files have any."""
        counts = [f"count({self.raw}_{name})" for name in self.places]
        nine = "0"
        if "cpr" in self.places:
            whole = f"regexp_full_match({self.raw}_cpr, '[0-9]{{10}}')"
            nine = f"count(CASE WHEN NOT {whole} AND {_nine_digits(f'{self.raw}_cpr')} THEN 1 END)"
        cells = self._row([*counts, nine], self.relation)[1:]
        return dict(zip(self.places, cells[:-1], strict=True)), cells[-1]

    def _counted(self) -> dict[Column, int]:
        """The columns with bad cells, and how many each has; nothing is converted again for it.

        A cell is bad that has a text and no value, or must have a value and has none; published figures also where the
        value is one that cannot be.
        """
        columns = [c for c in self.table.columns if c.name in self.places]
        rows, *values = self._row([f"count({c.name})" for c in columns], self._inserted, self.labels)
        bad = {c: rows - made for c, made in zip(columns, values, strict=True) if c.required and not c.may_be_empty}
        for column, made in zip(columns, values, strict=True):
            if column.kind is Kind.FIGURE and self.table.name in COUNTED:
                bad[column] = self._row([], f"klar WHERE {self._bad(column)}")[0]
            elif column not in bad and self._cells[0][column.name] > made:
                bad[column] = self._row([f"count(t_{column.name})"], self.relation)[1] - made
        return {column: bad[column] for column in columns if bad.get(column)}

    def _row(self, counts: Sequence[str], relation: str, values: Sequence[str] | None = None) -> tuple[int, ...]:
        """How many rows there are, and the counts."""
        return self.engine.rows(f"SELECT {', '.join(['count(*)', *counts])} FROM {relation}", values)[0]

    def _bad(self, column: Column) -> str:
        t, v = f"t_{column.name}", f"v_{column.name}"
        bad = f"({t} IS NOT NULL AND {v} IS NULL)"
        if column.kind is Kind.FIGURE and self.table.name in COUNTED:
            none = ", ".join(literal(mark) for mark in (NO_FIGURE if self.table.name in PUBLISHED else ("",)))
            bad = f"({t} IS NOT NULL AND {t} NOT IN ({none}) AND {v} IS NULL) OR {v} < 0"
            if self.table.whole_figures:  # «12,000» is twelve or twelve thousand
                bad += f" OR {v} <> floor({v}) OR {v} > {MOST_PERSONS} OR regexp_full_match({t}, '.*,000')"
        if column.required and not column.may_be_empty:
            bad += f" OR {v} IS NULL"
        return f"({bad})"

    def _problems_in(self, column: Column, most: int | None) -> Iterator[Problem]:
        told = [name for name in self.keys if name != column.name]
        cells = ["raekke", f"t_{column.name}", f"v_{column.name}", *(f"t_{name}" for name in told)]
        header = self.headers[self.places[column.name]]
        place = header if fold(header) == column.name else f"{header} ({column.name})"
        for row, text, made, *key in self._bad_cells(column, cells, most):
            shown = None if text is None else text.lstrip(NUMBER + DATE)
            if column.kind is Kind.CPR and shown is not None:
                shown = "xxxxxx-xxxx"
            elif shown is not None and beyond(column.kind, shown):
                shown = None
            reason = remedy(column.kind, text, converted=made is not None, whole=self.table.whole_figures)
            yield Problem.make(self.labels[0], row, place, shown, reason + _key_in_words(told, key))

    def _bad_cells(self, column: Column, cells: Sequence[str], most: int | None) -> Iterator[tuple[Any, ...]]:
        """The bad cells of a column in the order of the rows, the first ``most`` of them.

        Few are looked for from the top, in ever larger steps: the rows below the last one are not converted again.
        """
        query = f"SELECT {', '.join(cells)} FROM klar WHERE {self._bad(column)}"
        if most is None:
            yield from self.engine.rows(f"{query} ORDER BY raekke")
            return
        start, end = self.engine.rows("SELECT min(raekke), max(raekke) FROM klar")[0]
        step = _FIRST_LOOK
        while most > 0 and start <= end:
            part = f"{query} AND raekke BETWEEN {start} AND {start + step - 1} ORDER BY raekke LIMIT {most}"
            found = self.engine.rows(part)
            yield from found
            start, step, most = start + step, step * 8, most - len(found)


def _nine_digits(cell: str) -> str:
    """SQL for whether a text has nine digits, whatever stands between them."""
    return f"length(regexp_replace({cell}, '[^0-9]', '', 'g')) = 9"


def _key_in_words(names: Sequence[str], key: Sequence[str | None]) -> str:
    """The key of a row of a database, in words."""
    words = ", ".join(f"{name} {bare(text)[:40]}" for name, text in zip(names, key, strict=True) if text)
    return _(" (rækken med {noegle})").format(noegle=words) if words else ""


def keys_of(table: Table, raw: RawFile, places: Mapping[str, int]) -> tuple[str, ...]:
    """What a row of a database is called: its number in the system where it has one, else what it must have but CPR."""
    if not raw.loose:
        return ()
    own = [name for name in ("ydelse_id", "bilag", "beregning_id") if name in places]
    return tuple(own or [c.name for c in table.columns if c.required and c.kind is not Kind.CPR and c.name in places])


def _null_words(engine: Engine, table: Table, raw: RawFile, places: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The columns of each file where a word stands for an empty cell (NULL, ukendt …), and how often, where one may be empty."""
    able = [c.name for c in table.columns if c.name in places and not c.required and c.kind is not Kind.FIGURE]
    able = [name for name in able if raw.types[places[name]] == "VARCHAR"]
    if not able or table.overview:
        return {}
    kinds = {c.name: c.kind for c in table.columns}
    able = [
        name for name in able if not _is_lookup(kinds[name]) or _has_null_word(engine, raw.name, f"c{places[name]}")
    ]
    if not able:
        return {}
    counts = ", ".join(f"count(*) FILTER (WHERE {_is_null_word(f'c{places[name]}')})" for name in able)
    fil = "fil" if raw.files else "''"
    found = engine.rows(f"SELECT {fil}, {counts} FROM {raw.name} GROUP BY 1")
    return {label: {n: count for n, count in zip(able, there, strict=True) if count} for label, *there in found}


def _has_null_word(engine: Engine, relation: str, cell: str) -> bool:
    """Whether a column whose cells repeat themselves has one of the words: its different cells are few."""
    query = f"SELECT 1 FROM (SELECT DISTINCT {cell} AS celle FROM {relation}) WHERE {_is_null_word('celle')} LIMIT 1"
    return bool(engine.rows(query))


def _is_lookup(kind: Kind) -> bool:
    """Whether a kind is converted once for each of the different cells of a column."""
    return kind in LOOKUPS or kind is Kind.DATE


def _is_null_word(cell: str) -> str:
    """SQL for whether a cell is one of the words; only one that begins as they do, or with a blank, is looked at closely."""
    words = ", ".join(map(literal, NULL_WORDS))
    first = ", ".join(str(ord(sign)) for sign in sorted({s for word in NULL_WORDS for s in (word[0], word[0].upper())}))
    begins = f"ascii({cell}) IN ({first}) OR ascii({cell}) NOT BETWEEN 33 AND 126"
    return (
        f"(CASE WHEN length({cell}) <= 10 AND ({begins}) THEN coalesce(lower({clean(cell)}) IN ({words}), false)"
        " ELSE false END)"
    )


def _value(kind: Kind, cell: str, unit: int, sql_type: str) -> str:
    return scaled(clean(cell), unit) if kind is Kind.MONEY and unit != 1 else value(kind, cell, sql_type)


def stage(  # noqa: PLR0917 - what a file is made of
    engine: Engine, table: Table, raw: RawFile, places: Mapping[str, int], label: str, units: Mapping[str, int]
) -> Staged:
    """Make view ``klar`` of a raw file; ``units``: what an amount in a column is multiplied by to be kr.

    ``label`` is what the file is called, where ``raw`` is not of several.
    """
    kinds = {c.name: c.kind for c in table.columns}
    words = {file or label: found for file, found in _null_words(engine, table, raw, places).items()}
    nulls = {name for found in words.values() for name in found}
    cleaned, values, joins, lookups = [], [], [], []
    read = "t" if table.overview else "r"
    for name, place in places.items():
        kind, raw_type, cell = kinds[name], raw.types[place], f"c{place}"
        direct = same_type(kind, raw_type)
        if direct:
            typed = _cast(kind, f"({cell} * {units[name]})" if units.get(name, 1) != 1 else cell, direct)
            made = f"CAST({cell} AS VARCHAR) AS t_{name}, {cell} AS r_{name}, {typed} AS d_{name}"
            cleaned.append(made)
            values.append(f"d_{name} AS v_{name}")
            if kind is Kind.MONTHS:
                values.append(f"CAST(NULL AS DATE) AS v_{name}_til")
            continue
        text = as_text(cell, raw_type)
        if name in nulls:
            text = f"CASE WHEN {_is_null_word(cell)} THEN NULL ELSE {cell} END"
        cleaned.append(f"{clean(text)} AS t_{name}, nullif({text}, '') AS r_{name}")
        if _is_lookup(kind):
            lookups.append(name)
            values.append(f"opslag_{name}.vaerdi AS v_{name}")
            if kind is Kind.MONTHS:
                values.append(f"opslag_{name}.slut AS v_{name}_til")
            joins.append(f"LEFT JOIN opslag_{name} ON opslag_{name}.celle = {read}_{name}")
        else:
            values.append(f"{_value(kind, f'{read}_{name}', units.get(name, 1), raw_type)} AS v_{name}")
    if table.name == "yr":
        whole = raw.hashed or f"hash({', '.join(f'c{i}' for i in range(len(raw.headers)))})"
        cleaned.append(f"{whole} AS raa_vaerdi")
    cleaned += ["fil"] if raw.files else []
    values += [] if raw.files else [f"{literal(label)} AS fil".replace("$", "$$")]  # a file can be called $i_dag
    engine.run(f"CREATE OR REPLACE VIEW rensede AS SELECT raekke, {', '.join(cleaned)} FROM {raw.name}")
    relation, remarks = "rensede", list[str]()
    if table.overview and isinstance(engine, DuckDB):  # what has merged cells is a file
        headers = {c: raw.headers[place] for c, place in places.items()}
        relation, remarks = links(engine, headers, label, raw.hidden, loose=raw.loose)
    for name in lookups:
        _lookup(engine, relation, f"{read}_{name}", kinds[name])
    engine.run(
        f"CREATE OR REPLACE VIEW klar AS SELECT {relation}.*, {', '.join(values)} FROM {relation} {' '.join(joins)}"
    )
    labels = raw.files or (label,)
    said = {file: (*remarks, *_empty_words(file, raw, places, words.get(file, {}))) for file in labels}
    keys = keys_of(table, raw, places)
    return Staged(engine, table, labels, places, raw.headers, relation, read, said, keys, words)


def _empty_words(label: str, raw: RawFile, places: Mapping[str, int], nulls: Mapping[str, int]) -> Iterator[str]:
    """Sentences about the words that were taken for empty cells."""
    text = _("{fil}, kolonne «{kolonne}»: NULL, N/A, ukendt eller - er læst som tomme celler ({antal:celle|celler}).")
    for name, count in nulls.items():
        yield mask(text.format(fil=label, kolonne=raw.headers[places[name]], antal=Count(count)))


def _cast(kind: Kind, cell: str, sql_type: str) -> str:
    """SQL for a typed cell as the type it is stored as; what does not fit is NULL."""
    if kind in (Kind.MONTH, Kind.MONTHS):
        return f"CAST(date_trunc('month', try_cast({cell} AS DATE)) AS DATE)"
    if kind is Kind.RATE:  # a fraction is not meant as percent
        return f"CASE WHEN {cell} <= 0 OR {cell} >= 1 THEN try_cast({cell} AS {sql_type}) END"
    if kind is Kind.WHOLE:
        return f"CASE WHEN abs({cell}) <= {MOST_WEEKS} THEN try_cast({cell} AS {sql_type}) END"
    return f"try_cast({cell} AS {sql_type})"


def _lookup(engine: Engine, relation: str, cell: str, kind: Kind) -> None:
    """Convert the distinct cells of a column into table ``opslag_<name>``: what repeats itself is converted once."""
    name = f"opslag_{cell.split('_', 1)[1]}"
    distinct = f"SELECT DISTINCT {cell} AS celle FROM {relation} WHERE {cell} IS NOT NULL"
    texts = f"SELECT celle, {clean('celle')} AS tekst FROM ({distinct})"
    if kind not in LOOKUPS:
        engine.run(
            f"CREATE OR REPLACE TABLE {name} AS SELECT celle, {expression(kind, 'tekst')} AS vaerdi FROM ({texts})"
        )
        return
    convert, types = LOOKUPS[kind], {"celle": "VARCHAR", "vaerdi": SQL_TYPE[kind]}
    read = [(c, text, None if text is None else convert(text)) for c, text in engine.rows(texts)]
    if kind is Kind.MONTHS:
        ends = [(c, made, last_month(text) if made else None) for c, text, made in read]
        engine.add_rows(name, {**types, "slut": "DATE"}, ends)
    else:
        engine.add_rows(name, types, [(c, made) for c, _text, made in read])
