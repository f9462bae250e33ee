-- One row is: a month (of «uge» as written) × koerselsperiode with the refusion that the run added to the month, of what the own
-- kommune finances.
SELECT
    CAST(date_trunc('month', r.uge) AS DATE) AS maaned,
    r.koerselsperiode,
    CAST(sum(coalesce(r.refusion, 0)) AS DECIMAL(18, 2)) AS refusion
FROM yr_raekke AS r
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
WHERE y.betaling AND r.egen AND r.koerselsperiode IS NOT NULL
GROUP BY CAST(date_trunc('month', r.uge) AS DATE), r.koerselsperiode
