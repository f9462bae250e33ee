-- One row is: a month that is judged (periode: its quarter) or that has postings (periode NULL). mdr is year × 12 + month.
-- stored
SELECT
    CAST(year(a.fra) * 12 + month(a.fra) AS BIGINT) AS mdr,
    strftime(a.fra, '%Y-%m') AS maaned,
    a.fra,
    CAST(a.fra + INTERVAL 1 MONTH - INTERVAL 1 DAY AS DATE) AS til,
    m.periode
FROM (
    SELECT DISTINCT CAST(date_trunc('month', coalesce(ydelsesperiode, bogfoert_dato)) AS DATE) AS fra FROM oekonomi
    UNION
    SELECT fra FROM maaned
) AS a
LEFT JOIN maaned AS m ON m.fra = a.fra
