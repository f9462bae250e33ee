-- One row is: a person × dst_kode with judged active months: those, the paid ones among them, the unpaid that OE02 and OE03
-- name, and what then is missing when a payment is for n months; graense is what the lag may hide (OE09). n is the code's
-- rytme, else the one OE08 finds.
-- stored
SELECT
    cpr, dst_kode, n, aktive, betalte, ubetalte,
    aktive - n * betalte - ubetalte AS mangler,
    $efterslip_maaneder + n - 1 AS graense,
    f.fil, x.noegle % 10000000000 AS raekke
FROM (
    SELECT
        o.cpr, o.dst_kode,
        max(coalesce(r.n, k.n)) AS n,
        count(CASE WHEN o.dage > 0 THEN 1 END) AS aktive,
        count(CASE WHEN o.betaling <> 0 THEN 1 END) AS betalte,
        count(u.cpr) AS ubetalte,
        min(o.forloeb_noegle) AS noegle
    FROM oe_maaned AS o
    INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr AND m.periode IS NOT NULL
    INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode
    CROSS JOIN oe_daekning AS d
    LEFT JOIN oe_rytme AS r ON r.dst_kode = o.dst_kode
    LEFT JOIN oe_ubetalt AS u ON u.cpr = o.cpr AND u.dst_kode = o.dst_kode AND u.mdr = o.mdr
    WHERE o.mdr >= coalesce(d.foerste_mdr, 0)
        AND o.mdr + $efterslip_maaneder + coalesce(r.n, k.n) - 1 <= d.sidste_mdr
    GROUP BY o.cpr, o.dst_kode
) AS x
LEFT JOIN kildefil AS f ON f.nr = x.noegle // 10000000000
WHERE x.aktive > 0
