-- One row is: a person whose active days of a dst_kode × quarter a step of the bridge changes: dage is the change in days,
-- aendring the change of the count (−1 leaves it, 1 comes back into it because what was corrected since is taken out, 0).
-- stored
SELECT
    coalesce(f.dst_kode, e.dst_kode) AS dst_kode,
    coalesce(f.periode, e.periode) AS periode,
    CASE coalesce(f.nr, e.nr)
        WHEN 1 THEN 'rettet' WHEN 2 THEN 'indlaesning' WHEN 3 THEN 'gyldighed' WHEN 4 THEN 'R1' WHEN 5 THEN 'R3' ELSE 'R2'
    END AS trin,
    coalesce(f.cpr, e.cpr) AS cpr,
    coalesce(e.dage, 0) - coalesce(f.dage, 0) AS dage,
    CASE WHEN e.cpr IS NULL THEN -1 WHEN f.cpr IS NULL THEN 1 ELSE 0 END AS aendring
FROM (SELECT * FROM bro_aktiv WHERE nr < 7) AS f
FULL JOIN (SELECT nr - 1 AS nr, dst_kode, periode, cpr, dage FROM bro_aktiv WHERE nr > 1) AS e
    ON e.nr = f.nr AND e.dst_kode = f.dst_kode AND e.periode = f.periode AND e.cpr = f.cpr
WHERE f.cpr IS NULL OR e.cpr IS NULL OR e.dage <> f.dage
