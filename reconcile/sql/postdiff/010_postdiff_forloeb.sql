-- One row is: a course of the fagsystem or the FLIS extract after FLIS' load rule (open courses of a former system are
-- not delivered). i_omfang: own population, with an active day in a judged quarter (1); id: its ydelse_id, where both
-- sources have that column.
-- stored
SELECT
    f.*,
    CASE WHEN $postdiff_id THEN f.ydelse_id END AS id,
    CASE
        WHEN f.egen AND f.foerste_dag <= f.sidste_dag
            AND EXISTS (SELECT 1 FROM periode AS p WHERE f.foerste_dag <= p.til AND f.sidste_dag >= p.fra) THEN 1
        ELSE 0
    END AS i_omfang
FROM forloeb AS f
WHERE NOT (f.kilde = 'fagsystem' AND f.system = 'tidligere' AND f.aaben)
