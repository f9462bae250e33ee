-- One row is: a person × dst_kode (nr) with a price: the median of the person's own prices on the code, in øre per day. It is
-- fortegn × (hele + rest / (2 × 72.201.776.446.800)), exact: dividing once here spares every month the division of large
-- numbers. Twice a median is the lower middle value plus the upper one.
SELECT
    nr,
    sign(median2) AS fortegn,
    abs(median2) // (2 * 72201776446800) AS hele,
    CAST(abs(median2) % (2 * 72201776446800) AS BIGINT) AS rest
FROM (
    SELECT
        nr,
        max(CASE WHEN plads = (antal + 1) // 2 THEN pris END) + max(CASE WHEN plads = antal // 2 + 1 THEN pris END) AS median2
    FROM (
        SELECT
            nr, pris,
            row_number() OVER (PARTITION BY nr ORDER BY pris) AS plads,
            count(*) OVER (PARTITION BY nr) AS antal
        FROM oe_dagspris
    ) AS r
    GROUP BY nr
) AS d
