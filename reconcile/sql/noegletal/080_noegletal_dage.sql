-- One row is: a level × value × period with its persons, each by the first of its stretches that touches the period, and their
-- active days, each day of a person once.
-- stored
SELECT
    s.opgoerelse, s.opdeling, s.vaerdi, s.niveau, s.kategori, p.periodetype, p.periode,
    count(CASE WHEN s.forrige IS NULL OR s.forrige < p.fra THEN 1 END) AS modtagere,
    CAST(sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS BIGINT) AS dage
FROM noegletal_spaend AS s
INNER JOIN noegletal_periode AS p ON s.fra <= p.til AND s.til >= p.fra
GROUP BY s.opgoerelse, s.opdeling, s.vaerdi, s.niveau, s.kategori, p.periodetype, p.periode
