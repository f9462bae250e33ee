-- One row is: a person × ISO week where the counter does anything but go one up from the week before, or where the rows
-- disagree on it. fortloebende: there is a counter the week before; pause: the weeks without one since the last (0 when
-- fortloebende, NULL for the person's first); nulstilling_uger: so many weeks without one reset it;
-- genoptjening: the last one told before the week (NULL: none told). Counters follow the person, whoever finances; judged are the
-- weeks that the own kommune finances.
-- stored, person by person
SELECT
    t.person_nr,
    p.cpr,
    t.mandag,
    iso_uge(t.mandag) AS periode,
    t.taeller,
    t.laveste,
    iso_uge(t.forrige_mandag) AS forrige_uge,
    t.forrige_taeller,
    coalesce(date_diff('day', t.forrige_mandag, t.mandag) = 7, false) AS fortloebende,
    date_diff('day', t.forrige_mandag, t.mandag) // 7 - 1 AS pause,
    u.nulstilling_uger,
    u.tilbageblik_uger,
    g.genoptjening,
    f.fil,
    t.sted % 1000000000000 AS raekke
FROM yr_taeller AS t
LEFT JOIN yr_ugeregel AS u ON u.mandag = t.mandag
LEFT JOIN yr_person AS p ON p.person_nr = t.person_nr
LEFT JOIN yr_genoptjent AS g ON g.person_nr = t.person_nr AND g.mandag = t.mandag
LEFT JOIN yr_fil AS f ON f.fil_nr = t.sted // 1000000000000
WHERE
    t.egen = 1
    AND (
        t.laveste <> t.taeller
        OR date_diff('day', t.forrige_mandag, t.mandag) <> 7
        OR t.taeller <> t.forrige_taeller + 1
    )
