-- One row is: a row of the YR source; rows equal in every cell within a file are one. egen: the own
-- kommune finances it. *_afvigelse: how far the amount lies
-- from bruttoudgift × percentage, exact, in kr. (NULL where either is missing; 19 digits, so that no product overflows).
SELECT
    r.*,
    coalesce(r.finansieringskommune, $kommune) IN (SELECT kommune FROM egen_kommune) AS egen,
    CAST(date_trunc('week', r.uge) AS DATE) AS mandag,
    iso_uge(r.uge) AS periode,
    abs(
        CAST(r.refusion AS DECIMAL(19, 2))
        - CAST(r.bruttoudgift AS DECIMAL(19, 2)) * (r.refusionssats * CAST(0.01 AS DECIMAL(3, 2)))
    ) AS refusion_afvigelse,
    abs(
        CAST(r.medfinansiering AS DECIMAL(19, 2))
        - CAST(r.bruttoudgift AS DECIMAL(19, 2)) * (r.medfinansieringssats * CAST(0.01 AS DECIMAL(3, 2)))
    ) AS medfinansiering_afvigelse
FROM yr AS r
LEFT JOIN yr_overtal AS o ON o.overtallig = r.raekke AND o.fil = r.fil
WHERE o.overtallig IS NULL
