-- One row is: a dst_kode × quarter × interval of days: the courses, and their persons, that are active on the quarter's last
-- day and have been so for that many days (nr orders the intervals).
SELECT
    dst_kode, periode, nr,
    count(*) AS ydelser,
    count(DISTINCT cpr) AS borgere
FROM (
    SELECT
        f.dst_kode, p.periode, f.cpr,
        CASE
            WHEN date_diff('day', f.fra, p.til) <= 90 THEN 1
            WHEN date_diff('day', f.fra, p.til) <= 180 THEN 2
            WHEN date_diff('day', f.fra, p.til) <= 365 THEN 3
            WHEN date_diff('day', f.fra, p.til) <= 730 THEN 4
            WHEN date_diff('day', f.fra, p.til) <= 1095 THEN 5
            ELSE 6
        END AS nr
    FROM noegletal_forloeb AS f
    INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal' AND f.fra <= p.til AND f.til >= p.til
) AS aabne
GROUP BY dst_kode, periode, nr
