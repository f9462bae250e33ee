-- One row is: a month (of «uge» as written) × koerselsperiode with the refusion that the run added to the month, of what the own
-- kommune finances.
SELECT
    CAST(date_trunc('month', uge) AS DATE) AS maaned,
    koerselsperiode,
    CAST(sum(coalesce(refusion, 0)) AS DECIMAL(18, 2)) AS refusion
FROM yr_placering
WHERE egen AND koerselsperiode IS NOT NULL
GROUP BY CAST(date_trunc('month', uge) AS DATE), koerselsperiode
