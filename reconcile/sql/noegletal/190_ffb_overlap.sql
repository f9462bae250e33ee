-- One row is: two paragraffer (or two names on one) that a person has on the same day of a quarter × the layer the two are told
-- apart in, and how many persons have them. In the layers ydelse and tilbud the names on either side stand beside the
-- paragraffer, '' where there is none; on one paragraf only different names are an overlap.
SELECT lag, periode, paragraf_a, navn_a, paragraf_b, navn_b, count(DISTINCT cpr) AS borgere
FROM (
    SELECT
        s.lag, s.periode, s.cpr, s.paragraf_a, s.paragraf_b,
        CASE WHEN s.paragraf_a = s.paragraf_b THEN least(s.a, s.b) ELSE s.a END AS navn_a,
        CASE WHEN s.paragraf_a = s.paragraf_b THEN greatest(s.a, s.b) ELSE s.b END AS navn_b
    FROM (
        SELECT
            l.lag, p.periode, a.cpr, a.paragraf AS paragraf_a, b.paragraf AS paragraf_b,
            CASE l.lag WHEN 'ydelse' THEN a.ydelse WHEN 'tilbud' THEN a.tilbud ELSE '' END AS a,
            CASE l.lag WHEN 'ydelse' THEN b.ydelse WHEN 'tilbud' THEN b.tilbud ELSE '' END AS b
        FROM ffb_forloeb AS a
        INNER JOIN ffb_forloeb AS b ON b.cpr = a.cpr AND b.fra <= a.til AND b.til >= a.fra
            AND (a.paragraf < b.paragraf OR (a.paragraf = b.paragraf AND a.forloeb < b.forloeb))
        INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal'
            AND greatest(a.fra, b.fra) <= p.til AND least(a.til, b.til) >= p.fra
        CROSS JOIN (SELECT 'paragraf' AS lag UNION ALL SELECT 'ydelse' UNION ALL SELECT 'tilbud') AS l
    ) AS s
) AS par
WHERE paragraf_a <> paragraf_b OR navn_a <> navn_b
GROUP BY lag, periode, paragraf_a, navn_a, paragraf_b, navn_b
