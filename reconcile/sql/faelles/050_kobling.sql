-- One row is: a link of the own masteroversigt: where it has a column of kommuner, the others' rows are not here.
SELECT * FROM masteroversigt WHERE kommune IS NULL OR kommune IN (SELECT kommune FROM egen_kommune)
