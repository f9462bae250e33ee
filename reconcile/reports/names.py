"""Names of the data in words: causes and the words that stand in cells.

In Danish, marked for the catalogue; ``labels`` says them in the chosen language. Files keep the names themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconcile.i18n import N_

#: Causes of a difference in the 8-tals kontrol that are no step of the bridge, as they stand inside a sentence.
CAUSES: Mapping[str, str] = {
    "forkert_konto": N_("forkert konto"),
    "betaling_efter_ophoer": N_("betaling efter ophør"),
    "betaling_uden_ydelse": N_("betaling uden ydelse"),
    "ydelse_uden_betaling": N_("ydelse uden betaling"),
    "kun_i_fagsystem": N_("kun i fagsystem"),
    "kun_i_flis": N_("kun i FLIS"),
    "dublet_noegle": N_("dublet nøgle"),
    "aendret_post": N_("ændret post"),
    "befolkning": N_("befolkning"),
    "aktiv_ydelse": N_("aktiv ydelse"),
    "uden_cpr": N_("uden CPR"),
    "rammestyret": N_("rammestyret"),
    "nettet_ud": N_("nettet ud"),
    "delt_konto": N_("delt konto"),
    "rytme": N_("betales for flere måneder"),
    "efterslip": N_("efterslip"),
    "faerre_betalinger": N_("færre betalinger end måneder"),
    "usaedvanlig_pris": N_("usædvanlig pris"),
    "pris": N_("pris"),
    "mellemkommunale": N_("mellemkommunale"),
    "rest": N_("rest"),
}

#: Words that stand in the data.
WORDS: Mapping[str, str] = {
    "bro_sum": N_("jeres tal og broens trin giver Danmarks Statistiks tal (personer)"),
    "bro_fuldtid_sum": N_("jeres tal og broens trin giver Danmarks Statistiks tal (fuldtidsydelser)"),
    "bro_personer": N_("hvert trin i broen er de borgere, der går ud og kommer ind"),
    "bro_dage": N_("hvert trin i broen er de dage, som borgernes dage ændres med"),
    "flis_dage": N_("FLIS' dage − fagsystemets dage er summen af borgernes forskelle"),
    "celle_personer": N_("borgerne bag en åben celle er dem, fagsystemet tæller"),
    "kant_aarsager": N_("årsagerne mellem to kilder er forskellen mellem dem"),
    "kant_personer": N_("borgerne bag hver årsag er årsagens antal, til og fra"),
    "handle_betaler": N_(
        "handlekommunens borgere − befolkning og rammestyret fra + befolkning til = betalingskommunens borgere"
    ),
    "begge_kun": N_("borgere i begge og kun i den ene er hver sides borgere"),
    "beloeb_dele": N_("hvad beløbet dækker, er beløbet i økonomi (øre)"),
    "kroner_sum": N_("forventet beløb og årsagerne er beløbet i økonomi (øre)"),
    "flow": N_("primo + tilgang − afgang = ultimo"),
    "aar_kvartaler": N_("et års dage er dets kvartalers"),
    "fordelt_forloeb": N_("delenes forløb er hele tallets (målgrupper: mindst)"),
    "fordelt_dage": N_("delenes dage er hele tallets (hvor en borger kan have to på samme dag: mindst)"),
    "fordelt_borgere": N_("den største dels borgere ≤ hele tallets ≤ delenes sum"),
    "pris_aendring": N_("mængde + pris + kommet til + gået fra + mellemkommunal + uden CPR = ændringen (øre)"),
    "hele": N_("hele udtræk: det nyeste gælder"),
    "dele": N_("dele: de lægges sammen"),
    "fagsystem": N_("fagsystem"),
    "oekonomi": N_("økonomi"),
    "økonomi": N_("økonomi"),
    "flis": N_("FLIS"),
    "ydelseskontoret": N_("ydelseskontoret"),
    "systemansvarlig": N_("systemansvarlig"),
    "fejl": N_("fejl"),
    "advarsel": N_("advarsel"),
    "information": N_("oplysning"),
    "fagsystem–økonomi": N_("fagsystem–økonomi"),
    "uden_konto": N_("uden konto"),
    "rammestyret": N_("rammestyret"),
    "ukendt": N_("ukendt"),
    "alle": N_("alle"),
    "ingen": N_("ingen"),
    "i alt": N_("i alt"),
    "I alt": N_("I alt"),
    "ny": N_("ny"),
    "åben": N_("åben"),
    "analytikeren": N_("analytikeren"),
    "stadig åben": N_("stadig åben"),
    "ændret": N_("ændret"),
    "løst": N_("løst"),
    "fjernet": N_("fjernet"),
    "dublet": N_("dublet"),
    "ja": N_("ja"),
    "nej": N_("nej"),
    "ikke oplyst": N_("ikke oplyst"),
    "accepteret": N_("accepteret"),
    "udløbet": N_("udløbet"),
    "ikke fundet": N_("ikke fundet"),
    "et ydelsesforløb": N_("et ydelsesforløb"),
    "en postering": N_("en postering"),
    "en person": N_("en person"),
    "et offentliggjort tal": N_("et offentliggjort tal"),
    "en godkendelse": N_("en godkendelse"),
    "en kobling": N_("en kobling"),
    "en beregning": N_("en beregning"),
    "bopælskommune": N_("bopælskommune"),
}
