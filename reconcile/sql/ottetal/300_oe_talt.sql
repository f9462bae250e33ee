-- One row is: a known dst_kode with an account × judged quarter that the ledger can speak of: one in an accounting year it
-- has bookings in.
-- stored
SELECT k.dst_kode, p.periode
FROM masterkode AS k
CROSS JOIN periode AS p
CROSS JOIN oe_daekning AS d
WHERE $har_ledger AND k.kendt = 1 AND k.konti > 0
    AND (
        d.foerste_mdr IS NULL
        OR (year(p.til) * 12 >= d.foerste_mdr - 1 AND year(p.fra) <= (d.sidste_mdr - 1) // 12)
    )
