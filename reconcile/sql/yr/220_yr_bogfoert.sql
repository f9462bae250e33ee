-- One row is: a koerselsperiode × account of the staircase with a net amount in the month after, which is where the ledger
-- books it.
SELECT
    CAST(date_trunc('month', bogfoert_dato) - INTERVAL 1 MONTH AS DATE) AS koerselsperiode,
    konto,
    sum(beloeb) AS beloeb
FROM oekonomi
WHERE konto IN (SELECT konto FROM yr_kontoplan)
GROUP BY ALL
HAVING sum(beloeb) <> 0
