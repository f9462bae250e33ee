-- One row is: a finding of yr_fund_uge × ISO week of the same person × ydelse: the four weeks with a payment before the
-- finding's week, that week, and the three after it (four where nothing was paid in the week itself). A week that nets to
-- 0,00 is left out unless it is the finding's own. Counters as in yr_gruppe: 0 after the run is a row without one.
WITH fund AS (SELECT * FROM yr_fund_uge),
gruppe AS (
    SELECT g.*
    FROM yr_gruppe AS g
    INNER JOIN (SELECT DISTINCT person_nr FROM fund) AS f ON f.person_nr = g.person_nr
),
uge AS (
    SELECT
        person_nr,
        mandag,
        row_number() OVER (PARTITION BY person_nr ORDER BY mandag) AS nummer,
        date_diff('day', lag(mandag) OVER (PARTITION BY person_nr ORDER BY mandag), mandag) // 7 AS uger_siden
    FROM (SELECT DISTINCT person_nr, mandag FROM gruppe WHERE bruttoudgift <> 0)
),
midte AS (
    SELECT f.fund_id, count(u.mandag) AS foer
    FROM fund AS f
    LEFT JOIN uge AS u ON u.person_nr = f.person_nr AND u.mandag < f.mandag
    GROUP BY f.fund_id
),
vist AS (
    SELECT f.fund_id, f.regel, f.borger, f.mandag AS fundets_mandag, u.person_nr, u.mandag, u.uger_siden
    FROM fund AS f
    INNER JOIN midte AS m ON m.fund_id = f.fund_id
    INNER JOIN uge AS u ON u.person_nr = f.person_nr AND u.nummer BETWEEN m.foer - 3 AND m.foer + 4
    UNION ALL
    SELECT f.fund_id, f.regel, f.borger, f.mandag, f.person_nr, f.mandag, CAST(NULL AS BIGINT)
    FROM fund AS f
    WHERE NOT EXISTS (SELECT 1 FROM uge AS u WHERE u.person_nr = f.person_nr AND u.mandag = f.mandag)
)
SELECT
    v.fund_id,
    v.regel,
    v.borger,
    iso_uge(v.mandag) AS uge,
    v.mandag,
    v.mandag = v.fundets_mandag AS fundets_uge,
    v.uger_siden,
    y.ydelse,
    t.taeller AS ugens_taeller,
    CASE WHEN g.hoejeste % 1000000000000 > 0 THEN g.hoejeste % 1000000000000 - 500000000000 END AS taeller,
    g.bruttoudgift
FROM vist AS v
INNER JOIN gruppe AS g ON g.person_nr = v.person_nr AND g.mandag = v.mandag
INNER JOIN yr_ydelse AS y ON y.ydelse_nr = g.ydelse_nr
LEFT JOIN yr_taeller AS t ON t.person_nr = v.person_nr AND t.mandag = v.mandag
WHERE g.bruttoudgift <> 0 OR v.mandag = v.fundets_mandag
