-- One row is: a course of the bridge of which R2 leaves a day, with its first days and the person's birth date.
SELECT r.forloeb, r.cpr, r.dag_fra, r.dag_til, r.oprindelig_start, r.foedselsdato
FROM bro_raa AS r
WHERE EXISTS (SELECT 1 FROM bro_r2 AS e WHERE e.forloeb = r.forloeb)
