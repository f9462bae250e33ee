-- One row is: a row of the YR source; rows equal in every cell within a file are one. noegle tells two rows of the same
-- person, ydelse and week apart by what stands in them, never by where they stand.
SELECT
    r.*,
    k.mandag,
    k.uge AS periode,
    concat_ws(
        '|', CAST(r.uge AS VARCHAR), coalesce(r.beregning_id, ''), coalesce(CAST(r.koerselsperiode AS VARCHAR), ''),
        CAST(r.bruttoudgift AS VARCHAR), coalesce(CAST(r.refusionssats AS VARCHAR), ''),
        coalesce(CAST(r.refusion AS VARCHAR), ''), coalesce(CAST(r.medfinansieringssats AS VARCHAR), ''),
        coalesce(CAST(r.medfinansiering AS VARCHAR), ''), coalesce(CAST(r.ydelsestaeller AS VARCHAR), ''),
        coalesce(r.finansieringskommune, ''), coalesce(r.bopaelskommune, '')
    ) AS noegle
FROM yr AS r
LEFT JOIN yr_kalender AS k ON k.mandag = CAST(date_trunc('week', r.uge) AS DATE)
WHERE NOT EXISTS (SELECT 1 FROM yr_ens AS e WHERE e.nummer > 1 AND e.fil = r.fil AND e.raekke = r.raekke)
