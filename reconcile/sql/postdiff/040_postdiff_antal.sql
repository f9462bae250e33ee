-- One row is: a key with a course in scope on either side: how many courses each side has with it.
-- stored
SELECT
    noegletype, noegle,
    sum(CASE WHEN kilde = 'fagsystem' THEN 1 ELSE 0 END) AS i_fagsystem,
    sum(CASE WHEN kilde = 'flis' THEN 1 ELSE 0 END) AS i_flis
FROM postdiff_post
GROUP BY noegletype, noegle
HAVING max(i_omfang) = 1
