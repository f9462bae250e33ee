-- One row is: a person who is active on a dst_kode in a quarter after some step of the bridge, and on how many days after each
-- of the steps 1–7 (overlapping courses merged); NULL where the person is not active after the step. Nearly everybody has one
-- stretch, that no step changes (alene): in a quarter that rests on this delivery there is then nothing to add up.
-- stored
WITH spaend AS (
    SELECT
        s.trin_fra, s.trin_til, s.udgave, s.dst_kode, s.cpr, s.dag_fra, s.dag_til,
        s.trin_fra = 1 AND s.trin_til = 7 AND m.cpr IS NULL AS alene
    FROM bro_spaend AS s
    LEFT JOIN (SELECT DISTINCT udgave, dst_kode, cpr FROM bro_spaend WHERE stykke > 0) AS m
        ON m.udgave = s.udgave AND m.dst_kode = s.dst_kode AND m.cpr = s.cpr
)
SELECT
    dst_kode, periode, cpr,
    dage AS dage_1, dage AS dage_2, dage AS dage_3, dage AS dage_4, dage AS dage_5, dage AS dage_6, dage AS dage_7
FROM (
    SELECT
        s.dst_kode, p.periode, s.cpr,
        CAST(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS BIGINT) AS dage
    FROM spaend AS s
    INNER JOIN bro_udgave AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
    WHERE s.alene AND p.udgave = 0
) AS en
UNION ALL
SELECT
    dst_kode, periode, cpr,
    CAST(sum(CASE WHEN trin_fra = 1 THEN dage END) AS BIGINT),
    CAST(sum(CASE WHEN hviler AND 2 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT),
    CAST(sum(CASE WHEN hviler AND 3 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT),
    CAST(sum(CASE WHEN hviler AND 4 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT),
    CAST(sum(CASE WHEN hviler AND 5 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT),
    CAST(sum(CASE WHEN hviler AND 6 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT),
    CAST(sum(CASE WHEN hviler AND 7 BETWEEN trin_fra AND trin_til THEN dage END) AS BIGINT)
FROM (
    SELECT
        s.dst_kode, p.periode, s.cpr, s.trin_fra, s.trin_til, s.udgave = p.udgave AS hviler,
        date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS dage
    FROM spaend AS s
    INNER JOIN bro_udgave AS p
        ON s.dag_fra <= p.til AND s.dag_til >= p.fra AND (s.udgave = p.udgave OR s.trin_fra = 1)
    WHERE NOT s.alene OR p.udgave > 0
) AS t
GROUP BY dst_kode, periode, cpr
