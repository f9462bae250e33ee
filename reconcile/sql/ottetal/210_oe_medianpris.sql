-- One row is: a dst_kode with an account: its courses in the extract, the median of its prices × 2 and their MAD × 4 (both
-- whole numbers, in the unit of oe_dagspris), and whether OE06 runs for it: at least 20 courses and MAD > 0. Twice a median
-- is the lower middle value plus the upper one.
-- stored
SELECT
    k.dst_kode,
    coalesce(c.forloeb, 0) AS forloeb,
    d.median2,
    d.mad4,
    coalesce(c.forloeb, 0) >= 20 AND coalesce(d.mad4, 0) > 0 AS koerer
FROM (SELECT DISTINCT dst_kode FROM masterkonto WHERE rammestyret = 0) AS k
LEFT JOIN (
    SELECT dst_kode, count(*) AS forloeb FROM ottetal_forloeb WHERE side = 'oe' GROUP BY dst_kode
) AS c ON c.dst_kode = k.dst_kode
LEFT JOIN (
    SELECT
        dst_kode, median2,
        max(CASE WHEN plads = (antal + 1) // 2 THEN afstand END) + max(CASE WHEN plads = antal // 2 + 1 THEN afstand END)
            AS mad4
    FROM (
        SELECT
            p.dst_kode, q.median2, abs(2 * p.pris - q.median2) AS afstand,
            row_number() OVER (PARTITION BY p.dst_kode ORDER BY abs(2 * p.pris - q.median2)) AS plads,
            count(*) OVER (PARTITION BY p.dst_kode) AS antal
        FROM oe_dagspris AS p
        INNER JOIN (
            SELECT
                dst_kode,
                max(CASE WHEN plads = (antal + 1) // 2 THEN pris END) + max(CASE WHEN plads = antal // 2 + 1 THEN pris END)
                    AS median2
            FROM (
                SELECT
                    dst_kode, pris,
                    row_number() OVER (PARTITION BY dst_kode ORDER BY pris) AS plads,
                    count(*) OVER (PARTITION BY dst_kode) AS antal
                FROM oe_dagspris
            ) AS r
            GROUP BY dst_kode
        ) AS q ON q.dst_kode = p.dst_kode
    ) AS a
    GROUP BY dst_kode, median2
) AS d ON d.dst_kode = k.dst_kode
