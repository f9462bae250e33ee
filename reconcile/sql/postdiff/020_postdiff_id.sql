-- One row is: a ydelse_id that both sides have, on courses that are not all equal.
-- stored
SELECT id
FROM postdiff_ulige
WHERE id IS NOT NULL
GROUP BY id
HAVING min(kilde) <> max(kilde)
