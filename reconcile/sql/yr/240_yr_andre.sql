-- One row is: another kommune that finances rows of the source: the rows, the persons and the amounts in kr. They are in no
-- measure and raise no finding.
SELECT
    finansieringskommune, count(*) AS raekker, count(DISTINCT person_nr) AS personer,
    sum(bruttoudgift) AS bruttoudgift, sum(refusion) AS refusion, sum(medfinansiering) AS medfinansiering
FROM yr_placering
WHERE NOT egen
GROUP BY finansieringskommune
