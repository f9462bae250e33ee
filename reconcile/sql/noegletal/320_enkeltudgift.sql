-- One row is: a year × paragraf × person (NULL: postings without a CPR) with the net on the paragraf's funktion, dranst 1, in øre,
-- and the days the own kommune pays for the person's ydelse in the year, from the first to the last (NULL: no course is known).
-- §§ 109–110 have no dst_kode, so that none of their courses are.
SELECT b.aar, b.paragraf, b.funktion, b.cpr, b.oere, d.dage, d.fra, d.til
FROM (
    SELECT p.periode AS aar, m.paragraf, m.funktion, o.cpr, CAST(sum(o.beloeb * 100) AS HUGEINT) AS oere
    FROM postering AS o
    INNER JOIN (
        SELECT omraade AS paragraf, funktion FROM ref_noegletal_omraade WHERE gruppe = 'Botilbud'
        UNION ALL SELECT 'SEL §§ 109–110', '53842'
    ) AS m ON substr(o.konto, 1, 6) = m.funktion || '1'
    INNER JOIN noegletal_periode AS p ON p.periodetype = 'aar' AND coalesce(o.ydelsesperiode, o.bogfoert_dato) BETWEEN p.fra AND p.til
    GROUP BY p.periode, m.paragraf, m.funktion, o.cpr
) AS b
LEFT JOIN (
    SELECT
        p.periode AS aar, m.omraade AS paragraf, s.cpr,
        CAST(sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS BIGINT) AS dage,
        min(greatest(s.fra, p.fra)) AS fra, max(least(s.til, p.til)) AS til
    FROM pris_spaend AS s
    INNER JOIN ref_noegletal_omraade AS m ON m.dst_kode = s.dst_kode
    INNER JOIN noegletal_periode AS p ON p.periodetype = 'aar' AND s.fra <= p.til AND s.til >= p.fra
    WHERE s.egen
    GROUP BY p.periode, m.omraade, s.cpr
) AS d ON d.aar = b.aar AND d.paragraf = b.paragraf AND d.cpr = b.cpr
