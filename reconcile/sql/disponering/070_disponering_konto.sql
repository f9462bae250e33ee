-- One row is: an account of disponering or afregning that the masteroversigt does not have, with its rows and persons.
SELECT kilde, konto, kontotekst, count(*) AS antal, count(DISTINCT cpr) AS borgere, min(fil) AS fil, arg_min(raekke, nr) AS raekke
FROM bevilling
WHERE konto NOT IN (SELECT konto FROM masterkonto)
GROUP BY kilde, konto, kontotekst
