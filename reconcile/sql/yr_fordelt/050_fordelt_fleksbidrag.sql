-- One row is: a row of the state's fleksbidrag as in yr_fleksbidrag, on what it is by the factor in place of a step.
SELECT CAST(date_trunc('month', r.uge) AS DATE) AS maaned, r.ydelse_nr, v.nr AS trin, r.fleksbidrag
FROM fordelt_raekke AS r
LEFT JOIN fordelt_vaerdi AS v ON v.vaerdi = r.vaerdi
WHERE NOT r.betaling
