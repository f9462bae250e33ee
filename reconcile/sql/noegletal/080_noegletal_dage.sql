-- One row is: a level × value × period with the active days of its persons, each day of a person once.
SELECT
    s.opgoerelse, s.opdeling, s.vaerdi, s.niveau, s.kategori, p.periodetype, p.periode,
    CAST(sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS BIGINT) AS dage
FROM noegletal_spaend AS s
INNER JOIN noegletal_periode AS p ON s.fra <= p.til AND s.til >= p.fra
WHERE s.opdeling = 'ingen' OR p.periodetype <> 'maaned'
GROUP BY s.opgoerelse, s.opdeling, s.vaerdi, s.niveau, s.kategori, p.periodetype, p.periode
