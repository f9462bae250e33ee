-- One row is: a person × account × judged month with a net amount, where a målgruppe is registered on a course that is active
-- in the month: passer says whether one of the registered fits the account.
-- stored
SELECT
    x.cpr, x.dst_kode, x.maaned, x.konto,
    substr(x.konto, 1, 1) || '.' || substr(x.konto, 2, 2) || '.' || substr(x.konto, 4, 2)
    || '-' || substr(x.konto, 6, 1) || '-' || substr(x.konto, 7) AS kontotekst,
    x.netto, x.registreret, x.kontoens, x.passer,
    n.fil, x.noegle % 10000000000 AS raekke
FROM (
    SELECT
        p.cpr, p.dst_kode, m.maaned, p.konto, CAST(p.netto AS DECIMAL(18, 2)) AS netto, p.noegle,
        string_agg(DISTINCT f.maalgruppe, '|' ORDER BY f.maalgruppe) AS registreret,
        min(g.niveauer) AS kontoens,
        max(g.passer) = 1 AS passer
    FROM netto_konto_kode AS p
    INNER JOIN kalendermaaned AS m ON m.mdr = p.mdr AND m.periode IS NOT NULL
    INNER JOIN ottetal_forloeb AS f
        ON f.side = 'oe' AND f.cpr = p.cpr AND f.dst_kode = p.dst_kode AND f.foerste_dag <= m.til AND f.sidste_dag >= m.fra
    INNER JOIN maalgruppe_konto AS g ON g.maalgruppe = f.maalgruppe AND g.konto = p.konto AND g.dst_kode = p.dst_kode
    WHERE p.valgt = 1 AND p.rammestyret = 0 AND p.netto <> 0
    GROUP BY p.cpr, p.dst_kode, m.maaned, p.konto, p.netto, p.noegle
) AS x
LEFT JOIN kildefil AS n ON n.nr = x.noegle // 10000000000
