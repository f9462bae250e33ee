-- One row is: a year × ydelse («I alt»: all of a kind of financing) × kommune that finances it, the own one marked
-- (egen): amounts in kr.
SELECT m.aar, m.finansiering, CASE WHEN n.samlet = 1 THEN 'I alt' ELSE m.ydelse END AS ydelse, m.kommune, m.egen,
    sum(m.bruttoudgift) AS bruttoudgift, sum(m.refusion) AS refusion, sum(m.medfinansiering) AS medfinansiering
FROM (
    SELECT year(maaned) AS aar, finansiering, ydelse, egen,
        CASE WHEN egen THEN $kommune ELSE finansieringskommune END AS kommune,
        sum(bruttoudgift) AS bruttoudgift, sum(refusion) AS refusion, sum(medfinansiering) AS medfinansiering
    FROM yr_placering
    GROUP BY ALL
) AS m
CROSS JOIN (VALUES (0), (1)) AS n (samlet)
GROUP BY ALL
