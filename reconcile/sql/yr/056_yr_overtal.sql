-- One row is: a row that is not counted, because an equal one stands before it in the same file.
-- stored, person by person
SELECT fil, raekke AS overtallig FROM yr_ens WHERE nummer > 1
