-- One row is: a dst_kode with a price: twice the median of its prices (median2, in the unit of oe_dagspris). Equal prices are
-- counted together: most months of a code cost one of a few prices.
-- stored
SELECT
    dst_kode,
    max(CASE WHEN hertil >= (alle + 1) // 2 AND hertil - antal < (alle + 1) // 2 THEN pris END)
    + max(CASE WHEN hertil >= alle // 2 + 1 AND hertil - antal < alle // 2 + 1 THEN pris END) AS median2
FROM (
    SELECT
        dst_kode, pris, antal,
        sum(antal) OVER (PARTITION BY dst_kode ORDER BY pris ROWS UNBOUNDED PRECEDING) AS hertil,
        sum(antal) OVER (PARTITION BY dst_kode) AS alle
    FROM (SELECT dst_kode, pris, count(*) AS antal FROM oe_dagspris GROUP BY dst_kode, pris) AS p
) AS talt
GROUP BY dst_kode
