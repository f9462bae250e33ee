-- One row is: a koerselsperiode × account of the staircase × ydelse: what YR says should stand on the account, with the
-- ledger's sign, in the month after. What another kommune finances stands in that kommune's ledger.
SELECT
    s.koerselsperiode,
    k.konto,
    k.trin,
    s.ydelse,
    k.fortegn * CASE WHEN k.finansiering = 'refusion' THEN s.refusion ELSE s.medfinansiering END AS beloeb
FROM (
    SELECT r.koerselsperiode, y.ydelse, r.trin,
        sum(coalesce(r.refusion, 0)) AS refusion, sum(coalesce(r.medfinansiering, 0)) AS medfinansiering
    FROM yr_placering AS r
    INNER JOIN yr_ydelse AS y ON y.ydelse_nr = r.ydelse_nr
    WHERE
        r.koerselsperiode IS NOT NULL
        AND r.egen
    GROUP BY r.koerselsperiode, y.ydelse, r.trin
) AS s
INNER JOIN yr_kontoplan AS k
    ON lower(k.ydelse) = lower(trim(s.ydelse)) AND coalesce(k.trin, s.trin) = s.trin
    AND s.koerselsperiode + INTERVAL 1 MONTH BETWEEN k.gyldig_fra AND coalesce(k.gyldig_til, DATE '9999-12-31')
