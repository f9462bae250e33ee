-- One row is: an account × judged month of the ledger, with the number of postings and their sum; i_masteroversigten says
-- whether a row of the masteroversigt maps the account.
-- stored
SELECT
    x.konto, x.maaned, x.antal, CAST(x.beloeb AS DECIMAL(18, 2)) AS beloeb, x.i_masteroversigten,
    substr(x.konto, 1, 1) || '.' || substr(x.konto, 2, 2) || '.' || substr(x.konto, 4, 2)
    || '-' || substr(x.konto, 6, 1) || '-' || substr(x.konto, 7) AS kontotekst,
    n.fil, x.noegle % 10000000000 AS raekke
FROM (
    SELECT
        o.konto, m.maaned, count(*) AS antal, sum(o.beloeb) AS beloeb,
        o.konto IN (SELECT konto FROM masterkonto) AS i_masteroversigten,
        min(k.nr * 10000000000 + o.raekke) AS noegle
    FROM oekonomi AS o
    INNER JOIN kildefil AS k ON k.fil = o.fil
    INNER JOIN maaned AS m ON coalesce(o.ydelsesperiode, o.bogfoert_dato) BETWEEN m.fra AND m.til
    GROUP BY o.konto, m.maaned
) AS x
LEFT JOIN kildefil AS n ON n.nr = x.noegle // 10000000000
