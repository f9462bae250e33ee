-- One row is: a person × month (of «uge» as written) × ydelse × step with its net amounts, of what the own kommune
-- finances.
-- stored, person by person
SELECT
    p.person_nr,
    r.maaned,
    r.ydelse_nr,
    r.trin,
    CAST(sum(r.bruttoudgift) AS DECIMAL(18, 2)) AS bruttoudgift,
    CAST(sum(r.refusion) AS DECIMAL(18, 2)) AS refusion,
    CAST(sum(r.medfinansiering) AS DECIMAL(18, 2)) AS medfinansiering
FROM yr_placering AS r
INNER JOIN yr_person AS p ON p.cpr = r.cpr
WHERE r.egen
GROUP BY p.person_nr, r.maaned, r.ydelse_nr, r.trin
