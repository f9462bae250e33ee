-- One row is: a first and last active day that courses have, with a judged quarter between them.
SELECT DISTINCT f.foerste_dag, f.sidste_dag
FROM postdiff_forloeb AS f
INNER JOIN periode AS p ON f.foerste_dag <= p.til AND f.sidste_dag >= p.fra
