-- One row is: a person × dst_kode × month with a net amount and active days, over the whole of both extracts. pris: øre per
-- active day × 72.201.776.446.800, the least number that 1, 2, … 31 all divide, so that every price is a whole number.
-- stored
SELECT
    cpr, dst_kode, mdr, postering_noegle AS noegle,
    CAST(netto * 100 AS HUGEINT) * (72201776446800 // dage) AS pris
FROM oe_maaned
WHERE dage > 0 AND netto <> 0 AND delt = 0
