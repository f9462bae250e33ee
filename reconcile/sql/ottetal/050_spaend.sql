-- One row is: a stretch of days on which a person is active on a dst_kode (per side); overlapping courses are one stretch.
-- stored
SELECT side, cpr, dst_kode, min(foerste_dag) AS fra, max(sidste_dag) AS til, min(noegle) AS noegle
FROM (
    SELECT
        *,
        sum(CASE WHEN foerste_dag > naaet THEN 1 ELSE 0 END)
            OVER (PARTITION BY side, cpr, dst_kode ORDER BY foerste_dag, sidste_dag, noegle ROWS UNBOUNDED PRECEDING) AS nr
    FROM (
        SELECT
            *,
            max(sidste_dag) OVER (
                PARTITION BY side, cpr, dst_kode ORDER BY foerste_dag, sidste_dag, noegle
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM ottetal_forloeb
    ) AS med_naaet
) AS nummereret
GROUP BY side, cpr, dst_kode, nr
