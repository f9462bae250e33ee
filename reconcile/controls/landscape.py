"""The datalandskab: which system delivers what, to whom, for which population, how far back and how fresh.

Table ``datalandskab``, one row for each file of each source. What a source is for is said after the public descriptions
of L402, FLIS and StatBank; that the ledger follows the betalingskommune and the care system the handlekommune is the
usual cause of differences, so the population stands beside every source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconcile.controls.landscape_columns import contents, uses
from reconcile.domain.canonical import TABLES
from reconcile.engine.base import Engine
from reconcile.i18n import _
from reconcile.results.rows import PartResult, ResultTable, SourceInfo
from reconcile.results.survey import ColumnContent, FileReading, LandscapeRow, SourceUse
from reconcile.settings.config import Regler
from reconcile.world.context import Context

TABLE = "datalandskab"
READ = "laesning"


#: The columns that tell how far back a source reaches and how fresh it is: SQL for the first and the newest.
_COURSES = (
    "min(start_dato)",
    "greatest(max(start_dato) FILTER (start_dato <= $i_dag), max(slut_dato) FILTER (slut_dato <= $i_dag))",
)
_QUARTERS = ("min(periode)", "max(periode)")
_SPAN: Mapping[str, tuple[str, str]] = {
    "fagsystem": _COURSES,
    "flis": _COURSES,
    "oekonomi": ("min(bogfoert_dato)", "max(bogfoert_dato)"),
    **dict.fromkeys(("disponering", "afregning"), ("min(fra)", "max(fra)")),
    "yr": ("min(uge)", "max(uge)"),
    **dict.fromkeys(("hand07", "hand01", "flis_antal", "flis_fuldtid", "godkendt"), _QUARTERS),
}


def run(context: Context) -> PartResult:
    """The tables ``datalandskab``, ``datalandskab_kolonner`` and ``laesning`` of the sources that are loaded, and
    ``datalandskab_brug`` where the configuration says what a source is for."""
    rows = tuple(row for source in context.loaded.sources for row in _rows(context.engine, source, context.regler))
    readings = tuple(context.loaded.readings)
    tables = [
        ResultTable(TABLE, LandscapeRow, rows),
        ResultTable("datalandskab_kolonner", ColumnContent, tuple(contents(context))),
        ResultTable(READ, FileReading, readings),
    ]
    if asked := tuple(uses(context)):
        tables.insert(2, ResultTable("datalandskab_brug", SourceUse, asked))
    return PartResult(tables=tuple(tables))


def _rows(engine: Engine, source: SourceInfo, regler: Regler) -> Iterator[LandscapeRow]:
    spans = _spans(engine, source.kilde)
    receiver, population = _purpose(source.kilde, regler)
    for info in source.filer:
        first, newest = spans.get(info.fil, (None, None))
        yield LandscapeRow(
            kilde=source.kilde,
            leverer=TABLES[source.kilde].row,
            modtager=receiver,
            population=population,
            fil=info.fil,
            raekker=info.raekker,
            fra=first,
            nyeste=newest,
            sha256=info.sha256,
        )


def _spans(engine: Engine, source: str) -> dict[str, tuple[Any, Any]]:
    if source not in _SPAN:
        return {}
    first, newest = _SPAN[source]
    found = engine.rows(f"SELECT fil, {first}, {newest} FROM {source} GROUP BY fil")
    return {name: (start, end) for name, start, end in found}


def _purpose(source: str, regler: Regler) -> tuple[str, str | None]:
    """Who a source is delivered to, and whose citizens it holds."""
    dst, flis = _("alle, i Statistikbanken"), _("kommunen, i FLIS")
    handling = "handlekommune"
    purposes: Mapping[str, tuple[str, str | None]] = {
        "fagsystem": (_("Danmarks Statistik (L402) og derfra FLIS"), regler.population),
        "flis": (flis, regler.population),
        "oekonomi": (_("kommunens regnskab"), "betalingskommune"),
        "disponering": (_("kommunen selv"), "betalingskommune"),
        "afregning": (_("kommunens regnskab"), "betalingskommune"),
        "borger": (_("kommunens egne systemer"), "bopælskommune"),
        "hand07": (dst, handling),
        "hand01": (dst, handling),
        "flis_antal": (flis, handling),
        "flis_fuldtid": (flis, handling),
        "godkendt": (flis, None),
        "masteroversigt": (_("kommunen selv"), None),
        "yr_konto": (_("kommunen selv"), None),
        "yr_tabel": (flis, None),
        "befolkning": (dst, "bopælskommune"),
        "regnskab": (dst, "betalingskommune"),
        "pladser": (_("kommunen selv"), None),
        "yr": (_("kommunen, fra Ydelsesrefusion"), "finansieringskommune"),
    }
    return purposes[source]
