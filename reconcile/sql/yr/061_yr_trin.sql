-- One row is: a date and a counter that occur together in the YR source, with the step of the staircase in force that day
-- and its percentages.
-- stored
SELECT d.uge, d.ydelsestaeller, t.trin, t.refusionssats, t.medfinansieringssats
FROM (SELECT DISTINCT uge, ydelsestaeller FROM yr) AS d
INNER JOIN ref_yr_trappe AS t
    ON d.ydelsestaeller BETWEEN t.fra_uge AND coalesce(t.til_uge, d.ydelsestaeller)
    AND d.uge BETWEEN t.gyldig_fra AND coalesce(t.gyldig_til, d.uge)
