-- One row is: a tilbud × quarter: its persons, own ones (the own kommune pays) and others', the days it was used, each day
-- of a person once, and its places × the days they were there (NULL: no places are known for it). All
-- courses of the extract count, whoever handles them: a tilbud has its places for all.
SELECT
    b.tilbud, b.periode, b.borgere, b.egne, b.udenbys, b.dage, t.pladsdage
FROM (
    SELECT
        tilbud, periode,
        count(*) AS borgere,
        count(CASE WHEN egne > 0 THEN 1 END) AS egne,
        count(CASE WHEN egne = 0 THEN 1 END) AS udenbys,
        CAST(sum(dage) AS BIGINT) AS dage
    FROM (
        SELECT
            s.tilbud, p.periode, s.cpr,
            max(CASE WHEN e.cpr IS NULL THEN 0 ELSE 1 END) AS egne,
            sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS dage
        FROM (
            SELECT tilbud, cpr, min(fra) AS fra, max(til) AS til
            FROM (
                SELECT
                    *,
                    sum(CASE WHEN naaet IS NULL OR fra > naaet THEN 1 ELSE 0 END) OVER (
                        PARTITION BY tilbud, cpr ORDER BY fra, til, fil, raekke ROWS UNBOUNDED PRECEDING
                    ) AS nr
                FROM (
                    SELECT
                        tilbud, cpr, foerste_dag AS fra, sidste_dag AS til, fil, raekke,
                        max(sidste_dag) OVER (
                            PARTITION BY tilbud, cpr ORDER BY foerste_dag, sidste_dag, fil, raekke
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                        ) AS naaet
                    FROM forloeb
                    WHERE kilde = $noegletal_kilde AND tilbud IS NOT NULL AND foerste_dag <= sidste_dag
                ) AS med_naaet
            ) AS nummereret
            GROUP BY tilbud, cpr, nr
        ) AS s
        INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal' AND s.fra <= p.til AND s.til >= p.fra
        LEFT JOIN (
            SELECT DISTINCT f.tilbud, f.cpr, k.periode
            FROM forloeb AS f
            INNER JOIN noegletal_periode AS k ON k.periodetype = 'kvartal' AND f.foerste_dag <= k.til AND f.sidste_dag >= k.fra
            WHERE f.kilde = $noegletal_kilde AND f.tilbud IS NOT NULL AND f.foerste_dag <= f.sidste_dag
                AND coalesce(f.betalingskommune, f.handlekommune, $kommune) IN (SELECT kommune FROM egen_kommune)
        ) AS e ON e.tilbud = s.tilbud AND e.cpr = s.cpr AND e.periode = p.periode
        GROUP BY s.tilbud, p.periode, s.cpr
    ) AS brugt
    GROUP BY tilbud, periode
) AS b
LEFT JOIN (
    SELECT
        l.tilbud, p.periode,
        CAST(sum(l.pladser * (date_diff('day', greatest(coalesce(l.fra, p.fra), p.fra), least(coalesce(l.til, p.til), p.til)) + 1))
            AS DECIMAL(28, 4)) AS pladsdage
    FROM pladser AS l
    INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal'
        AND coalesce(l.fra, p.fra) <= p.til AND coalesce(l.til, p.til) >= p.fra AND (l.fra IS NULL OR l.til IS NULL OR l.fra <= l.til)
    GROUP BY l.tilbud, p.periode
) AS t ON t.tilbud = b.tilbud AND t.periode = b.periode
