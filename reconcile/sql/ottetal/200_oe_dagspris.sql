-- One row is: a person × dst_kode × billing period (a month, or the n months of the code's rytme) with a net amount and active
-- days, over the whole of both extracts; mdr: the month of the last payment. What is billed afterwards is for the period that
-- ends in its month or last before it, what is billed ahead for the one that begins in its month or next after it. pris: øre
-- per active day × 72.201.776.446.800, the least number that 1, 2, … 31 all divide, so that a month's price is a whole number.
-- netto and dage are those of the billing period; nr is a number for the person and the code.
-- stored
SELECT
    cpr, dst_kode, mdr, nr, postering_noegle AS noegle, netto, dage,
    CAST(netto * 100 AS HUGEINT) * (72201776446800 // dage) AS pris
FROM oe_maaned
WHERE dage > 0 AND netto <> 0 AND delt = 0 AND dst_kode IN (SELECT dst_kode FROM masterkode WHERE n = 1)
UNION ALL
SELECT
    p.cpr, p.dst_kode, p.mdr, a.nr, p.noegle, p.netto, a.dage, CAST(p.netto * 100 AS HUGEINT) * 72201776446800 // a.dage AS pris
FROM (
    SELECT
        o.cpr, o.dst_kode,
        CASE WHEN k.forud > 0 THEN (o.mdr - 1 + k.n - 1) // k.n ELSE o.mdr // k.n - 1 END AS periode_nr,
        max(o.mdr) AS mdr, min(o.postering_noegle) AS noegle, sum(o.netto) AS netto, max(o.delt) AS delt
    FROM oe_maaned AS o
    INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode AND k.n > 1
    WHERE o.netto <> 0
    GROUP BY 1, 2, 3
) AS p
INNER JOIN (
    SELECT a.cpr, a.dst_kode, a.nr, (a.mdr - 1) // k.n AS periode_nr, CAST(sum(a.dage) AS BIGINT) AS dage
    FROM aktiv_maaned AS a
    INNER JOIN masterkode AS k ON k.dst_kode = a.dst_kode AND k.n > 1
    GROUP BY 1, 2, 3, 4
) AS a ON a.cpr = p.cpr AND a.dst_kode = p.dst_kode AND a.periode_nr = p.periode_nr
WHERE p.netto <> 0 AND p.delt = 0
