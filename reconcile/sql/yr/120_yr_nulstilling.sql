-- One row is: a counter of 1 after a pause. uger_uden_taeller: of the tilbageblik_uger ISO weeks before it, those after the person's
-- first counter in the data that have none; kildens_uger: the weeks from the source's first ISO week to this one.
-- stored, person by person
SELECT
    s.*,
    least(s.tilbageblik_uger, date_diff('day', t.foerste_mandag, s.mandag) // 7 - 1)
    - (t.taellere - CASE WHEN date_diff('day', t.foerste_mandag, s.mandag) // 7 <= s.tilbageblik_uger THEN 1 ELSE 0 END)
        AS uger_uden_taeller,
    date_diff('day', (SELECT min(foerste_mandag) FROM yr_person), s.mandag) // 7 AS kildens_uger
FROM yr_taellerspring AS s
INNER JOIN (
    SELECT
        n.person_nr,
        n.mandag,
        min(c.mandag) AS foerste_mandag,
        sum(CASE WHEN date_diff('day', c.mandag, n.mandag) BETWEEN 7 AND 7 * n.tilbageblik_uger THEN 1 ELSE 0 END) AS taellere
    FROM yr_taellerspring AS n
    INNER JOIN yr_taeller AS c ON c.person_nr = n.person_nr
    WHERE n.pause > 0 AND n.taeller = 1
    GROUP BY n.person_nr, n.mandag
) AS t ON t.person_nr = s.person_nr AND t.mandag = s.mandag
WHERE s.pause > 0 AND s.taeller = 1
