-- One row is: a person × ISO week with a counter after a pause, where a genoptjening was told before it: the last one told (of
-- a week with several, the largest). A 0 on a paid week before the pause tells nothing of the pause.
-- stored, person by person
SELECT f.person_nr, f.mandag, max(g.genoptjening) AS genoptjening
FROM (
    SELECT t.person_nr, p.cpr, t.mandag, max(r.mandag) AS sidst
    FROM yr_taeller AS t
    INNER JOIN yr_person AS p ON p.person_nr = t.person_nr
    INNER JOIN yr_raekke AS r ON r.cpr = p.cpr AND r.mandag < t.mandag
        AND (r.genoptjening > 0 OR (r.genoptjening = 0 AND r.mandag > t.forrige_mandag))
    WHERE date_diff('day', t.forrige_mandag, t.mandag) > 7
    GROUP BY t.person_nr, p.cpr, t.mandag
) AS f
INNER JOIN yr_raekke AS g ON g.cpr = f.cpr AND g.mandag = f.sidst AND g.genoptjening IS NOT NULL
GROUP BY f.person_nr, f.mandag
