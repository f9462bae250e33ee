-- One row is: a level × value × period with its persons (modtagere) and courses (ydelser, aabne, lukkede).
SELECT
    f.opgoerelse, f.opdeling, f.vaerdi, f.niveau, f.kategori, f.periodetype, f.periode,
    coalesce(d.modtagere, 0) AS modtagere,
    f.ydelser, f.aabne, f.lukkede
FROM noegletal_forloebstal AS f
LEFT JOIN noegletal_dage AS d ON d.opgoerelse = f.opgoerelse AND d.opdeling = f.opdeling AND d.vaerdi = f.vaerdi
    AND d.niveau = f.niveau AND d.kategori = f.kategori AND d.periode = f.periode
