-- One row is: a person × dst_kode × judged month with active days and no net amount in the month, in the months ahead that
-- the code is billed, or in the efterslip_maaneder and the rest of the billing period after it. Months whose lag runs past
-- the ledger's last month are not judged, nor those before the ledger's first accounting year.
-- stored
SELECT o.cpr, o.dst_kode, o.mdr
FROM oe_maaned AS o
INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr
INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode
CROSS JOIN oe_daekning AS d
LEFT JOIN (SELECT cpr, dst_kode, mdr FROM oe_maaned WHERE betaling <> 0) AS s
    ON s.cpr = o.cpr AND s.dst_kode = o.dst_kode
    AND s.mdr BETWEEN o.mdr - k.forud AND o.mdr + $efterslip_maaneder + k.n - 1
WHERE m.periode IS NOT NULL
    AND o.dage > 0
    AND o.betaling = 0
    AND o.mdr >= coalesce(d.foerste_mdr, 0)
    AND o.mdr + $efterslip_maaneder + k.n - 1 <= d.sidste_mdr
    AND s.cpr IS NULL
