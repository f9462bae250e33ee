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
    UNION ALL SELECT forloeb, 'paragraf', paragraf FROM noegletal_forloeb
    UNION ALL
    SELECT f.forloeb, 'gruppe', k.kategori
    FROM noegletal_forloeb AS f
    LEFT JOIN noegletal_kode AS k ON k.dst_kode = f.dst_kode AND k.niveau = 'gruppe'
    UNION ALL SELECT forloeb, 'startaar', substr(CAST(fra AS VARCHAR), 1, 4) FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'startmaaned', substr(CAST(fra AS VARCHAR), 1, 7) FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'slutaar', substr(CAST(slut AS VARCHAR), 1, 4) FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'slutmaaned', substr(CAST(slut AS VARCHAR), 1, 7) FROM noegletal_forloeb
    UNION ALL SELECT forloeb, 'harmonisering', virkning FROM noegletal_harmonisering
) AS v
WHERE v.opdeling IN (SELECT navn FROM noegletal_opdeling)
