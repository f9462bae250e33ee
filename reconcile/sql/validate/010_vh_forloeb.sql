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
    year(f.start_dato) - year(s.foedselsdato)
        - CASE WHEN month(s.foedselsdato) = 1 AND day(s.foedselsdato) = 1 THEN 0 ELSE 1 END AS alder_1_januar,
    date_diff('day', f.start_dato, o.dag) AS dage_aaben,
    $paragraf_107_dage AS paragraf_107_dage,
    o.dag AS opgjort,
    CASE
        WHEN h.kommune IS NULL AND f.handlekommune <> $kommune THEN f.handlekommune
        WHEN b.kommune IS NULL AND f.betalingskommune <> $kommune THEN f.betalingskommune
    END AS ukendt_kommune,
    x.dst_koder AS ffb_koder,
    x.paragraf AS ffb_paragraf,
    CAST(f.start_dato AS VARCHAR) || '|' || coalesce(CAST(f.slut_dato AS VARCHAR), '') || '|' || coalesce(f.ydelse_id, '')
        AS noegle
FROM forloeb AS f
LEFT JOIN person AS s ON s.cpr = f.cpr
LEFT JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
LEFT JOIN ref_kommune AS h ON h.kommune = f.handlekommune
LEFT JOIN ref_kommune AS b ON b.kommune = f.betalingskommune
LEFT JOIN (
    -- the FFB name that the text holds; the longest where several fit, then the last by name
    SELECT
        n.ffb_ydelse,
        arg_max(r.dst_koder, lpad(CAST(length(r.navn) AS VARCHAR), 4, '0') || r.navn) AS dst_koder,
        arg_max(r.paragraf, lpad(CAST(length(r.navn) AS VARCHAR), 4, '0') || r.navn) AS paragraf
    FROM (SELECT DISTINCT ffb_ydelse FROM forloeb WHERE ffb_ydelse IS NOT NULL) AS n
    INNER JOIN ref_ffb_ydelse AS r ON contains(lower(n.ffb_ydelse), r.navn)
    GROUP BY n.ffb_ydelse
) AS x ON x.ffb_ydelse = f.ffb_ydelse
-- figures are made up on the last judged day, never later than today
CROSS JOIN (SELECT least($i_dag, coalesce(max(til), $i_dag)) AS dag FROM periode) AS o
WHERE NOT $periode_valgt
    OR EXISTS (
        SELECT 1 FROM periode AS p
        WHERE least(f.foerste_dag, f.sidste_dag) <= p.til AND greatest(f.foerste_dag, f.sidste_dag) >= p.fra
    )
