-- One row is: a layer (paragraf, ydelse, tilbud) × name × quarter or year with its distinct persons and its courses. «I alt» is
-- every person with a name in the layer, once; '' are the courses without one, and stands outside «I alt».
SELECT
    n.lag, n.navn, n.uuid, n.paragraf, p.periodetype, p.periode,
    count(DISTINCT n.cpr) AS borgere,
    count(DISTINCT n.forloeb) AS ydelser
FROM (
    SELECT 'paragraf' AS lag, paragraf AS navn, NULL AS uuid, paragraf, cpr, forloeb, fra, til FROM ffb_forloeb
    UNION ALL SELECT 'ydelse', ydelse, ydelse_uuid, ydelse_paragraf, cpr, forloeb, fra, til FROM ffb_forloeb
    UNION ALL SELECT 'tilbud', tilbud, tilbud_uuid, tilbud_paragraf, cpr, forloeb, fra, til FROM ffb_forloeb
    UNION ALL SELECT 'paragraf', 'I alt', NULL, NULL, cpr, forloeb, fra, til FROM ffb_forloeb
    UNION ALL SELECT 'ydelse', 'I alt', NULL, NULL, cpr, forloeb, fra, til FROM ffb_forloeb WHERE ydelse <> ''
    UNION ALL SELECT 'tilbud', 'I alt', NULL, NULL, cpr, forloeb, fra, til FROM ffb_forloeb WHERE tilbud <> ''
) AS n
INNER JOIN noegletal_periode AS p ON p.periodetype <> 'maaned' AND n.fra <= p.til AND n.til >= p.fra
GROUP BY n.lag, n.navn, n.uuid, n.paragraf, p.periodetype, p.periode
