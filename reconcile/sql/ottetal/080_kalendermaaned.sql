-- One row is: a month that is judged (periode: its quarter), that has postings or lies in a billing period of such a month
-- (periode NULL). mdr is year × 12 + month.
-- stored
SELECT
    CAST(year(a.fra) * 12 + month(a.fra) AS BIGINT) AS mdr,
    strftime(a.fra, '%Y-%m') AS maaned,
    a.fra,
    CAST(a.fra + INTERVAL 1 MONTH - INTERVAL 1 DAY AS DATE) AS til,
    m.periode
FROM (
    SELECT DISTINCT CAST(g.fra + INTERVAL (t.nr) MONTH AS DATE) AS fra
    FROM (
        SELECT DISTINCT
            CAST(date_trunc('month', coalesce(ydelsesperiode, bogfoert_dato)) AS DATE) AS fra,
            coalesce(ydelsesperiode_til, ydelsesperiode, bogfoert_dato) AS til
        FROM postering
        UNION
        SELECT fra, fra AS til FROM maaned
    ) AS g
    CROSS JOIN (SELECT max(n) AS n FROM masterkode) AS r
    INNER JOIN (
        SELECT 10 * tier.n + ener.n AS nr
        FROM (VALUES (-3), (-2), (-1), (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS tier (n)
        CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS ener (n)
    ) AS t
        ON t.nr BETWEEN 2 - 2 * r.n AND 2 * r.n - 2
            + (year(g.til) * 12 + month(g.til)) - (year(g.fra) * 12 + month(g.fra))
) AS a
LEFT JOIN maaned AS m ON m.fra = a.fra
