-- One row is: a row of the state's fleksbidrag, which is no payment, that the own kommune gets; fleksbidrag: its amount in kr.
-- It stands on no step (trin).
SELECT
    r.cpr, r.uge, CAST(date_trunc('month', r.uge) AS DATE) AS maaned, r.finansieringskommune, r.bopaelskommune, r.tilhoerskommune,
    y.ydelse, y.ydelse_nr, CAST(NULL AS BIGINT) AS trin,
    CASE WHEN r.fleksbidrag <> 0 THEN r.fleksbidrag ELSE r.bruttoudgift END AS fleksbidrag
FROM yr_raekke AS r
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
WHERE NOT y.betaling AND r.egen
