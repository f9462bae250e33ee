-- One row is: a course of the fagsystem or FLIS extract, as extracted. foerste_dag and sidste_dag are its first and last
-- active day (9999-12-31 while it is open); egen: it belongs to the kommune's own population ($population); egen_betaler:
-- the own kommune pays for it (an empty betalingskommune is the handlekommune). A kommune that reports for another does not
-- for the codes that ref_indberetter excepts (CASE: nearly nobody has any, and an OR would put their texts together for every
-- row). It is not stored: it is most of what there is in memory, and costs little to make.
SELECT
    f.*,
    f.handler IN (SELECT kommune FROM egen_kommune)
        AND CASE
            WHEN h.undtagne_koder IS NULL THEN true
            ELSE strpos('|' || h.undtagne_koder || '|', '|' || f.dst_kode || '|') = 0
        END AS egen,
    f.betaler IN (SELECT kommune FROM egen_kommune)
        AND CASE
            WHEN b.undtagne_koder IS NULL THEN true
            ELSE strpos('|' || b.undtagne_koder || '|', '|' || f.dst_kode || '|') = 0
        END AS egen_betaler
FROM (
    SELECT
        a.*,
        a.start_dato AS foerste_dag,
        CASE
            WHEN a.slut_dato IS NULL THEN DATE '9999-12-31'
            ELSE CAST(a.slut_dato - INTERVAL ($slutdato_fratraek) DAY AS DATE)
        END AS sidste_dag,
        a.slut_dato IS NULL AS aaben,
        CASE
            WHEN $population = 'betalingskommune' THEN coalesce(a.betalingskommune, a.handlekommune, $kommune)
            ELSE coalesce(a.handlekommune, $kommune)
        END AS handler,
        coalesce(a.betalingskommune, a.handlekommune, $kommune) AS betaler
    FROM (
        SELECT 'fagsystem' AS kilde, * FROM fagsystem
        UNION ALL
        SELECT 'flis' AS kilde, * FROM flis
    ) AS a
) AS f
LEFT JOIN ref_indberetter AS h ON h.kommune = $kommune AND h.for_kommune = f.handler
LEFT JOIN ref_indberetter AS b ON b.kommune = $kommune AND b.for_kommune = f.betaler
