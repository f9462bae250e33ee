-- One row is: a payment on the staircase that the own kommune finances, calculated with another percentage than the right one:
-- the one of the counter as it should have been, else of the row's own counter (art YR09). sats and ret_sats are percent of
-- refusion (100 less medfinansiering); tab is what the kommune lost by it in kr. (negative: gained), exact.
SELECT
    p.cpr, y.ydelse, f.uge, iso_uge(f.uge) AS periode,
    CASE WHEN f.fund_mandag IS NULL THEN 'YR09' ELSE 'taeller' END AS art,
    iso_uge(coalesce(f.fund_mandag, f.mandag)) AS fund_uge,
    f.bruttoudgift * ((f.ret_sats - f.sats) * CAST(0.01 AS DECIMAL(3, 2))) AS tab
FROM (
    SELECT
        b.person_nr, b.ydelse_nr, b.uge, b.mandag, b.bruttoudgift, b.sats, c.fund_mandag,
        CASE WHEN c.fund_mandag IS NULL THEN b.taellersats ELSE c.refusionssats END AS ret_sats
    FROM yr_placering AS b
    LEFT JOIN (
        SELECT r.person_nr, d.uge, r.fund_mandag, t.refusionssats
        FROM yr_ret_taeller AS r
        INNER JOIN (SELECT DISTINCT uge, CAST(date_trunc('week', uge) AS DATE) AS mandag FROM yr_sats) AS d
            ON d.mandag = r.mandag
        LEFT JOIN ref_yr_trappe AS t
            ON r.ret_taeller BETWEEN t.fra_uge AND coalesce(t.til_uge, r.ret_taeller)
            AND d.uge BETWEEN t.gyldig_fra AND coalesce(t.gyldig_til, d.uge)
    ) AS c ON c.person_nr = b.person_nr AND c.uge = b.uge
    WHERE b.egen
) AS f
INNER JOIN yr_person AS p ON p.person_nr = f.person_nr
INNER JOIN yr_ydelse AS y ON y.ydelse_nr = f.ydelse_nr
LEFT JOIN yr_nul AS n ON n.cpr = p.cpr AND n.mandag = f.mandag AND n.ydelse = y.ydelse
WHERE f.sats <> f.ret_sats AND n.cpr IS NULL
