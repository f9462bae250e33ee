-- One row is: a course that a candidate for one of DST's unpublished rules would remove whole, whether or not R2 leaves a day of
-- it (kandidat_person takes of what R2 leaves): kort_7, kort_14 and kort_30 courses of fewer days, barn_18 children under 18,
-- sammenlagt_barn children when courses of one code that touch or overlap are one with the first one's start, ugyldigt_cpr and
-- erstatningsnummer persons whose number is no CPR number. Only who has a course from the age of 17 or before can be a child
-- when courses are one.
WITH ung AS (
    SELECT DISTINCT udgave, cpr, dst_kode
    FROM bro_indlaesning
    WHERE foedselsdato <= oprindelig_start AND year(oprindelig_start) - year(foedselsdato) <= 17
),
samlet AS (
    SELECT
        forloeb,
        foedselsdato,
        min(oprindelig_start) OVER (PARTITION BY udgave, cpr, dst_kode, stykke) AS start
    FROM (
        SELECT
            *,
            sum(CASE WHEN dag_fra > naaet THEN 1 ELSE 0 END) OVER (
                PARTITION BY udgave, cpr, dst_kode ORDER BY dag_fra, dag_til, forloeb ROWS UNBOUNDED PRECEDING
            ) AS stykke
        FROM (
            SELECT
                i.forloeb, i.udgave, i.cpr, i.dst_kode, i.dag_fra, i.dag_til, i.oprindelig_start, i.foedselsdato,
                CAST(max(i.dag_til) OVER (
                    PARTITION BY i.udgave, i.cpr, i.dst_kode ORDER BY i.dag_fra, i.dag_til, i.forloeb
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) + INTERVAL 1 DAY AS DATE) AS naaet
            FROM bro_indlaesning AS i
            INNER JOIN ung AS u ON u.udgave = i.udgave AND u.cpr = i.cpr AND u.dst_kode = i.dst_kode
        ) AS med_naaet
    ) AS nummereret
)
SELECT k.kandidat, l.forloeb
FROM (SELECT forloeb, date_diff('day', dag_fra, dag_til) + 1 AS dage FROM bro_raa) AS l
INNER JOIN (SELECT 'kort_7' AS kandidat, 7 AS dage UNION ALL SELECT 'kort_14', 14 UNION ALL SELECT 'kort_30', 30) AS k
    ON l.dage < k.dage
WHERE l.dage < 30
UNION ALL
SELECT 'barn_18', forloeb
FROM bro_raa
WHERE foedselsdato <= oprindelig_start AND foedselsdato <= $i_dag
    AND year(oprindelig_start) - year(foedselsdato)
        - CASE WHEN month(foedselsdato) = 1 AND day(foedselsdato) = 1 THEN 0 ELSE 1 END < 18
UNION ALL
SELECT 'sammenlagt_barn', l.forloeb
FROM bro_raa AS l
INNER JOIN samlet AS s ON s.forloeb = l.forloeb
WHERE s.foedselsdato <= s.start AND s.foedselsdato <= $i_dag
    AND year(s.start) - year(s.foedselsdato)
        - CASE WHEN month(s.foedselsdato) = 1 AND day(s.foedselsdato) = 1 THEN 0 ELSE 1 END < 17
UNION ALL
SELECT CASE p.klasse WHEN 'ugyldigt' THEN 'ugyldigt_cpr' ELSE 'erstatningsnummer' END, l.forloeb
FROM bro_raa AS l INNER JOIN person AS p ON p.cpr = l.cpr WHERE p.klasse IN ('ugyldigt', 'erstatningsnummer')
