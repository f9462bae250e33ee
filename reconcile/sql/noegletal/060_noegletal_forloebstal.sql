-- One row is: a level × value × period with its courses: ydelser with an active day, aabne active on the last day and not ending on
-- it, lukkede ending in the period. A harmonised course of several parts counts by the first of them that touches the period, and
-- ends with its last.
-- stored
SELECT
    t.opgoerelse, t.opdeling, t.vaerdi, t.niveau, t.kategori, p.periodetype, p.periode,
    count(CASE WHEN t.til >= p.fra AND (t.forrige IS NULL OR t.forrige < p.fra) THEN 1 END) AS ydelser,
    count(CASE WHEN t.til >= p.til AND (t.slut IS NULL OR t.slut <> p.til) THEN 1 END) AS aabne,
    count(CASE WHEN t.sidste_del AND t.slut BETWEEN p.fra AND p.til THEN 1 END) AS lukkede
FROM noegletal_talt AS t
INNER JOIN noegletal_periode AS p ON t.fra <= p.til AND greatest(t.til, coalesce(t.slut, t.til)) >= p.fra
GROUP BY t.opgoerelse, t.opdeling, t.vaerdi, t.niveau, t.kategori, p.periodetype, p.periode
