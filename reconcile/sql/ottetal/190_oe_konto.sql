-- One row is: a person × account × judged month with a net amount, where a course that is active in the month is registered
-- with a målgruppe the account is not for: passer says whether another active course's målgruppe does fit the account.
-- stored
SELECT
    x.cpr, x.dst_kode, m.maaned, x.konto,
    substr(x.konto, 1, 1) || '.' || substr(x.konto, 2, 2) || '.' || substr(x.konto, 4, 2)
    || '-' || substr(x.konto, 6, 1) || '-' || substr(x.konto, 7) AS kontotekst,
    x.netto, x.registreret, x.kontoens,
    EXISTS (
        SELECT 1
        FROM maalgruppe_forloeb AS g
        WHERE g.cpr = x.cpr AND g.dst_kode = x.dst_kode AND g.konto = x.konto AND g.passer = 1
            AND g.fra_mdr <= x.mdr AND g.til_mdr >= x.mdr
    ) AS passer,
    n.fil, x.noegle % 10000000000 AS raekke
FROM (
    SELECT
        p.cpr, p.dst_kode, p.mdr, p.konto, p.netto, p.noegle,
        string_agg(DISTINCT f.maalgruppe, '|' ORDER BY f.maalgruppe) AS registreret,
        min(f.niveauer) AS kontoens
    FROM netto_konto_kode AS p
    INNER JOIN maalgruppe_forloeb AS f
        ON f.cpr = p.cpr AND f.dst_kode = p.dst_kode AND f.konto = p.konto AND f.fra_mdr <= p.mdr AND f.til_mdr >= p.mdr
    WHERE p.valgt = 1 AND p.rammestyret = 0 AND p.netto <> 0 AND f.passer = 0
    GROUP BY p.cpr, p.dst_kode, p.mdr, p.konto, p.netto, p.noegle
) AS x
INNER JOIN kalendermaaned AS m ON m.mdr = x.mdr AND m.periode IS NOT NULL
LEFT JOIN kildefil AS n ON n.nr = x.noegle // 10000000000
