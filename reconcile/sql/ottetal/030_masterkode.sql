-- One row is: a known dst_kode, or one that the masteroversigt names: how many accounts it has and whether a row of it
-- is rammestyret (1).
-- stored
SELECT
    k.dst_kode,
    k.kendt,
    count(DISTINCT m.konto) AS konti,
    max(CASE WHEN m.rammestyret THEN 1 ELSE 0 END) AS rammestyret
FROM (
    SELECT dst_kode, max(kendt) AS kendt
    FROM (
        SELECT dst_kode, 1 AS kendt FROM ref_ydelseskode
        UNION ALL SELECT dst_kode, 0 AS kendt FROM masteroversigt
    ) AS alle
    GROUP BY dst_kode
) AS k
LEFT JOIN masteroversigt AS m ON m.dst_kode = k.dst_kode
GROUP BY k.dst_kode, k.kendt
