-- One row is: a candidate for one of DST's unpublished rules × a person × cell that it would take out of what R2 leaves. Beside
-- the courses it would remove whole: stoette_107 days of 1.12.0.2 during a stay of 1.8.2; ophold_ophold a stay ends when a
-- stay of another code begins; doed_lukket closed courses end on the day of death too.
WITH ophold AS (
    SELECT forloeb, udgave, cpr, dst_kode, dag_fra, dag_til FROM bro_r2 WHERE dst_kode IN ('1.8.1', '1.8.2', '1.12.0.1')
),
-- What a candidate takes: the days of a course in the quarters that begin on ``fra`` or later.
taget AS (
    SELECT k.kandidat, r.udgave, r.dst_kode, r.cpr, r.dag_fra, r.dag_til, DATE '0001-01-01' AS fra
    FROM kandidat_forloeb AS k
    INNER JOIN bro_r2 AS r ON r.forloeb = k.forloeb
    UNION ALL
    SELECT
        'doed_lukket', r.udgave, r.dst_kode, r.cpr, r.dag_fra, r.dag_til,
        CASE WHEN r.dag_fra > b.sidst THEN DATE '0001-01-01' ELSE CAST(b.sidst + INTERVAL 1 DAY AS DATE) END
    FROM bro_r2 AS r
    INNER JOIN (
        SELECT cpr, CAST(doedsdato - INTERVAL ($slutdato_fratraek) DAY AS DATE) AS sidst
        FROM person
        WHERE doedsdato IS NOT NULL
    ) AS b ON b.cpr = r.cpr
    UNION ALL
    SELECT 'ophold_ophold', a.udgave, a.dst_kode, a.cpr, a.dag_fra, a.dag_til, min(o.dag_fra)
    FROM ophold AS a
    INNER JOIN ophold AS o
        ON o.udgave = a.udgave AND o.cpr = a.cpr AND o.dst_kode <> a.dst_kode AND o.dag_fra > a.dag_fra
        AND o.dag_fra <= a.dag_til
    GROUP BY a.forloeb, a.udgave, a.dst_kode, a.cpr, a.dag_fra, a.dag_til
),
vaek AS (
    SELECT t.kandidat, t.dst_kode, p.periode, t.cpr, count(*) AS antal
    FROM taget AS t
    INNER JOIN bro_udgave AS p
        ON p.udgave = t.udgave AND t.dag_fra <= p.til AND t.dag_til >= p.fra AND p.fra >= t.fra
    GROUP BY t.kandidat, t.dst_kode, p.periode, t.cpr
),
-- Who has one course on the code, which no step changed, has no other left where it is taken.
flere AS (SELECT DISTINCT dst_kode, cpr FROM bro_flere),
alle AS (
    SELECT r.dst_kode, p.periode, r.cpr, count(*) AS antal
    FROM bro_r2 AS r
    INNER JOIN flere AS m ON m.dst_kode = r.dst_kode AND m.cpr = r.cpr
    INNER JOIN bro_udgave AS p ON p.udgave = r.udgave AND r.dag_fra <= p.til AND r.dag_til >= p.fra
    WHERE EXISTS (SELECT 1 FROM taget AS t WHERE t.udgave = r.udgave AND t.dst_kode = r.dst_kode AND t.cpr = r.cpr)
    GROUP BY r.dst_kode, p.periode, r.cpr
)
SELECT v.kandidat, v.dst_kode, v.periode, v.cpr
FROM vaek AS v
WHERE NOT EXISTS (SELECT 1 FROM flere AS m WHERE m.dst_kode = v.dst_kode AND m.cpr = v.cpr)
UNION ALL
SELECT v.kandidat, v.dst_kode, v.periode, v.cpr
FROM vaek AS v
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
