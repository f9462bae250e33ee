-- One row is: a first and last active day that courses have, with a judged quarter between them.
SELECT f.foerste_dag, f.sidste_dag
FROM (SELECT DISTINCT foerste_dag, sidste_dag FROM postdiff_forloeb) AS f
WHERE EXISTS (SELECT 1 FROM periode AS p WHERE f.foerste_dag <= p.til AND f.sidste_dag >= p.fra)
