-- One row is: a course with the key it is compared by (noegle) and what kind it is: ydelse_id where both sides have that
-- id, else cpr + dst_kode + start_dato (kilder: how many sides have that one among the courses without a common id). A
-- course that nothing on the other side answers to is known by its own id.
-- stored
SELECT
    n.*,
    CASE WHEN n.faelles_id = 1 OR (n.kilder = 1 AND n.id IS NOT NULL) THEN 'ydelse_id' ELSE 'forloeb' END AS noegletype,
    CASE WHEN n.faelles_id = 1 OR (n.kilder = 1 AND n.id IS NOT NULL) THEN n.id ELSE n.forloebsnoegle END AS noegle
FROM (
    SELECT
        k.*,
        CASE WHEN min(k.kilde) OVER w <> max(k.kilde) OVER w THEN 2 ELSE 1 END AS kilder
    FROM (
        SELECT
            f.*,
            CASE
                WHEN f.id IS NOT NULL
                    AND min(f.kilde) OVER (PARTITION BY f.id) <> max(f.kilde) OVER (PARTITION BY f.id) THEN 1
                ELSE 0
            END AS faelles_id,
            f.cpr || '|' || f.dst_kode || '|' || strftime(f.start_dato, '%Y-%m-%d') AS forloebsnoegle
        FROM postdiff_forloeb AS f
    ) AS k
    WINDOW w AS (PARTITION BY k.faelles_id, k.forloebsnoegle)
) AS n
