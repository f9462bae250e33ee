"""The result tables of the 8-tals kontrol, part of ``declared``; texts are Danish, for the catalogue."""

from __future__ import annotations

from reconcile.i18n import N_
from reconcile.results import ottetal, rows
from reconcile.results.table import Table

#: In the order in which the workbook has them.
OTTETAL = (
    Table(
        "ottetal",
        rows.OttetalCell,
        N_("8-tals kontrol"),
        sheet=N_("8-tal"),
        description=N_("To tal fra hver af fire kilder for hver ydelse og hvert kvartal"),
        printed=True,
        csv=True,
        own_place=True,
        followed=(
            "fagsystem_borgere",
            "fagsystem_fuldtid",
            "oekonomi_borgere",
            "oekonomi_beloeb",
            "flis_borgere",
            "flis_fuldtid",
            "dst_modtagere",
            "dst_fuldtid",
            "status",
        ),
    ),
    Table(
        "ottetal_kanter",
        ottetal.OttetalEdge,
        N_("8-tal, mellem kilderne"),
        sheet=N_("8-tal mellem kilder"),
        description=N_("Hver forbindelse i 8-tallet med personer i begge ender"),
        own_place=True,
    ),
    Table(
        "ottetal_aarsager",
        ottetal.OttetalCause,
        N_("8-tal, årsager"),
        sheet=N_("8-tal årsager"),
        description=N_(
            "Hvad forskellen mellem hver to af de fire kilder skyldes; årsagerne giver tilsammen forskellen"
        ),
        own_place=True,
    ),
    Table(
        "ottetal_borgere",
        ottetal.OttetalPerson,
        N_("8-tal, borgere"),
        sheet=N_("8-tal borgere"),
        description=N_("Hvem der kun er talt i den ene ende"),
        own_place=True,
    ),
    Table(
        "ottetal_beloeb",
        ottetal.OttetalAmount,
        N_("8-tal, hvad beløbet dækker"),
        sheet=N_("8-tal beløb"),
        description=N_("Hvad økonomiens beløb dækker, ydelse for ydelse og kvartal for kvartal"),
        own_place=True,
    ),
    Table(
        "ottetal_kroner",
        ottetal.OttetalKroner,
        N_("8-tal, bro i kroner"),
        sheet=N_("8-tal kroner"),
        description=N_("Fra hvad dagene koster til sædvanlige priser til beløbet i økonomi, årsag for årsag"),
    ),
    Table(
        "regnskab_diff",
        ottetal.AccountCell,
        N_("Økonomi mod regnskab"),
        sheet=N_("Økonomi mod regnskab"),
        description=N_("Jeres økonomi mod det offentliggjorte regnskab (REGK31), konto for konto"),
    ),
    Table(
        "ottetal_udeladt",
        ottetal.OttetalLeftOut,
        N_("8-tal, udeladt"),
        sheet=N_("8-tal udeladt"),
        description=N_("Ydelser og tilbud, der ikke indgår i økonomisløjfen"),
    ),
)
