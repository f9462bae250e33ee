-- One row is: a person × dst_kode that this delivery of the fagsystem and FLIS may count differently: not one unchanged course
-- of the same days in both.
-- stored
SELECT DISTINCT dst_kode, cpr
FROM (
    SELECT coalesce(s.dst_kode, e.dst_kode) AS dst_kode, coalesce(s.cpr, e.cpr) AS cpr
    FROM (SELECT dst_kode, cpr, dag_fra, dag_til FROM bro_spaend WHERE alene = 1 AND udgave = 0) AS s
    FULL JOIN (SELECT dst_kode, cpr, dag_fra, dag_til FROM flis_spaend WHERE alene = 1) AS e
        ON e.dst_kode = s.dst_kode AND e.cpr = s.cpr
    WHERE coalesce(s.dag_fra <> e.dag_fra OR s.dag_til <> e.dag_til, true)
    UNION ALL
    SELECT dst_kode, cpr FROM bro_spaend WHERE alene = 0 AND udgave = 0
    UNION ALL
    SELECT dst_kode, cpr FROM flis_spaend WHERE alene = 0
) AS alle
