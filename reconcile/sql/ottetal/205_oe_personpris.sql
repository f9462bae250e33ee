-- One row is: a person × dst_kode with a price: twice the median of the person's own prices on the code, in the unit of
-- oe_dagspris.
SELECT
    cpr, dst_kode,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY pris) - percentile_disc(0.5) WITHIN GROUP (ORDER BY -pris) AS median2
FROM oe_dagspris
GROUP BY cpr, dst_kode
