"""YR20: what YR calculated in a koerselsperiode against what the ledger booked the month after, per account.

The kommune answers for the agreement (BEK 14 of 8-1-2026 § 7, stk. 3). The accounts, their step and sign are reference
data and the municipality's own (``yr_kontoplan``); a ydelse without a known account is named, not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from reconcile.controls.meeting import Measure, Outcome, Source, duplicate_caveats, meet
from reconcile.domain.accounts import show_account
from reconcile.domain.cpr import mask
from reconcile.domain.periods import Quarter
from reconcile.i18n import Count, _, value_text
from reconcile.results.rows import Finding, NotRun, PartResult, ResultTable
from reconcile.results.yr import LedgerStatus, YrLedger
from reconcile.rules.catalogue import Rule
from reconcile.rules.findings import make_finding
from reconcile.rules.runner import lacking
from reconcile.world.context import Context

KEY = ("koerselsperiode", "konto")


def reconcile_ledger(context: Context, rule: Rule) -> PartResult:
    """Table ``yr_regnskab`` and the findings of YR20, or why it could not be run."""
    if reason := _cannot(context, rule):
        return PartResult(not_run=(reason,))
    cells = tuple(_cells(context))
    return PartResult(
        tables=(ResultTable("yr_regnskab", YrLedger, cells),),
        findings=tuple(_finding(rule, cell) for cell in cells if cell.status is LedgerStatus.UNEXPLAINED),
        caveats=(*_caveats(context, cells), *duplicate_caveats(context.engine, "yr_regnskab", KEY)),
        rules_run=(rule.id,),
        tried={rule.id: len(cells)},
    )


def _cannot(context: Context, rule: Rule) -> NotRun | None:
    if "oekonomi" not in context.present:
        return NotRun(rule.id, "oekonomi", _("kilden oekonomi er ikke med"))
    if missing := lacking(context, rule, "yr"):
        return NotRun(
            rule.id, missing[0].split(".")[0], _("kolonnen {kolonner} mangler").format(kolonner=", ".join(missing))
        )
    if not any(context.has("yr", column) for column in ("refusion", "medfinansiering")):
        return NotRun(
            rule.id, "yr", _("kolonnen {kolonner} mangler").format(kolonner="yr.refusion, yr.medfinansiering")
        )
    booked = context.engine.rows("SELECT count(*) FROM oekonomi WHERE konto IN (SELECT konto FROM yr_kontoplan)")[0][0]
    if not booked:
        return NotRun(rule.id, "oekonomi", _("regnskabet har ingen posteringer på trappens konti"))
    return None


def _cells(context: Context) -> Iterator[YrLedger]:
    """Every account × koerselsperiode of YR where either side has an amount, in order."""
    _meet(context)
    accounts = context.engine.rows(
        "SELECT konto, min(trin), string_agg(DISTINCT ydelse, ', ' ORDER BY ydelse) FROM yr_kontoplan GROUP BY konto"
    )
    known = {konto: (trin, ydelser) for konto, trin, ydelser in accounts}
    said = {
        (run, konto): names
        for run, konto, names in context.engine.rows("SELECT koerselsperiode, konto, ydelser FROM yr_beregnet")
    }
    for run, konto, calculated, booked in context.engine.rows(
        "SELECT koerselsperiode, konto, beregnet, bogfoert FROM yr_regnskab ORDER BY koerselsperiode, konto"
    ):
        if not context.chosen or Quarter.of(run) in context.chosen:
            trin, ydelser = known[konto]
            status = _status(context, calculated, booked)
            difference = None if booked is None else booked - calculated
            yield YrLedger(run, konto, said.get((run, konto), ydelser), trin, calculated, booked, difference, status)


def _meet(context: Context) -> None:
    """Table ``yr_regnskab``: YR and the ledger on every account × koerselsperiode that YR has calculated.

    What YR does not mention it has nothing for; the ledger has nothing for a month it reaches over, and is missing elsewhere.
    """
    booked_in = "CAST(k.koerselsperiode + INTERVAL 1 MONTH AS DATE)"
    reached = (
        f"{booked_in} >= (SELECT date_trunc('month', min(bogfoert_dato)) FROM oekonomi)"
        f" AND {booked_in} <= (SELECT max(bogfoert_dato) FROM oekonomi)"
    )
    sources = (
        Source("yr", "yr_beregnet", {"beregnet": "beloeb"}, absent="0"),
        Source("oekonomi", "yr_bogfoert", {"bogfoert": "beloeb"}, absent=f"CASE WHEN {reached} THEN 0 END"),
    )
    meet(context.engine, "yr_regnskab", KEY, sources, within="koerselsperiode IN (SELECT koerselsperiode FROM yr)")


def _status(context: Context, *figures: Decimal | None) -> LedgerStatus:
    match Measure().compare(figures):
        case Outcome.MISSING:
            return LedgerStatus.MISSING
        case Outcome.EQUAL:
            return LedgerStatus.EQUAL
        case _differ:
            within = Measure(absolute=context.regler.tolerance_kr).compare(figures) is Outcome.EQUAL
            return LedgerStatus.TOLERATED if within else LedgerStatus.UNEXPLAINED


def _finding(rule: Rule, cell: YrLedger) -> Finding:
    period = f"{cell.koerselsperiode:%Y-%m}"
    facts = {
        "periode": period,
        "konto": show_account(cell.konto),
        "yr": cell.yr,
        "regnskab": cell.regnskab,
        "forskel": cell.forskel,
    }
    return make_finding(
        rule=rule.id,
        severity=rule.severity,
        source="yr",
        sentence=rule.sentence,
        facts=facts,
        ydelse=cell.ydelse,
        period=period,
        value=cell.regnskab,
        expected=cell.yr,
        key=cell.konto,
    )


def _caveats(context: Context, cells: Sequence[YrLedger]) -> Iterator[str]:
    missing = {cell.koerselsperiode for cell in cells if cell.status is LedgerStatus.MISSING}
    if missing:
        text = _("YR20: kørselsperiode {perioder} er ikke afstemt, for regnskabet går ikke til og med måneden efter.")
        yield text.format(perioder=_months(missing))
    if absent := [row[0] for row in context.engine.rows(_RUNS_NOT_THERE)]:
        text = _(
            "YR20: kilden yr har ingen kørselsperiode {perioder}, men regnskabet har beløb på trappens konti måneden efter;"
            " de er ikke afstemt. Se, om en levering mangler."
        )
        yield text.format(perioder=_months(absent))
    without = context.engine.rows(
        "SELECT ydelse FROM yr_ydelse WHERE betaling"
        " AND lower(trim(ydelse)) NOT IN (SELECT lower(ydelse) FROM yr_kontoplan) ORDER BY ydelse"
    )
    if without:
        text = _(
            "YR20 omfatter kun ydelser med kendte konti. Uden: {ydelser}. Skriv deres konti i en fil med kolonnerne"
            " {kolonner} (art er refusion eller medfinansiering), og peg på den med [kilder.yr_konto]."
        )
        names = mask(", ".join(row[0] for row in without))
        yield text.format(ydelser=names, kolonner="ydelse;art;konto;fra;til")
    yield from _left_out(context)


def _months(months: Iterable[date]) -> str:
    return ", ".join(f"{month:%Y-%m}" for month in sorted(months))


#: Months between the source's runs that it has no run for, though the ledger has amounts the month after.
_RUNS_NOT_THERE = """
    SELECT DISTINCT koerselsperiode FROM yr_bogfoert
    WHERE koerselsperiode BETWEEN (SELECT min(koerselsperiode) FROM yr) AND (SELECT max(koerselsperiode) FROM yr)
        AND koerselsperiode NOT IN (SELECT koerselsperiode FROM yr WHERE koerselsperiode IS NOT NULL)
