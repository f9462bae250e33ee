-- One row is: a text that stands as FFB ydelse or FFB tilbud and is in the catalogue neither by UUID nor by full name, with the
-- courses and persons that carry it in the judged periods.
SELECT n.lag, n.tekst, count(*) AS ydelser, count(DISTINCT f.cpr) AS borgere
FROM ffb_navn AS n
INNER JOIN noegletal_forloeb AS f ON CASE WHEN n.lag = 'ydelse' THEN f.ffb_ydelse ELSE f.ffb_tilbud END = n.tekst
WHERE n.uuid IS NULL
    AND EXISTS (SELECT 1 FROM noegletal_periode AS p WHERE f.fra <= p.til AND f.til >= p.fra)
GROUP BY n.lag, n.tekst
