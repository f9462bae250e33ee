-- One row is: a person × dst_kode × month with money and no active day, where the billing period the money is for has one:
-- in the n − 1 months before it, or in the months it is billed ahead.
-- stored
SELECT DISTINCT o.cpr, o.dst_kode, o.mdr
FROM oe_maaned AS o
INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr
INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode AND k.n + k.forud > 1
INNER JOIN spaend AS s
    ON s.side = 'oe' AND s.cpr = o.cpr AND s.dst_kode = o.dst_kode
    AND s.fra < m.fra + INTERVAL (k.forud + 1) MONTH AND s.til >= m.fra - INTERVAL (k.n - 1) MONTH
WHERE o.netto <> 0 AND o.dage = 0