"""


def _left_out(context: Context) -> Iterator[str]:
    """Amounts of a ydelse with accounts that belong to no run, no step, or to another kommune's ledger."""
    rows, amount, _names = _left_out_where(context, "egen AND (koerselsperiode IS NULL OR trin IS NULL)")
    if rows:
        text = _(
            "YR20: {antal:række|rækker} med i alt {beloeb} kr. har ingen kørselsperiode eller intet trin og er ikke med."
        )
        yield text.format(antal=Count(rows), beloeb=value_text(amount))
    others = "NOT egen"
    rows, amount, names = _left_out_where(context, f"{others} AND koerselsperiode IS NOT NULL AND trin IS NOT NULL")
    if rows:
        text = _(
            "YR20: {antal:række|rækker} med i alt {beloeb} kr. er finansieret af kommune {kommuner} og er ikke med."
        )
        yield text.format(antal=Count(rows), beloeb=value_text(amount), kommuner=mask(names))


def _left_out_where(context: Context, condition: str) -> tuple[int, Decimal, str]:
    """The rows with an amount that a condition leaves out: how many, how much, and which kommuner finance them."""
    found: tuple[int, Decimal, str] = context.engine.rows(
        f"""
        SELECT count(*), sum(coalesce(refusion, 0) + coalesce(medfinansiering, 0)),
            string_agg(DISTINCT finansieringskommune, ', ' ORDER BY finansieringskommune)
        FROM yr_placering
        WHERE ({condition})
            AND (coalesce(refusion, 0) <> 0 OR coalesce(medfinansiering, 0) <> 0)
            AND ydelse_nr IN (
                SELECT ydelse_nr FROM yr_ydelse WHERE lower(trim(ydelse)) IN (SELECT lower(ydelse) FROM yr_kontoplan)
            )
        """
    )[0]
    return found
