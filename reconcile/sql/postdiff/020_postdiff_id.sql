-- One row is: a ydelse_id that both sides have.
-- stored
SELECT id
FROM postdiff_forloeb
WHERE id IS NOT NULL
GROUP BY id
HAVING min(kilde) <> max(kilde)
