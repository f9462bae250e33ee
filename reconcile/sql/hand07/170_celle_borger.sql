-- One row is: a person whom the bridge or FLIS counts in a listed cell (table vist_celle): which steps the person has passed
-- (1/0), whether FLIS counts the person, the days left after the last step, and the first course behind it.
SELECT
    t.*,
    f.kilde, f.fil, f.raekke, f.start_dato, f.slut_dato
FROM (
    SELECT
        dst_kode, periode, cpr,
        max(CASE WHEN nr = 0 THEN 1 ELSE 0 END) AS flis,
        max(CASE WHEN nr = 1 THEN 1 ELSE 0 END) AS raa,
        max(CASE WHEN nr = 2 THEN 1 ELSE 0 END) AS rettet,
        max(CASE WHEN nr = 3 THEN 1 ELSE 0 END) AS indlaesning,
        max(CASE WHEN nr = 4 THEN 1 ELSE 0 END) AS gyldighed,
        max(CASE WHEN nr = 5 THEN 1 ELSE 0 END) AS r1,
        max(CASE WHEN nr = 6 THEN 1 ELSE 0 END) AS r3,
        max(CASE WHEN nr = 7 THEN 1 ELSE 0 END) AS r2,
        max(CASE WHEN nr = 7 THEN dage ELSE 0 END) AS dage
    FROM (
        SELECT nr, dst_kode, periode, cpr, dage FROM bro_aktiv
        UNION ALL
        SELECT 0, dst_kode, periode, cpr, dage FROM flis_person
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
