-- One row is: as in flis_person, of those who have several courses on the code.
-- stored
SELECT
    s.dst_kode, p.periode, s.cpr,
    CAST(sum(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1) AS BIGINT) AS dage
FROM flis_spaend AS s
INNER JOIN periode AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
WHERE s.alene = 0
GROUP BY s.dst_kode, p.periode, s.cpr
