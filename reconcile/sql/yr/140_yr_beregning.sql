-- One row is: a row of yr_raekke that the own kommune finances, with its ydelse's reference data, the percentages its own counter gives (trin_*), the
-- percentages that can be judged (doemt_*: not those that are empty, or 0 with no amount), the amounts its percentages
-- give, and whether it is part of a payment: not fleksbidrag, and its group does not net to 0,00. sats_* and beloeb_*: the
-- half (refusion first) whose percentage or amount is wrong, what it is and what it should be; they mean nothing elsewhere.
SELECT
    b.*,
    CASE WHEN sats_refusion THEN 'refusion' ELSE 'medfinansiering' END AS sats_art,
    CASE WHEN sats_refusion THEN doemt_refusionssats ELSE doemt_medfinansieringssats END AS sats_staar,
    CASE WHEN sats_refusion THEN trin_refusionssats ELSE trin_medfinansieringssats END AS sats_ret,
    CASE WHEN beloeb_refusion THEN 'refusion' ELSE 'medfinansiering' END AS beloeb_art,
    CASE WHEN beloeb_refusion THEN refusion ELSE medfinansiering END AS beloeb_staar,
    CASE WHEN beloeb_refusion THEN refusionssats ELSE medfinansieringssats END AS beloeb_sats,
    CAST(
        CAST(bruttoudgift AS DECIMAL(19, 2))
        * (CASE WHEN beloeb_refusion THEN refusionssats ELSE medfinansieringssats END * CAST(0.01 AS DECIMAL(3, 2)))
        AS DECIMAL(38, 2)
    ) AS beloeb_ret
FROM (
    SELECT
        r.cpr, r.uge, r.ydelse, r.bruttoudgift, r.refusionssats, r.refusion, r.medfinansieringssats, r.medfinansiering,
        r.ydelsestaeller, r.koerselsperiode, r.finansieringskommune, r.bopaelskommune, r.beregning_id, r.fil, r.raekke,
        iso_uge(r.uge) AS periode,
        v.trappe,
        strftime(v.gyldig_fra, '%d-%m-%Y') || ' – ' || coalesce(strftime(v.gyldig_til, '%d-%m-%Y'), '') AS gyldighed,
        v.gyldig,
        t.refusionssats AS trin_refusionssats,
        t.medfinansieringssats AS trin_medfinansieringssats,
        CASE WHEN r.refusionssats <> 0 OR r.refusion <> 0 THEN r.refusionssats END AS doemt_refusionssats,
        CASE WHEN r.medfinansieringssats <> 0 OR r.medfinansiering <> 0 THEN r.medfinansieringssats END
            AS doemt_medfinansieringssats,
        r.refusion_afvigelse,
        r.medfinansiering_afvigelse,
        coalesce(r.refusion_afvigelse > 0.01, false) AS beloeb_refusion,
        coalesce(
            (r.refusionssats <> 0 OR r.refusion <> 0) AND r.refusionssats <> t.refusionssats, false
        ) AS sats_refusion,
        y.betaling,
        y.betaling AND n.cpr IS NULL AS udbetaling
    FROM yr_raekke AS r
    INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
    INNER JOIN yr_ydelsesdag AS v ON v.ydelse = r.ydelse AND v.uge = r.uge
    LEFT JOIN yr_trin AS t ON t.uge = r.uge AND t.ydelsestaeller = r.ydelsestaeller
    LEFT JOIN yr_nul AS n ON n.cpr = r.cpr AND n.mandag = r.mandag AND n.ydelse = r.ydelse
    WHERE r.egen
) AS b
