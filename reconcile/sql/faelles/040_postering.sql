-- One row is: a posting of the own kommune: where the ledger has a column of kommuner, the others' rows are not here.
SELECT * FROM oekonomi WHERE kommune IS NULL OR kommune IN (SELECT kommune FROM egen_kommune)
