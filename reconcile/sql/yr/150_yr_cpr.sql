-- One row is: a person in the YR source with the class of the CPR, at the person's first ISO week.
SELECT p.cpr, cpr_klasse(p.cpr) AS klasse, iso_uge(p.foerste_mandag) AS periode, f.fil, p.sted % 1000000000000 AS raekke
FROM yr_person AS p
LEFT JOIN yr_fil AS f ON f.fil_nr = p.sted // 1000000000000
WHERE p.egen = 1
