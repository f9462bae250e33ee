-- One row is: a stretch of days on which a person is active on a dst_kode (per side); overlapping courses are one stretch.
-- nr: the least noegle of the person's courses on the code, which is a number for the two and cheap to join on.
-- stored
SELECT side, cpr, dst_kode, min(foerste_dag) AS fra, max(sidste_dag) AS til, min(noegle) AS noegle, min(mindste) AS nr
FROM (
    SELECT
        *,
        sum(CASE WHEN foerste_dag > naaet THEN 1 ELSE 0 END)
            OVER (PARTITION BY side, cpr, dst_kode ORDER BY foerste_dag, sidste_dag, noegle ROWS UNBOUNDED PRECEDING) AS straekning
    FROM (
        SELECT
            *,
            max(sidste_dag) OVER (
                PARTITION BY side, cpr, dst_kode ORDER BY foerste_dag, sidste_dag, noegle
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet,
            min(noegle) OVER (PARTITION BY side, cpr, dst_kode) AS mindste
        FROM ottetal_forloeb
    ) AS med_naaet
) AS nummereret
GROUP BY side, cpr, dst_kode, straekning
