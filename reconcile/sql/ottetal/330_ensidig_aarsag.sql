-- One row is: a one-sided person with what can be the reason: another population, rammestyret, postings that net to 0
-- (nettet_ud), an account that pays another code's course too (delt_konto); and the first row behind the count.
SELECT
    e.kant, e.dst_kode, e.periode, e.side, e.cpr,
    CASE
        WHEN e.kant = 'flis' AND e.side = 'fagsystem' THEN coalesce(f.fremmed_flis, 0) = 1
        WHEN e.side = 'fagsystem' THEN coalesce(f.egen_betaler, 0) = 0
        ELSE coalesce(f.fremmed_fagsystem, 0) = 1
    END AS befolkning,
    CASE WHEN e.side = 'fagsystem' THEN coalesce(f.doemmes, 0) = 0 ELSE e.kun_ramme = 1 END AS rammestyret,
    e.side = 'oekonomi' AND coalesce(m.med_beloeb, 0) = 0 AS nettet_ud,
    e.side = 'fagsystem' AND coalesce(m.betalt, 0) = 1 AS delt_konto,
    e.dage, e.netto,
    r.fil, e.noegle % 10000000000 AS raekke
FROM ensidig AS e
INNER JOIN kildefil AS r ON r.nr = e.noegle // 10000000000
LEFT JOIN ensidig_forloeb AS f
    ON f.kant = e.kant AND f.cpr = e.cpr AND f.dst_kode = e.dst_kode AND f.periode = e.periode AND f.side = e.side
LEFT JOIN (
    SELECT
        e.cpr, e.dst_kode, k.periode,
        max(CASE WHEN o.netto <> 0 THEN 1 ELSE 0 END) AS med_beloeb,
        max(CASE WHEN o.dage > 0 AND o.betaling <> 0 THEN 1 ELSE 0 END) AS betalt
    FROM ensidig AS e
    INNER JOIN oe_maaned AS o ON o.cpr = e.cpr AND o.dst_kode = e.dst_kode
    INNER JOIN kalendermaaned AS k ON k.mdr = o.mdr AND k.periode = e.periode
    WHERE e.kant = 'oekonomi'
    GROUP BY e.cpr, e.dst_kode, k.periode
) AS m ON m.cpr = e.cpr AND m.dst_kode = e.dst_kode AND m.periode = e.periode
