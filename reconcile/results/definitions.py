"""What each figure of the nøgletal means, said once: definition, unit and source. ``docs/noegletal.md`` is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconcile.i18n import N_


@dataclass(frozen=True)
class Figure:
    """A figure: its ``definition`` and its ``unit``, marked for the catalogue."""

    definition: str
    unit: str


_PERSONS = N_("borgere")
_COURSES = N_("forløb")
_FULL = N_("helårsmodtagere, 4 decimaler")
_KR = N_("kr.")
_DAYS = N_("dage")
_SHARE = N_("andel, 0–1")
_PER_1000 = N_("pr. 1.000 indbyggere")
_COUNT = N_("antal")
_INHABITANTS = N_("indbyggere")
_PERSON_MONTHS = N_("borgermåneder")
_AS_SAID = N_("som enhed siger")
_PLACE_DAYS = N_("plads × dage")

_VH = N_("KOMBIT/KL, «FLIS data Voksen Handicappede» (webinar, april 2022)")
_KOMPONENT = N_("Komponent, workshop om datavalidering (13-12-2021): flow på de enkelte paragraffer, tid i tilbud")
_LEMVIG = N_("Lemvig Kommunes rapport (KOMBIT/KL, webinar, april 2022)")
_FFB = N_("Fælles Faglige Begreber (KL, 30-05-2024); FFB-webinar om indsatskataloget (KL/KOMBIT, 2023)")
_REGNSKAB = N_("Jeres økonomisystem og masteroversigt; delingen af ændringen er egen definition")
_FLIS = N_(
    "KOMBIT/KL, «FLIS data Voksen Handicappede» (webinar, april 2022): de 8 nøgletal; koblingen af "
    "funktion og ydelse fra Lemvigs rapport"
)
_STATBANK = N_("Statistikbanken: REGK31, HAND01, HAND07 og FOLK1A")
_GRANTS = N_(
    "Jeres disponering, afregning, fagsystem og økonomi; egen definition efter Komponents workshop om datavalidering (13-12-2021)"
)
_DST = N_("Danmarks Statistik, «Kommunale udgifter til sociale indsatser» (første gang 2026)")

#: Table → what it holds, and where the definition is from.
TEXTS: Mapping[str, tuple[str, str]] = {
    "noegletal_vh": (
        N_(
            "De seks tællinger af FLIS' kube pr. ydelse, paragraf, gruppe og i alt, for måned, kvartal og år; det"
            " harmoniserede tal fra broen står ved siden af det rå."
        ),
        _VH,
    ),
    "noegletal_fordelt": (
        N_("De samme tællinger delt efter én oplysning om ydelsen eller borgeren, for måned, kvartal og år."),
        _VH,
    ),
    "flow": (
        N_(
            "Hvor mange borgere der er ved periodens begyndelse og slutning, og hvor mange der kommer og går: "
            "primo + tilgang − afgang = ultimo."
        ),
        _KOMPONENT,
    ),
    "varighed": (N_("De forløb, der er åbne på kvartalets sidste dag, efter hvor mange dage siden de begyndte."), _VH),
    "varighed_afsluttet": (N_("De forløb, der slutter i kvartalet, og hvor længe de varede."), _KOMPONENT),
    "kombinationer": (N_("Hvilke ydelser en borger har samtidig på kvartalets sidste dag."), _LEMVIG),
    "tilbud": (N_("Borgere og brugte dage pr. tilbud; alle forløb i udtrækket tæller, hvem der end handler."), _LEMVIG),
    "ffb": (
        N_(
            "Borgere pr. paragraf, FFB-ydelse og FFB-tilbud; navnet findes i det fælles katalog ved UUID eller "
            "fuldt navn."
        ),
        _FFB,
    ),
    "ffb_overlap": (
        N_(
            "Borgere med to paragraffer, eller to navne på én, på samme dag, set i hvert lag for sig: i FFB er § "
            "85 ved siden af et ophold normal."
        ),
        _FFB,
    ),
    "ffb_daekning": (N_("Hvor mange af kvartalets forløb der har FFB-data."), _FFB),
    "ffb_ukendte": (N_("Tekster, der står som FFB-ydelse eller FFB-tilbud og ikke er i kataloget."), _FFB),
    "pris": (
        N_(
            "Hvad en ydelse koster dem, kommunen betaler for, og hvorfor udgiften er en anden end i samme periode"
            " året før."
        ),
        _REGNSKAB,
    ),
    "flis_noegletal": (N_("De otte nøgletal, FLIS har på voksenområdet, for hvert år."), _FLIS),
    "flis_omraader": (
        N_("Udgift, modtagere og pris for hvert område og hver gruppe: Lemvigs tabel 1, 2, 6 og 9."),
        _LEMVIG,
    ),
    "sammenligning": (N_("Kommunen, dens gruppe og landet, alle efter offentliggjorte tal."), _STATBANK),
    "enkeltudgift": (
        N_(
            "Udkast til individstatistikken over kommunale udgifter til sociale indsatser: beløb og periode pr. "
            "borger og paragraf."
        ),
        _DST,
    ),
    "enkeltudgift_kontrol": (N_("De kontroller, individstatistikken dømmes efter, pr. år og paragraf."), _DST),
    "disponering_kode": (
        N_(
            "Hvad der er bevilget, givet, afregnet og betalt pr. ydelse og kvartal, og hvor mange borgermåneder der er ens."
        ),
        _GRANTS,
    ),
    "disponering_maaned": (
        N_("Hvad der er bevilget, givet, afregnet og betalt for hver borger, ydelse og måned."),
        _GRANTS,
    ),
}
#: Column → its figure, whatever table it stands in.
FIGURES: Mapping[str, Figure] = {
    "modtagere": Figure(
        N_("Borgere med mindst én aktiv dag i perioden, hver én gang; aldrig en sum over ydelser eller perioder."),
        _PERSONS,
    ),
    "ydelser": Figure(N_("Forløb med mindst én aktiv dag i perioden."), _COURSES),
    "aabne": Figure(N_("Forløb, der er aktive på periodens sidste dag og ikke slutter på den."), _COURSES),
    "lukkede": Figure(N_("Forløb, hvis slutdato ligger i perioden."), _COURSES),
    "helaarsmodtagere": Figure(
        N_("Aktive dage, hver borgers dag én gang, delt med periodens dage; et år er kvartalerne vægtet med dage."),
        _FULL,
    ),
    "modtagere_harmoniseret": Figure(N_("Modtagere efter DST's faste regneregler (broens sidste trin)."), _PERSONS),
    "ydelser_harmoniseret": Figure(N_("Forløb efter DST's faste regneregler."), _COURSES),
    "helaarsmodtagere_harmoniseret": Figure(N_("Helårsmodtagere efter DST's faste regneregler."), _FULL),
    "forbrug": Figure(
        N_(
            "Netto af posteringerne på ydelsens konti i perioden (ydelsesperioden, ellers bogføringen); en konto "
            "på flere ydelser tæller én gang i deres gruppe."
        ),
        _KR,
    ),
    "primo": Figure(N_("Borgere, der er aktive dagen før perioden."), _PERSONS),
    "tilgang": Figure(N_("Borgere, der er aktive på den sidste dag og ikke var det dagen før perioden."), _PERSONS),
    "afgang": Figure(N_("Borgere, der var aktive dagen før perioden og ikke er det på den sidste dag."), _PERSONS),
    "ultimo": Figure(N_("Borgere, der er aktive på periodens sidste dag."), _PERSONS),
    "ind_og_ud": Figure(
        N_("Borgere, der er aktive i perioden og hverken dagen før den eller på dens sidste dag."), _PERSONS
    ),
    "borgere": Figure(N_("Borgere, hver én gang."), _PERSONS),
    "afsluttede": Figure(N_("Forløb, der slutter i kvartalet."), _COURSES),
    "median_dage": Figure(N_("Den midterste varighed af de afsluttede, første og sidste dag medregnet."), _DAYS),
    "gennemsnit_dage": Figure(N_("Den gennemsnitlige varighed af de afsluttede."), _DAYS),
    "koder": Figure(N_("Ydelser i kombinationen."), _COUNT),
    "egne": Figure(N_("Borgere, kommunen selv betaler for (tom betalingskommune er handlekommunen)."), _PERSONS),
    "udenbys": Figure(N_("Borgere, en anden kommune betaler for."), _PERSONS),
    "dage": Figure(N_("Dage med ydelsen, hver borgers dag én gang."), _DAYS),
    "pladsdage": Figure(N_("Tilbuddets pladser gange de dage, de var der."), _PLACE_DAYS),
    "belaegning": Figure(N_("Brugte dage delt med pladsdage; 1 er fuldt belagt."), _SHARE),
    "begge": Figure(N_("Forløb med både FFB-ydelse og FFB-tilbud."), _COURSES),
    "kun_ydelse": Figure(N_("Forløb med FFB-ydelse uden FFB-tilbud."), _COURSES),
    "kun_tilbud": Figure(N_("Forløb med FFB-tilbud uden FFB-ydelse."), _COURSES),
    "ingen": Figure(N_("Forløb uden FFB-data."), _COURSES),
    "andel": Figure(N_("Forløb med FFB-ydelse eller FFB-tilbud, delt med alle."), _SHARE),
    "beloeb": Figure(N_("Netto af posteringerne, på øren."), _KR),
    "kr_pr_helaarsmodtager": Figure(N_("Beløbet delt med helårsmodtagerne; et kvartals er ikke gjort årligt."), _KR),
    "indbyggere": Figure(N_("Indbyggere på 18–64 år i det kvartal, der står ved."), _INHABITANTS),
    "kr_pr_indbygger": Figure(N_("Beløbet delt med indbyggerne på 18–64 år."), _KR),
    "helaarsmodtagere_pr_1000": Figure(N_("Helårsmodtagere pr. 1.000 indbyggere på 18–64 år."), _PER_1000),
    "beloeb_aaret_foer": Figure(
        N_("Beløbet i samme periode året før; tomt, hvor regnskabet ikke har posteringer."), _KR
    ),
    "aendring": Figure(
        N_("Beløbet nu minus året før = mængde + pris + kommet til + gået fra + mellemkommunal + uden CPR, på øren."),
        _KR,
    ),
    "volumen": Figure(
        N_(
            "For borgere i begge år: ændringen i andel af periodens dage gange borgerens pris året før, afrundet "
            "til øren pr. borger."
        ),
        _KR,
    ),
    "pris": Figure(N_("For borgere i begge år: resten af ændringen."), _KR),
    "kommet": Figure(N_("Beløbet for borgere, der ikke var der året før."), _KR),
    "gaaet": Figure(N_("Minus beløbet for borgere, der kun var der året før."), _KR),
    "mellemkommunal": Figure(N_("Ændringen for borgere i perioder, hvor kun en anden kommune betaler for dem."), _KR),
    "uden_cpr": Figure(N_("Ændringen i posteringer uden CPR."), _KR),
    "nr": Figure(N_("Nøgletallets nummer i FLIS' rækkefølge."), _COUNT),
    "beregnet_af": Figure(N_("Brøkens tæller: udgift i kr. eller helårsmodtagere."), _AS_SAID),
    "delt_med": Figure(
        N_(
            "Brøkens nævner: indbyggere på 18–64 år, eller helårsmodtagere af botilbud og § 85, hver borgers dag "
            "én gang."
        ),
        _COUNT,
    ),
    "vaerdi": Figure(N_("Brøken, gange 1.000 for tal pr. 1.000."), _AS_SAID),
    "udgift": Figure(
        N_("Netto på områdets funktion og grupperinger, dranst 1; «I alt» er dranst 1 og 2 på de valgte funktioner."),
        _KR,
    ),
    "egen": Figure(N_("Kommunens eget tal."), _AS_SAID),
    "gruppe_middel": Figure(N_("Gennemsnittet af gruppens kommuners tal: middel af forhold."), _AS_SAID),
    "gruppe_samlet": Figure(
        N_("Gruppens tællere lagt sammen, delt med dens nævnere lagt sammen: forhold af summer."), _AS_SAID
    ),
    "gruppe_kommuner": Figure(N_("Kommuner i gruppen, der har begge tal."), _COUNT),
    "landet_middel": Figure(N_("Middel af forhold over landets kommuner, når mindst 90 har tallene."), _AS_SAID),
    "landet_samlet": Figure(N_("Statistikbankens egen række for hele landet, ellers forhold af summer."), _AS_SAID),
    "landet_kommuner": Figure(N_("Kommuner bag landets middel."), _COUNT),
    "aarsudgift": Figure(N_("Beløb delt med dage, gange 365."), _KR),
    "personer": Figure(N_("Borgere med en postering på paragraffens funktion."), _PERSONS),
    "median_aarsudgift": Figure(N_("Den midterste årsudgift af dem med dage."), _KR),
    "mangler_dato": Figure(N_("Borgere uden et forløb med dage i året."), _PERSONS),
    "negative": Figure(N_("Borgere med et negativt beløb."), _PERSONS),
    "ekstreme": Figure(
        N_("Borgere, hvis årsudgift ligger uden for median ± pris_k gange MAD, hvor mindst 20 har dage."), _PERSONS
    ),
    "oekonomi": Figure(N_("Alle posteringer på funktionen, dranst 1."), _KR),
    "regnskab": Figure(N_("Det offentliggjorte regnskab på funktionen, dranst 1."), _KR),
    "forskel_regnskab": Figure(N_("Regnskab minus udkastets sum."), _KR),
    "disponeret_borgere": Figure(N_("Borgere med en bevilget takst i en af kvartalets måneder."), _PERSONS),
    "ydelse_borgere": Figure(N_("Borgere med en dag med ydelsen, som kommunen betaler for."), _PERSONS),
    "betalt_borgere": Figure(N_("Borgere med et nettobeløb på ydelsens konti."), _PERSONS),
    "disponeret": Figure(
        N_(
            "Bevilget takst gange antal gange dagene i måneden, delt med enhedens dage (ugens 7; månedens, kvartalets eller"
            " årets); et styk i den første dags måned. Hver takst er afrundet til øren pr. måned."
        ),
        _KR,
    ),
    "afregnet": Figure(N_("Som disponeret, af de afregnede takster."), _KR),
    "betalt": Figure(
        N_(
            "Netto af posteringerne for måneden på ydelsens konti; en konto på flere ydelser tæller på den, borgeren har."
        ),
        _KR,
    ),
    "forskel_disponeret": Figure(N_("Betalt minus disponeret."), _KR),
    "forskel_afregnet": Figure(N_("Betalt minus afregnet."), _KR),
    "ens": Figure(
        N_("Borgermåneder med ydelse, hvor det betalte er det disponerede, inden for tolerance_kr."), _PERSON_MONTHS
    ),
    "afviger": Figure(N_("Borgermåneder, hvor ydelse, disponering og betaling ikke passer sammen."), _PERSON_MONTHS),
    "ikke_afgjort": Figure(
        N_(
            "Borgermåneder, der ikke kan dømmes: regnskabet er ikke nået så langt, ydelsen betales ikke hver måned, kontoen"
            " står på flere ydelser, eller ydelsen disponeres slet ikke."
        ),
        _PERSON_MONTHS,
    ),
}
#: Where a column means something else in one table.
_OTHERWISE: Mapping[tuple[str, str], Figure] = {
    ("varighed", "ydelser"): Figure(N_("Forløb, der er åbne på kvartalets sidste dag."), _COURSES),
    ("ffb_ukendte", "ydelser"): Figure(N_("Forløb, der har teksten, i de viste perioder."), _COURSES),
    ("ffb_overlap", "borgere"): Figure(N_("Borgere, der har begge dele på samme dag i kvartalet."), _PERSONS),
    ("enkeltudgift_kontrol", "uden_cpr"): Figure(N_("Posteringer uden CPR, som mangler i udkastet."), _KR),
    ("enkeltudgift_kontrol", "beloeb"): Figure(N_("Summen af udkastets beløb."), _KR),
}


def figure(table: str, column: str) -> Figure:
    """What a column of a table means.

    Raises:
        KeyError: it is no figure of the nøgletal.
    """
    return _OTHERWISE.get((table, column)) or FIGURES[column]
