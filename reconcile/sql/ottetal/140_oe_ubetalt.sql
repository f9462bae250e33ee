-- One row is: a person × dst_kode × judged month with active days and no net amount in the month or in the
-- efterslip_maaneder after it. Months whose lag runs past the ledger's last month are not judged, nor those before the
-- ledger's first accounting year.
-- stored
SELECT o.cpr, o.dst_kode, o.mdr
FROM oe_maaned AS o
INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr
CROSS JOIN oe_daekning AS d
WHERE m.periode IS NOT NULL
    AND o.dage > 0
    AND o.betaling = 0
    AND o.mdr >= coalesce(d.foerste_mdr, 0)
    AND o.mdr + $efterslip_maaneder <= d.sidste_mdr
    AND NOT EXISTS (
        SELECT 1
        FROM oe_maaned AS s
        WHERE s.cpr = o.cpr AND s.dst_kode = o.dst_kode AND s.betaling <> 0
            AND s.mdr > o.mdr AND s.mdr <= o.mdr + $efterslip_maaneder
    )
