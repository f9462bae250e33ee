"""Every column, said once: its heading, how it is written in the workbook, and how its values are said.

A name of a column means one thing in the house, whatever table it stands in: ``rest`` is always DST − harmoniseret, ``fra`` and
``til`` always the ends of something. A column whose name is not here has its own name as heading, and its values as they are.
Texts are Danish, marked for the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconcile.i18n import N_
from reconcile.results.columns_noegletal import HEADINGS


@dataclass(frozen=True)
class Column:
    """A column: its ``heading``; its ``kind`` where the type of its values does not say it; and ``said``, what its values are.

    Kinds: ``signed`` (a difference), ``share`` (four decimals), ``plain`` (a number without thousands points), ``wrap``
    (sentences), ``status``, ``severity``. Values: ``status``, ``severity``, ``step`` of the bridge, ``cause``, ``source``,
    ``table``, ``column``, ``figure`` (or a status), ``word``; empty: as they are.
    """

    heading: str
    kind: str = ""
    said: str = ""


#: The columns of all result tables.
COLUMNS: Mapping[str, Column] = {
    **{name: Column(heading) for name, heading in HEADINGS.items()},
    "borgere": Column(N_("Borgere")),
    "egne": Column(N_("Egne")),
    "udenbys": Column(N_("Udenbys")),
    "hvad": Column(N_("Hvad")),
    "normalt": Column(N_("Normalt")),
    "finansieringskommune": Column(N_("Finansieringskommune")),
    "uger": Column(N_("Uger")),
    "tab": Column(N_("Tab (kr.)")),
    "aar": Column(N_("År")),
    "pause": Column(N_("Pause, uger")),
    "genoptjening": Column(N_("Genoptjening, uger")),
    "doede_uger": Column(N_("Døde uger")),
    "fund_id": Column(N_("Fund")),
    "regel": Column(N_("Regel"), said="word"),
    "alvor": Column(N_("Alvor"), "severity", said="severity"),
    "kilde": Column(N_("Kilde"), said="source"),
    "borger": Column(N_("Borger (pseudonym)")),
    "dst_kode": Column(N_("Kode")),
    "ydelse": Column(N_("Ydelse"), said="word"),
    "periode": Column(N_("Periode")),
    "vaerdi": Column(N_("Værdi")),
    "forventet": Column(N_("Forventet")),
    "besked": Column(N_("Besked"), "wrap"),
    "fil": Column(N_("Fil")),
    "raekke": Column(N_("Række"), "plain"),
    "dst": Column(N_("DST")),
    "flis": Column(N_("FLIS")),
    "fagsystem": Column(N_("Fagsystem")),
    "harmoniseret": Column(N_("Harmoniseret")),
    "forskel_flis": Column(N_("Forskel til FLIS"), "signed"),
    "forskel_fagsystem": Column(N_("Forskel til fagsystem"), "signed"),
    "rest": Column(N_("Rest"), "signed"),
    "status": Column(N_("Status"), "status", said="status"),
    "forklaring": Column(N_("Forklaring"), "wrap"),
    "trin": Column(N_("Trin"), said="step"),
    "antal": Column(N_("Antal")),
    "aendring": Column(N_("Ændring"), "signed", said="word"),
    "dato_uden_overlap": Column(N_("Dato uden overlap")),
    "i_fagsystem": Column(N_("I fagsystem")),
    "i_flis": Column(N_("I FLIS")),
    "rettet": Column(N_("Efter rettelser")),
    "indlaesning": Column(N_("Efter indlæsning")),
    "gyldighed": Column(N_("Efter gyldighed")),
    "r1": Column(N_("Efter R1")),
    "r3": Column(N_("Efter R3")),
    "r2": Column(N_("Efter R2")),
    "plads": Column(N_("Plads")),
    "kandidat": Column(N_("Kandidat")),
    "beskrivelse": Column(N_("Beskrivelse")),
    "forklarer": Column(N_("Forklarer, personer")),
    "bryder": Column(N_("Bryder, personer")),
    "fjerner_for_mange": Column(N_("Fjerner for mange")),
    "fjerner": Column(N_("Fjerner i alt")),
    "celler_forklaret": Column(N_("Celler forklaret")),
    "celler_brudt": Column(N_("Celler brudt")),
    "dage": Column(N_("Dage")),
    "fagsystem_dage": Column(N_("Dage i fagsystem")),
    "flis_dage": Column(N_("Dage i FLIS")),
    "fjernet": Column(N_("Fjernet")),
    "aendret": Column(N_("Ændret")),
    "fagsystem_borgere": Column(N_("Fagsystem, borgere")),
    "fagsystem_betaler_borgere": Column(N_("Fagsystem, borgere vi betaler for")),
    "fagsystem_betaler_fuldtid": Column(N_("Fagsystem, fuldtid vi betaler for"), "share"),
    "status_statistik": Column(N_("Status, statistik")),
    "status_oekonomi": Column(N_("Status, økonomi")),
    "fagsystem_fuldtid": Column(N_("Fagsystem, fuldtid"), "share"),
    "oekonomi_borgere": Column(N_("Økonomi, borgere")),
    "oekonomi_beloeb": Column(N_("Økonomi, kr.")),
    "flis_borgere": Column(N_("FLIS, borgere")),
    "flis_fuldtid": Column(N_("FLIS, fuldtid"), "share"),
    "dst_modtagere": Column(N_("DST, modtagere")),
    "dst_fuldtid": Column(N_("DST, fuldtid"), "share"),
    "begge": Column(N_("I begge")),
    "kun_fagsystem": Column(N_("Kun i fagsystem")),
    "kun_oekonomi": Column(N_("Kun i økonomi")),
    "pris_pr_fuldtid": Column(N_("Kr. pr. fuldtid")),
    "kant": Column(N_("Kant"), said="word"),
    "fra": Column(N_("Fra")),
    "til": Column(N_("Til")),
    "forskel": Column(N_("Forskel"), "signed"),
    "aarsag": Column(N_("Årsag"), said="cause"),
    "side": Column(N_("Kun i"), said="word"),
    "grund": Column(N_("Grund"), "wrap", said="word"),
    "konto": Column(N_("Konto")),
    "tilbud": Column(N_("Tilbud")),
    "noegle": Column(N_("Nøgle")),
    "felt": Column(N_("Felt"), said="column"),
    "uge": Column(N_("Uge")),
    "kommune": Column(N_("Kommune")),
    "total": Column(N_("Brutto, kr.")),
    "bruttoudgift": Column(N_("Brutto, kr.")),
    "refusion": Column(N_("Refusion, kr.")),
    "medfinansiering": Column(N_("Medfinansiering, kr.")),
    "finansiering": Column(N_("Finansiering"), said="word"),
    "refusionspct": Column(N_("Refusion, pct.")),
    "medfinansieringspct": Column(N_("Medfinansiering, pct.")),
    "personer_pr_maaned": Column(N_("Personer pr. måned")),
    "bruttoudgift_aaret_foer": Column(N_("Brutto året før, kr.")),
    "refusion_aaret_foer": Column(N_("Refusion året før, kr.")),
    "medfinansiering_aaret_foer": Column(N_("Medfinansiering året før, kr.")),
    "refusionspct_aaret_foer": Column(N_("Refusion året før, pct.")),
    "medfinansieringspct_aaret_foer": Column(N_("Medfinansiering året før, pct.")),
    "personer_aaret_foer": Column(N_("Personer året før")),
    "bruttoudgift_aendring_pct": Column(N_("Brutto, ændring i pct.")),
    "personer_aendring_pct": Column(N_("Personer, ændring i pct.")),
    "maaneder": Column(N_("Måneder")),
    "maaneder_aaret_foer": Column(N_("Måneder året før")),
    "trin_1_aaret_foer": Column(N_("Trin 1 året før")),
    "trin_2_aaret_foer": Column(N_("Trin 2 året før")),
    "trin_3_aaret_foer": Column(N_("Trin 3 året før")),
    "trin_4_aaret_foer": Column(N_("Trin 4 året før")),
    "ingen_aaret_foer": Column(N_("Uden trin året før")),
    "i_alt_aaret_foer": Column(N_("I alt året før")),
    "fundets_uge": Column(N_("Fundets uge")),
    "uger_siden": Column(N_("Uger siden sidst")),
    "ugens_taeller": Column(N_("Ugens tæller")),
    "taeller": Column(N_("Ydelsens tæller")),
    "ingen": Column(N_("Uden trin")),
    "i_alt": Column(N_("I alt")),
    "yr": Column(N_("YR, kr.")),
    "oekonomi": Column(N_("Økonomi, kr.")),
    "posteringer": Column(N_("Posteringer")),
    "regnskab": Column(N_("Regnskab, kr.")),
    "refusionssats": Column(N_("Refusionssats")),
    "medfinansieringssats": Column(N_("Medfinansieringssats")),
    "maaned": Column(N_("Måned")),
    "personer": Column(N_("Personer")),
    "koerselsperiode": Column(N_("Kørselsperiode")),
    "raekker": Column(N_("Rækker")),
    "sha256": Column(N_("SHA-256")),
    "nyeste": Column(N_("Nyeste")),
    "trin_1": Column(N_("Trin 1")),
    "trin_2": Column(N_("Trin 2")),
    "trin_3": Column(N_("Trin 3")),
    "trin_4": Column(N_("Trin 4")),
    "foer": Column(N_("Før"), said="figure"),
    "nu": Column(N_("Nu"), said="figure"),
    "kvartaler": Column(N_("Kvartaler")),
    "flytter": Column(N_("Flytter tallet i"), said="word"),
    "modtagere_foer": Column(N_("Modtagere før")),
    "modtagere_nu": Column(N_("Modtagere nu")),
    "flyttet": Column(N_("Flyttet")),
    "forloeb": Column(N_("Ændrede forløb")),
    "godkendt": Column(N_("Godkendt"), said="word"),
    "nye": Column(N_("Nye")),
    "stadig_aabne": Column(N_("Stadig åbne")),
    "heraf_aendrede": Column(N_("Heraf ændrede")),
    "loeste": Column(N_("Løste")),
    "tilstand": Column(N_("Tilstand"), said="word"),
    "tabel": Column(N_("Tabel"), said="table"),
    "tal": Column(N_("Tal"), said="column"),
    "accepteret_vaerdi": Column(N_("Accepteret værdi")),
    "begrundelse": Column(N_("Begrundelse")),
    "af": Column(N_("Af")),
    "indtil": Column(N_("Indtil")),
    "frist": Column(N_("Frist")),
    "arbejdsdag": Column(N_("Frist, arbejdsdag")),
    "celler": Column(N_("Celler")),
    "uforklarede": Column(N_("Uforklarede")),
    "accepterede": Column(N_("Accepterede")),
    "aabne_fejl": Column(N_("Åbne fejl")),
    "beslutning": Column(N_("Beslutning")),
    "leverer": Column(N_("Leverer"), said="word"),
    "modtager": Column(N_("Modtager")),
    "population": Column(N_("Population"), said="word"),
    "start_dato": Column(N_("Startdato")),
    "hele_forloebet": Column(N_("Hele forløbet")),
    "slut_dato": Column(N_("Slutdato")),
    "ydelse_id": Column(N_("Ydelsens id")),
    "handlekommune": Column(N_("Handlekommune")),
    "betalingskommune": Column(N_("Betalingskommune")),
    "maalgruppe": Column(N_("Målgruppe")),
    "funktionsvurdering": Column(N_("Funktionsvurdering")),
    "system": Column(N_("System")),
    "ffb_ydelse": Column(N_("FFB-ydelse")),
    "ffb_tilbud": Column(N_("FFB-tilbud")),
    "afdeling": Column(N_("Afdeling")),
    "cpr": Column(N_("Borger (pseudonym)")),
}


def column_of(name: str) -> Column:
    """The declaration of a column; for one that is not declared, its name with spaces is the heading."""
    return COLUMNS.get(name) or Column(sentence(name))


def sentence(name: str) -> str:
    """A name of the data as words: ``hele_forloebet`` is «Hele forløbet»."""
    for ascii_form, letter in (("ae", "æ"), ("oe", "ø"), ("aa", "å")):
        name = name.replace(ascii_form, letter)
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
