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
        max(CASE WHEN hertil >= (alle + 1) // 2 AND hertil - antal < (alle + 1) // 2 THEN afstand END)
        + max(CASE WHEN hertil >= alle // 2 + 1 AND hertil - antal < alle // 2 + 1 THEN afstand END) AS mad4
    FROM (
        SELECT
            dst_kode, median2, afstand, antal,
            sum(antal) OVER (PARTITION BY dst_kode ORDER BY afstand ROWS UNBOUNDED PRECEDING) AS hertil,
            sum(antal) OVER (PARTITION BY dst_kode) AS alle
        FROM (
            SELECT p.dst_kode, q.median2, abs(2 * p.pris - q.median2) AS afstand, count(*) AS antal
            FROM oe_dagspris AS p
            INNER JOIN oe_kodepris AS q ON q.dst_kode = p.dst_kode
            GROUP BY p.dst_kode, q.median2, abs(2 * p.pris - q.median2)
        ) AS a
    ) AS talt
    GROUP BY dst_kode, median2
) AS d ON d.dst_kode = k.dst_kode
