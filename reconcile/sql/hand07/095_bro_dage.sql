-- One row is: a person who is active on a dst_kode in a quarter after some step of the bridge, and on how many days after each
-- of the steps 1–7 (overlapping courses merged); NULL where the person is not active after the step. It is not stored: nearly
-- everybody has one unchanged course, whose days in a quarter cost less to work out than to keep.
SELECT
    dst_kode, periode, cpr,
    dage AS dage_1, dage AS dage_2, dage AS dage_3, dage AS dage_4, dage AS dage_5, dage AS dage_6, dage AS dage_7
FROM (
    SELECT
        s.dst_kode, p.periode, s.cpr,
        CAST(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS BIGINT) AS dage
    FROM bro_spaend AS s
    INNER JOIN bro_udgave AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
    WHERE s.alene = 1 AND s.udgave = 0 AND p.udgave = 0
) AS en
UNION ALL
SELECT dst_kode, periode, cpr, dage_1, dage_2, dage_3, dage_4, dage_5, dage_6, dage_7 FROM bro_dage_flere
