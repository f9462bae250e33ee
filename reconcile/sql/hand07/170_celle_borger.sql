-- One row is: a person whom the bridge or FLIS counts in a listed cell (table vist_celle): which steps the person has passed
-- (1/0), whether FLIS counts the person, the days left after the last step, and the first course behind it.
SELECT
    t.*,
    f.kilde, f.fil, f.raekke, f.start_dato, f.slut_dato
FROM (
    SELECT
        dst_kode, periode, cpr,
        max(flis) AS flis,
        max(CASE WHEN dage_1 IS NULL THEN 0 ELSE 1 END) AS raa,
        max(CASE WHEN dage_2 IS NULL THEN 0 ELSE 1 END) AS rettet,
        max(CASE WHEN dage_3 IS NULL THEN 0 ELSE 1 END) AS indlaesning,
        max(CASE WHEN dage_4 IS NULL THEN 0 ELSE 1 END) AS gyldighed,
        max(CASE WHEN dage_5 IS NULL THEN 0 ELSE 1 END) AS r1,
        max(CASE WHEN dage_6 IS NULL THEN 0 ELSE 1 END) AS r3,
        max(CASE WHEN dage_7 IS NULL THEN 0 ELSE 1 END) AS r2,
        max(coalesce(dage_7, 0)) AS dage
    FROM (
        SELECT 0 AS flis, dst_kode, periode, cpr, dage_1, dage_2, dage_3, dage_4, dage_5, dage_6, dage_7 FROM bro_dage
        UNION ALL
        SELECT 1, dst_kode, periode, cpr, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM flis_person
    ) AS alle
    WHERE EXISTS (SELECT 1 FROM vist_celle AS c WHERE c.dst_kode = alle.dst_kode AND c.periode = alle.periode)
    GROUP BY dst_kode, periode, cpr
) AS t
LEFT JOIN (
    SELECT
        f.dst_kode, c.periode, f.cpr, f.kilde, f.fil, f.raekke, f.start_dato, f.slut_dato,
        row_number() OVER (
            PARTITION BY f.dst_kode, c.periode, f.cpr
            ORDER BY f.kilde, f.start_dato, coalesce(f.slut_dato, DATE '9999-12-31'), f.fil, f.raekke
        ) AS nr
    FROM forloeb AS f
    INNER JOIN vist_celle AS c ON c.dst_kode = f.dst_kode
    INNER JOIN periode AS p ON p.periode = c.periode AND f.foerste_dag <= p.til AND f.sidste_dag >= p.fra
    WHERE f.egen AND f.sidste_dag >= f.foerste_dag
) AS f ON f.nr = 1 AND f.dst_kode = t.dst_kode AND f.periode = t.periode AND f.cpr = t.cpr
