-- One row is: a person × month (of «uge» as written) × ydelse × step with its net amounts.
-- stored
SELECT
    p.person_nr,
    r.maaned,
    r.ydelse_nr,
    r.trin,
    sum(r.bruttoudgift) AS bruttoudgift,
    sum(r.refusion) AS refusion,
    sum(r.medfinansiering) AS medfinansiering
FROM yr_placering AS r
INNER JOIN yr_person AS p ON p.cpr = r.cpr
GROUP BY p.person_nr, r.maaned, r.ydelse_nr, r.trin
