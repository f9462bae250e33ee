-- One row is: a course of postdiff_forloeb that is not one of a pair that is known by its id and equal in every field compared
-- (postdiff_ens): what a difference can be found in.
-- stored
SELECT * FROM postdiff_forloeb AS f WHERE NOT EXISTS (SELECT 1 FROM postdiff_ens AS e WHERE e.id = f.id)
