-- One row is: a person × month (of «uge» as written) × ydelse × step with its net amounts, of what the own kommune
-- finances. uge_0 to uge_5: bruttoudgift of the ISO weeks that have a day in the month, the first of them first.
-- stored, person by person
SELECT
    r.person_nr,
    r.maaned,
    r.ydelse_nr,
    r.trin,
    CAST(sum(r.bruttoudgift) AS DECIMAL(18, 2)) AS bruttoudgift,
    CAST(sum(r.refusion) AS DECIMAL(18, 2)) AS refusion,
    CAST(sum(r.medfinansiering) AS DECIMAL(18, 2)) AS medfinansiering,
    CAST(sum(r.fleksbidrag) AS DECIMAL(18, 2)) AS fleksbidrag,
    CAST(sum(CASE WHEN r.ugenr = 0 THEN r.bruttoudgift ELSE 0 END) AS DECIMAL(18, 2)) AS uge_0,
    CAST(sum(CASE WHEN r.ugenr = 1 THEN r.bruttoudgift ELSE 0 END) AS DECIMAL(18, 2)) AS uge_1,
    CAST(sum(CASE WHEN r.ugenr = 2 THEN r.bruttoudgift ELSE 0 END) AS DECIMAL(18, 2)) AS uge_2,
    CAST(sum(CASE WHEN r.ugenr = 3 THEN r.bruttoudgift ELSE 0 END) AS DECIMAL(18, 2)) AS uge_3,
    CAST(sum(CASE WHEN r.ugenr = 4 THEN r.bruttoudgift ELSE 0 END) AS DECIMAL(18, 2)) AS uge_4,
    CAST(sum(CASE WHEN r.ugenr > 4 THEN r.bruttoudgift ELSE 0 END) AS DECIMAL(18, 2)) AS uge_5
FROM (
    SELECT
        person_nr, ydelse_nr, trin, bruttoudgift, refusion, medfinansiering, fleksbidrag,
        CAST(date_trunc('month', uge) AS DATE) AS maaned,
        date_diff('day', date_trunc('week', date_trunc('month', uge)), date_trunc('week', uge)) // 7 AS ugenr
    FROM yr_placering
    WHERE egen
) AS r
GROUP BY r.person_nr, r.maaned, r.ydelse_nr, r.trin
