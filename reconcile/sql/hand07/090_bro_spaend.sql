-- One row is: an unbroken stretch of active days of a person on a dst_kode after a step of the bridge (nr 1–7); courses
-- that overlap are one stretch. Step 1 is this delivery; where a quarter rests on an earlier one, steps 2–7 are its.
SELECT nr, udgave, dst_kode, cpr, min(dag_fra) AS dag_fra, max(dag_til) AS dag_til
FROM (
    SELECT
        *,
        sum(CASE WHEN dag_fra > naaet THEN 1 ELSE 0 END) OVER (
            PARTITION BY nr, udgave, dst_kode, cpr ORDER BY dag_fra, dag_til, forloeb ROWS UNBOUNDED PRECEDING
        ) AS stykke
    FROM (
        SELECT
            *,
            max(dag_til) OVER (
                PARTITION BY nr, udgave, dst_kode, cpr ORDER BY dag_fra, dag_til, forloeb
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM (
            SELECT 1 AS nr, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_raa WHERE udgave = 0
            UNION ALL SELECT 2, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_raa
            UNION ALL SELECT 3, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_indlaesning
            UNION ALL SELECT 4, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_gyldighed
            UNION ALL SELECT 5, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_r1
            UNION ALL SELECT 6, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_r3
            UNION ALL SELECT 7, forloeb, udgave, dst_kode, cpr, dag_fra, dag_til FROM bro_r2
        ) AS t
    ) AS med_naaet
) AS nummereret
GROUP BY nr, udgave, dst_kode, cpr, stykke
