-- One row is: a payment as in yr_placering, on what it is by the factor in place of a step.
SELECT
    r.person_nr, r.uge, r.ydelse_nr, v.nr AS trin, r.bruttoudgift, r.refusion, r.medfinansiering, r.fleksbidrag, true AS egen
FROM fordelt_raekke AS r
LEFT JOIN fordelt_vaerdi AS v ON v.vaerdi = r.vaerdi
WHERE r.betaling
