-- One row is: a dst_kode × quarter × a step from what the activity costs at usual prices to what the ledger has: forventet,
-- then what each cause adds (til) and takes (fra), in øre. Together they are the ledger's amount. A month without a payment,
-- or with one nobody is active for, has the cause that OE01–OE05, OE08 and OE09 give it; what is left of a paid month is price.
WITH befolkning AS (
    SELECT cpr, dst_kode, periode FROM ensidig_aarsag WHERE kant = 'oekonomi' AND side = 'oekonomi' AND befolkning
),
maaned AS (
    SELECT
        f.cpr, f.dst_kode, f.periode, f.afvigelse - f.pris AS oere,
        CASE
            WHEN f.dage = 0 AND b.cpr IS NOT NULL THEN 'mellemkommunale'
            WHEN d.rette_koder IS NOT NULL OR d.paa_anden_konto THEN 'forkert_konto'
            WHEN f.dage = 0 AND d.i_rytme THEN 'rytme'
            WHEN f.dage = 0 AND d.efter_ophoer THEN 'betaling_efter_ophoer'
            WHEN f.dage = 0 AND d.cpr IS NOT NULL THEN 'betaling_uden_ydelse'
            WHEN f.delt = 1 OR f.betaling <> 0 AND f.netto = 0 THEN 'delt_konto'
            WHEN f.n > 1 OR d.rytme_fundet THEN 'rytme'
            WHEN d.ubetalt THEN 'ydelse_uden_betaling'
            WHEN h.cpr IS NOT NULL THEN 'faerre_betalinger'
            ELSE 'efterslip'
        END AS trin
    FROM oe_forventet AS f
    LEFT JOIN befolkning AS b ON b.cpr = f.cpr AND b.dst_kode = f.dst_kode AND b.periode = f.periode
    LEFT JOIN oe_dom AS d ON d.cpr = f.cpr AND d.dst_kode = f.dst_kode AND d.maaned = f.maaned
    LEFT JOIN oe_faerre AS h ON h.cpr = f.cpr AND h.dst_kode = f.dst_kode AND h.mangler > h.graense
    WHERE f.afvigelse <> f.pris
),
pris AS (
    SELECT
        f.cpr, f.dst_kode, f.periode, f.pris AS oere,
        CASE WHEN u.afvigelse > u.graense THEN 'usaedvanlig_pris' ELSE 'pris' END AS trin
    FROM oe_forventet AS f
    LEFT JOIN oe_pris AS u ON u.cpr = f.cpr AND u.dst_kode = f.dst_kode AND u.maaned = f.maaned
    WHERE f.pris <> 0
),
andet AS (
    SELECT
        n.cpr, n.dst_kode, m.periode, CAST(n.netto * 100 AS HUGEINT) AS oere,
        CASE WHEN n.cpr IS NULL THEN 'uden_cpr' WHEN n.rammestyret = 1 THEN 'rammestyret' ELSE 'mellemkommunale' END AS trin
    FROM netto_konto_kode AS n
    INNER JOIN kalendermaaned AS m ON m.mdr = n.mdr AND m.periode IS NOT NULL
    LEFT JOIN fremmed AS x ON x.cpr = n.cpr
    WHERE n.valgt = 1 AND (n.cpr IS NULL OR n.rammestyret = 1 OR x.cpr IS NOT NULL)
)
SELECT
    dst_kode, periode, trin,
    CAST(count(DISTINCT cpr) AS BIGINT) AS borgere,
    CAST(sum(CASE WHEN oere > 0 THEN oere ELSE 0 END) AS HUGEINT) AS til,
    CAST(sum(CASE WHEN oere < 0 THEN -oere ELSE 0 END) AS HUGEINT) AS fra
FROM (
    SELECT cpr, dst_kode, periode, forventet AS oere, 'forventet' AS trin FROM oe_forventet WHERE dage > 0
    UNION ALL SELECT cpr, dst_kode, periode, oere, trin FROM maaned
    UNION ALL SELECT cpr, dst_kode, periode, oere, trin FROM pris
    UNION ALL SELECT cpr, dst_kode, periode, oere, trin FROM andet
) AS alle
GROUP BY dst_kode, periode, trin
