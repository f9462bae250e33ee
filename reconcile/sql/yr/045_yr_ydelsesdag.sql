-- One row is: a ydelse × date of the YR source with what the reference data says of the ydelse on that day, or, where it
-- does not exist then, on the days nearest before it (else after it). trappe: the staircase's percentages apply (also to
-- a ydelse the reference data does not know: only those listed as outside are exempt).
-- stored
SELECT ydelse, uge, trappe, gyldig_fra, gyldig_til, gyldig
FROM (
    SELECT
        d.ydelse,
        d.uge,
        coalesce(r.trappe, true) AS trappe,
        r.gyldig_fra,
        r.gyldig_til,
        coalesce(d.uge BETWEEN r.gyldig_fra AND coalesce(r.gyldig_til, d.uge), false) AS gyldig,
        row_number() OVER (
            PARTITION BY d.ydelse, d.uge
            ORDER BY r.gyldig_fra <= d.uge DESC, CASE WHEN r.gyldig_fra <= d.uge THEN r.gyldig_fra END DESC, r.gyldig_fra
        ) AS nummer
    FROM (SELECT DISTINCT ydelse, uge FROM yr) AS d
    LEFT JOIN ref_yr_ydelse AS r ON lower(r.ydelse) = lower(trim(d.ydelse))
)
WHERE nummer = 1
