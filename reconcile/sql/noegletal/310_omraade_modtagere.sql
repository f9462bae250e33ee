-- One row is: a kommune × year × area with HAND07's modtagere in the quarter that $befolkningskvartal says: a year of StatBank has
-- no distinct count.
SELECT coalesce(t.kommune, $kommune) AS kommune, substr(t.periode, 1, 4) AS aar, o.omraade, CAST(max(t.antal) AS BIGINT) AS antal
FROM hand07 AS t
INNER JOIN ref_noegletal_omraade AS o ON o.dst_kode = t.dst_kode
WHERE t.antal IS NOT NULL AND substr(t.periode, 5) = $befolkningskvartal
GROUP BY 1, 2, 3
