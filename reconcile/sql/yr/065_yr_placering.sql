-- One row is: a row of a payment, as numbers, with the step it stands on: that of its percentage, else of its counter; NULL for a
-- ydelse outside the staircase and where neither says. The percentage goes first because the money was calculated by it.
-- sats: percent of refusion (100 less medfinansiering) that a payment of a ydelse on the staircase is calculated with, where it can
-- be judged (as in yr_beregning); taellersats: what its own counter gives. Stored because what is summed by week, month, date,
-- run and kommune all begins with it, and to join the names of persons and ydelser takes longer than to sum.
-- stored, person by person
SELECT
    p.person_nr,
    r.uge,
    r.mandag,
    r.koerselsperiode,
    r.finansieringskommune,
    r.bopaelskommune,
    r.tilhoerskommune,
    r.egen,
    y.ydelse_nr,
    CASE WHEN v.trappe THEN coalesce(a.trin, b.trin, t.trin) END AS trin,
    r.bruttoudgift,
    r.refusion,
    r.medfinansiering,
    r.fleksbidrag,
    r.ydelsestaeller,
    CASE
        WHEN v.trappe THEN coalesce(
            CASE WHEN r.refusionssats <> 0 OR r.refusion <> 0 THEN r.refusionssats END,
            100 - CASE WHEN r.medfinansieringssats <> 0 OR r.medfinansiering <> 0 THEN r.medfinansieringssats END
        )
    END AS sats,
    t.refusionssats AS taellersats,
    f.fil_nr * 1000000000000 + r.raekke AS sted
FROM yr_raekke AS r
INNER JOIN yr_person AS p ON p.cpr = r.cpr
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
INNER JOIN yr_fil AS f ON f.fil = r.fil
INNER JOIN yr_ydelsesdag AS v ON v.ydelse = r.ydelse AND v.uge = r.uge
LEFT JOIN yr_sats AS a ON a.uge = r.uge AND a.refusionssats = r.refusionssats
LEFT JOIN yr_sats AS b ON b.uge = r.uge AND b.medfinansieringssats = r.medfinansieringssats
LEFT JOIN yr_trin AS t ON t.uge = r.uge AND t.ydelsestaeller = r.ydelsestaeller
WHERE y.betaling
