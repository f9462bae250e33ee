-- One row is: a rule of DST with the courses it removed and changed, among those of this delivery that
-- touch the shown quarters. R2 leaves all but 1.12.0.2 alone, and R3 all but open courses of who has died.
WITH vist AS (
    SELECT forloeb FROM bro_gyldighed
    WHERE udgave = 0
        AND (
            NOT $periode_valgt
            OR EXISTS (SELECT 1 FROM periode AS p WHERE dag_fra <= p.til AND dag_til >= p.fra)
        )
)
-- R1 leaves a course as it is or takes it whole.
SELECT
    'R1' AS regel, 1 AS nr,
    (SELECT count(*) FROM vist) - (SELECT count(*) FROM bro_r1 AS g INNER JOIN vist ON vist.forloeb = g.forloeb) AS fjernet,
    0 AS aendret
UNION ALL
SELECT 'R2', 2,
    count(*) FILTER (WHERE dage_efter IS NULL),
    count(*) FILTER (WHERE dage_efter < dage_foer)
FROM (
    SELECT f.forloeb, date_diff('day', f.dag_fra, f.dag_til) + 1 AS dage_foer, max(e.dage) AS dage_efter
    FROM bro_r3 AS f
    INNER JOIN vist ON vist.forloeb = f.forloeb
    LEFT JOIN (
        SELECT forloeb, sum(date_diff('day', dag_fra, dag_til) + 1) AS dage
        FROM bro_r2
        WHERE dst_kode = '1.12.0.2'
        GROUP BY forloeb
    ) AS e ON e.forloeb = f.forloeb
    WHERE f.dst_kode = '1.12.0.2'
    GROUP BY f.forloeb, f.dag_fra, f.dag_til
)
UNION ALL
SELECT 'R3', 3,
    count(*) FILTER (WHERE e.forloeb IS NULL),
    count(*) FILTER (WHERE e.dag_til < f.dag_til)
FROM bro_r1 AS f
INNER JOIN vist ON vist.forloeb = f.forloeb
LEFT JOIN bro_r3 AS e ON e.forloeb = f.forloeb
WHERE f.aaben AND f.doedsdato IS NOT NULL
