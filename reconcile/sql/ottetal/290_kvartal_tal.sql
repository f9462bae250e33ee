-- One row is: a dst_kode × quarter × side (fagsystem, flis, oekonomi): persons, active days and, for økonomi, net in kr.
-- stored
SELECT dst_kode, periode, side, count(*) AS personer, CAST(sum(dage) AS BIGINT) AS dage, CAST(0 AS DECIMAL(18, 2)) AS netto
FROM kvartal_person
GROUP BY dst_kode, periode, side
UNION ALL
SELECT dst_kode, periode, 'oekonomi' AS side, count(cpr) AS personer, 0 AS dage, CAST(sum(netto) AS DECIMAL(18, 2)) AS netto
FROM oekonomi_person
GROUP BY dst_kode, periode
