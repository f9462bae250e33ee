-- One row is: as in bro_dage, of those who are not alone with one unchanged course, and of everybody in a quarter that rests on
-- an earlier delivery.
-- stored
SELECT
    dst_kode, periode, cpr,
    CAST(sum(CASE WHEN trin_fra = 1 THEN dage END) AS BIGINT) AS dage_1,
    CAST(sum(CASE WHEN hviler AND 2 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT) AS dage_2,
    CAST(sum(CASE WHEN hviler AND 3 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT) AS dage_3,
    CAST(sum(CASE WHEN hviler AND 4 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT) AS dage_4,
    CAST(sum(CASE WHEN hviler AND 5 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT) AS dage_5,
    CAST(sum(CASE WHEN hviler AND 6 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT) AS dage_6,
    CAST(sum(CASE WHEN hviler AND 7 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT) AS dage_7
FROM (
    SELECT
        s.dst_kode, p.periode, s.cpr, s.trin_fra, s.trin_til, s.udgave = p.udgave AS hviler,
        date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS dage
    FROM bro_spaend AS s
    INNER JOIN bro_udgave AS p
        ON s.dag_fra <= p.til AND s.dag_til >= p.fra AND (s.udgave = p.udgave OR s.trin_fra = 1)
    WHERE s.alene = 0 OR p.udgave > 0
) AS t
GROUP BY dst_kode, periode, cpr
