-- One row is: a source × kommune × year × area with the days that its persons have the ydelse, over the days of the year: for the
-- own courses (egne) as they are counted in noegletal_vh, for HAND01 its fuldtidsydelser × the days of their quarters, where all
-- four are there. A figure that stands twice counts once.
SELECT 'egne' AS kilde, $kommune AS kommune, d.periode AS aar, o.omraade, CAST(d.dage AS DECIMAL(28, 4)) AS dage, p.dage AS laengde
FROM noegletal_dage AS d
INNER JOIN noegletal_periode AS p ON p.periode = d.periode AND p.periodetype = 'aar'
INNER JOIN ref_noegletal_omraade AS o ON o.dst_kode = d.kategori
WHERE d.opgoerelse = 'raa' AND d.opdeling = 'ingen' AND d.niveau = 'dst_kode' AND d.periodetype = 'aar'
UNION ALL
SELECT 'hand01', t.kommune, substr(t.periode, 1, 4), o.omraade, CAST(sum(t.antal * k.dage) AS DECIMAL(28, 4)), CAST(sum(k.dage) AS BIGINT)
FROM (
    SELECT coalesce(kommune, $kommune) AS kommune, dst_kode, periode, max(antal) AS antal
    FROM hand01
    WHERE antal IS NOT NULL
    GROUP BY 1, 2, 3
) AS t
INNER JOIN ref_noegletal_omraade AS o ON o.dst_kode = t.dst_kode
INNER JOIN noegletal_kvartal AS k ON k.periode = t.periode
GROUP BY t.kommune, substr(t.periode, 1, 4), o.omraade
HAVING count(*) = 4
