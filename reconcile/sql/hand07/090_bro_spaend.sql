-- One row is: an unbroken stretch of active days of a person on a dst_kode after the steps trin_fra–trin_til of the bridge
-- (1–7); courses that overlap are one stretch. Whom no step changes has a stretch for all steps, anybody else one for each.
-- Step 1 is this delivery; where a quarter rests on an earlier one, steps 2–7 are its. alene: the person has one course on the
-- code, which no step changes, as nearly everybody has (1): its stretch is the course, and there is nothing to put together.
-- stored
SELECT
    CASE WHEN r.udgave = 0 THEN 1 ELSE 2 END AS trin_fra, 7 AS trin_til,
    r.udgave, r.dst_kode, r.cpr, 1 AS alene, r.dag_fra, r.dag_til
FROM bro_raa AS r
WHERE NOT EXISTS (SELECT 1 FROM bro_flere AS m WHERE m.udgave = r.udgave AND m.dst_kode = r.dst_kode AND m.cpr = r.cpr)
UNION ALL
SELECT trin_fra, trin_til, udgave, dst_kode, cpr, 0, min(dag_fra), max(dag_til)
FROM (
    SELECT
        *,
        sum(CASE WHEN dag_fra > naaet THEN 1 ELSE 0 END) OVER (
            PARTITION BY trin_fra, trin_til, udgave, dst_kode, cpr ORDER BY dag_fra, dag_til, forloeb ROWS UNBOUNDED PRECEDING
        ) AS stykke
    FROM (
        SELECT
            *,
            max(dag_til) OVER (
                PARTITION BY trin_fra, trin_til, udgave, dst_kode, cpr ORDER BY dag_fra, dag_til, forloeb
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM (
            SELECT
                CASE WHEN u.udgave = 0 THEN 1 ELSE 2 END AS trin_fra, 7 AS trin_til,
                u.forloeb, u.udgave, u.dst_kode, u.cpr, u.dag_fra, u.dag_til
            FROM bro_raa AS u
            INNER JOIN bro_flere AS r ON r.udgave = u.udgave AND r.dst_kode = u.dst_kode AND r.cpr = u.cpr
            WHERE r.roert = 0
            UNION ALL
            SELECT t.nr, t.nr, t.forloeb, t.udgave, t.dst_kode, t.cpr, t.dag_fra, t.dag_til
            FROM (
                SELECT 1 AS nr, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_raa WHERE udgave = 0
                UNION ALL SELECT 2, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_raa
                UNION ALL SELECT 3, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_indlaesning
                UNION ALL SELECT 4, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_gyldighed
                UNION ALL SELECT 5, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_r1
                UNION ALL SELECT 6, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_r3
                UNION ALL SELECT 7, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_r2
            ) AS t
            INNER JOIN bro_roert AS r ON r.udgave = t.udgave AND r.dst_kode = t.dst_kode AND r.cpr = t.cpr
        ) AS delt
    ) AS med_naaet
) AS nummereret
GROUP BY trin_fra, trin_til, udgave, dst_kode, cpr, stykke
