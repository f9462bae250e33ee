-- One row is: a group of rows that are equal in every cell within one file; raekke is its first.
SELECT e.*, k.uge AS periode
FROM yr_ens AS e
LEFT JOIN yr_kalender AS k ON k.mandag = CAST(date_trunc('week', e.uge) AS DATE)
WHERE e.nummer = 1
