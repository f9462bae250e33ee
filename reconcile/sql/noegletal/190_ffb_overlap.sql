-- One row is: two paragraffer (or two names on one) that a person has on the same day of a quarter × the layer the two are told
-- apart in, and how many persons have them. In the layers ydelse and tilbud the names on either side stand beside the
-- paragraffer, '' where there is none; on one paragraf only different names are an overlap.
SELECT lag, periode, paragraf_a, navn_a, paragraf_b, navn_b, count(DISTINCT cpr) AS borgere
FROM (
    SELECT
        l.lag, s.periode, s.cpr, s.paragraf_a, s.paragraf_b,
        CASE WHEN s.paragraf_a = s.paragraf_b THEN least(s.a[l.nr], s.b[l.nr]) ELSE s.a[l.nr] END AS navn_a,
        CASE WHEN s.paragraf_a = s.paragraf_b THEN greatest(s.a[l.nr], s.b[l.nr]) ELSE s.b[l.nr] END AS navn_b
    FROM (
        SELECT
            p.periode, a.cpr, a.paragraf AS paragraf_a, b.paragraf AS paragraf_b,
            ['', a.ydelse, a.tilbud] AS a, ['', b.ydelse, b.tilbud] AS b
        FROM ffb_forloeb AS a
        INNER JOIN ffb_forloeb AS b ON b.cpr = a.cpr AND b.fra <= a.til AND b.til >= a.fra
            AND (a.paragraf < b.paragraf OR (a.paragraf = b.paragraf AND a.forloeb < b.forloeb))
        INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal'
            AND greatest(a.fra, b.fra) <= p.til AND least(a.til, b.til) >= p.fra
    ) AS s
    CROSS JOIN (SELECT 1 AS nr, 'paragraf' AS lag UNION ALL SELECT 2, 'ydelse' UNION ALL SELECT 3, 'tilbud') AS l
) AS par
WHERE paragraf_a <> paragraf_b OR navn_a <> navn_b
GROUP BY lag, periode, paragraf_a, navn_a, paragraf_b, navn_b
