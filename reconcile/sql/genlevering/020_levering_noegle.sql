-- One row is: a course of levering_post with the key it is compared by: its ydelse_id where both deliveries of the
-- source have that id, else person, code and start.
-- stored
SELECT
    p.*,
    CASE WHEN i.ydelse_id IS NOT NULL THEN 'ydelse_id' ELSE 'forloeb' END AS noegletype,
    coalesce(i.ydelse_id, p.borger || ' ' || p.dst_kode || ' ' || strftime(p.start_dato, '%Y-%m-%d')) AS noegle
FROM levering_post AS p
LEFT JOIN (
    SELECT kilde, ydelse_id
    FROM levering_post
    WHERE ydelse_id IS NOT NULL
    GROUP BY kilde, ydelse_id
    HAVING sum(i_foer) > 0 AND sum(i_nu) > 0
) AS i ON i.kilde = p.kilde AND i.ydelse_id = p.ydelse_id
