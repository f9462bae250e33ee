-- One row is: a known dst_kode with an account × judged quarter that the ledger can speak of: one in an accounting year it
-- has bookings in, begun before the last of them, or one it has money for.
-- stored
SELECT k.dst_kode, p.periode
FROM masterkode AS k
CROSS JOIN periode AS p
CROSS JOIN oe_daekning AS d
LEFT JOIN (
    SELECT DISTINCT b.dst_kode, b.periode FROM borger_kvartal AS b WHERE b.netto IS NOT NULL
) AS t ON t.dst_kode = k.dst_kode AND t.periode = p.periode
WHERE $har_ledger AND k.kendt = 1 AND k.konti > 0
    AND (
        t.periode IS NOT NULL
        OR (
            year(p.fra) * 12 + month(p.fra) <= d.sidste_mdr
            AND (d.foerste_mdr IS NULL OR year(p.til) * 12 >= d.foerste_mdr - 1)
        )
    )
