-- One row is: a month × level (as in yr_maal) × how many months ago its persons were last there (mellemrum; 12: a year or
-- more, NULL: never): the persons, their weeks, and how many of these are the second half of a week whose first half is
-- counted in the month before. From these the distinct persons and weeks of any run of months can be added up.
SELECT t.maaned,
    CASE t.samlet WHEN 3 THEN 'alle' ELSE y.finansiering END AS finansiering,
    CASE t.samlet WHEN 1 THEN y.ydelse ELSE 'I alt' END AS ydelse,
    CASE t.trin WHEN -1 THEN 'alle' WHEN 0 THEN 'ingen' ELSE CAST(t.trin AS VARCHAR) END AS trin,
    t.mellemrum, t.personer, t.personuger, t.delte
FROM (
    SELECT maaned, samlet, nr, trin, mellemrum, count(*) AS personer,
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
        SELECT maaned, samlet, nr, trin, uger, sidste_maaned, sidste_uger,
            CASE
                WHEN sidste_maaned IS NOT NULL
                    THEN least(12 * (year(maaned) - year(sidste_maaned)) + month(maaned) - month(sidste_maaned), 12)
            END AS mellemrum
        FROM (
            SELECT maaned, samlet, nr, trin, uger, lag(uger) OVER w AS sidste_uger, lag(maaned) OVER w AS sidste_maaned
            FROM yr_personuge
            WINDOW w AS (PARTITION BY person_nr, samlet, nr, trin ORDER BY maaned)
        )
    )
    GROUP BY maaned, samlet, nr, trin, mellemrum
) AS t
LEFT JOIN yr_ydelse AS y ON y.ydelse_nr = t.nr
