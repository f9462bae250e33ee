"""Who the sources are about besides the run's own population: said in ``forbehold``, with the number of persons.

A ledger, a masteroversigt or a YR source may be wider than the run. The rows of others are filtered by the source's own column of
kommuner, or their persons are known from the fagsystem as another kommune's; no finding is made of them. And a kommune that
another one reports for is told so.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.i18n import Count, _
from reconcile.reference import kommuner, rows
from reconcile.results.rows import PartResult
from reconcile.world.context import Context

_OWN = "SELECT kommune FROM egen_kommune"


def run(context: Context) -> PartResult:
    """The sentences, where there is something to say."""
    return PartResult(caveats=(*_reported_for(context.kommune), *_wider(context)))


def _reported_for(kommune: str) -> Iterator[str]:
    """Vallensbæk and Dragør: their figures stand at Danmarks Statistik under the kommune that reports for them."""
    for row in rows("indberetter"):
        if row["for_kommune"] == kommune:
            name = kommuner().get(row["kommune"], row["kommune"])
            text = _(
                "{navn} ({kode}) indberetter for kommunen: dens tal hos Danmarks Statistik og i FLIS står hos {navn}{undtagen}."
            )
            codes = row["undtagne_koder"].replace("|", ", ")
            left_out = (
                _(", undtagen koderne {koder}, som kommunen selv indberetter").format(koder=codes) if codes else ""
            )
            yield text.format(navn=name, kode=row["kommune"], undtagen=left_out)


def _wider(context: Context) -> Iterator[str]:
    if context.has("oekonomi", "cpr"):
        others = _count(
            context, f"SELECT cpr FROM oekonomi WHERE kommune NOT IN ({_OWN}) EXCEPT SELECT cpr FROM postering"
        )
        if others:
            text = _(
                "Økonomien har posteringer for {antal:person|personer} hos andre kommuner (kolonnen kommune); de er ikke med."
            )
            yield text.format(antal=Count(others))
        strangers = (
            "SELECT cpr FROM forloeb WHERE kilde = 'fagsystem' GROUP BY cpr HAVING NOT bool_or(egen OR egen_betaler)"
        )
        if outside := _count(context, f"SELECT cpr FROM postering INTERSECT ({strangers})"):
            text = _(
                "Økonomien har posteringer for {antal:person|personer} uden for befolkningen: efter fagsystemet hverken"
                " handler eller betaler kommunen for dem. Beløbet er med i økonomiens tal som «befolkning», men giver ingen fund."
            )
            yield text.format(antal=Count(outside))
    if others := context.engine.rows(f"SELECT count(*) FROM masteroversigt WHERE kommune NOT IN ({_OWN})")[0][0]:
        yield _("Masteroversigten har {antal:række|rækker} for andre kommuner; de er ikke med.").format(
            antal=Count(others)
        )
    if context.has("yr", "finansieringskommune"):
        own = f"coalesce(finansieringskommune, $kommune) IN ({_OWN})"
        some = f"SELECT cpr FROM yr WHERE NOT {own}"  # few have any such row, and only theirs are looked at again
        outside = _count(context, f"SELECT cpr FROM yr WHERE cpr IN ({some}) GROUP BY cpr HAVING NOT bool_or({own})")
        if outside:
            text = _(
                "Ydelsesrefusion har {antal:person|personer}, som kun andre kommuner finansierer; de er ikke med i mål og fund."
            )
            yield text.format(antal=Count(outside))


def _count(context: Context, people: str) -> int:
    """How many persons a query of ``cpr`` has."""
    return int(context.engine.rows(f"SELECT count(cpr) FROM ({people}) AS p")[0][0])
