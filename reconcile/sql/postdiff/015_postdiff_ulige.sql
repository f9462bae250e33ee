-- One row is: a course of postdiff_forloeb that is not one of a pair that is known by its id and equal in every field compared:
-- what a difference can be found in. Its id is none or one of postdiff_skiller, which a side lacks, has twice or has otherwise.
-- stored
SELECT * FROM postdiff_forloeb WHERE id IS NULL
UNION ALL
SELECT f.* FROM postdiff_forloeb AS f INNER JOIN postdiff_skiller AS s ON s.id = f.id
