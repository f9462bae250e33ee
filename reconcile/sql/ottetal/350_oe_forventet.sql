-- One row is: a person × dst_kode × judged month with active days or money, in øre: the net (netto), what the active days cost
-- at the person's median day price, else the code's (forventet; 0 where nobody has a price), and afvigelse, netto less that.
-- pris is the part of it that is price: the net of a billing period paid for in the month, less what its days cost;
-- usaedvanlig: OE06 names that price (1).
-- Rammestyrede accounts, postings without CPR and other kommuners persons are not here.
-- stored
SELECT
    cpr, dst_kode, periode, mdr, dage, betaling, delt, netto, forventet,
    netto - forventet AS afvigelse,
    CASE
        WHEN n = 1 AND dage > 0 AND netto <> 0 AND delt = 0 THEN netto - forventet
        WHEN p_dage IS NULL THEN 0
        ELSE p_netto - fortegn * (p_dage * hele + (p_dage * rest + 72201776446800) // (2 * 72201776446800))
    END AS pris,
    usaedvanlig
FROM (
    SELECT
        o.cpr, o.dst_kode, m.periode, o.mdr, k.n, o.dage, o.betaling, o.delt,
        CAST(o.netto * 100 AS HUGEINT) AS netto,
        coalesce(e.fortegn, c.fortegn) AS fortegn,
        coalesce(e.hele, c.hele) AS hele,
        coalesce(e.rest, c.rest) AS rest,
        coalesce(
            coalesce(e.fortegn, c.fortegn) * (
                o.dage * coalesce(e.hele, c.hele)
                + (o.dage * coalesce(e.rest, c.rest) + 72201776446800) // (2 * 72201776446800)
            ),
            0
        ) AS forventet,
        p.dage AS p_dage,
        CAST(p.netto * 100 AS HUGEINT) AS p_netto,
        CASE WHEN u.cpr IS NULL THEN 0 ELSE 1 END AS usaedvanlig
    FROM oe_maaned AS o
    INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr AND m.periode IS NOT NULL
    INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode
    LEFT JOIN (
        SELECT * FROM oe_dagspris WHERE dst_kode IN (SELECT dst_kode FROM masterkode WHERE n > 1)
    ) AS p ON p.cpr = o.cpr AND p.dst_kode = o.dst_kode AND p.mdr = o.mdr
    LEFT JOIN oe_personpris AS e ON e.nr = coalesce(o.nr, p.nr)
    LEFT JOIN (
        SELECT
            dst_kode,
            sign(median2) AS fortegn,
            abs(median2) // (2 * 72201776446800) AS hele,
            CAST(abs(median2) % (2 * 72201776446800) AS BIGINT) AS rest
        FROM oe_kodepris
    ) AS c ON c.dst_kode = o.dst_kode
    LEFT JOIN (
        SELECT cpr, dst_kode, mdr FROM oe_pris WHERE afvigelse > graense
    ) AS u ON u.cpr = o.cpr AND u.dst_kode = o.dst_kode AND u.mdr = o.mdr
) AS x
