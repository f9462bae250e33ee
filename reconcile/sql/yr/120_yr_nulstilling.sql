-- One row is: a counter of 1 after a pause. uger_uden_taeller: of the tilbageblik_uger ISO weeks before it, those after the person's
-- first counter in the data that have none; kildens_uger: the weeks from the source's first ISO week to this one.
-- stored
SELECT
    s.*,
    least(s.tilbageblik_uger, date_diff('week', t.foerste_mandag, s.mandag) - 1)
    - (t.taellere - CASE WHEN date_diff('week', t.foerste_mandag, s.mandag) <= s.tilbageblik_uger THEN 1 ELSE 0 END)
        AS uger_uden_taeller,
    date_diff('week', (SELECT min(foerste_mandag) FROM yr_person), s.mandag) AS kildens_uger
FROM yr_taellerspring AS s
INNER JOIN (
    SELECT
        c.person_nr,
        c.mandag,
        min(c.mandag) OVER (PARTITION BY c.person_nr) AS foerste_mandag,
        count(*) OVER (
            PARTITION BY c.person_nr ORDER BY c.mandag
            RANGE BETWEEN to_weeks(u.tilbageblik_uger) PRECEDING AND INTERVAL 7 DAY PRECEDING
        ) AS taellere
    FROM yr_taelleruge AS c
    LEFT JOIN yr_ugeregel AS u ON u.mandag = c.mandag
    WHERE c.person_nr IN (SELECT person_nr FROM yr_taellerspring WHERE pause > 0 AND taeller = 1)
) AS t ON t.person_nr = s.person_nr AND t.mandag = s.mandag
WHERE s.pause > 0 AND s.taeller = 1
