-- One row is: a known dst_kode, or one that the masteroversigt names: how many accounts it has; whether a row of it is
-- rammestyret (1) and whether the code is as a whole (helt, 1): a rammestyret row names no tilbud, or all accounts are;
-- and how it is billed: once in n months, forud months ahead (the longest of its rows' rytme; skrevet: a row has one, 1).
-- stored
SELECT
    k.dst_kode,
    k.kendt,
    count(DISTINCT m.konto) AS konti,
    max(CASE WHEN m.rammestyret THEN 1 ELSE 0 END) AS rammestyret,
    CASE
        WHEN count(m.konto) = 0 THEN 0
        WHEN max(CASE WHEN m.rammestyret AND m.tilbud IS NULL THEN 1 ELSE 0 END) = 1 THEN 1
        WHEN count(DISTINCT CASE WHEN r.konto IS NULL THEN m.konto END) = 0 THEN 1
        ELSE 0
    END AS helt,
    coalesce(max(CASE WHEN r.konto IS NULL THEN y.n END), 1) AS n,
    coalesce(max(CASE WHEN r.konto IS NULL AND m.rytme LIKE '% forud' THEN y.n END), 0) AS forud,
    max(CASE WHEN m.rytme IS NULL THEN 0 ELSE 1 END) AS skrevet
FROM (
    SELECT dst_kode, max(kendt) AS kendt
    FROM (
        SELECT dst_kode, 1 AS kendt FROM ref_ydelseskode
        UNION ALL SELECT dst_kode, 0 AS kendt FROM kobling
    ) AS alle
    GROUP BY dst_kode
) AS k
LEFT JOIN kobling AS m ON m.dst_kode = k.dst_kode
LEFT JOIN (SELECT DISTINCT konto FROM kobling WHERE rammestyret AND konto IS NOT NULL) AS r ON r.konto = m.konto
LEFT JOIN (VALUES ('maaned', 1), ('kvartal', 3), ('halvaar', 6), ('aar', 12)) AS y(rytme, n)
    ON y.rytme = replace(m.rytme, ' forud', '')
GROUP BY k.dst_kode, k.kendt
