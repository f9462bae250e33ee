-- One row is: an unbroken stretch of active days of a person on a known dst_kode in the FLIS extract (own population);
-- courses that overlap are one stretch. stykke: 0 is the first of them, and so on.
-- stored
SELECT dst_kode, cpr, stykke, min(foerste_dag) AS dag_fra, max(sidste_dag) AS dag_til
FROM (
    SELECT
        *,
        sum(CASE WHEN foerste_dag > naaet THEN 1 ELSE 0 END) OVER (
            PARTITION BY dst_kode, cpr ORDER BY foerste_dag, sidste_dag, fil, raekke ROWS UNBOUNDED PRECEDING
        ) AS stykke
    FROM (
        SELECT
            f.dst_kode, f.cpr, f.foerste_dag, f.sidste_dag, f.fil, f.raekke,
            max(f.sidste_dag) OVER (
                PARTITION BY f.dst_kode, f.cpr ORDER BY f.foerste_dag, f.sidste_dag, f.fil, f.raekke
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM forloeb AS f
        INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
        WHERE f.kilde = 'flis' AND f.egen AND f.sidste_dag >= f.foerste_dag
    ) AS med_naaet
) AS nummereret
GROUP BY dst_kode, cpr, stykke
