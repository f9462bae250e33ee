-- One row is: a person × quarter in which R2 takes days of 1.12.0.2, with the first date that removes an overlap in it.
SELECT o.cpr, p.periode, min(o.dato_uden_overlap) AS dato_uden_overlap
FROM bro_overlap AS o
INNER JOIN bro_udgave AS p
    ON p.udgave = o.udgave AND greatest(o.dag_fra, o.ophold_fra) <= p.til AND least(o.dag_til, o.ophold_til) >= p.fra
GROUP BY o.cpr, p.periode
