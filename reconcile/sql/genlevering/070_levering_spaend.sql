-- One row is: a changed key with the judged quarters it touches, and those whose figures it moves (flytter, 1), as text:
-- 2020K1–2020K3, 2021K1.
-- stored
SELECT
    kilde, noegletype, noegle, flytter,
    string_agg(CASE WHEN fra = til THEN fra ELSE fra || '–' || til END, ', ' ORDER BY fra) AS kvartaler
FROM (
    SELECT kilde, noegletype, noegle, flytter, min(periode) AS fra, max(periode) AS til
    FROM (
        SELECT
            d.*,
            d.nr - row_number() OVER (PARTITION BY d.kilde, d.noegletype, d.noegle, d.flytter ORDER BY d.nr) AS oe
        FROM (
            SELECT DISTINCT kilde, noegletype, noegle, periode, nr, 0 AS flytter FROM levering_kvartal
            UNION ALL
            SELECT DISTINCT kilde, noegletype, noegle, periode, nr, 1 AS flytter FROM levering_kvartal WHERE flytter = 1
        ) AS d
    ) AS nummereret
    GROUP BY kilde, noegletype, noegle, flytter, oe
) AS stykke
GROUP BY kilde, noegletype, noegle, flytter
