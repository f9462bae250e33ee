-- One row is: a person × ISO week that has a counter, with the counter before it (of whatever week).
SELECT
    person_nr,
    mandag,
    taeller,
    laveste,
    sted,
    egen,
    lag(mandag) OVER (PARTITION BY person_nr ORDER BY mandag) AS forrige_mandag,
    lag(taeller) OVER (PARTITION BY person_nr ORDER BY mandag) AS forrige_taeller
FROM yr_taelleruge
