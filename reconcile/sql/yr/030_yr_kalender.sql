-- One row is: an ISO week of the YR source: its Monday and how it is written (2020-U27). The year of an ISO week is that
-- of its Thursday.
-- stored
SELECT
    mandag,
    CAST(year(mandag + INTERVAL 3 DAY) AS VARCHAR) || '-U' || lpad(CAST(week(mandag) AS VARCHAR), 2, '0') AS uge
FROM (SELECT DISTINCT CAST(date_trunc('week', uge) AS DATE) AS mandag FROM yr)
