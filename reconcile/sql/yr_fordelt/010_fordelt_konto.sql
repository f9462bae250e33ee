-- One row is: a ydelse × step × date of the YR source with the account its refusion or medfinansiering is booked on.
-- stored
SELECT d.ydelse_nr, d.trin, d.uge, min(k.konto) AS konto
FROM (SELECT DISTINCT ydelse_nr, trin, uge FROM yr_placering WHERE egen) AS d
INNER JOIN yr_ydelse AS y ON y.ydelse_nr = d.ydelse_nr
INNER JOIN yr_kontoplan AS k
    ON lower(k.ydelse) = lower(trim(y.ydelse)) AND k.finansiering = y.finansiering AND coalesce(k.trin, d.trin) = d.trin
    AND d.uge BETWEEN k.gyldig_fra AND coalesce(k.gyldig_til, d.uge)
GROUP BY d.ydelse_nr, d.trin, d.uge
