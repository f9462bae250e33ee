-- One row is: a course left by R2 that a candidate for one of DST's unpublished rules would remove whole: kort_7, kort_14 and
-- kort_30 courses of fewer days, barn_18 children under 18, sammenlagt_barn children when courses of one code that touch or
-- overlap are one with the first one's start, ugyldigt_cpr and erstatningsnummer persons whose number is no CPR number.
WITH levende AS (
    SELECT r.forloeb, r.udgave, r.cpr, r.dst_kode, r.dag_fra, r.dag_til, r.oprindelig_start, r.foedselsdato
    FROM bro_raa AS r
    WHERE EXISTS (SELECT 1 FROM bro_r2 AS e WHERE e.forloeb = r.forloeb)
),
med_alder AS (
    SELECT
        forloeb,
        year(oprindelig_start) - year(foedselsdato)
            - CASE WHEN month(foedselsdato) = 1 AND day(foedselsdato) = 1 THEN 0 ELSE 1 END AS alder,
        year(samlet_start) - year(foedselsdato)
            - CASE WHEN month(foedselsdato) = 1 AND day(foedselsdato) = 1 THEN 0 ELSE 1 END AS samlet_alder,
        foedselsdato > oprindelig_start OR foedselsdato > $i_dag AS uden_alder,
        foedselsdato > samlet_start OR foedselsdato > $i_dag AS uden_samlet_alder
    FROM (
        SELECT *, min(oprindelig_start) OVER (PARTITION BY udgave, cpr, dst_kode, stykke) AS samlet_start
        FROM (
            SELECT
                *,
                sum(CASE WHEN dag_fra > naaet THEN 1 ELSE 0 END) OVER (
                    PARTITION BY udgave, cpr, dst_kode ORDER BY dag_fra, dag_til, forloeb ROWS UNBOUNDED PRECEDING
                ) AS stykke
            FROM (
                SELECT
                    *,
                    CAST(max(dag_til) OVER (
                        PARTITION BY udgave, cpr, dst_kode ORDER BY dag_fra, dag_til, forloeb
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                    ) + INTERVAL 1 DAY AS DATE) AS naaet
                FROM bro_indlaesning
            ) AS med_naaet
        ) AS nummereret
    ) AS samlet
    WHERE foedselsdato IS NOT NULL
)
SELECT 'kort_7' AS kandidat, forloeb FROM levende WHERE date_diff('day', dag_fra, dag_til) + 1 < 7
UNION ALL
SELECT 'kort_14', forloeb FROM levende WHERE date_diff('day', dag_fra, dag_til) + 1 < 14
UNION ALL
SELECT 'kort_30', forloeb FROM levende WHERE date_diff('day', dag_fra, dag_til) + 1 < 30
UNION ALL
SELECT 'barn_18', l.forloeb
FROM levende AS l INNER JOIN med_alder AS a ON a.forloeb = l.forloeb WHERE a.alder < 18 AND NOT a.uden_alder
UNION ALL
SELECT 'sammenlagt_barn', l.forloeb
FROM levende AS l INNER JOIN med_alder AS a ON a.forloeb = l.forloeb WHERE a.samlet_alder < 17 AND NOT a.uden_samlet_alder
UNION ALL
SELECT CASE p.klasse WHEN 'ugyldigt' THEN 'ugyldigt_cpr' ELSE 'erstatningsnummer' END, l.forloeb
FROM levende AS l INNER JOIN person AS p ON p.cpr = l.cpr WHERE p.klasse IN ('ugyldigt', 'erstatningsnummer')
