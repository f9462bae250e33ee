-- One row is: a dst_kode × quarter × a step from what the activity costs at usual prices to what the ledger has: forventet,
-- then what each cause adds (til) and takes (fra), in øre. Together they are the ledger's amount. A month without a payment,
-- or with one nobody is active for, has the cause that OE01–OE05, OE08 and OE09 give it; what is left of a paid month is price.
WITH befolkning AS (
    SELECT cpr, dst_kode, periode FROM ensidig_aarsag WHERE kant = 'oekonomi' AND side = 'oekonomi' AND befolkning
),
enkelte AS (
    SELECT
        f.cpr, f.dst_kode, f.periode, f.afvigelse - f.pris AS oere,
        CASE
            WHEN f.dage = 0 AND b.cpr IS NOT NULL THEN 'mellemkommunale'
            WHEN d.rette_koder IS NOT NULL OR d.paa_anden_konto THEN 'forkert_konto'
            WHEN f.dage = 0 AND d.i_rytme THEN 'rytme'
            WHEN f.dage = 0 AND d.efter_ophoer THEN 'betaling_efter_ophoer'
            WHEN f.dage = 0 AND d.cpr IS NOT NULL THEN 'betaling_uden_ydelse'
            WHEN f.delt = 1 OR f.betaling <> 0 AND f.netto = 0 THEN 'delt_konto'
            WHEN k.n > 1 OR d.rytme_fundet THEN 'rytme'
            WHEN d.ubetalt THEN 'ydelse_uden_betaling'
            WHEN h.cpr IS NOT NULL THEN 'faerre_betalinger'
            ELSE 'efterslip'
        END AS trin
    FROM oe_forventet AS f
    LEFT JOIN befolkning AS b ON b.cpr = f.cpr AND b.dst_kode = f.dst_kode AND b.periode = f.periode
    LEFT JOIN oe_dom AS d ON d.cpr = f.cpr AND d.dst_kode = f.dst_kode AND d.mdr = f.mdr
    INNER JOIN masterkode AS k ON k.dst_kode = f.dst_kode
    LEFT JOIN oe_faerre AS h ON h.cpr = f.cpr AND h.dst_kode = f.dst_kode AND h.mangler > h.graense
    WHERE f.afvigelse <> f.pris
    UNION ALL
    SELECT cpr, dst_kode, periode, pris AS oere, 'usaedvanlig_pris' AS trin
    FROM oe_forventet
    WHERE pris <> 0 AND usaedvanlig = 1
    UNION ALL
    SELECT cpr, dst_kode, periode, CAST(netto * 100 AS HUGEINT) AS oere, trin FROM oe_udenfor
),
almindelige AS (
    SELECT
        dst_kode, periode,
        count(DISTINCT CASE WHEN dage > 0 THEN cpr END) AS aktive,
        sum(CASE WHEN dage > 0 AND forventet > 0 THEN forventet ELSE 0 END) AS forventet_til,
        sum(CASE WHEN dage > 0 AND forventet < 0 THEN -forventet ELSE 0 END) AS forventet_fra,
        count(DISTINCT CASE WHEN pris <> 0 AND usaedvanlig = 0 THEN cpr END) AS med_pris,
        sum(CASE WHEN pris > 0 AND usaedvanlig = 0 THEN pris ELSE 0 END) AS pris_til,
        sum(CASE WHEN pris < 0 AND usaedvanlig = 0 THEN -pris ELSE 0 END) AS pris_fra
    FROM oe_forventet
    GROUP BY dst_kode, periode
)
SELECT
    dst_kode, periode, 'forventet' AS trin,
    CAST(aktive AS BIGINT) AS borgere, CAST(forventet_til AS HUGEINT) AS til, CAST(forventet_fra AS HUGEINT) AS fra
FROM almindelige
WHERE aktive > 0
UNION ALL
SELECT
    dst_kode, periode, 'pris' AS trin,
    CAST(med_pris AS BIGINT) AS borgere, CAST(pris_til AS HUGEINT) AS til, CAST(pris_fra AS HUGEINT) AS fra
FROM almindelige
WHERE med_pris > 0
UNION ALL
SELECT
    dst_kode, periode, trin,
    CAST(count(DISTINCT cpr) AS BIGINT) AS borgere,
    CAST(sum(CASE WHEN oere > 0 THEN oere ELSE 0 END) AS HUGEINT) AS til,
    CAST(sum(CASE WHEN oere < 0 THEN -oere ELSE 0 END) AS HUGEINT) AS fra
FROM enkelte
GROUP BY dst_kode, periode, trin
