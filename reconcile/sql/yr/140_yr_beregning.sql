-- One row is: a row of yr_raekke with its ydelse's reference data, the percentages its own counter gives (trin_*), the
-- percentages that can be judged (doemt_*: not those that are empty, or 0 with no amount), the amounts its percentages
-- give, and whether it is part of a payment: not fleksbidrag, and its group does not net to 0,00.
SELECT
    r.cpr, r.uge, r.ydelse, r.bruttoudgift, r.refusionssats, r.refusion, r.medfinansieringssats, r.medfinansiering,
    r.ydelsestaeller, r.koerselsperiode, r.finansieringskommune, r.bopaelskommune, r.beregning_id, r.fil, r.raekke,
    iso_uge(r.uge) AS periode,
    v.trappe,
    v.gyldig_fra,
    v.gyldig_til,
    v.gyldig,
    t.refusionssats AS trin_refusionssats,
    t.medfinansieringssats AS trin_medfinansieringssats,
    CASE WHEN r.refusionssats <> 0 OR r.refusion <> 0 THEN r.refusionssats END AS doemt_refusionssats,
    CASE WHEN r.medfinansieringssats <> 0 OR r.medfinansiering <> 0 THEN r.medfinansieringssats END
        AS doemt_medfinansieringssats,
    r.refusion_afvigelse,
    r.medfinansiering_afvigelse,
    CAST(
        CAST(r.bruttoudgift AS DECIMAL(19, 2)) * (r.refusionssats * CAST(0.01 AS DECIMAL(3, 2))) AS DECIMAL(38, 2)
    ) AS beregnet_refusion,
    CAST(
        CAST(r.bruttoudgift AS DECIMAL(19, 2)) * (r.medfinansieringssats * CAST(0.01 AS DECIMAL(3, 2))) AS DECIMAL(38, 2)
    ) AS beregnet_medfinansiering,
    y.betaling,
    y.betaling AND n.cpr IS NULL AS udbetaling
FROM yr_raekke AS r
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
INNER JOIN yr_ydelsesdag AS v ON v.ydelse = r.ydelse AND v.uge = r.uge
LEFT JOIN yr_trin AS t ON t.uge = r.uge AND t.ydelsestaeller = r.ydelsestaeller
LEFT JOIN yr_nul AS n ON n.cpr = r.cpr AND n.mandag = r.mandag AND n.ydelse = r.ydelse
