-- One row is: a ydelse of the YR source with what the reference data says of it at all times. Capitals and outer spaces do
-- not count. betaling: it is a payment to a person («Fleksbidrag fra staten» is not).
-- stored
SELECT
    d.ydelse,
    CAST(row_number() OVER (ORDER BY d.ydelse) AS SMALLINT) AS ydelse_nr,
    coalesce(r.finansiering, 'ukendt') AS finansiering,
    coalesce(r.finansiering, 'ukendt') <> 'fleksbidrag' AS betaling
FROM (SELECT DISTINCT ydelse FROM yr) AS d
LEFT JOIN (
    SELECT lower(ydelse) AS ydelse, min(finansiering) AS finansiering FROM ref_yr_ydelse GROUP BY lower(ydelse)
) AS r ON r.ydelse = lower(trim(d.ydelse))
