-- One row is: a month × level (as in yr_maal) × how many months ago its persons were last there (mellemrum; 12: a year or
-- more, NULL: never): the persons, their weeks, and how many of these are the second half of a week whose first half is
-- counted in the month before. From these the distinct persons and weeks of any run of months can be added up.
SELECT t.maaned,
    CASE n.samlet WHEN 3 THEN 'alle' ELSE y.finansiering END AS finansiering,
    CASE n.samlet WHEN 1 THEN y.ydelse ELSE 'I alt' END AS ydelse,
    CASE t.trin WHEN -1 THEN 'alle' WHEN 0 THEN 'ingen' ELSE CAST(t.trin AS VARCHAR) END AS trin,
    t.mellemrum, sum(t.personer) AS personer, sum(t.personuger) AS personuger, sum(t.delte) AS delte
FROM (
    SELECT maaned, samlet, nr, trin, til, mellemrum, count(*) AS personer,
        sum(uger % 2 + uger // 2 % 2 + uger // 4 % 2 + uger // 8 % 2 + uger // 16 % 2 + uger // 32) AS personuger,
        sum(
            CASE
                WHEN mellemrum = 1 AND date_trunc('week', maaned) < maaned AND uger & 1 <> 0
                    AND sidste_uger & (
                        1 << CAST(date_diff('day', date_trunc('week', sidste_maaned), date_trunc('week', maaned)) // 7 AS INTEGER)
                    ) <> 0
                    THEN 1
                ELSE 0
            END
        ) AS delte
    FROM (
        SELECT maaned, samlet, nr, trin, til, uger, sidste_maaned, sidste_uger,
            CASE
                WHEN sidste_maaned IS NOT NULL
                    THEN least(12 * (year(maaned) - year(sidste_maaned)) + month(maaned) - month(sidste_maaned), 12)
            END AS mellemrum
        FROM (
            SELECT maaned, samlet, nr, trin, til, uger, lag(uger) OVER w AS sidste_uger, lag(maaned) OVER w AS sidste_maaned
            FROM yr_personuge
            WINDOW w AS (PARTITION BY person_nr, samlet, nr, trin ORDER BY maaned)
        )
    )
    GROUP BY maaned, samlet, nr, trin, til, mellemrum
) AS t
INNER JOIN (VALUES (1), (2), (3)) AS n (samlet) ON n.samlet BETWEEN t.samlet AND t.til AND (n.samlet < 3 OR t.trin = -1)
LEFT JOIN yr_ydelse AS y ON y.ydelse_nr = t.nr
GROUP BY ALL
