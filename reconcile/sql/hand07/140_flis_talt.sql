-- One row is: a dst_kode × quarter with the persons and the active days counted in the FLIS extract (own population). Courses of
-- the same days are counted together.
-- stored
SELECT dst_kode, periode, CAST(sum(antal) AS BIGINT) AS antal, sum(dage) AS dage
FROM (
    SELECT
        s.dst_kode, p.periode, s.antal,
        s.antal * (date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1) AS dage
    FROM (
        SELECT dst_kode, dag_fra, dag_til, count(*) AS antal FROM flis_spaend WHERE alene = 1 GROUP BY dst_kode, dag_fra, dag_til
    ) AS s
    INNER JOIN periode AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
    UNION ALL
    SELECT dst_kode, periode, 1, dage FROM flis_person_flere
) AS t
GROUP BY dst_kode, periode
