-- One row is: a course × a dimension it is split by × its value in it ('' where nothing is registered). A course with
-- several målgrupper counts in each of them. Only the dimensions in noegletal_opdeling.
-- stored
SELECT v.forloeb, v.opdeling, coalesce(v.vaerdi, '') AS vaerdi
FROM (
    SELECT f.forloeb, 'maalgruppe' AS opdeling, g.en AS vaerdi
    FROM noegletal_forloeb AS f
    LEFT JOIN noegletal_maalgruppe AS g ON g.maalgruppe = f.maalgruppe
    UNION ALL SELECT forloeb, 'funktionsvurdering', funktionsvurdering FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'handlekommune', handlekommune FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'betalingskommune', betalingskommune FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'tilbud', tilbud FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'afdeling', afdeling FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'system', system FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'startaar', CAST(year(fra) AS VARCHAR) FROM noegletal_forloeb
) AS v
WHERE v.opdeling IN (SELECT navn FROM noegletal_opdeling)
