-- One row is: a person with at least six active months, in what the ledger covers, on a dst_kode whose rows name no rytme:
-- the active and the paid months, and whether the payments lie n months or a multiple of n apart (hver3, hver6, hver12, 1).
-- forud: the first payment is no later than the first active month, which the ledger reaches over; bagud: the last payment
-- no earlier than the last active month.
SELECT
    dst_kode, cpr, aktive, betalte,
    CASE WHEN min3 = max3 THEN 1 ELSE 0 END AS hver3,
    CASE WHEN min6 = max6 THEN 1 ELSE 0 END AS hver6,
    CASE WHEN min12 = max12 THEN 1 ELSE 0 END AS hver12,
    CASE WHEN foerste_aktive > fra_mdr AND foerste_betaling <= foerste_aktive THEN 1 ELSE 0 END AS forud,
    CASE WHEN sidste_aktive < til_mdr AND sidste_betaling >= sidste_aktive THEN 1 ELSE 0 END AS bagud
FROM (
    SELECT
        o.dst_kode, o.cpr,
        max(coalesce(d.foerste_mdr, d.sidste_mdr)) AS fra_mdr,
        max(d.sidste_mdr) AS til_mdr,
        count(CASE WHEN o.dage > 0 THEN 1 END) AS aktive,
        count(CASE WHEN o.betaling <> 0 THEN 1 END) AS betalte,
        min(CASE WHEN o.dage > 0 THEN o.mdr END) AS foerste_aktive,
        max(CASE WHEN o.dage > 0 THEN o.mdr END) AS sidste_aktive,
        min(CASE WHEN o.betaling <> 0 THEN o.mdr END) AS foerste_betaling,
        max(CASE WHEN o.betaling <> 0 THEN o.mdr END) AS sidste_betaling,
        min(CASE WHEN o.betaling <> 0 THEN o.mdr % 3 END) AS min3,
        max(CASE WHEN o.betaling <> 0 THEN o.mdr % 3 END) AS max3,
        min(CASE WHEN o.betaling <> 0 THEN o.mdr % 6 END) AS min6,
        max(CASE WHEN o.betaling <> 0 THEN o.mdr % 6 END) AS max6,
        min(CASE WHEN o.betaling <> 0 THEN o.mdr % 12 END) AS min12,
        max(CASE WHEN o.betaling <> 0 THEN o.mdr % 12 END) AS max12
    FROM oe_maaned AS o
    INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode AND k.skrevet = 0
    CROSS JOIN oe_daekning AS d
    WHERE o.mdr BETWEEN coalesce(d.foerste_mdr, d.sidste_mdr) AND d.sidste_mdr
    GROUP BY o.dst_kode, o.cpr
) AS p
WHERE aktive >= 6
