-- One row is: a counter of a person with a finding on counters, and what it does: ny (it begins at 1, rightly, or as another kommune's week
-- has it, which is not judged) and fejl (its step
-- from the one before is a finding of YR02–YR07 or YR19, 1).
-- stored, person by person
SELECT
    t.person_nr,
    t.mandag,
    t.taeller,
    CASE
        WHEN t.forrige_mandag IS NULL THEN 1
        WHEN s.person_nr IS NULL THEN CASE WHEN t.egen = 0 AND t.taeller <> t.forrige_taeller + 1 THEN 1 ELSE 0 END
        WHEN s.pause > 0 AND s.taeller = 1
            AND coalesce(s.genoptjening >= s.nulstilling_uger, n.uger_uden_taeller >= s.nulstilling_uger) THEN 1
        WHEN s.pause > 0 AND s.taeller <> 1
            AND coalesce(s.genoptjening >= s.nulstilling_uger, s.pause >= s.nulstilling_uger AND s.taeller = s.forrige_taeller + 1)
            THEN 1
        ELSE 0
    END AS ny,
    CASE
        WHEN s.person_nr IS NULL THEN 0
        WHEN s.fortloebende THEN CASE WHEN s.taeller <> s.forrige_taeller + 1 THEN 1 ELSE 0 END
        WHEN s.taeller = 1
            THEN CASE
                WHEN coalesce(s.genoptjening < s.nulstilling_uger, n.uger_uden_taeller < s.nulstilling_uger) THEN 1 ELSE 0
            END
        WHEN coalesce(s.genoptjening >= s.nulstilling_uger, s.pause >= s.nulstilling_uger AND s.taeller = s.forrige_taeller + 1)
            THEN 1
        WHEN s.taeller <> s.forrige_taeller + 1 THEN 1
        ELSE 0
    END AS fejl
FROM yr_taeller AS t
LEFT JOIN yr_taellerspring AS s ON s.person_nr = t.person_nr AND s.mandag = t.mandag AND s.pause IS NOT NULL
LEFT JOIN yr_nulstilling AS n ON n.person_nr = t.person_nr AND n.mandag = t.mandag
WHERE t.person_nr IN (SELECT person_nr FROM yr_taellerspring WHERE pause IS NOT NULL)
