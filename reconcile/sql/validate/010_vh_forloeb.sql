-- One row is: a judged course of the fagsystem or FLIS extract, with what the VH rules need to know about its person,
-- its code and its kommuner. With chosen periods only courses that touch them are judged.
-- stored
SELECT
    f.*,
    s.klasse,
    s.foedselsdato,
    s.doedsdato,
    k.dst_kode IS NOT NULL AS kendt_kode,
    k.gyldig_fra,
    k.gyldig_til,
    k.paragraf,
    -- no age is made of a birth date that cannot be right
    CASE
        WHEN s.foedselsdato <= f.start_dato AND s.foedselsdato <= $i_dag
            THEN year(f.start_dato) - year(s.foedselsdato)
                - CASE WHEN month(s.foedselsdato) = 1 AND day(s.foedselsdato) = 1 THEN 0 ELSE 1 END
    END AS alder_1_januar,
    CAST(year(s.foedselsdato) AS VARCHAR) AS foedselsaar,
    s.foedselsdato > f.start_dato OR s.foedselsdato > $i_dag OR s.doedsdato < s.foedselsdato AS foedt_forkert,
    CASE
        WHEN f.funktionsvurdering IS NOT NULL AND NOT regexp_full_match(lower(f.funktionsvurdering), $funktionsvurdering_form)
            THEN 'funktionsvurdering'
        WHEN f.maalgruppe IS NOT NULL AND NOT regexp_full_match(lower(f.maalgruppe), $maalgruppe_form) THEN 'målgruppe'
    END AS uden_for_kolonne,
    CASE
        WHEN f.funktionsvurdering IS NOT NULL AND NOT regexp_full_match(lower(f.funktionsvurdering), $funktionsvurdering_form)
            THEN f.funktionsvurdering
        WHEN f.maalgruppe IS NOT NULL AND NOT regexp_full_match(lower(f.maalgruppe), $maalgruppe_form) THEN f.maalgruppe
    END AS uden_for_liste,
    date_diff('day', f.start_dato, o.dag) AS dage_aaben,
    $paragraf_107_dage AS paragraf_107_dage,
    o.dag AS opgjort,
    CASE
        WHEN h.kommune IS NULL AND f.handlekommune <> $kommune THEN f.handlekommune
        WHEN b.kommune IS NULL AND f.betalingskommune <> $kommune THEN f.betalingskommune
    END AS ukendt_kommune,
    x.navn AS ffb_navn,
    coalesce(x.navn, f.ffb_ydelse) AS ffb_tekst,
    x.normale AS ffb_normale,
    x.paragraf AS ffb_paragraf,
    x.noegle AS ffb_noegle,
    -- the first course of a source with an FFB text, which a text that is not in the catalogue is told of once
    row_number() OVER (PARTITION BY f.kilde, x.noegle ORDER BY f.ffb_ydelse, f.fil, f.raekke) = 1 AS ffb_foerste,
    CAST(f.start_dato AS VARCHAR) || '|' || coalesce(CAST(f.slut_dato AS VARCHAR), '') || '|' || coalesce(f.ydelse_id, '')
        AS noegle
FROM forloeb AS f
LEFT JOIN person AS s ON s.cpr = f.cpr
LEFT JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
LEFT JOIN ref_kommune AS h ON h.kommune = f.handlekommune
LEFT JOIN ref_kommune AS b ON b.kommune = f.betalingskommune
LEFT JOIN ffb_navn AS x ON x.lag = 'ydelse' AND x.tekst = f.ffb_ydelse
-- figures are made up on the last judged day, never later than today
CROSS JOIN (SELECT least($i_dag, coalesce(max(til), $i_dag)) AS dag FROM periode) AS o
WHERE NOT $periode_valgt
    OR EXISTS (
        SELECT 1 FROM periode AS p
        WHERE least(f.foerste_dag, f.sidste_dag) <= p.til AND greatest(f.foerste_dag, f.sidste_dag) >= p.fra
    )
