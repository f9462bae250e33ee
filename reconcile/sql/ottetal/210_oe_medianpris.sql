-- One row is: a dst_kode with an account: its courses in the extract, the median of its prices × 2 and their MAD × 4 (both
-- whole numbers, in the unit of oe_dagspris), and whether OE06 runs for it: at least 20 courses and MAD > 0.
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
        dst_kode,
        min(median2) AS median2,
        sum(CASE WHEN nr = (antal + 1) // 2 THEN afvigelse2 ELSE 0 END)
        + sum(CASE WHEN nr = (antal + 2) // 2 THEN afvigelse2 ELSE 0 END) AS mad4
    FROM (
        SELECT
            p.dst_kode, q.median2, q.antal, abs(2 * p.pris - q.median2) AS afvigelse2,
            row_number() OVER (PARTITION BY p.dst_kode ORDER BY abs(2 * p.pris - q.median2)) AS nr
        FROM oe_dagspris AS p
        INNER JOIN (
            SELECT
                dst_kode, antal,
                sum(CASE WHEN nr = (antal + 1) // 2 THEN pris ELSE 0 END)
                + sum(CASE WHEN nr = (antal + 2) // 2 THEN pris ELSE 0 END) AS median2
            FROM (
                SELECT
                    dst_kode, pris,
                    row_number() OVER (PARTITION BY dst_kode ORDER BY pris) AS nr,
                    count(*) OVER (PARTITION BY dst_kode) AS antal
                FROM oe_dagspris
            ) AS nummereret
            GROUP BY dst_kode, antal
        ) AS q ON q.dst_kode = p.dst_kode
    ) AS afvigelser
    GROUP BY dst_kode
) AS d ON d.dst_kode = k.dst_kode
