"""What stands in each column of each source: how much is filled, how many different values, and which codes are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reconcile.domain.canonical import TABLES, Column, Kind
from reconcile.domain.exact import rounded
from reconcile.engine.base import Engine
from reconcile.results.survey import ColumnContent, SourceUse
from reconcile.world.context import Context

#: Above so many rows different values are not counted: it would take longer than the run.
MOST_ROWS = 500_000
#: Columns of codes of their own: SQL that is true for a known one, as VH15 and VH17 judge it.
_KNOWN: Mapping[str, str] = {
    "funktionsvurdering": "regexp_full_match(lower({0}), $funktionsvurdering_form)",
    "maalgruppe": "regexp_full_match(lower({0}), $maalgruppe_form)",
    "ffb_ydelse": "{0} IN (SELECT tekst FROM ffb_navn WHERE lag = 'ydelse' AND uuid IS NOT NULL)",
    "ffb_tilbud": "{0} IN (SELECT tekst FROM ffb_navn WHERE lag = 'tilbud' AND uuid IS NOT NULL)",
}
_KNOWN_KINDS: Mapping[Kind, str] = {
    Kind.CODE: "{0} IN (SELECT dst_kode FROM ref_ydelseskode)",
    Kind.LINK_CODE: "{0} IN (SELECT dst_kode FROM ref_ydelseskode)",
    Kind.KOMMUNE: "{0} IN (SELECT kommune FROM ref_kommune) OR {0} = $kommune",
}


def contents(context: Context) -> Iterator[ColumnContent]:
    """A row for each column that a source has."""
    for source in context.loaded.sources:
        has = context.present.get(source.kilde, frozenset())
        columns = [column for column in TABLES[source.kilde].columns if column.name in has]
        if columns:
            yield from _of_source(context, source.kilde, columns)


def _of_source(context: Context, source: str, columns: list[Column]) -> Iterator[ColumnContent]:
    """One pass over the source for all its columns, and one for each column of codes."""
    count: int = context.engine.rows(f"SELECT count(*) FROM {source}")[0][0]
    parts = []
    for column in columns:
        parts.append(f"count({column.name})")
        parts.append(f"count(DISTINCT {column.name})" if count <= MOST_ROWS else "NULL")
    found = context.engine.rows(f"SELECT {', '.join(parts)} FROM {source}")[0]
    for place, column in enumerate(columns):
        filled, different = found[2 * place : 2 * place + 2]
        rows, values = _unknown(context.engine, source, column)
        share = rounded(Fraction(filled, count), 4) if count else None
        yield ColumnContent(source, column.name, column.kind.value, count, filled, share, different, values, rows)


def _unknown(engine: Engine, source: str, column: Column) -> tuple[int | None, int | None]:
    """The rows with an unknown code in a column, and how many such codes; None where nobody knows them. Each of the different
    codes is looked up once; in a WHERE the database would ask of every row."""
    known, name = _known(source, column), column.name
    if not known:
        return None, None
    codes = f"SELECT {name}, count(*) AS antal FROM {source} WHERE {name} IS NOT NULL GROUP BY {name}"
    unknown = f"FILTER (NOT ({known}))"
    rows, values = engine.rows(f"SELECT sum(antal) {unknown}, count(*) {unknown} FROM ({codes}) AS koder")[0]
    return int(rows or 0), values


def _known(source: str, column: Column) -> str:
    if (source, column.name) == ("yr", "ydelse"):
        return "ydelse IN (SELECT ydelse FROM ref_yr_ydelse)"
    return (_KNOWN.get(column.name) or _KNOWN_KINDS.get(column.kind, "")).format(column.name)


def uses(context: Context) -> Iterator[SourceUse]:
    """For each question that ``bruges_til`` names, the sources that may answer it."""
    answers: dict[str, list[str]] = {}
    for source in context.loaded.sources:
        for question in source.bruges_til:
            answers.setdefault(question, []).append(source.kilde)
    for question, sources in sorted(answers.items()):
        yield SourceUse(question, ", ".join(dict.fromkeys(sources)))
