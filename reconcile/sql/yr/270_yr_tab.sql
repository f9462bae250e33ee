-- One row is: a payment on the staircase that the own kommune finances, calculated with another percentage than the right one:
-- the one of the counter as it should have been, else of the row's own counter (art YR09). sats and ret_sats are percent of
-- refusion (100 less medfinansiering); tab is what the kommune lost by it in kr. (negative: gained), exact.
SELECT
    cpr, ydelse, uge, iso_uge(uge) AS periode,
    CASE WHEN fund_mandag IS NULL THEN 'YR09' ELSE 'taeller' END AS art,
    iso_uge(coalesce(fund_mandag, CAST(date_trunc('week', uge) AS DATE))) AS fund_uge,
    bruttoudgift * ((ret_sats - sats) * CAST(0.01 AS DECIMAL(3, 2))) AS tab
FROM (
    SELECT
        b.cpr, b.ydelse, b.uge, b.bruttoudgift, c.fund_mandag,
        coalesce(b.doemt_refusionssats, 100 - b.doemt_medfinansieringssats) AS sats,
        CASE WHEN c.fund_mandag IS NULL THEN b.trin_refusionssats ELSE c.refusionssats END AS ret_sats
    FROM yr_beregning AS b
    LEFT JOIN (
        SELECT p.cpr, d.uge, r.fund_mandag, t.refusionssats
        FROM yr_ret_taeller AS r
        INNER JOIN yr_person AS p ON p.person_nr = r.person_nr
        INNER JOIN (SELECT DISTINCT uge, CAST(date_trunc('week', uge) AS DATE) AS mandag FROM yr_sats) AS d
            ON d.mandag = r.mandag
        LEFT JOIN ref_yr_trappe AS t
            ON r.ret_taeller BETWEEN t.fra_uge AND coalesce(t.til_uge, r.ret_taeller)
            AND d.uge BETWEEN t.gyldig_fra AND coalesce(t.gyldig_til, d.uge)
    ) AS c ON c.cpr = b.cpr AND c.uge = b.uge
    WHERE b.udbetaling AND b.trappe
) AS b
WHERE sats <> ret_sats
