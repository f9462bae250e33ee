-- One row is: a person × dst_kode × judged month with what is granted (disponeret), settled (afregnet) and paid (betalt, kr.), and the
-- days of the ydelse that the own kommune pays for. talt: the figures of the month can be compared: the ledger has them, the lag is
-- over, the code is billed by the month, and no account of it stands on another code as well. Only codes that disponering or
-- afregning has (med_disponering, med_afregning); what the source of a figure lacks is NULL.
-- stored
SELECT
    s.*,
    CAST(s.betalt - s.disponeret AS DECIMAL(18, 2)) AS forskel,
    CAST(s.betalt - s.afregnet AS DECIMAL(18, 2)) AS forskel_afregnet,
    CASE
        WHEN NOT s.med_disponering THEN 'kode_ikke_disponeret'
        WHEN s.disponeret_raekker = 0 AND s.dage > 0 THEN 'ikke_disponeret'
        WHEN s.disponeret_raekker = 0 THEN 'betalt_ikke_disponeret'
        WHEN s.dage = 0 THEN 'disponeret_uden_ydelse'
        WHEN NOT s.talt THEN 'ikke_afgjort'
        WHEN s.betaling = 0 THEN 'ikke_betalt'
        WHEN abs(s.betalt - s.disponeret) > $tolerance_kr THEN 'andet_beloeb'
        ELSE 'ens'
    END AS status
FROM (
    SELECT
        m.maaned, m.periode, f.cpr, f.dst_kode, f.betaling, f.disponeret_raekker, f.afregnet_raekker,
        CASE WHEN $har_fagsystem THEN f.dage END AS dage,
        CASE WHEN n.disponering > 0 THEN CAST(f.disponeret * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) END AS disponeret,
        CASE WHEN n.afregning > 0 THEN CAST(f.afregnet * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) END AS afregnet,
        CASE WHEN $har_oekonomi THEN f.betalt END AS betalt,
        n.disponering > 0 AS med_disponering,
        n.afregning > 0 AS med_afregning,
        $har_oekonomi AND k.n = 1 AND f.delt = 0 AND coalesce(f.mdr >= coalesce(d.foerste_mdr, 0)
            AND f.mdr + $efterslip_maaneder <= d.sidste_mdr, false) AS talt,
        b.fil AS disponeret_fil, b.raekke AS disponeret_raekke,
        r.fil AS afregnet_fil, r.raekke AS afregnet_raekke,
        c.fil AS forloeb_fil, f.forloeb_noegle % 10000000000 AS forloeb_raekke
    FROM (
        SELECT
            coalesce(o.cpr, g.cpr) AS cpr, coalesce(o.dst_kode, g.dst_kode) AS dst_kode, coalesce(o.mdr, g.mdr) AS mdr,
            coalesce(o.dage, 0) AS dage, coalesce(o.netto, 0) AS betalt, coalesce(o.betaling, 0) AS betaling,
            coalesce(g.disponeret, 0) AS disponeret, coalesce(g.afregnet, 0) AS afregnet,
            coalesce(g.disponeret_raekker, 0) AS disponeret_raekker, coalesce(g.afregnet_raekker, 0) AS afregnet_raekker,
            greatest(coalesce(g.delt, 0), CASE WHEN coalesce(o.betaling, 0) <> coalesce(o.netto, 0) THEN 1 ELSE 0 END) AS delt,
            g.disponeret_nr, g.afregnet_nr, o.forloeb_noegle
        FROM (SELECT * FROM oe_maaned WHERE dage > 0 OR netto <> 0 OR betaling <> 0) AS o
        FULL JOIN bevilling_kode AS g ON g.cpr = o.cpr AND g.dst_kode = o.dst_kode AND g.mdr = o.mdr
    ) AS f
    INNER JOIN kalendermaaned AS m ON m.mdr = f.mdr AND m.periode IS NOT NULL
    INNER JOIN masterkode AS k ON k.dst_kode = f.dst_kode
    CROSS JOIN oe_daekning AS d
    INNER JOIN (
        SELECT
            k.dst_kode,
            count(CASE WHEN b.kilde = 'disponering' THEN 1 END) AS disponering,
            count(CASE WHEN b.kilde = 'afregning' THEN 1 END) AS afregning
        FROM bevilling AS b
        INNER JOIN masterkonto AS k ON k.konto = b.konto
        GROUP BY k.dst_kode
    ) AS n ON n.dst_kode = f.dst_kode
    LEFT JOIN bevilling AS b ON b.nr = f.disponeret_nr
    LEFT JOIN bevilling AS r ON r.nr = f.afregnet_nr
    LEFT JOIN kildefil AS c ON c.nr = f.forloeb_noegle // 10000000000
) AS s
