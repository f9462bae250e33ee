-- One row is: a file that courses or postings were read from, with a number in the order of the names. A first row is
-- then the least nr × 10.000.000.000 + raekke, which is cheap to carry through sums.
-- stored
SELECT fil, row_number() OVER (ORDER BY fil) AS nr
FROM (SELECT fil FROM postering UNION SELECT fil FROM fagsystem UNION SELECT fil FROM flis)
