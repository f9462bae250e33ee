-- One row is: a year with the days on which a person has a botilbud or støtte by § 85, each day of a person once.
SELECT p.periode AS aar, p.dage AS laengde, CAST(sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS BIGINT) AS dage
FROM (
    SELECT cpr, nr, min(fra) AS fra, max(til) AS til
    FROM (
        SELECT *, sum(CASE WHEN naaet IS NULL OR fra > naaet THEN 1 ELSE 0 END) OVER (
            PARTITION BY cpr ORDER BY fra, til, kategori ROWS UNBOUNDED PRECEDING
        ) AS nr
        FROM (
            SELECT
                s.cpr, s.fra, s.til, s.kategori,
                max(s.til) OVER (PARTITION BY s.cpr ORDER BY s.fra, s.til, s.kategori ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                    AS naaet
            FROM noegletal_spaend AS s
            INNER JOIN ref_noegletal_omraade AS o ON o.dst_kode = s.kategori AND (o.gruppe = 'Botilbud' OR o.omraade = 'SEL § 85')
            WHERE s.opgoerelse = 'raa' AND s.opdeling = 'ingen' AND s.niveau = 'dst_kode'
        ) AS med_naaet
    ) AS nummereret
    GROUP BY cpr, nr
) AS s
INNER JOIN noegletal_periode AS p ON p.periodetype = 'aar' AND s.fra <= p.til AND s.til >= p.fra
GROUP BY p.periode, p.dage
