-- One row is: a counted course × what DST's rules do with it: the last step of the bridge that touches it and whether that removes
-- or changes it, else uændret. Only where a split by it is asked for.
SELECT
    n.forloeb,
    CASE
        WHEN i.forloeb IS NULL THEN 'indlaesning fjernet'
        WHEN g.forloeb IS NULL THEN 'gyldighed fjernet'
        WHEN r1.forloeb IS NULL THEN 'R1 fjernet'
        WHEN r3.forloeb IS NULL THEN 'R3 fjernet'
        WHEN r2.forloeb IS NULL THEN 'R2 fjernet'
        WHEN r2.dage < date_diff('day', r3.dag_fra, r3.dag_til) + 1 THEN 'R2 ændret'
        WHEN r3.dag_til < r1.dag_til THEN 'R3 ændret'
        WHEN g.dag_fra > b.dag_fra OR g.dag_til < b.dag_til THEN 'gyldighed ændret'
        ELSE 'uændret'
    END AS virkning
FROM noegletal_forloeb AS n
INNER JOIN bro_raa AS b ON b.udgave = 0 AND b.fil = n.fil AND b.raekke = n.raekke
LEFT JOIN bro_indlaesning AS i ON i.forloeb = b.forloeb
LEFT JOIN bro_gyldighed AS g ON g.forloeb = b.forloeb
LEFT JOIN bro_r1 AS r1 ON r1.forloeb = b.forloeb
LEFT JOIN bro_r3 AS r3 ON r3.forloeb = b.forloeb
LEFT JOIN (
    SELECT forloeb, sum(date_diff('day', dag_fra, dag_til) + 1) AS dage FROM bro_r2 GROUP BY forloeb
) AS r2 ON r2.forloeb = b.forloeb
WHERE EXISTS (SELECT 1 FROM noegletal_opdeling AS o WHERE o.navn = 'harmonisering')
