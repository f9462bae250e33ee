-- One row is: a person × dst_kode with a price: twice the median of the person's own prices on the code, in the unit of
-- oe_dagspris. Twice a median is the lower middle value plus the upper one.
SELECT
    cpr, dst_kode,
    max(CASE WHEN plads = (antal + 1) // 2 THEN pris END) + max(CASE WHEN plads = antal // 2 + 1 THEN pris END) AS median2
FROM (
    SELECT
        cpr, dst_kode, pris,
        row_number() OVER (PARTITION BY cpr, dst_kode ORDER BY pris) AS plads,
        count(*) OVER (PARTITION BY cpr, dst_kode) AS antal
    FROM oe_dagspris
) AS r
GROUP BY cpr, dst_kode
