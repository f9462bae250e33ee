-- One row is: an account that refusion or medfinansiering of a ydelse is booked on, its step (NULL: all) and its sign (refusion is
-- income and negative). The municipality's own list ([kilder.yr_konto]) stands in place of the reference data's for the ydelse
-- and the kind of financing it names.
-- stored
SELECT ydelse, finansiering, trin, konto, fortegn, gyldig_fra, gyldig_til
FROM ref_yr_konto AS r
WHERE NOT EXISTS (
    SELECT 1 FROM yr_konto AS e WHERE lower(trim(e.ydelse)) = lower(r.ydelse) AND e.art = r.finansiering
)
UNION ALL
SELECT
    trim(ydelse), art, CAST(NULL AS BIGINT), konto, CASE WHEN art = 'refusion' THEN -1 ELSE 1 END,
    coalesce(fra, DATE '0001-01-01'), til
FROM yr_konto
