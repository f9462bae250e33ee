-- One row is: a level × value × period with its persons (modtagere) and courses: ydelser with an active day, aabne active on
-- the last day and not ending on it, lukkede ending in the period. Values by dimension are counted by quarter and year.
-- stored
SELECT
    t.opgoerelse, t.opdeling, t.vaerdi, t.niveau, t.kategori, p.periodetype, p.periode,
    count(DISTINCT CASE WHEN t.til >= p.fra THEN t.cpr END) AS modtagere,
    count(DISTINCT CASE WHEN t.til >= p.fra THEN t.forloeb END) AS ydelser,
    count(DISTINCT CASE WHEN t.til >= p.til AND (t.slut IS NULL OR t.slut <> p.til) THEN t.forloeb END) AS aabne,
    count(DISTINCT CASE WHEN t.slut BETWEEN p.fra AND p.til THEN t.forloeb END) AS lukkede
FROM noegletal_talt AS t
INNER JOIN noegletal_periode AS p ON t.fra <= p.til AND greatest(t.til, coalesce(t.slut, t.til)) >= p.fra
WHERE t.opdeling = 'ingen' OR p.periodetype <> 'maaned'
GROUP BY t.opgoerelse, t.opdeling, t.vaerdi, t.niveau, t.kategori, p.periodetype, p.periode
