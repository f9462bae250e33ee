-- One row is: a person who is active on a dst_kode in a quarter after a step of the bridge (nr 1–7), and on how many days
-- (overlapping courses merged).
-- stored
SELECT
    s.nr, s.dst_kode, p.periode, s.cpr,
    CAST(sum(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1) AS BIGINT) AS dage
FROM bro_spaend AS s
INNER JOIN bro_udgave AS p
    ON s.dag_fra <= p.til AND s.dag_til >= p.fra AND s.udgave = CASE WHEN s.nr = 1 THEN 0 ELSE p.udgave END
GROUP BY s.nr, s.dst_kode, p.periode, s.cpr
