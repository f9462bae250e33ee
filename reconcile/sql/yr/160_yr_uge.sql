-- One row is: a date in «uge» as written × ydelse × finansieringskommune: persons with a payment and the amounts in kr. A
-- person whose bruttoudgift nets to 0,00 there is left out with all amounts.
SELECT g.uge, y.ydelse, g.kommune, count(*) AS antal,
    sum(g.bruttoudgift) AS total, sum(g.refusion) AS refusion, sum(g.medfinansiering) AS medfinansiering
FROM (
    SELECT uge, person_nr, ydelse_nr, finansieringskommune AS kommune,
        sum(bruttoudgift) AS bruttoudgift, sum(refusion) AS refusion, sum(medfinansiering) AS medfinansiering
    FROM yr_placering
    GROUP BY uge, person_nr, ydelse_nr, finansieringskommune
    HAVING sum(bruttoudgift) <> 0
) AS g
INNER JOIN yr_ydelse AS y ON y.ydelse_nr = g.ydelse_nr
GROUP BY g.uge, y.ydelse, g.kommune
