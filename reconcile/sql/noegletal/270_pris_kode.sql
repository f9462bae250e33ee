-- One row is: a dst_kode × period with the days the own kommune pays for, the net on its accounts in øre now and a year before
-- (NULL where the ledger has no posting then), the parts of the change, and the inhabitants of 18 to 64 years: of
-- the quarter, for a year of the quarter that $befolkningskvartal says.
SELECT
    k.dst_kode, k.periodetype, k.periode, n.dage AS laengde, k.dage,
    CASE WHEN n.bogfoert THEN k.oere_nu END AS oere_nu,
    CASE WHEN f.bogfoert AND n.bogfoert THEN k.oere_foer END AS oere_foer,
    k.volumen, k.pris, k.kommet, k.gaaet, k.mellem, k.uden_cpr, b.antal AS indbyggere
FROM (
    SELECT
        dst_kode, periodetype, periode,
        CAST(sum(dage_nu) AS BIGINT) AS dage,
        sum(egne_nu + andres_nu) AS oere_nu,
        sum(egne_foer + andres_foer) AS oere_foer,
        sum(volumen) AS volumen, sum(pris) AS pris, sum(kommet) AS kommet, sum(gaaet) AS gaaet, sum(mellem) AS mellem,
        sum(uden_cpr) AS uden_cpr
    FROM pris_del
    GROUP BY dst_kode, periodetype, periode
) AS k
INNER JOIN pris_periode AS n ON n.periode = k.periode AND n.nu = 1
INNER JOIN pris_periode AS f ON f.periode = k.periode AND f.nu = 0
LEFT JOIN (
    SELECT t.periode, sum(t.antal) AS antal
    FROM folketal AS t
    INNER JOIN egen_kommune AS e ON e.kommune = t.kommune
    GROUP BY t.periode
    HAVING count(*) = (SELECT count(*) FROM egen_kommune)
) AS b ON b.periode = k.periode || CASE WHEN k.periodetype = 'aar' THEN $befolkningskvartal ELSE '' END
-- a period that the ledger does not reach and that has no days is none
WHERE n.bogfoert OR k.dage > 0
