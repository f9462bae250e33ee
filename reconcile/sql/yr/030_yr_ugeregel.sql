-- One row is: an ISO week of the YR source with the rules in force on its Monday: the limit of a week's payment (that of
-- the configuration, where it has one), how many weeks without a counter reset it, and among how many weeks before.
-- stored
SELECT
    d.mandag,
    coalesce($ugegraense_valgt, max(CASE WHEN r.navn = 'ugegraense' THEN r.vaerdi END)) AS ugegraense,
    CAST(max(CASE WHEN r.navn = 'nulstilling_uger' THEN r.vaerdi END) AS INTEGER) AS nulstilling_uger,
    CAST(max(CASE WHEN r.navn = 'tilbageblik_uger' THEN r.vaerdi END) AS INTEGER) AS tilbageblik_uger
FROM (SELECT DISTINCT CAST(date_trunc('week', uge) AS DATE) AS mandag FROM yr) AS d
LEFT JOIN ref_yr_regel AS r
    ON d.mandag BETWEEN coalesce(r.gyldig_fra, d.mandag) AND coalesce(r.gyldig_til, d.mandag)
GROUP BY d.mandag
