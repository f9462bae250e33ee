-- One row is: a person × dst_kode × judged month with active days or money, in øre: the net (netto), what the active days cost
-- at the person's median day price, else the code's (forventet; 0 where nobody has a price), and afvigelse, netto less that.
-- pris is the part of it that is price: the net of a billing period paid for in the month, less what its days cost.
-- Rammestyrede accounts, postings without CPR and other kommuners persons are not here.
-- stored
SELECT
    cpr, dst_kode, periode, mdr, maaned, n, dage, betaling, delt, netto, forventet,
    netto - forventet AS afvigelse,
    CASE
        WHEN p_dage IS NULL THEN 0
        ELSE p_netto - sign(median2) * ((p_dage * abs(median2) + 72201776446800) // (2 * 72201776446800))
    END AS pris
FROM (
    SELECT
        o.cpr, o.dst_kode, m.periode, o.mdr, m.maaned, k.n, o.dage, o.betaling, o.delt,
        CAST(o.netto * 100 AS HUGEINT) AS netto,
        coalesce(e.median2, c.median2) AS median2,
        coalesce(
            sign(coalesce(e.median2, c.median2))
            * ((o.dage * abs(coalesce(e.median2, c.median2)) + 72201776446800) // (2 * 72201776446800)),
            0
        ) AS forventet,
        p.dage AS p_dage,
        CAST(p.netto * 100 AS HUGEINT) AS p_netto
    FROM oe_maaned AS o
    INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr AND m.periode IS NOT NULL
    INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode
    LEFT JOIN oe_personpris AS e ON e.cpr = o.cpr AND e.dst_kode = o.dst_kode
    LEFT JOIN oe_medianpris AS c ON c.dst_kode = o.dst_kode
    LEFT JOIN oe_dagspris AS p ON p.cpr = o.cpr AND p.dst_kode = o.dst_kode AND p.mdr = o.mdr
) AS x
