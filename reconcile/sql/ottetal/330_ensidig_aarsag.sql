-- One row is: a one-sided person with what can be the reason: another population, rammestyret, postings that net to 0
-- (nettet_ud), an account that pays another code's course too (delt_konto), a bill for several months (rytme); and the first
-- row behind the count.
-- stored
SELECT
    e.kant, e.dst_kode, e.periode, e.side, e.cpr,
    CASE
        WHEN e.kant = 'flis' AND e.side = 'fagsystem' THEN coalesce(f.fremmed_flis, 0) = 1
        WHEN e.kant = 'flis' THEN coalesce(f.fremmed_fagsystem, 0) = 1
        WHEN e.side = 'handlekommune' THEN coalesce(f.egen_betaler, 0) = 0
        WHEN e.side = 'betalingskommune' THEN true
        WHEN e.side = 'oekonomi' THEN coalesce(f.fremmed_betaler, 0) = 1 OR x.cpr IS NOT NULL
        ELSE false
    END AS befolkning,
    e.kun_ramme = 1 OR e.side = 'handlekommune' AS rammestyret,
    e.side = 'oekonomi' AND coalesce(m.med_beloeb, 0) = 0 AS nettet_ud,
    e.side = 'fagsystem' AND coalesce(m.betalt, 0) = 1 AS delt_konto,
    coalesce(m.i_rytme, 0) = 1 OR coalesce(b.forud, 0) = 1 AS rytme,
    e.dage, e.netto,
    r.fil, e.noegle % 10000000000 AS raekke
FROM ensidig AS e
INNER JOIN kildefil AS r ON r.nr = e.noegle // 10000000000
LEFT JOIN fremmed AS x ON x.cpr = e.cpr
LEFT JOIN ensidig_forloeb AS f
    ON f.kant = e.kant AND f.cpr = e.cpr AND f.dst_kode = e.dst_kode AND f.periode = e.periode AND f.side = e.side
LEFT JOIN (
    SELECT
        e.cpr, e.dst_kode, k.periode,
        max(CASE WHEN o.netto <> 0 THEN 1 ELSE 0 END) AS med_beloeb,
        max(CASE WHEN o.dage > 0 AND o.betaling <> 0 THEN 1 ELSE 0 END) AS betalt,
        max(CASE WHEN i.cpr IS NOT NULL THEN 1 ELSE 0 END) AS i_rytme
    FROM ensidig AS e
    INNER JOIN oe_maaned AS o ON o.cpr = e.cpr AND o.dst_kode = e.dst_kode
    INNER JOIN kalendermaaned AS k ON k.mdr = o.mdr AND k.periode = e.periode
    LEFT JOIN oe_i_rytme AS i ON i.cpr = o.cpr AND i.dst_kode = o.dst_kode AND i.mdr = o.mdr
    WHERE e.kant = 'oekonomi'
    GROUP BY e.cpr, e.dst_kode, k.periode
) AS m ON m.cpr = e.cpr AND m.dst_kode = e.dst_kode AND m.periode = e.periode AND e.kant = 'oekonomi'
LEFT JOIN (
    SELECT DISTINCT e.cpr, e.dst_kode, e.periode, 1 AS forud
    FROM ensidig AS e
    INNER JOIN masterkode AS k ON k.dst_kode = e.dst_kode AND k.forud > 0
    INNER JOIN oe_maaned AS o
        ON o.cpr = e.cpr AND o.dst_kode = e.dst_kode AND o.betaling <> 0
        AND o.mdr BETWEEN year(e.fra) * 12 + month(e.fra) - k.forud AND year(e.fra) * 12 + month(e.fra) - 1
    WHERE e.kant = 'oekonomi' AND e.side = 'fagsystem'
) AS b ON b.cpr = e.cpr AND b.dst_kode = e.dst_kode AND b.periode = e.periode AND e.kant = 'oekonomi'
