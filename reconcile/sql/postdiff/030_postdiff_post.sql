-- One row is: a course of postdiff_ulige with the key it is compared by (noegle) and what kind it is: ydelse_id where both sides
-- have that id, else cpr + dst_kode + start_dato. A course that has an id, and that nothing on the other side answers to, is
-- known by its id. i_omfang: own population, with an active day in a judged quarter (1).
-- stored
SELECT
    n.*,
    CASE WHEN n.kendt_paa_id = 1 THEN 'ydelse_id' ELSE 'forloeb' END AS noegletype,
    CASE WHEN n.kendt_paa_id = 1 THEN n.id ELSE n.forloebsnoegle END AS noegle,
    CASE
        WHEN n.egen AND n.foerste_dag <= n.sidste_dag AND i.foerste_dag IS NOT NULL THEN 1
        ELSE 0
    END AS i_omfang
FROM (
    SELECT f.*, 1 AS kendt_paa_id, '' AS forloebsnoegle
    FROM postdiff_ulige AS f
    WHERE f.id IN (SELECT id FROM postdiff_id)
    UNION ALL
    SELECT
        f.*,
        CASE
            WHEN f.id IS NOT NULL AND min(f.kilde) OVER noegle = max(f.kilde) OVER noegle THEN 1
            ELSE 0
        END AS kendt_paa_id,
        f.cpr || '|' || f.dst_kode || '|' || strftime(f.start_dato, '%Y-%m-%d') AS forloebsnoegle
    FROM postdiff_ulige AS f
    WHERE f.id IS NULL OR f.id NOT IN (SELECT id FROM postdiff_id)
    WINDOW noegle AS (PARTITION BY f.cpr, f.dst_kode, f.start_dato)
) AS n
LEFT JOIN (
    SELECT d.foerste_dag, d.sidste_dag
    FROM (SELECT DISTINCT foerste_dag, sidste_dag FROM postdiff_ulige) AS d
    WHERE EXISTS (SELECT 1 FROM periode AS p WHERE d.foerste_dag <= p.til AND d.sidste_dag >= p.fra)
) AS i ON i.foerste_dag = n.foerste_dag AND i.sidste_dag = n.sidste_dag
