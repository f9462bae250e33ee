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
    AND (o.betalt_mdr IS NULL OR o.betalt_mdr > o.mdr + $efterslip_maaneder)
    AND o.mdr >= d.foerste_mdr
    AND o.mdr + $efterslip_maaneder <= d.sidste_mdr
