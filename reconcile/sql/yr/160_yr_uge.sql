-- One row is: a date in «uge» as written × ydelse × finansieringskommune: persons with a payment and the amounts in kr. A
-- person whose bruttoudgift nets to 0,00 there is left out with all amounts.
SELECT g.uge, y.ydelse, g.kommune, count(*) AS antal,
    sum(g.bruttoudgift) AS total, sum(g.refusion) AS refusion, sum(g.medfinansiering) AS medfinansiering
FROM (
    SELECT r.uge, p.person_nr, y.ydelse_nr, r.finansieringskommune AS kommune,
        sum(r.bruttoudgift) AS bruttoudgift, sum(r.refusion) AS refusion, sum(r.medfinansiering) AS medfinansiering
    FROM yr_raekke AS r
    INNER JOIN yr_person AS p ON p.cpr = r.cpr
    INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
    WHERE y.betaling
    GROUP BY r.uge, p.person_nr, y.ydelse_nr, r.finansieringskommune
    HAVING sum(r.bruttoudgift) <> 0
) AS g
INNER JOIN yr_ydelse AS y ON y.ydelse_nr = g.ydelse_nr
GROUP BY g.uge, y.ydelse, g.kommune
