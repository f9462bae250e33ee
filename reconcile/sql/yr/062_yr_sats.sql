-- One row is: a date in the YR source × a step of the staircase in force that day, with its percentages.
-- stored
SELECT d.uge, t.trin, t.refusionssats, t.medfinansieringssats
FROM (SELECT DISTINCT uge FROM yr) AS d
INNER JOIN ref_yr_trappe AS t ON d.uge BETWEEN t.gyldig_fra AND coalesce(t.gyldig_til, d.uge)
