-- One row is: a counted course with its FFB ydelse and FFB tilbud: the catalogue's name, else the text as it stands ('' where
-- there is none), with UUID and paragraf where the catalogue knows it.
-- stored
SELECT
    f.forloeb, f.cpr, f.dst_kode, k.paragraf, f.fra, f.til,
    coalesce(y.navn, f.ffb_ydelse, '') AS ydelse, y.uuid AS ydelse_uuid, y.paragraf AS ydelse_paragraf,
    coalesce(t.navn, f.ffb_tilbud, '') AS tilbud, t.uuid AS tilbud_uuid, t.paragraf AS tilbud_paragraf
FROM noegletal_forloeb AS f
INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
LEFT JOIN ffb_navn AS y ON y.lag = 'ydelse' AND y.tekst = f.ffb_ydelse
LEFT JOIN ffb_navn AS t ON t.lag = 'tilbud' AND t.tekst = f.ffb_tilbud
