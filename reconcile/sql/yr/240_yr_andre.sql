-- One row is: another kommune that finances rows of the source: the rows, the persons and the amounts in kr. They are in no
-- measure and raise no finding.
SELECT
    r.finansieringskommune, count(*) AS raekker, count(DISTINCT r.cpr) AS personer,
    sum(r.bruttoudgift) AS bruttoudgift, sum(r.refusion) AS refusion, sum(r.medfinansiering) AS medfinansiering
FROM yr_raekke AS r
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
WHERE y.betaling AND NOT r.egen
GROUP BY r.finansieringskommune
