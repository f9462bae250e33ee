-- One row is: a person × dst_kode × judged month with a price, for the codes OE06 runs for: kr. per active day, the code's
-- median, and afvigelse against graense (pris_k × MAD), both exact whole numbers on one scale.
SELECT
    p.cpr, p.dst_kode, m.mdr, m.maaned,
    CAST(
        sign(p.pris) * ((2 * abs(p.pris) + 72201776446800) // (2 * 72201776446800)) * CAST(0.01 AS DECIMAL(3, 2))
        AS DECIMAL(18, 2)
    ) AS dagspris,
    CAST(
        sign(d.median2) * ((abs(d.median2) + 72201776446800) // (2 * 72201776446800)) * CAST(0.01 AS DECIMAL(3, 2))
        AS DECIMAL(18, 2)
    ) AS medianpris,
    abs(2 * p.pris - d.median2) * 2000000 AS afvigelse,
    d.mad4 * CAST($pris_k * 1000000 AS HUGEINT) AS graense,
    n.fil, p.noegle % 10000000000 AS raekke
FROM oe_dagspris AS p
INNER JOIN kalendermaaned AS m ON m.mdr = p.mdr AND m.periode IS NOT NULL
INNER JOIN oe_medianpris AS d ON d.dst_kode = p.dst_kode AND d.koerer
LEFT JOIN kildefil AS n ON n.nr = p.noegle // 10000000000
