-- One row is: a year × ydelse («I alt»: all of a kind of financing) × kommune that finances it, the own one marked
-- (egen): amounts in kr.
SELECT m.aar, m.finansiering, CASE WHEN n.samlet = 1 THEN 'I alt' ELSE m.ydelse END AS ydelse, m.kommune, m.egen,
    sum(m.bruttoudgift) AS bruttoudgift, sum(m.refusion) AS refusion, sum(m.medfinansiering) AS medfinansiering
FROM (
    SELECT year(r.uge) AS aar, y.finansiering, y.ydelse, r.egen,
        CASE WHEN r.egen THEN $kommune ELSE r.finansieringskommune END AS kommune,
        sum(r.bruttoudgift) AS bruttoudgift, sum(r.refusion) AS refusion, sum(r.medfinansiering) AS medfinansiering
    FROM yr_placering AS r
    INNER JOIN yr_ydelse AS y ON y.ydelse_nr = r.ydelse_nr
    GROUP BY ALL
) AS m
CROSS JOIN (VALUES (0), (1)) AS n (samlet)
GROUP BY ALL
