-- One row is: a person of fagsystem, FLIS or borger, with the birth and death dates that the bridge and the rules use.
-- foedselsdato comes from borger, else from the CPR (day − 60 for an erstatningsnummer); doedsdato from borger. A person
-- who stands in borger twice has the latest dates.
-- stored
SELECT
    c.cpr,
    cpr_klasse_af(c.cpr, c.foedt) AS klasse,
    coalesce(b.foedselsdato, c.foedt) AS foedselsdato,
    b.doedsdato
FROM (
    SELECT cpr, cpr_foedt(cpr) AS foedt
    FROM (SELECT cpr FROM fagsystem UNION SELECT cpr FROM flis UNION SELECT cpr FROM borger) AS alle
) AS c
LEFT JOIN (
    SELECT cpr, max(foedselsdato) AS foedselsdato, max(doedsdato) AS doedsdato FROM borger GROUP BY cpr
) AS b ON b.cpr = c.cpr
