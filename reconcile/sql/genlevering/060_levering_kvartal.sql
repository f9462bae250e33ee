-- One row is: a changed key × code × judged quarter it has an active day in, before or now. flytter: its person enters or
-- leaves the count of the code in the quarter (1/0).
-- stored
SELECT
    f.kilde, f.noegletype, f.noegle, f.dst_kode, q.periode,
    4 * year(q.fra) + quarter(q.fra) AS nr,
    max(CASE WHEN f.egen AND p.foer <> p.nu THEN 1 ELSE 0 END) AS flytter
FROM levering_forskel AS f
INNER JOIN periode AS q ON f.foerste_dag <= q.til AND f.sidste_dag >= q.fra
LEFT JOIN levering_person AS p
    ON p.kilde = f.kilde AND p.dst_kode = f.dst_kode AND p.periode = q.periode AND p.borger = f.borger
WHERE f.foerste_dag <= f.sidste_dag
GROUP BY f.kilde, f.noegletype, f.noegle, f.dst_kode, q.periode, q.fra
