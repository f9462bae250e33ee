-- One row is: a row of a payment with the step it stands on: that of its percentage, else of its counter; NULL for a ydelse
-- outside the staircase and where neither says. The percentage goes first because the money was calculated by it.
-- ugenr: which of the ISO weeks with a day in the month, from 0.
SELECT
    r.cpr,
    r.uge,
    CAST(date_trunc('month', r.uge) AS DATE) AS maaned,
    r.koerselsperiode,
    r.finansieringskommune,
    r.bopaelskommune,
    r.tilhoerskommune,
    r.egen,
    y.ydelse,
    y.ydelse_nr,
    y.finansiering,
    CASE WHEN v.trappe THEN coalesce(a.trin, b.trin, t.trin) END AS trin,
    r.bruttoudgift,
    r.refusion,
    r.medfinansiering,
    r.fleksbidrag,
    date_diff('day', date_trunc('week', date_trunc('month', r.uge)), r.mandag) // 7 AS ugenr
FROM yr_raekke AS r
INNER JOIN yr_ydelse AS y ON y.ydelse = r.ydelse
INNER JOIN yr_ydelsesdag AS v ON v.ydelse = r.ydelse AND v.uge = r.uge
LEFT JOIN yr_sats AS a ON a.uge = r.uge AND a.refusionssats = r.refusionssats
LEFT JOIN yr_sats AS b ON b.uge = r.uge AND b.medfinansieringssats = r.medfinansieringssats
LEFT JOIN yr_trin AS t ON t.uge = r.uge AND t.ydelsestaeller = r.ydelsestaeller
WHERE y.betaling
