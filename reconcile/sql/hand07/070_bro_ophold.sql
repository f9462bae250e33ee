-- One row is: an unbroken stretch of days on which a person who has 1.12.0.2 too has a stay (1.12.0.1 or 1.8.1), after R3.
-- Stretches that touch or overlap are one.
-- stored
SELECT udgave, cpr, min(dag_fra) AS fra, max(dag_til) AS til
FROM (
    SELECT *, sum(ny) OVER (PARTITION BY udgave, cpr ORDER BY dag_fra, dag_til, forloeb ROWS UNBOUNDED PRECEDING) AS stykke
    FROM (
        SELECT
            *,
            CASE
                WHEN dag_fra <= CAST(max(dag_til) OVER (
                    PARTITION BY udgave, cpr ORDER BY dag_fra, dag_til, forloeb ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) + INTERVAL 1 DAY AS DATE) THEN 0
                ELSE 1
            END AS ny
        FROM bro_r3 AS r
        WHERE dst_kode IN ('1.12.0.1', '1.8.1')
            AND EXISTS (SELECT 1 FROM bro_r3 AS s WHERE s.dst_kode = '1.12.0.2' AND s.udgave = r.udgave AND s.cpr = r.cpr)
    )
)
GROUP BY udgave, cpr, stykke
