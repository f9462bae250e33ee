-- One row is: a counter that is not what it should have been: one more than the last right one for each paid week since, or 1
-- from where it was rightly to begin again. fund_mandag: the week of the finding that it comes of, the last one before.
-- stored, person by person
SELECT person_nr, mandag, taeller, ret_taeller, fund_mandag
FROM (
    SELECT
        person_nr, mandag, taeller, fund_mandag,
        first_value(CASE WHEN fejl = 1 THEN 1 ELSE taeller END) OVER (PARTITION BY person_nr, stykke ORDER BY mandag)
        + row_number() OVER (PARTITION BY person_nr, stykke ORDER BY mandag) - 1 AS ret_taeller
    FROM (
        SELECT
            *,
            sum(ny) OVER (PARTITION BY person_nr ORDER BY mandag ROWS UNBOUNDED PRECEDING) AS stykke,
            max(CASE WHEN fejl = 1 THEN mandag END) OVER (
                PARTITION BY person_nr ORDER BY mandag ROWS UNBOUNDED PRECEDING
            ) AS fund_mandag
        FROM yr_tidlig
    ) AS nummereret
) AS rettet
WHERE ret_taeller <> taeller AND fund_mandag IS NOT NULL
