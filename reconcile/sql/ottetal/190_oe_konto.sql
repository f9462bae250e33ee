-- One row is: a person × account × judged month with a net amount, where a course that is active in the month is registered
-- with a målgruppe the account is not for: passer says whether another active course's målgruppe does fit the account.
-- stored
SELECT
    x.cpr, x.dst_kode, x.maaned, x.konto,
    substr(x.konto, 1, 1) || '.' || substr(x.konto, 2, 2) || '.' || substr(x.konto, 4, 2)
    || '-' || substr(x.konto, 6, 1) || '-' || substr(x.konto, 7) AS kontotekst,
    x.netto, x.registreret, x.kontoens,
    EXISTS (
        SELECT 1
        FROM ottetal_forloeb AS f
        INNER JOIN maalgruppe_konto AS g ON g.maalgruppe = f.maalgruppe AND g.dst_kode = f.dst_kode AND g.passer = 1
        WHERE f.side = 'oe' AND f.cpr = x.cpr AND f.dst_kode = x.dst_kode AND g.konto = x.konto
            AND f.foerste_dag <= x.til AND f.sidste_dag >= x.fra
    ) AS passer,
    n.fil, x.noegle % 10000000000 AS raekke
FROM (
    SELECT
        p.cpr, p.dst_kode, m.maaned, m.fra, m.til, p.konto, p.netto, p.noegle,
        string_agg(DISTINCT f.maalgruppe, '|' ORDER BY f.maalgruppe) AS registreret,
        min(f.niveauer) AS kontoens
    FROM netto_konto_kode AS p
    INNER JOIN kalendermaaned AS m ON m.mdr = p.mdr AND m.periode IS NOT NULL
    INNER JOIN (
        SELECT c.cpr, c.dst_kode, c.foerste_dag, c.sidste_dag, c.maalgruppe, g.konto, g.niveauer
        FROM ottetal_forloeb AS c
        INNER JOIN maalgruppe_konto AS g ON g.maalgruppe = c.maalgruppe AND g.dst_kode = c.dst_kode AND g.passer = 0
        WHERE c.side = 'oe'
    ) AS f
        ON f.cpr = p.cpr AND f.dst_kode = p.dst_kode AND f.konto = p.konto
        AND f.foerste_dag <= m.til AND f.sidste_dag >= m.fra
    WHERE p.valgt = 1 AND p.rammestyret = 0 AND p.netto <> 0
    GROUP BY p.cpr, p.dst_kode, m.maaned, m.fra, m.til, p.konto, p.netto, p.noegle
) AS x
LEFT JOIN kildefil AS n ON n.nr = x.noegle // 10000000000
