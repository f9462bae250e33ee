-- One row is: a known dst_kode × a level it is counted on: itself, its paragraf, its group (Botilbud, Dagtilbud …), and all.
-- stored
SELECT 'dst_kode' AS niveau, dst_kode AS kategori, dst_kode FROM ref_ydelseskode
UNION ALL
SELECT 'paragraf', paragraf, dst_kode FROM ref_ydelseskode
UNION ALL
SELECT 'gruppe', gruppe, dst_kode FROM ref_ydelsesgruppe
UNION ALL
SELECT 'alle', 'I alt', dst_kode FROM ref_ydelseskode
