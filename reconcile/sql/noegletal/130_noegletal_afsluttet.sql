-- One row is: a dst_kode × quarter × ended course: its length in days (first and last day included), its place in the order
-- of length, and how many ended. The median is the middle one, or the mean of the middle two.
SELECT
    f.dst_kode, p.periode,
    date_diff('day', f.fra, f.til) + 1 AS dage,
    row_number() OVER (PARTITION BY f.dst_kode, p.periode ORDER BY date_diff('day', f.fra, f.til), f.forloeb) AS plads,
    count(*) OVER (PARTITION BY f.dst_kode, p.periode) AS antal
FROM noegletal_forloeb AS f
INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal' AND f.slut BETWEEN p.fra AND p.til
