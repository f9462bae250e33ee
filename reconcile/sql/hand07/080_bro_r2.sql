-- One row is: a stretch of a course after R2: the days of 1.12.0.2 on which the person has a stay (1.12.0.1 or 1.8.1)
-- leave it. A stay in the middle leaves two stretches; the gaps between stays are what is left.
-- stored
SELECT forloeb, udgave, cpr, dst_kode, dag_fra, dag_til FROM bro_r3 WHERE dst_kode <> '1.12.0.2'
UNION ALL
SELECT f.forloeb, f.udgave, f.cpr, f.dst_kode, f.dag_fra, f.dag_til
FROM bro_r3 AS f
WHERE f.dst_kode = '1.12.0.2'
    AND NOT EXISTS (SELECT 1 FROM bro_ophold AS o WHERE o.udgave = f.udgave AND o.cpr = f.cpr AND o.fra <= f.dag_til AND o.til >= f.dag_fra)
UNION ALL
SELECT forloeb, udgave, cpr, dst_kode, dag_fra, dag_til
FROM (
    SELECT
        forloeb, udgave, cpr, dst_kode, dag_fra,
        CASE WHEN ophold_fra > DATE '0001-01-01' THEN CAST(ophold_fra - INTERVAL 1 DAY AS DATE) END AS dag_til
    FROM (
        -- the stretch before the first stay
        SELECT f.forloeb, f.udgave, f.cpr, f.dst_kode, f.dag_fra, min(o.fra) AS ophold_fra
        FROM bro_r3 AS f
        INNER JOIN bro_ophold AS o ON o.udgave = f.udgave AND o.cpr = f.cpr AND o.fra <= f.dag_til AND o.til >= f.dag_fra
        WHERE f.dst_kode = '1.12.0.2'
        GROUP BY f.forloeb, f.udgave, f.cpr, f.dst_kode, f.dag_fra
    )
    UNION ALL
    -- the stretch after each stay, to the next one or to the end
    SELECT
        f.forloeb, f.udgave, f.cpr, f.dst_kode,
        CASE WHEN o.til < DATE '9999-12-31' THEN CAST(o.til + INTERVAL 1 DAY AS DATE) END AS dag_fra,
        coalesce(
            CAST(lead(o.fra) OVER (PARTITION BY f.forloeb ORDER BY o.fra) - INTERVAL 1 DAY AS DATE), f.dag_til
        ) AS dag_til
    FROM bro_r3 AS f
    INNER JOIN bro_ophold AS o ON o.udgave = f.udgave AND o.cpr = f.cpr AND o.fra <= f.dag_til AND o.til >= f.dag_fra
    WHERE f.dst_kode = '1.12.0.2'
)
WHERE dag_til >= dag_fra
