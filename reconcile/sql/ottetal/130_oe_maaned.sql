-- One row is: a person × dst_kode × month with active days, money, or both; rammestyrede accounts and tilbud apart. netto is
-- the month's own, betalt_mdr the first month from this one on with a net amount on the code (an account that stands on
-- several codes pays them all).
-- stored
SELECT
    coalesce(a.cpr, n.cpr) AS cpr,
    coalesce(a.dst_kode, n.dst_kode) AS dst_kode,
    coalesce(a.mdr, n.mdr) AS mdr,
    coalesce(a.dage, 0) AS dage,
    coalesce(n.netto, 0) AS netto,
    coalesce(n.delt, 0) AS delt,
    min(CASE WHEN n.netto_alle <> 0 THEN n.mdr END) OVER (
        PARTITION BY coalesce(a.cpr, n.cpr), coalesce(a.dst_kode, n.dst_kode) ORDER BY coalesce(a.mdr, n.mdr)
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS betalt_mdr,
    a.noegle AS forloeb_noegle,
    n.noegle AS postering_noegle
FROM aktiv_maaned AS a
FULL JOIN (
    SELECT
        cpr, dst_kode, mdr,
        sum(CASE WHEN valgt = 1 THEN netto ELSE 0 END) AS netto,
        sum(netto) AS netto_alle,
        max(delt) AS delt,
        min(noegle) AS noegle
    FROM netto_konto_kode
    WHERE cpr IS NOT NULL AND rammestyret = 0
    GROUP BY cpr, dst_kode, mdr
) AS n ON n.cpr = a.cpr AND n.dst_kode = a.dst_kode AND n.mdr = a.mdr
