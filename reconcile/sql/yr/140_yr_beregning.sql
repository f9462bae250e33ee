-- One row is: a row of yr_raekke with its ydelse's reference data, the percentages its own counter gives (trin_*; NULL
-- without counter), and whether it is part of a payment: not fleksbidrag, and its group does not net to 0,00.
SELECT
    r.*,
    y.kendt,
    y.trappe,
    y.kendt AND r.uge BETWEEN y.gyldig_fra AND coalesce(y.gyldig_til, r.uge) AS gyldig,
    y.gyldig_fra,
    y.gyldig_til,
    t.trin,
    t.refusionssats AS trin_refusionssats,
    t.medfinansieringssats AS trin_medfinansieringssats,
    y.betaling,
    y.betaling AND n.person_nr IS NULL AS udbetaling
FROM yr_raekke AS r
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
LEFT JOIN yr_trin AS t ON t.uge = r.uge AND t.ydelsestaeller = r.ydelsestaeller
LEFT JOIN (
    SELECT g.person_nr, p.cpr, g.mandag, g.ydelse_nr
    FROM yr_gruppe AS g
    INNER JOIN yr_person AS p ON p.person_nr = g.person_nr
    WHERE g.bruttoudgift = 0
) AS n ON n.cpr = r.cpr AND n.mandag = r.mandag AND n.ydelse_nr = y.ydelse_nr
