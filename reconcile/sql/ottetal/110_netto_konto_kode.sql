-- One row is: a person × account × month × dst_kode that the account stands on. valgt: the one code that the money counts
-- on (1). Where an account stands on several codes that is the one the person is active on in the month, then the first
-- by name; delt: the person is active on several of them (1), so the money pays them all.
SELECT n.cpr, n.konto, n.mdr, k.dst_kode, k.rammestyret, n.netto, n.noegle, 1 AS valgt, 0 AS delt
FROM netto_konto AS n
INNER JOIN masterkonto AS k ON k.konto = n.konto
WHERE k.koder = 1
UNION ALL
SELECT
    cpr, konto, mdr, dst_kode, rammestyret, netto, noegle,
    CASE
        WHEN row_number() OVER (PARTITION BY cpr, konto, mdr ORDER BY aktiv DESC, dst_kode) = 1 THEN 1
        ELSE 0
    END AS valgt,
    CASE WHEN sum(aktiv) OVER (PARTITION BY cpr, konto, mdr) > 1 THEN 1 ELSE 0 END AS delt
FROM (
    SELECT
        n.cpr, n.konto, n.mdr, k.dst_kode, k.rammestyret, n.netto, n.noegle,
        CASE WHEN a.dage > 0 THEN 1 ELSE 0 END AS aktiv
    FROM netto_konto AS n
    INNER JOIN masterkonto AS k ON k.konto = n.konto
    LEFT JOIN aktiv_maaned AS a ON a.cpr = n.cpr AND a.dst_kode = k.dst_kode AND a.mdr = n.mdr
    WHERE k.koder > 1
) AS flere
