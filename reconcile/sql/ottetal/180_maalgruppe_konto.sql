-- One row is: a registered målgruppe text × account × dst_kode: whether one of the målgrupper is, or lies under, one of the
-- account's levels (passer, 1). Levels match by prefix at a point: 1.1.3 is under 1.1.
-- stored
SELECT
    g.maalgruppe, n.konto, n.dst_kode,
    max(
        CASE
            WHEN strpos('|' || g.maalgruppe || '|', '|' || n.niveau || '|') > 0 THEN 1
            WHEN strpos('|' || g.maalgruppe, '|' || n.niveau || '.') > 0 THEN 1
            ELSE 0
        END
    ) AS passer,
    string_agg(n.niveau, '|' ORDER BY n.niveau) AS niveauer
FROM (SELECT DISTINCT maalgruppe FROM ottetal_forloeb WHERE side = 'oe' AND maalgruppe IS NOT NULL) AS g
CROSS JOIN masterniveau AS n
GROUP BY g.maalgruppe, n.konto, n.dst_kode
