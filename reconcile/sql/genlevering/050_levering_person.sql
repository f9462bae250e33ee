-- One row is: a person of the own population counted on a code in a judged quarter, before, now or both (1/0).
-- stored
SELECT
    p.kilde, p.dst_kode, q.periode, p.borger,
    max(CASE WHEN p.i_foer > 0 THEN 1 ELSE 0 END) AS foer,
    max(CASE WHEN p.i_nu > 0 THEN 1 ELSE 0 END) AS nu
FROM levering_post AS p
INNER JOIN periode AS q ON p.foerste_dag <= q.til AND p.sidste_dag >= q.fra
WHERE p.egen AND p.foerste_dag <= p.sidste_dag
GROUP BY p.kilde, p.dst_kode, q.periode, p.borger
