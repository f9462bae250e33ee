-- One row is: a course with the key it is compared by, as in postdiff_post: every course, also those that are equal.
SELECT * FROM postdiff_post
UNION ALL
SELECT
    f.*,
    1 AS kendt_paa_id,
    '' AS forloebsnoegle,
    'ydelse_id' AS noegletype,
    f.id AS noegle,
    CASE
        WHEN f.egen AND f.foerste_dag <= f.sidste_dag AND i.foerste_dag IS NOT NULL THEN 1
        ELSE 0
    END AS i_omfang
FROM postdiff_forloeb AS f
LEFT JOIN postdiff_omfang AS i ON i.foerste_dag = f.foerste_dag AND i.sidste_dag = f.sidste_dag
WHERE f.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM postdiff_skiller AS s WHERE s.id = f.id)
