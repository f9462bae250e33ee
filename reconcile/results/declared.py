"""Every result table, said once: what it is called, and where it is shown, written and followed.

The page, the workbook with its contents, the CSV files and the comparison of two runs read it here. A table that is not
declared is still shown, under its own name. Texts are Danish, marked for the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconcile.i18n import N_
from reconcile.results import (
    cases,
    followed,
    hand07,
    redelivery,
    rows,
    survey,
)
from reconcile.results.declared_noegletal import NOEGLETAL
from reconcile.results.declared_ottetal import OTTETAL
from reconcile.results.declared_yr import YR
from reconcile.results.table import Table

_ALL = (
    Table(
        "sager",
        cases.Case,
        N_("Sager"),
        sheet=N_("Sager"),
        description=N_("Det, der skal gøres én gang, med åbne celler først"),
        printed=True,
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
    *OTTETAL,
    Table(
        "hand07_diff",
        rows.Hand07Cell,
        N_("HAND07 mod jeres tal"),
        sheet=N_("HAND07-diff"),
        description=N_("DST mod jeres tal med forskel, rest og forklaring"),
        printed=True,
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
        printed=True,
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
        description=N_("Fuldtidsydelser: DST mod jeres tal med forskel, rest og forklaring"),
        csv=True,
        own_place=True,
    ),
    Table(
        "bro_fuldtid",
        hand07.VolumeStep,
        N_("Bro i fuldtidsydelser"),
        sheet=N_("Bro i fuldtid"),
        description=N_("Fra jeres fuldtidsydelser til DST's, trin for trin"),
        csv=True,
        own_place=True,
    ),
    Table(
        "bro_fuldtid_borgere",
        hand07.VolumePerson,
        N_("Borgere bag broen i fuldtidsydelser"),
        sheet=N_("Bro-borgere i fuldtid"),
        description=N_("Hvem der ændrer fuldtidsydelserne ved hvert trin, og med hvor meget"),
        csv=True,
        own_place=True,
    ),
    Table(
        "flis_dage",
        hand07.FlisDays,
        N_("Dage, som fagsystem og FLIS tæller forskelligt"),
        sheet=N_("Dage mod FLIS"),
        description=N_("Forløb, hvor fagsystem og FLIS tæller dagene forskelligt"),
        own_place=True,
    ),
    Table(
        "celle_borgere",
        hand07.CellPerson,
        N_("Borgere bag åbne celler"),
        sheet=N_("Celle-borgere"),
        description=N_("De talte borgere bag hver åben celle: hvor de står, og hvilke trin de kom igennem"),
        own_place=True,
    ),
    Table(
        "kandidater",
        hand07.Candidate,
        N_("Hvad R4–R8 kunne være"),
        sheet=N_("Kandidater R4-R8"),
        description=N_("Hvor mange forløb FLIS' øvrige regler (R4–R8) kunne være brugt på"),
    ),
    Table(
        "harmonisering",
        rows.Harmonisation,
        N_("Harmonisering"),
        sheet=N_("Harmonisering"),
        description=N_("Forløb, som DST's regler fjerner og ændrer"),
        printed=True,
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
    *YR,
    Table(
        "uden_foedselsdato",
        hand07.Undated,
        N_("Uden fødselsdato"),
        sheet=N_("Uden fødselsdato"),
        description=N_("Borgere uden en kendt fødselsdato; alder og R1 kan ikke prøves for dem"),
    ),
    Table(
        "datalandskab",
        survey.LandscapeRow,
        N_("Datalandskab"),
        sheet=N_("Datalandskab"),
        description=N_("Hvilket system leverer hvad, for hvem, og hvor friskt det er"),
    ),
    Table(
        "datalandskab_kolonner",
        survey.ColumnContent,
        N_("Datalandskab: hvad der står i kolonnerne"),
        sheet=N_("Datalandskab kolonner"),
        description=N_("Hvad der står i hver kolonne: udfyldt, forskellige værdier, ukendte koder"),
    ),
    Table(
        "datalandskab_brug",
        survey.SourceUse,
        N_("Datalandskab: hvilken kilde svarer på hvad"),
        sheet=N_("Datalandskab brug"),
        description=N_("Hvilken kilde der svarer på hvilket spørgsmål"),
    ),
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
    Table(
        "godkendelse",
        followed.ApprovalRow,
        N_("Kvartalet: frist og beslutning"),
        sheet=N_("Kvartalerne"),
        description=N_("Frist, åbne celler og sager, og beslutning for hvert kvartal"),
        printed=True,
    ),
    Table(
        "godkendelser",
        survey.ApprovedQuarter,
        N_("Godkendt hos Danmarks Statistik"),
        sheet=N_("Godkendt hos DST"),
        description=N_("Hvilke kvartaler kommunen har godkendt hos Danmarks Statistik"),
    ),
    Table(
        "accepterede",
        followed.AcceptedRow,
        N_("Accepterede"),
        sheet=N_("Accepterede"),
        description=N_("Hvad der er accepteret, af hvem, hvorfor og til hvornår"),
        printed=True,
    ),
    Table(
        "identiteter",
        survey.Identity,
        N_("Går tallene op?"),
        sheet=N_("Går tallene op"),
        description=N_("Summer og forskelle i rapportens egne tabeller, regnet efter celle for celle"),
        own_place=True,
    ),
    Table(
        "udenfor",
        survey.Outside,
        N_("Åbne celler uden for det valgte"),
        sheet=N_("Uden for det valgte"),
        description=N_("Celler, der er åbne uden for de valgte kvartaler og ydelser"),
        printed=True,
        own_place=True,
    ),
    Table(
        "lempelser",
        survey.Leniency,
        N_("Lempelser"),
        sheet=N_("Lempelser"),
        description=N_("Indstillinger, der gør, at der findes mindre eller forklares mere end normalt"),
        printed=True,
    ),
    *NOEGLETAL,
    Table(
        "siden_sidst",
        followed.SinceRow,
        N_("Siden sidst"),
        sheet=N_("Siden sidst"),
        description=N_("Nye, løste og ændrede fund pr. regel og ydelse siden den tidligere kørsel"),
        printed=True,
    ),
    Table(
        "fund_siden_sidst",
        followed.FindingSince,
        N_("Fund siden sidst"),
        sheet=N_("Fund siden sidst"),
        description=N_("Hvert fund, der er nyt, løst eller ændret siden den tidligere kørsel"),
    ),
    Table(
        "tal_siden_sidst",
        followed.FigureMoved,
        N_("Tal siden sidst"),
        sheet=N_("Tal siden sidst"),
        description=N_("Hvert tal, der har flyttet sig siden den tidligere kørsel"),
    ),
    Table(
        "genlevering",
        redelivery.CourseChange,
        N_("Genlevering: ændrede forløb"),
        sheet=N_("Genlevering"),
        description=N_("Forløb, der er kommet til, forsvundet eller rettet siden den forrige levering"),
    ),
    Table(
        "genlevering_tal",
        redelivery.CountMoved,
        N_("Genlevering: modtagere før og nu"),
        sheet=N_("Genlevering tal"),
        description=N_("Modtagere før og nu efter den nye levering"),
    ),
)
#: The declared tables by name, in the order in which the workbook has them.
TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}


def declared(name: str) -> Table:
    """The declaration of a table; for one that is not declared, its name with spaces is the heading."""
    return TABLES.get(name) or Table(name, object, name.replace("_", " ").capitalize())
