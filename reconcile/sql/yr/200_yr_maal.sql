-- One row is: a month × ydelse × step («alle»: the whole ydelse; «ingen»: outside the staircase or unknown), and the same
-- for all ydelser of a kind of financing together («I alt») and for everything («alle», «I alt», «alle»): amounts in kr. udgift is
-- the own kommune's: medfinansiering, else what refusion leaves. fleksbidrag is the state's, also in rows that are no payment.
SELECT m.maaned,
    CASE WHEN n.samlet = 3 THEN 'alle' ELSE y.finansiering END AS finansiering,
    CASE WHEN n.samlet = 1 THEN y.ydelse ELSE 'I alt' END AS ydelse,
    CASE WHEN n.alle = 1 THEN 'alle' ELSE coalesce(CAST(m.trin AS VARCHAR), 'ingen') END AS trin,
    sum(m.bruttoudgift) AS bruttoudgift, sum(m.refusion) AS refusion, sum(m.medfinansiering) AS medfinansiering,
    sum(m.fleksbidrag) AS fleksbidrag,
    sum(
        CASE
            WHEN y.finansiering = 'medfinansiering' THEN coalesce(m.medfinansiering, 0)
            ELSE m.bruttoudgift - coalesce(m.refusion, 0)
        END
    ) AS udgift
FROM (
    SELECT maaned, ydelse_nr, trin, sum(bruttoudgift) AS bruttoudgift, sum(refusion) AS refusion,
        sum(medfinansiering) AS medfinansiering, sum(fleksbidrag) AS fleksbidrag
    FROM yr_person_maaned
    GROUP BY maaned, ydelse_nr, trin
    UNION ALL
    SELECT maaned, ydelse_nr, trin, 0, NULL, NULL, sum(fleksbidrag)
    FROM yr_fleksbidrag
    GROUP BY maaned, ydelse_nr, trin
) AS m
INNER JOIN yr_ydelse AS y ON y.ydelse_nr = m.ydelse_nr
CROSS JOIN (VALUES (1, 0), (1, 1), (2, 0), (2, 1), (3, 1)) AS n (samlet, alle)
GROUP BY ALL
