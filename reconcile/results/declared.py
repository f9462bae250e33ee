"""Every result table, said once: what it is called, and where it is shown, written and followed.

The page, the workbook with its contents, the CSV files and the comparison of two runs read it here. A table that is not
declared is still shown, under its own name. Texts are Danish, marked for the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconcile.i18n import N_
from reconcile.results import (
    cases,
    enkeltudgift,
    ffb,
    flis,
    followed,
    hand07,
    noegletal,
    ottetal,
    pris,
    redelivery,
    rows,
    survey,
    yr,
)


@dataclass(frozen=True)
class Table:
    """A result table: its ``name`` (as in ``ResultTable`` and in every file), the type of its rows, and its ``heading``.

    ``sheet`` is its name in the workbook (else the heading; those with one come first, in the order of this module), and
    ``description`` its line in the workbook's contents. ``csv``: it is written as ``<name>.csv``. ``own_place``: the page
    has a section made for it, or it is too long for the page; any other is shown there as it is. ``followed``: the columns
    that are compared from one run to the next, per ``dst_kode`` and ``periode``.
    """

    name: str
    row_type: type
    heading: str
    sheet: str = ""
    description: str = ""
    csv: bool = False
    own_place: bool = False
    followed: tuple[str, ...] = ()


_ALL = (
    Table(
        "sager",
        cases.Case,
        N_("Sager"),
        sheet=N_("Sager"),
        description=N_("Det, der skal gøres én gang, med åbne celler først"),
        csv=True,
        own_place=True,
    ),
    Table(
        "rettelser",
        cases.Correction,
        N_("Rettelser: hvad der gør en celle ens"),
        sheet=N_("Rettelser"),
        description=N_("For hver celle de færreste rettelser, hvorefter den er ens"),
        csv=True,
        own_place=True,
    ),
    Table(
        "ottetal",
        rows.OttetalCell,
        N_("8-tals kontrol"),
        sheet=N_("8-tal"),
        description=N_("To tal fra hver af fire kilder for hver ydelse og hvert kvartal"),
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
        N_("8-tal, kanter"),
        sheet=N_("8-tal kanter"),
        description=N_("Hver forbindelse i 8-tallet med personer i begge ender"),
        own_place=True,
    ),
    Table(
        "ottetal_aarsager",
        ottetal.OttetalCause,
        N_("8-tal, årsager"),
        sheet=N_("8-tal årsager"),
        description=N_("Hvad forskellen på hver kant skyldes; årsagerne giver tilsammen forskellen"),
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
        own_place=True,
    ),
    Table(
        "ottetal_kroner",
        ottetal.OttetalKroner,
        N_("8-tal, bro i kroner"),
        sheet=N_("8-tal kroner"),
        description=N_("Fra hvad dagene koster til sædvanlige priser til beløbet i økonomi, årsag for årsag"),
    ),
    Table("regnskab_diff", ottetal.AccountCell, N_("Økonomi mod regnskab")),
    Table(
        "ottetal_udeladt",
        ottetal.OttetalLeftOut,
        N_("8-tal, udeladt"),
        sheet=N_("8-tal udeladt"),
        description=N_("Ydelser og tilbud, der ikke indgår i økonomisløjfen"),
    ),
    Table(
        "hand07_diff",
        rows.Hand07Cell,
        N_("HAND07 mod jeres tal"),
        sheet=N_("HAND07-diff"),
        description=N_("DST mod jeres tal med forskel, rest og forklaring"),
        csv=True,
        own_place=True,
        followed=("dst", "flis", "fagsystem", "harmoniseret", "rest", "status"),
    ),
    Table(
        "bro",
        rows.BridgeStep,
        N_("Bro"),
        sheet=N_("Bro"),
        description=N_("Fra jeres udtræk til DST's tal, trin for trin"),
        csv=True,
        own_place=True,
    ),
    Table(
        "bro_borgere",
        rows.BridgePerson,
        N_("Borgere bag broen"),
        sheet=N_("Bro-borgere"),
        description=N_("Hvem der falder fra ved hvert trin"),
        csv=True,
        own_place=True,
    ),
    Table(
        "hand01_diff",
        hand07.Hand01Cell,
        N_("HAND01 mod jeres fuldtidsydelser"),
        sheet=N_("HAND01-diff"),
        csv=True,
        own_place=True,
    ),
    Table(
        "bro_fuldtid",
        hand07.VolumeStep,
        N_("Bro i fuldtidsydelser"),
        sheet=N_("Bro i fuldtid"),
        csv=True,
        own_place=True,
    ),
    Table(
        "bro_fuldtid_borgere",
        hand07.VolumePerson,
        N_("Borgere bag broen i fuldtidsydelser"),
        sheet=N_("Bro-borgere i fuldtid"),
        csv=True,
        own_place=True,
    ),
    Table(
        "flis_dage",
        hand07.FlisDays,
        N_("Dage, som fagsystem og FLIS tæller forskelligt"),
        sheet=N_("Dage mod FLIS"),
        own_place=True,
    ),
    Table("celle_borgere", hand07.CellPerson, N_("Borgere bag åbne celler"), sheet=N_("Celle-borgere"), own_place=True),
    Table("kandidater", hand07.Candidate, N_("Hvad R4–R8 kunne være"), sheet=N_("Kandidater R4-R8")),
    Table(
        "harmonisering",
        rows.Harmonisation,
        N_("Harmonisering"),
        sheet=N_("Harmonisering"),
        description=N_("Forløb, som DST's regler fjerner og ændrer"),
        own_place=True,
    ),
    Table(
        "post_diff",
        rows.RecordDifference,
        N_("Fagsystem mod FLIS, post for post"),
        sheet=N_("Post-diff"),
        description=N_("Fagsystem mod FLIS, post for post"),
        csv=True,
        own_place=True,
    ),
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
    Table("yr_tab_aar", yr.YrYearLoss, N_("Hvad fejl koster pr. år")),
    Table("yr_andre", yr.YrOther, N_("Finansieret af andre kommuner")),
    Table("yr_doede_uger", yr.YrDeadWeeks, N_("Døde uger")),
    Table("uden_foedselsdato", hand07.Undated, N_("Uden fødselsdato")),
    Table("datalandskab", survey.LandscapeRow, N_("Datalandskab")),
    Table("datalandskab_kolonner", survey.ColumnContent, N_("Datalandskab: hvad der står i kolonnerne")),
    Table("datalandskab_brug", survey.SourceUse, N_("Datalandskab: hvilken kilde svarer på hvad")),
    Table(
        "laesning",
        survey.FileReading,
        N_("Sådan læste vi jeres filer"),
        sheet=N_("Læsning"),
        description=N_(
            "Hvad der blev antaget om hver fil: tegnsæt, ark, overskrift, enhed, udeladte rækker; og tre rækker"
        ),
        own_place=True,
    ),
    Table("godkendelse", followed.ApprovalRow, N_("Kvartalet: frist og beslutning")),
    Table("godkendelser", survey.ApprovedQuarter, N_("Godkendt hos Danmarks Statistik")),
    Table("accepterede", followed.AcceptedRow, N_("Accepterede")),
    Table("identiteter", survey.Identity, N_("Går tallene op?"), own_place=True),
    Table("udenfor", survey.Outside, N_("Åbne celler uden for det valgte"), own_place=True),
    Table("lempelser", survey.Leniency, N_("Lempelser")),
    Table("noegletal_vh", noegletal.NoegletalVh, N_("Nøgletal pr. ydelse, gruppe og periode"), csv=True),
    Table("noegletal_fordelt", noegletal.NoegletalSplit, N_("Nøgletal, fordelt"), csv=True),
    Table("flow", noegletal.Flow, N_("Flow: primo, tilgang, afgang, ultimo"), csv=True),
    Table("varighed", noegletal.Duration, N_("Varighed: åbne forløb efter antal dage"), csv=True),
    Table("varighed_afsluttet", noegletal.Ended, N_("Varighed: afsluttede forløb"), csv=True),
    Table("kombinationer", noegletal.Combination, N_("Ydelser i kombination"), csv=True),
    Table("tilbud", noegletal.Tilbud, N_("Borgere pr. tilbud"), csv=True),
    Table("ffb", ffb.FfbCount, N_("Borgere pr. FFB-ydelse og FFB-tilbud"), csv=True),
    Table("ffb_overlap", ffb.FfbOverlap, N_("Overlap pr. lag: paragraf, FFB-ydelse, FFB-tilbud"), csv=True),
    Table("ffb_daekning", ffb.FfbCoverage, N_("Andel forløb med FFB-data"), csv=True),
    Table("ffb_ukendte", ffb.FfbUnknown, N_("FFB-navne, der ikke er i kataloget"), csv=True),
    Table("pris", pris.Price, N_("Pris pr. helårsmodtager, og hvorfor udgiften ændrede sig"), csv=True),
    Table("flis_noegletal", flis.FlisFigure, N_("FLIS' otte nøgletal"), csv=True),
    Table("flis_omraader", flis.FlisArea, N_("Udgift og modtagere pr. område"), csv=True),
    Table("sammenligning", flis.Comparison, N_("Sammenligning med gruppen og landet"), csv=True),
    Table(
        "enkeltudgift",
        enkeltudgift.SingleSpending,
        N_("Udgift pr. borger og paragraf: udkast til Danmarks Statistik"),
        csv=True,
        own_place=True,
    ),
    Table("enkeltudgift_kontrol", enkeltudgift.SpendingCheck, N_("Kontrol af udkastet til enkeltudgifter"), csv=True),
    Table("siden_sidst", followed.SinceRow, N_("Siden sidst")),
    Table("fund_siden_sidst", followed.FindingSince, N_("Fund siden sidst")),
    Table("tal_siden_sidst", followed.FigureMoved, N_("Tal siden sidst")),
    Table("genlevering", redelivery.CourseChange, N_("Genlevering: ændrede forløb")),
    Table("genlevering_tal", redelivery.CountMoved, N_("Genlevering: modtagere før og nu")),
)
#: The declared tables by name, in the order in which the workbook has them.
TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}


def declared(name: str) -> Table:
    """The declaration of a table; for one that is not declared, its name with spaces is the heading."""
    return TABLES.get(name) or Table(name, object, name.replace("_", " ").capitalize())
