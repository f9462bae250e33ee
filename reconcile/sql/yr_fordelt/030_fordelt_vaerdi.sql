-- One row is: what a row is by the factor, with a number that stands for it as a step's does.
-- stored
SELECT vaerdi, row_number() OVER (ORDER BY vaerdi) AS nr
FROM (SELECT DISTINCT vaerdi FROM fordelt_raekke WHERE vaerdi IS NOT NULL)
