"""YR20: what YR calculated in a koerselsperiode against what the ledger booked the month after, per account.

The kommune answers for the agreement (BEK 14 of 8-1-2026 § 7, stk. 3). The accounts, their step and sign are reference
data (``ref_yr_konto``); a ydelse without a known account is named, not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from reconcile.accounts import show_account
from reconcile.context import Context
from reconcile.cpr import mask
from reconcile.i18n import _, shown
from reconcile.periods import Quarter
from reconcile.results import Finding, NotRun, PartResult, ResultTable
from reconcile.results_yr import LedgerStatus, YrLedger
from reconcile.rules.catalogue import Rule
from reconcile.rules.findings import make_finding
from reconcile.rules.runner import lacking

_NOTHING = Decimal("0.00")


@dataclass
class _Account:
    """What YR says of an account in a koerselsperiode."""

    trin: int
    beloeb: Decimal = _NOTHING
    ydelser: set[str] = field(default_factory=set)


def reconcile_ledger(context: Context, rule: Rule) -> PartResult:
    """Table ``yr_regnskab`` and the findings of YR20, or why it could not be run."""
    if reason := _cannot(context, rule):
        return PartResult(not_run=(reason,))
    cells = tuple(_cells(context))
    return PartResult(
        tables=(ResultTable("yr_regnskab", YrLedger, cells),),
        findings=tuple(_finding(rule, cell) for cell in cells if cell.status is LedgerStatus.UNEXPLAINED),
        caveats=tuple(_caveats(context, cells)),
        rules_run=(rule.id,),
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
    booked = context.engine.rows("SELECT count(*) FROM oekonomi WHERE konto IN (SELECT konto FROM ref_yr_konto)")[0][0]
    if not booked:
        return NotRun(rule.id, "oekonomi", _("regnskabet har ingen posteringer på trappens konti"))
    return None


def _cells(context: Context) -> Iterator[YrLedger]:
    """Every account × koerselsperiode of YR where either side has an amount, in order."""
    said, known = _said(context), _known_accounts(context)
    booked = _booked(context)
    first, last = context.engine.rows("SELECT min(bogfoert_dato), max(bogfoert_dato) FROM oekonomi")[0]
    runs = context.engine.rows("SELECT DISTINCT koerselsperiode FROM yr WHERE koerselsperiode IS NOT NULL ORDER BY 1")
    for (run,) in runs:
        if context.chosen and Quarter.of(run) not in context.chosen:
            continue
        month = _next_month(run)
        covered = first.replace(day=1) <= month <= last
        for konto in sorted({k for r, k in said if r == run} | {k for m, k in booked if m == month}):
            account = said.get((run, konto)) or known[konto]
            amount = booked.get((month, konto), _NOTHING) if covered else None
            yield _cell(context, run, konto, account, amount)


def _cell(context: Context, run: date, konto: str, account: _Account, amount: Decimal | None) -> YrLedger:
    difference = None if amount is None else amount - account.beloeb
    if difference is None:
        status = LedgerStatus.MISSING
    elif difference == 0:
        status = LedgerStatus.EQUAL
    elif abs(difference) <= context.regler.tolerance_kr:
        status = LedgerStatus.TOLERATED
    else:
        status = LedgerStatus.UNEXPLAINED
    ydelse = ", ".join(sorted(account.ydelser))
    return YrLedger(run, konto, ydelse, account.trin, account.beloeb, amount, difference, status)


def _said(context: Context) -> Mapping[tuple[date, str], _Account]:
    said: dict[tuple[date, str], _Account] = {}
    for r in context.engine.records("SELECT * FROM yr_koersel"):
        account = said.setdefault((r["koerselsperiode"], r["konto"]), _Account(r["trin"]))
        account.beloeb += r["beloeb"]
        account.ydelser.add(r["ydelse"])
    return {key: account for key, account in said.items() if account.beloeb}


def _known_accounts(context: Context) -> Mapping[str, _Account]:
    """The accounts of the staircase, for a booking that YR has nothing of."""
    known: dict[str, _Account] = {}
    for konto, trin, ydelse in context.engine.rows("SELECT konto, trin, ydelse FROM ref_yr_konto ORDER BY ALL"):
        known.setdefault(konto, _Account(trin)).ydelser.add(ydelse)
    return known


def _booked(context: Context) -> Mapping[tuple[date, str], Decimal]:
    rows = context.engine.rows(
        "SELECT CAST(date_trunc('month', bogfoert_dato) AS DATE), konto, sum(beloeb) FROM oekonomi"
        " WHERE konto IN (SELECT konto FROM ref_yr_konto) GROUP BY ALL HAVING sum(beloeb) <> 0"
    )
    return {(month, konto): amount for month, konto, amount in rows}


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def _finding(rule: Rule, cell: YrLedger) -> Finding:
    period = f"{cell.koerselsperiode:%Y-%m}"
    message = rule.text("sentence").format(
        periode=period,
        konto=show_account(cell.konto),
        yr=shown(cell.yr),
        regnskab=shown(cell.regnskab),
        forskel=shown(cell.forskel),
    )
    return make_finding(
        rule=rule.id,
        severity=rule.severity,
        source="yr",
        message=message,
        ydelse=cell.ydelse,
        period=period,
        value=cell.regnskab,
        expected=cell.yr,
        key=cell.konto,
    )


def _caveats(context: Context, cells: Sequence[YrLedger]) -> Iterator[str]:
    missing: dict[date, int] = defaultdict(int)
    for cell in cells:
        if cell.status is LedgerStatus.MISSING:
            missing[cell.koerselsperiode] += 1
    if missing:
        text = _("YR20: kørselsperiode {perioder} er ikke afstemt, for regnskabet går ikke til og med måneden efter.")
        yield text.format(perioder=", ".join(f"{run:%Y-%m}" for run in sorted(missing)))
    without = context.engine.rows(
        "SELECT ydelse FROM yr_ydelse WHERE betaling"
        " AND lower(trim(ydelse)) NOT IN (SELECT lower(ydelse) FROM ref_yr_konto) ORDER BY ydelse"
    )
    if without:
        text = _("YR20 omfatter kun ydelser med kendte konti. Uden: {ydelser}.")
        yield text.format(ydelser=mask(", ".join(row[0] for row in without)))
    yield from _left_out(context)


def _left_out(context: Context) -> Iterator[str]:
    """Amounts that belong to a ydelse with accounts but to no run or no step."""
    rows, amount = context.engine.rows(
        """
        SELECT count(*), sum(coalesce(refusion, 0) + coalesce(medfinansiering, 0)) FROM yr_placering
        WHERE (koerselsperiode IS NULL OR trin IS NULL)
            AND (coalesce(refusion, 0) <> 0 OR coalesce(medfinansiering, 0) <> 0)
            AND lower(trim(ydelse)) IN (SELECT lower(ydelse) FROM ref_yr_konto)
        """
    )[0]
    if rows:
        text = _(
            "YR20: {antal} rækker med i alt {beloeb} kr. har ingen kørselsperiode eller intet trin og er ikke med."
        )
        yield text.format(antal=rows, beloeb=shown(amount))
