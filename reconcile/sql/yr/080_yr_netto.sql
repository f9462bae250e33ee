-- One row is: a person × ISO week × ydelse with its net bruttoudgift; 0,00 is no payment. ugegraense: the limit
-- of a week's payment in that week. fil and raekke: the first row. Only what the own
-- kommune finances.
SELECT
    p.cpr,
    iso_uge(g.mandag) AS periode,
    g.mandag,
    y.ydelse,
    g.bruttoudgift,
    u.ugegraense,
    f.fil,
    g.sted % 1000000000000 AS raekke
FROM yr_gruppe AS g
LEFT JOIN yr_ugeregel AS u ON u.mandag = g.mandag
LEFT JOIN yr_person AS p ON p.person_nr = g.person_nr
LEFT JOIN yr_ydelse AS y ON y.ydelse_nr = g.ydelse_nr
LEFT JOIN yr_fil AS f ON f.fil_nr = g.sted // 1000000000000
WHERE g.egen = 1
