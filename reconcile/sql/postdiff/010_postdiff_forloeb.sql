-- One row is: a course of the fagsystem or the FLIS extract after FLIS' load rule (open courses of a former system are
-- not delivered). id: its ydelse_id, where both sources have that column.
SELECT *, CASE WHEN $postdiff_id THEN ydelse_id END AS id
FROM forloeb
WHERE NOT (kilde = 'fagsystem' AND system = 'tidligere' AND aaben)
