-- One row is: a paragraf, or all × quarter with its active courses by what FFB data they have: both, ydelse without tilbud, the
-- reverse, or none.
SELECT
    n.niveau, n.kategori, p.periode,
    count(*) AS ydelser,
    count(CASE WHEN f.ydelse <> '' AND f.tilbud <> '' THEN 1 END) AS begge,
    count(CASE WHEN f.ydelse <> '' AND f.tilbud = '' THEN 1 END) AS kun_ydelse,
    count(CASE WHEN f.ydelse = '' AND f.tilbud <> '' THEN 1 END) AS kun_tilbud,
    count(CASE WHEN f.ydelse = '' AND f.tilbud = '' THEN 1 END) AS ingen
FROM ffb_forloeb AS f
INNER JOIN noegletal_kode AS n ON n.dst_kode = f.dst_kode AND n.niveau IN ('paragraf', 'alle')
INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal' AND f.fra <= p.til AND f.til >= p.fra
GROUP BY n.niveau, n.kategori, p.periode
