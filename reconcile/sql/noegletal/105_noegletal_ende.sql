-- One row is: a stretch × period that it touches, the day before it counted in: whether it is there on that day (primo) and on
-- the period's last (ultimo), and whether it is alone, the person having no other that touches the period.
SELECT
    s.niveau, s.kategori, p.periodetype, p.periode, s.cpr,
    CASE WHEN s.fra <= p.dagen_foer THEN 1 ELSE 0 END AS primo,
    CASE WHEN s.til >= p.til THEN 1 ELSE 0 END AS ultimo,
    coalesce(s.forrige < p.dagen_foer, TRUE) AND coalesce(s.naeste > p.til, TRUE) AS alene
FROM noegletal_spaend AS s
INNER JOIN noegletal_periode AS p ON s.fra <= p.til AND s.til >= p.dagen_foer
WHERE s.opgoerelse = 'raa' AND s.opdeling = 'ingen'
