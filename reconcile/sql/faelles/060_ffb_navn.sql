-- One row is: a text that stands as ffb_ydelse or ffb_tilbud (lag: ydelse or tilbud) × the concept of the common catalogue
-- it is, by UUID or full name whatever the case (uuid is NULL: none). noegle is the text as it is compared. normale are the
-- codes the concept is given on, and those it is normal beside (§ 85 on an ophold); NULL: the catalogue names no code.
-- stored
SELECT
    t.lag,
    t.tekst,
    t.noegle,
    k.uuid,
    k.navn,
    k.paragraf,
    CASE WHEN k.dst_koder IS NOT NULL THEN '|' || k.dst_koder || '|' || coalesce(k.ogsaa_normal_paa, '') || '|' END AS normale
FROM (
    SELECT lag, tekst, lower(trim(regexp_replace(tekst, '\s+', ' ', 'g'))) AS noegle
    FROM (
        SELECT 'ydelse' AS lag, ffb_ydelse AS tekst FROM fagsystem WHERE ffb_ydelse IS NOT NULL
        UNION
        SELECT 'ydelse', ffb_ydelse FROM flis WHERE ffb_ydelse IS NOT NULL
        UNION
        SELECT 'tilbud', ffb_tilbud FROM fagsystem WHERE ffb_tilbud IS NOT NULL
        UNION
        SELECT 'tilbud', ffb_tilbud FROM flis WHERE ffb_tilbud IS NOT NULL
    ) AS skrevet
) AS t
LEFT JOIN ref_ffb_katalog AS k ON k.slags = t.lag AND t.noegle IN (k.uuid, lower(k.navn))
