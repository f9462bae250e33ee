-- One row is: a level × period × value of a dimension that is a person's: age by five and ten years, køn, and whether the
-- quarter is approved at Danmarks Statistik.
SELECT
    v.opdeling, v.vaerdi, v.niveau, v.kategori, v.periodetype, v.periode,
    count(CASE WHEN v.ydelser > 0 THEN 1 END) AS modtagere,
    CAST(sum(v.ydelser) AS BIGINT) AS ydelser,
    CAST(sum(v.aabne) AS BIGINT) AS aabne,
    CAST(sum(v.lukkede) AS BIGINT) AS lukkede,
    CAST(sum(v.dage) AS BIGINT) AS dage
FROM (
    SELECT
        'alder_5' AS opdeling,
        CASE
            WHEN alder IS NULL THEN ''
            ELSE CASE WHEN alder < 10 THEN '0' ELSE '' END || CAST(alder - alder % 5 AS VARCHAR)
                || '–' || CASE WHEN alder - alder % 5 + 4 < 10 THEN '0' ELSE '' END || CAST(alder - alder % 5 + 4 AS VARCHAR)
        END AS vaerdi,
        niveau, kategori, periodetype, periode, ydelser, aabne, lukkede, dage
    FROM noegletal_person
    UNION ALL
    SELECT
        'alder_10',
        CASE
            WHEN alder IS NULL THEN ''
            ELSE CASE WHEN alder < 10 THEN '0' ELSE '' END || CAST(alder - alder % 10 AS VARCHAR)
                || '–' || CASE WHEN alder - alder % 10 + 9 < 10 THEN '0' ELSE '' END || CAST(alder - alder % 10 + 9 AS VARCHAR)
        END,
        niveau, kategori, periodetype, periode, ydelser, aabne, lukkede, dage
    FROM noegletal_person
    UNION ALL
    SELECT 'koen', koen, niveau, kategori, periodetype, periode, ydelser, aabne, lukkede, dage FROM noegletal_person
    UNION ALL
    SELECT
        'godkendt', coalesce(g.svar, ''), n.niveau, n.kategori, n.periodetype, n.periode, n.ydelser, n.aabne, n.lukkede, n.dage
    FROM noegletal_person AS n
    LEFT JOIN (
        SELECT periode, CASE WHEN bool_and(godkendt) THEN 'ja' ELSE 'nej' END AS svar
        FROM godkendt
        WHERE kommune = $kommune
        GROUP BY periode
    ) AS g ON g.periode = n.periode
    WHERE n.periodetype = 'kvartal'
) AS v
WHERE v.opdeling IN (SELECT navn FROM noegletal_opdeling)
GROUP BY v.opdeling, v.vaerdi, v.niveau, v.kategori, v.periodetype, v.periode
