-- One row is: a file of the YR source, numbered by name. A number and a row number make one integer (sted) whose
-- smallest value is the first row behind a figure.
-- stored
SELECT fil, row_number() OVER (ORDER BY fil) AS fil_nr FROM (SELECT DISTINCT fil FROM yr)
