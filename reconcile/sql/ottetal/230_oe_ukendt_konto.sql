-- One row is: an account that no row of the masteroversigt maps × judged month, with its postings' number and sum; those of
-- another kommune's persons apart.
-- stored
SELECT
    x.konto, x.maaned, x.antal, x.beloeb,
    substr(x.konto, 1, 1) || '.' || substr(x.konto, 2, 2) || '.' || substr(x.konto, 4, 2)
    || '-' || substr(x.konto, 6, 1) || '-' || substr(x.konto, 7) AS kontotekst,
    n.fil, x.noegle % 10000000000 AS raekke
FROM (
    SELECT
        o.konto, m.maaned, CAST(sum(o.antal) AS BIGINT) AS antal, CAST(sum(o.netto) AS DECIMAL(18, 2)) AS beloeb,
        min(o.noegle) AS noegle
    FROM netto_konto AS o
    INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr AND m.periode IS NOT NULL
    LEFT JOIN masterkonto AS k ON k.konto = o.konto
    LEFT JOIN fremmed AS x ON x.cpr = o.cpr
    WHERE k.konto IS NULL AND x.cpr IS NULL
    GROUP BY o.konto, m.maaned
) AS x
LEFT JOIN kildefil AS n ON n.nr = x.noegle // 10000000000
