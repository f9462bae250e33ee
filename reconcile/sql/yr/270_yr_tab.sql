-- One row is: a payment on the staircase that the own kommune finances, calculated with another percentage than the right one:
-- the one of the counter as it should have been, else of the row's own counter (art YR09). sats and ret_sats are percent of
-- refusion (100 less medfinansiering); tab is what the kommune lost by it in kr. (negative: gained), exact.
SELECT
    p.cpr, b.ydelse, b.uge, b.periode,
    CASE WHEN c.person_nr IS NULL THEN 'YR09' ELSE 'taeller' END AS art,
    iso_uge(coalesce(c.fund_mandag, CAST(date_trunc('week', b.uge) AS DATE))) AS fund_uge,
    b.bruttoudgift * ((t.refusionssats - b.sats) * CAST(0.01 AS DECIMAL(3, 2))) AS tab
FROM (
    SELECT
        r.*,
        coalesce(doemt_refusionssats, 100 - doemt_medfinansieringssats) AS sats,
        CAST(date_trunc('week', r.uge) AS DATE) AS mandag
    FROM yr_beregning AS r
    WHERE r.udbetaling AND r.trappe
) AS b
INNER JOIN yr_person AS p ON p.cpr = b.cpr
LEFT JOIN yr_ret_taeller AS c ON c.person_nr = p.person_nr AND c.mandag = b.mandag
INNER JOIN ref_yr_trappe AS t
    ON coalesce(c.ret_taeller, b.ydelsestaeller) BETWEEN t.fra_uge AND coalesce(t.til_uge, 1000000000)
    AND b.uge BETWEEN t.gyldig_fra AND coalesce(t.gyldig_til, b.uge)
WHERE b.sats <> t.refusionssats
