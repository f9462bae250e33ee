-- One row is: an unbroken stretch of days on which a person has a dst_kode that the own kommune pays for (egen), or that another
-- does. All courses of the extract count, whoever handles them.
SELECT dst_kode, egen, cpr, min(fra) AS fra, max(til) AS til
FROM (
    SELECT *, sum(CASE WHEN naaet IS NULL OR fra > naaet THEN 1 ELSE 0 END) OVER (
        PARTITION BY dst_kode, egen, cpr ORDER BY fra, til, fil, raekke ROWS UNBOUNDED PRECEDING
    ) AS nr
    FROM (
        SELECT
            f.dst_kode, f.egen_betaler AS egen, f.cpr, f.foerste_dag AS fra, f.sidste_dag AS til, f.fil, f.raekke,
            max(f.sidste_dag) OVER (
                PARTITION BY f.dst_kode, f.egen_betaler, f.cpr ORDER BY f.foerste_dag, f.sidste_dag, f.fil, f.raekke
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM forloeb AS f
        INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
        WHERE f.kilde = $noegletal_kilde AND f.foerste_dag <= f.sidste_dag
    ) AS med_naaet
) AS nummereret
GROUP BY dst_kode, egen, cpr, nr
