-- One row is: a person × dst_kode × judged month with money and no active day (nor one in its billing period), while other
-- codes of the person are active and unpaid in that month: rette_koder names them all. A repayment is not money on a wrong
-- account.
-- stored
SELECT o.cpr, o.dst_kode, o.mdr, string_agg(u.dst_kode, ', ' ORDER BY u.dst_kode) AS rette_koder
FROM oe_maaned AS o
INNER JOIN oe_ubetalt AS u ON u.cpr = o.cpr AND u.mdr = o.mdr
LEFT JOIN oe_i_rytme AS r ON r.cpr = o.cpr AND r.dst_kode = o.dst_kode AND r.mdr = o.mdr
WHERE o.netto > 0 AND o.dage = 0 AND r.cpr IS NULL
GROUP BY o.cpr, o.dst_kode, o.mdr
