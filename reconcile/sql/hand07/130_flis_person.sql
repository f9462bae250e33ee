-- One row is: a person whom the FLIS extract counts on a dst_kode in a quarter, and on how many days. It is not stored: nearly
-- everybody has one course.
SELECT
    s.dst_kode, p.periode, s.cpr,
    CAST(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS BIGINT) AS dage
FROM flis_spaend AS s
INNER JOIN periode AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
WHERE s.alene = 1
UNION ALL
SELECT dst_kode, periode, cpr, dage FROM flis_person_flere
