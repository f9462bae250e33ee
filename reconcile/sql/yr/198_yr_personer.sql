-- One row is: a month × level (as in yr_maal) × how many months ago its persons were last there (mellemrum; 12: a year or
-- more, NULL: never): the persons, their weeks, and how many of these are the second half of a week whose first half is
-- counted in the month before. From these the distinct persons and weeks of any run of months can be added up.
SELECT t.maaned,
    CASE t.samlet WHEN 3 THEN 'alle' ELSE y.finansiering END AS finansiering,
    CASE t.samlet WHEN 1 THEN y.ydelse ELSE 'I alt' END AS ydelse,
    CASE t.trin WHEN -1 THEN 'alle' WHEN 0 THEN 'ingen' ELSE CAST(t.trin AS VARCHAR) END AS trin,
    t.mellemrum, t.personer, t.personuger, t.delte
FROM (
    SELECT maaned, samlet, nr, trin, mellemrum, count(*) AS personer, sum(bit_count(uger)) AS personuger,
        sum(
            CASE
                WHEN mellemrum = 1 AND date_trunc('week', maaned) < maaned AND uger & 1 <> 0
                    AND sidste_uger & (1 << CAST(date_diff(
                        'week', date_trunc('week', maaned - INTERVAL 1 MONTH), date_trunc('week', maaned)
                    ) AS INTEGER)) <> 0
                    THEN 1
                ELSE 0
            END
        ) AS delte
    FROM (
        SELECT maaned, samlet, nr, trin, uger, lag(uger) OVER w AS sidste_uger,
            least(date_diff('month', lag(maaned) OVER w, maaned), CASE WHEN lag(maaned) OVER w IS NOT NULL THEN 12 END) AS mellemrum
        FROM yr_personuge
        WINDOW w AS (PARTITION BY person_nr, samlet, nr, trin ORDER BY maaned)
    )
    GROUP BY maaned, samlet, nr, trin, mellemrum
) AS t
LEFT JOIN yr_ydelse AS y ON y.ydelse_nr = t.nr
