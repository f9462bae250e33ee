-- One row is: a person whom the FLIS extract counts on a dst_kode in a quarter, and on how many days. Nearly everybody has one
-- stretch (alene), and there is nothing to add up.
-- stored
WITH dag AS (
    SELECT
        s.dst_kode, p.periode, s.cpr, s.alene,
        CAST(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS BIGINT) AS dage
    FROM (
        SELECT s.dst_kode, s.cpr, s.dag_fra, s.dag_til, m.cpr IS NULL AS alene
        FROM flis_spaend AS s
        LEFT JOIN (SELECT DISTINCT dst_kode, cpr FROM flis_spaend WHERE stykke > 0) AS m
            ON m.dst_kode = s.dst_kode AND m.cpr = s.cpr
    ) AS s
    INNER JOIN periode AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
)
SELECT dst_kode, periode, cpr, dage FROM dag WHERE alene
UNION ALL
SELECT dst_kode, periode, cpr, CAST(sum(dage) AS BIGINT) FROM dag WHERE NOT alene GROUP BY dst_kode, periode, cpr
