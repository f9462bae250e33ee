-- One row is: a candidate for one of DST's unpublished rules × a person × cell that it would take out of what R2 leaves. Beside
-- the courses it would remove whole: stoette_107 days of 1.12.0.2 during a stay of 1.8.2; ophold_ophold a stay ends when a
-- stay of another code begins; doed_lukket closed courses end on the day of death too.
WITH aktiv AS (
    SELECT r.forloeb, r.dst_kode, p.periode, p.fra, p.til, r.cpr, r.dag_fra, r.dag_til
    FROM bro_r2 AS r
    INNER JOIN bro_udgave AS p ON p.udgave = r.udgave AND r.dag_fra <= p.til AND r.dag_til >= p.fra
),
alle AS (
    SELECT dst_kode, periode, cpr, count(*) AS antal FROM aktiv GROUP BY dst_kode, periode, cpr
),
vaek AS (
    SELECT k.kandidat, a.dst_kode, a.periode, a.cpr
    FROM kandidat_forloeb AS k
    INNER JOIN aktiv AS a ON a.forloeb = k.forloeb
    UNION ALL
    SELECT 'doed_lukket', a.dst_kode, a.periode, a.cpr
    FROM aktiv AS a
    INNER JOIN person AS b ON b.cpr = a.cpr
    WHERE greatest(a.dag_fra, a.fra) > CAST(b.doedsdato - INTERVAL ($slutdato_fratraek) DAY AS DATE)
    UNION ALL
    SELECT 'ophold_ophold', a.dst_kode, a.periode, a.cpr
    FROM aktiv AS a
    WHERE a.dst_kode IN ('1.8.1', '1.8.2', '1.12.0.1')
        AND EXISTS (
            SELECT 1
            FROM bro_r2 AS o
            INNER JOIN bro_udgave AS q ON q.udgave = o.udgave AND q.periode = a.periode
            WHERE o.cpr = a.cpr AND o.dst_kode IN ('1.8.1', '1.8.2', '1.12.0.1') AND o.dst_kode <> a.dst_kode
                AND o.dag_fra > a.dag_fra AND o.dag_fra <= a.dag_til AND o.dag_fra <= a.fra
        )
)
SELECT v.kandidat, v.dst_kode, v.periode, v.cpr
FROM (SELECT kandidat, dst_kode, periode, cpr, count(*) AS antal FROM vaek GROUP BY kandidat, dst_kode, periode, cpr) AS v
INNER JOIN alle AS a ON a.dst_kode = v.dst_kode AND a.periode = v.periode AND a.cpr = v.cpr AND a.antal = v.antal
UNION ALL
SELECT 'stoette_107', '1.12.0.2', d.periode, d.cpr
FROM (
    SELECT
        p.periode, f.cpr,
        sum(date_diff('day', greatest(f.dag_fra, o.dag_fra, p.fra), least(f.dag_til, o.dag_til, p.til)) + 1) AS dage
    FROM bro_spaend AS f
    INNER JOIN bro_spaend AS o
        ON o.trin_til = 7 AND o.udgave = f.udgave AND o.cpr = f.cpr AND o.dst_kode = '1.8.2'
        AND o.dag_fra <= f.dag_til AND o.dag_til >= f.dag_fra
    INNER JOIN bro_udgave AS p
        ON p.udgave = f.udgave AND greatest(f.dag_fra, o.dag_fra) <= p.til AND least(f.dag_til, o.dag_til) >= p.fra
    WHERE f.trin_til = 7 AND f.dst_kode = '1.12.0.2'
    GROUP BY p.periode, f.cpr
) AS d
INNER JOIN bro_dage AS a ON a.dst_kode = '1.12.0.2' AND a.periode = d.periode AND a.cpr = d.cpr AND a.dage_7 = d.dage
