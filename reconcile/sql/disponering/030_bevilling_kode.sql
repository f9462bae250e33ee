-- One row is: a person × dst_kode × month with what the rows of disponering and afregning come to (øre), and how many there are
-- that can be for the code (raekker): an account on several codes is for each, and its money stands on the one the person is
-- active on, then the first by name, as in netto_konto_kode. Rammestyrede accounts and other kommuner's persons apart.
-- stored
SELECT
    cpr, dst_kode, mdr,
    sum(CASE WHEN kilde = 'disponering' AND valgt = 1 THEN oere ELSE 0 END) AS disponeret,
    sum(CASE WHEN kilde = 'afregning' AND valgt = 1 THEN oere ELSE 0 END) AS afregnet,
    count(CASE WHEN kilde = 'disponering' THEN 1 END) AS disponeret_raekker,
    count(CASE WHEN kilde = 'afregning' THEN 1 END) AS afregnet_raekker,
    max(CASE WHEN koder > 1 THEN 1 ELSE 0 END) AS delt,
    min(CASE WHEN kilde = 'disponering' THEN nr END) AS disponeret_nr,
    min(CASE WHEN kilde = 'afregning' THEN nr END) AS afregnet_nr
FROM (
    SELECT
        b.nr, b.kilde, b.cpr, b.mdr, b.oere, k.dst_kode, k.koder,
        CASE
            WHEN row_number() OVER (
                PARTITION BY b.nr, b.mdr ORDER BY CASE WHEN a.dage > 0 THEN 0 ELSE 1 END, k.dst_kode
            ) = 1 THEN 1
            ELSE 0
        END AS valgt
    FROM bevilling_maaned AS b
    INNER JOIN masterkonto AS k ON k.konto = b.konto AND k.rammestyret = 0
    LEFT JOIN aktiv_maaned AS a ON a.cpr = b.cpr AND a.dst_kode = k.dst_kode AND a.mdr = b.mdr
    WHERE NOT EXISTS (SELECT 1 FROM fremmed AS x WHERE x.cpr = b.cpr)
) AS v
GROUP BY cpr, dst_kode, mdr
