-- One row is: a person × ISO week that has a counter: the largest of the latest run among rows above 0 kr. in groups that
-- survive netting; laveste is the smallest of the same rows. forrige_*: the counter before it (of whatever week).
-- stored, person by person
SELECT
    person_nr,
    mandag,
    taeller,
    laveste,
    sted,
    egen,
    lag(mandag) OVER (PARTITION BY person_nr ORDER BY mandag) AS forrige_mandag,
    lag(taeller) OVER (PARTITION BY person_nr ORDER BY mandag) AS forrige_taeller
FROM (
    SELECT
        person_nr,
        mandag,
        max(hoejeste) % 1000000000000 - 500000000000 AS taeller,
        500000000000 - max(laveste) % 1000000000000 AS laveste,
        min(sted) AS sted,
        max(egen) AS egen
    FROM yr_gruppe
    WHERE bruttoudgift <> 0 AND hoejeste IS NOT NULL
    GROUP BY person_nr, mandag
    HAVING max(hoejeste) % 1000000000000 > 0
)
