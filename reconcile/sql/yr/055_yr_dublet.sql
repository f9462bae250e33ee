-- One row is: a group of rows that are equal in every cell within one file; raekke is its first.
SELECT *, iso_uge(uge) AS periode FROM yr_ens WHERE nummer = 1 AND coalesce(finansieringskommune, $kommune) IN (SELECT kommune FROM egen_kommune)
