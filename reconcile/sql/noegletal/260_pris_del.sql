-- One row is: as in pris_person, with the change from the year before in øre, split: kommet and gaaet (there in one of the two
-- only: days or an own amount), volumen (the days' share of the period now less a year before, at the person's price a year
-- before, rounded to the øre half away from zero), pris (the rest of those in both), mellem (mellemkommunal) and uden_cpr.
SELECT
    *,
    CASE WHEN cpr IS NOT NULL AND t_nu AND t_foer THEN egne_nu - egne_foer - volumen ELSE 0 END AS pris
FROM (
    SELECT
        d.*,
        CASE WHEN cpr IS NOT NULL AND t_nu AND NOT t_foer THEN egne_nu ELSE 0 END AS kommet,
        CASE WHEN cpr IS NOT NULL AND t_foer AND NOT t_nu THEN -egne_foer ELSE 0 END AS gaaet,
        CASE WHEN cpr IS NOT NULL THEN andres_nu - andres_foer ELSE 0 END AS mellem,
        CASE WHEN cpr IS NULL THEN egne_nu - egne_foer ELSE 0 END AS uden_cpr,
        CASE
            WHEN cpr IS NOT NULL AND t_nu AND t_foer AND dage_foer > 0 THEN
                CAST(sign(taeller) AS HUGEINT) * ((2 * abs(taeller) + naevner) // (2 * naevner))
            ELSE 0
        END AS volumen
    FROM (
        SELECT
            p.*,
            p.dage_nu > 0 OR p.egne_nu <> 0 AS t_nu,
            p.dage_foer > 0 OR p.egne_foer <> 0 AS t_foer,
            p.egne_foer * (p.dage_nu * f.dage - p.dage_foer * n.dage) AS taeller,
            p.dage_foer * n.dage AS naevner
        FROM pris_person AS p
        INNER JOIN pris_periode AS n ON n.periode = p.periode AND n.nu = 1
        INNER JOIN pris_periode AS f ON f.periode = p.periode AND f.nu = 0
    ) AS d
) AS delt
