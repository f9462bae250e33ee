-- One row is: a year in which the ledger and the published accounts have accounts in common: the net of each on them.
SELECT
    'oekonomi' AS kilde, o.periode AS noegle, CAST(sum(o.beloeb) AS DECIMAL(18, 2)) AS beloeb,
    CAST(sum(r.beloeb) AS DECIMAL(18, 2)) AS regnskab, sum(o.posteringer) AS posteringer
FROM regnskab_bogfoert AS o
INNER JOIN (SELECT periode, konto, sum(beloeb) AS beloeb FROM regnskab_offentliggjort GROUP BY periode, konto) AS r
    ON r.periode = o.periode AND r.konto = o.konto
GROUP BY o.periode
