-- One row is: a course of the fagsystem or FLIS extract, as extracted. foerste_dag and sidste_dag are its first and last
-- active day (9999-12-31 while it is open); egen: it belongs to the kommune's own population ($population).
-- stored
SELECT
    f.*,
    f.start_dato AS foerste_dag,
    CASE
        WHEN f.slut_dato IS NULL THEN DATE '9999-12-31'
        ELSE CAST(f.slut_dato - INTERVAL ($slutdato_fratraek) DAY AS DATE)
    END AS sidste_dag,
    f.slut_dato IS NULL AS aaben,
    coalesce(CASE WHEN $population = 'betalingskommune' THEN f.betalingskommune ELSE f.handlekommune END, $kommune)
        IN (SELECT kommune FROM egen_kommune) AS egen
FROM (
    SELECT 'fagsystem' AS kilde, * FROM fagsystem
    UNION ALL
    SELECT 'flis' AS kilde, * FROM flis
) AS f
