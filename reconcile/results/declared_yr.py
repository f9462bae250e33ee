"""The result tables of Ydelsesrefusion and of the ledger's lag, part of ``declared``; texts are Danish, for the catalogue."""

from __future__ import annotations

from reconcile.i18n import N_
from reconcile.results import rows, yr
from reconcile.results.table import Table

#: In the order in which the workbook has them.
YR = (
    Table(
        "yr_uge",
        rows.YrWeek,
        N_("Ydelsesrefusion pr. uge"),
        sheet=N_("YR"),
        description=N_("Ydelsesrefusion pr. uge"),
        csv=True,
    ),
    Table(
        "yr_maal",
        yr.YrMeasure,
        N_("Ydelsesrefusion, nøgletal"),
        sheet=N_("YR nøgletal"),
        description=N_("Udgift, refusion, pct. og personer, også året før"),
        own_place=True,
    ),
    Table(
        "yr_fordelt",
        yr.YrSplit,
        N_("Ydelsesrefusion, fordelt"),
        sheet=N_("YR fordelt"),
        description=N_("De samme mål fordelt på bopæl, køn, alder eller konto (--split)"),
        own_place=True,
    ),
    Table(
        "yr_trappe",
        yr.YrStaircase,
        N_("Refusionstrappen, personer pr. måned"),
        sheet=N_("YR trappe"),
        description=N_("Personer på hvert trin af trappen, også året før"),
        own_place=True,
    ),
    Table(
        "yr_forloeb",
        yr.YrCareerWeek,
        N_("Ydelsesrefusion, ugerne omkring fund"),
        sheet=N_("YR forløb"),
        description=N_("Ugerne omkring hvert fund: tæller, ydelse og beløb"),
        own_place=True,
    ),
    Table(
        "yr_regnskab",
        yr.YrLedger,
        N_("Ydelsesrefusion mod økonomi"),
        sheet=N_("YR mod økonomi"),
        description=N_("Refusion og medfinansiering mod regnskabets konti"),
    ),
    Table(
        "yr_tab",
        yr.YrLoss,
        N_("Hvad en fejl koster"),
        sheet=N_("YR tab"),
        description=N_("Refusion tabt (eller vundet) ved hvert fund på tæller og sats, i kr."),
    ),
    Table(
        "yr_efterregulering",
        yr.Settling,
        N_("Ydelsesrefusion, hvornår en måned er endelig"),
        sheet=N_("YR efterregulering"),
        description=N_("Hvor meget af en måneds refusion der var kendt efter hver kørsel, og hvad der ventes endnu"),
        own_place=True,
    ),
    Table(
        "oekonomi_efterregulering",
        yr.Settling,
        N_("Økonomi, hvornår en måned er endelig"),
        sheet=N_("Økonomi efterregulering"),
        description=N_("Hvor meget af en måneds ydelser der var bogført efter hver måned, og hvad der ventes endnu"),
        own_place=True,
    ),
    Table(
        "yr_tabel",
        yr.YrPrinted,
        N_("Trykte tabeller fra FLIS DAP mod vores tal"),
        sheet=N_("YR trykte tabeller"),
        description=N_("Hver celle i de trykte tabeller mod vores egne tal"),
    ),
    Table(
        "yr_tab_aar",
        yr.YrYearLoss,
        N_("Hvad fejl koster pr. år"),
        sheet=N_("YR tab pr. år"),
        description=N_("Hvad fejl i tæller og sats har kostet, pr. år og regel"),
    ),
    Table(
        "yr_andre",
        yr.YrOther,
        N_("Finansieret af andre kommuner"),
        sheet=N_("YR andre kommuner"),
        description=N_("Rækker, som andre kommuner finansierer, med personer og beløb"),
    ),
    Table(
        "yr_sammenlign",
        yr.YrCompared,
        N_("Refusionsprocent, kommune ved kommune"),
        sheet=N_("YR kommune ved kommune"),
        description=N_("Refusionsprocenten pr. år og ydelse, kommune ved kommune"),
    ),
    Table(
        "yr_doede_uger",
        yr.YrDeadWeeks,
        N_("Døde uger"),
        sheet=N_("YR døde uger"),
        description=N_("Pauser, der er længere end det, der er genoptjent"),
    ),
)
