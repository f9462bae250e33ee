-- One row is: a ydelse of the YR source with what the reference data says of it. Capitals and outer spaces do not count.
-- betaling: it is a payment to a person («Fleksbidrag fra staten» is not); trappe: the staircase's percentages apply
-- (also to a ydelse the reference data does not know: only those listed as outside are exempt).
-- stored
SELECT
    d.ydelse,
    CAST(row_number() OVER (ORDER BY d.ydelse) AS SMALLINT) AS ydelse_nr,
    r.ydelse IS NOT NULL AS kendt,
    coalesce(r.trappe, true) AS trappe,
    coalesce(r.finansiering, 'ukendt') AS finansiering,
    coalesce(r.finansiering, 'ukendt') <> 'fleksbidrag' AS betaling,
    r.gyldig_fra,
    r.gyldig_til
FROM (SELECT DISTINCT ydelse FROM yr) AS d
LEFT JOIN ref_yr_ydelse AS r ON lower(r.ydelse) = lower(trim(d.ydelse))
