-- One row is: an unbroken stretch of active days of a person on a known dst_kode in the FLIS extract (own population);
-- courses that overlap are one stretch. alene: the person has one course on the code, as nearly everybody has (1).
-- stored
WITH aktiv AS (
    SELECT f.dst_kode, f.cpr, f.foerste_dag, f.sidste_dag, f.fil, f.raekke
    FROM forloeb AS f
    INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
    WHERE f.kilde = 'flis' AND f.egen AND f.sidste_dag >= f.foerste_dag
),
person AS (
    SELECT dst_kode, cpr, count(*) AS antal, min(foerste_dag) AS dag_fra, min(sidste_dag) AS dag_til FROM aktiv GROUP BY dst_kode, cpr
)
SELECT dst_kode, cpr, 1 AS alene, dag_fra, dag_til FROM person WHERE antal = 1
UNION ALL
SELECT dst_kode, cpr, 0, min(foerste_dag), max(sidste_dag)
FROM (
    SELECT
        *,
        sum(CASE WHEN foerste_dag > naaet THEN 1 ELSE 0 END) OVER (
            PARTITION BY dst_kode, cpr ORDER BY foerste_dag, sidste_dag, fil, raekke ROWS UNBOUNDED PRECEDING
        ) AS stykke
    FROM (
        SELECT
            a.*,
            max(a.sidste_dag) OVER (
                PARTITION BY a.dst_kode, a.cpr ORDER BY a.foerste_dag, a.sidste_dag, a.fil, a.raekke
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM aktiv AS a
        INNER JOIN person AS m ON m.antal > 1 AND m.dst_kode = a.dst_kode AND m.cpr = a.cpr
    ) AS med_naaet
) AS nummereret
GROUP BY dst_kode, cpr, stykke
