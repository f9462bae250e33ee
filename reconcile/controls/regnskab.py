"""The ledger against the published accounts (REGK31 form): Σ postings per funktion × dranst × gruppering × year.

An account that the extract of the ledger lacks, or has too little of, explains a code whose amount is too small; the accounts
are named, and nothing is judged by persons here. Difference = published − own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconcile.controls.meeting import Measure, Outcome, Source, duplicate_caveats, meet
from reconcile.domain.accounts import show_account
from reconcile.i18n import _, kr
from reconcile.results.ottetal import AccountCell
from reconcile.results.rows import NotRun, PartResult, ResultTable
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context

TABLE, KEY = "regnskab_moede", ("periode", "konto")
EQUAL, TOLERATED, UNEXPLAINED = "ens", "inden_for_tolerance", "uforklaret"
NOT_IN_LEDGER, NOT_PUBLISHED = "mangler_oekonomi", "mangler_regnskab"
#: What published accounts are rounded to, when every amount is a multiple of it.
_THOUSAND = Decimal(1000)
_NAMED = 10


def run(context: Context) -> PartResult:
    """Table ``regnskab_diff`` and a sentence with the accounts that are missing from the extract or differ.

    House rules over the views run here.
    """
    if not context.has("oekonomi"):
        return PartResult(not_run=(NotRun("regnskab_diff", "oekonomi", _("kilden oekonomi er ikke med")),))
    context.engine.create_views("regnskab")
    sources = (
        Source("regnskab", "regnskab_offentliggjort", {"regnskab": "beloeb"}),
        Source("oekonomi", "regnskab_bogfoert", {"oekonomi": "beloeb", "posteringer": "posteringer"}),
    )
    years = ", ".join(f"'{year}'" for year in sorted({str(q)[:4] for q in context.perioder}) or ["0000"])
    meet(context.engine, TABLE, KEY, sources, within=f"periode IN ({years})")
    cells = tuple(_cells(context))
    house = run_rules(context, rules_of("regnskab", context.own_rules))
    return PartResult(
        tables=(ResultTable("regnskab_diff", AccountCell, cells),),
        findings=house.findings,
        not_run=house.not_run,
        rules_run=house.ran,
        tried=house.tried,
        caveats=(*_caveats(cells), *duplicate_caveats(context.engine, TABLE, KEY)),
    )


def _cells(context: Context) -> Iterator[AccountCell]:
    """Every account × year that either side has, in order."""
    rounding = _rounding(context)
    query = f"SELECT periode, konto, oekonomi, regnskab, posteringer FROM {TABLE} ORDER BY periode, konto"
    for year, konto, own, published, count in context.engine.rows(query):
        difference = None if own is None or published is None else published - own
        status = _status(context, own, published, rounding)
        yield AccountCell(year, show_account(konto), own, published, difference, int(count or 0), status)


def _rounding(context: Context) -> Decimal:
    """Half of what the published accounts are rounded to: 500 kr. where every amount is whole thousands, else 0."""
    query = f"SELECT count(*) > 0 AND bool_and(beloeb % {_THOUSAND} = 0) FROM regnskab_offentliggjort"
    return _THOUSAND / 2 if context.engine.rows(query)[0][0] else Decimal()


def _status(context: Context, own: Decimal | None, published: Decimal | None, rounding: Decimal) -> str:
    if own is None or published is None:
        return NOT_IN_LEDGER if own is None else NOT_PUBLISHED
    if Measure().compare((own, published)) is Outcome.EQUAL:
        return EQUAL
    allowed = max(context.regler.tolerance_kr, rounding)
    return TOLERATED if Measure(absolute=allowed).compare((own, published)) is Outcome.EQUAL else UNEXPLAINED


def _caveats(cells: Sequence[AccountCell]) -> Iterator[str]:
    if not cells:
        yield _("Regnskabet og økonomiudtrækket har ingen konti og år til fælles.")
    missing = [cell for cell in cells if cell.status == NOT_IN_LEDGER]
    if missing:
        text = _("Økonomiudtrækket mangler konti, som regnskabet har beløb på: {konti}.")
        yield text.format(
            konti=_listed([f"{c.konto} {c.periode} ({kr(c.regnskab or Decimal())} kr.)" for c in missing])
        )
    wrong = [cell for cell in cells if cell.status == UNEXPLAINED]
    if wrong:
        text = _("Økonomiudtrækket stemmer ikke med regnskabet på: {konti}.")
        yield text.format(konti=_listed([f"{c.konto} {c.periode} ({kr(c.forskel or Decimal())} kr.)" for c in wrong]))


def _listed(words: Sequence[str]) -> str:
    more = [_("og {antal} til").format(antal=len(words) - _NAMED)] if len(words) > _NAMED else []
    return ", ".join([*words[:_NAMED], *more])
