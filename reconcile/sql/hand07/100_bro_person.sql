-- One row is: a person who leaves the count of a dst_kode × quarter at a step of the bridge.
-- stored
SELECT
    f.dst_kode,
    f.periode,
    CASE f.nr WHEN 1 THEN 'indlaesning' WHEN 2 THEN 'gyldighed' WHEN 3 THEN 'R1' WHEN 4 THEN 'R3' ELSE 'R2' END AS trin,
    f.cpr
FROM bro_aktiv AS f
LEFT JOIN bro_aktiv AS e ON e.nr = f.nr + 1 AND e.dst_kode = f.dst_kode AND e.periode = f.periode AND e.cpr = f.cpr
WHERE f.nr < 6 AND e.cpr IS NULL
