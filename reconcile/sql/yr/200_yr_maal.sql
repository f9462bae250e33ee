-- One row is: a month × ydelse × step («alle»: the whole ydelse; «ingen»: outside the staircase or unknown), and the same
-- for all ydelser of a kind of financing together («I alt»): amounts in kr. and the persons whose bruttoudgift does
-- not net to 0,00 there. Persons are counted at each level, never added up.
SELECT maaned, finansiering, ydelse, trin,
    sum(bruttoudgift) AS bruttoudgift, sum(refusion) AS refusion, sum(medfinansiering) AS medfinansiering,
    sum(CASE WHEN bruttoudgift <> 0 THEN 1 ELSE 0 END) AS personer
FROM (
    SELECT m.person_nr, m.maaned, y.finansiering,
        CASE WHEN n.i_alt = 1 THEN 'I alt' ELSE y.ydelse END AS ydelse,
        CASE WHEN n.alle = 1 THEN 'alle' ELSE coalesce(CAST(m.trin AS VARCHAR), 'ingen') END AS trin,
        sum(m.bruttoudgift) AS bruttoudgift, sum(m.refusion) AS refusion, sum(m.medfinansiering) AS medfinansiering
    FROM yr_person_maaned AS m
    INNER JOIN yr_ydelse AS y ON y.ydelse_nr = m.ydelse_nr
    CROSS JOIN (VALUES (0, 0), (0, 1), (1, 0), (1, 1)) AS n (i_alt, alle)
    GROUP BY ALL
)
GROUP BY maaned, finansiering, ydelse, trin
