-- One row is: a person × dst_kode × month with active days, money, or both; rammestyrede accounts and tilbud apart. netto is
-- the money that counts on the code (bogfoert: there is such a posting, 1), betaling all that can be its payment (an account
-- that stands on several codes pays them all). nr: a number for the person and the code, where there are active days. Nobody
-- of another kommune is here.
-- stored
SELECT
    coalesce(a.cpr, n.cpr) AS cpr,
    coalesce(a.dst_kode, n.dst_kode) AS dst_kode,
    coalesce(a.mdr, n.mdr) AS mdr,
    coalesce(a.dage, 0) AS dage,
    coalesce(n.netto, 0) AS netto,
    coalesce(n.betaling, 0) AS betaling,
    coalesce(n.delt, 0) AS delt,
    coalesce(n.valgt, 0) AS bogfoert,
    a.nr,
    a.noegle AS forloeb_noegle,
    n.noegle AS postering_noegle
FROM aktiv_maaned AS a
FULL JOIN (
    SELECT
        cpr, dst_kode, mdr,
        CAST(sum(CASE WHEN valgt = 1 THEN netto ELSE 0 END) AS DECIMAL(18, 2)) AS netto,
        CAST(sum(netto) AS DECIMAL(18, 2)) AS betaling,
        max(delt) AS delt,
        max(valgt) AS valgt,
        min(noegle) AS noegle
    FROM netto_konto_kode
    WHERE cpr IS NOT NULL AND rammestyret = 0
        AND cpr NOT IN (SELECT cpr FROM fremmed)
    GROUP BY cpr, dst_kode, mdr
) AS n ON n.cpr = a.cpr AND n.dst_kode = a.dst_kode AND n.mdr = a.mdr
