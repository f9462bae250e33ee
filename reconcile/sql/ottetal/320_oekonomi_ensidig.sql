-- One row is: a person whom only one side of fagsystem ↔ økonomi counts on a dst_kode in a quarter, with what can be the
-- reason: another population, rammestyret, postings that net to 0 (nettet_ud), an account that pays another code's
-- course too (delt_konto).
SELECT
    e.dst_kode, e.periode, e.side, e.cpr,
    CASE WHEN e.side = 'fagsystem' THEN b.egen_betaler = 0 ELSE coalesce(b.fremmed, 0) = 1 END AS befolkning,
    CASE WHEN e.side = 'fagsystem' THEN j.cpr IS NULL ELSE e.kun_ramme = 1 END AS rammestyret,
    e.side = 'oekonomi' AND coalesce(m.med_beloeb, 0) = 0 AS nettet_ud,
    e.side = 'fagsystem' AND coalesce(m.betalt, 0) = 1 AS delt_konto
FROM (
    SELECT t.dst_kode, t.periode, 'fagsystem' AS side, f.cpr, 0 AS kun_ramme
    FROM ottetal_tal AS t
    INNER JOIN kvartal_person AS f ON f.side = 'fagsystem' AND f.dst_kode = t.dst_kode AND f.periode = t.periode
    LEFT JOIN oekonomi_person AS o ON o.cpr = f.cpr AND o.dst_kode = f.dst_kode AND o.periode = f.periode
    WHERE t.fagsystem_borgere IS NOT NULL AND t.oekonomi_borgere IS NOT NULL AND o.cpr IS NULL
    UNION ALL
    SELECT t.dst_kode, t.periode, 'oekonomi' AS side, o.cpr, o.kun_ramme
    FROM ottetal_tal AS t
    INNER JOIN oekonomi_person AS o ON o.dst_kode = t.dst_kode AND o.periode = t.periode AND o.cpr IS NOT NULL
    LEFT JOIN kvartal_person AS f
        ON f.side = 'fagsystem' AND f.cpr = o.cpr AND f.dst_kode = o.dst_kode AND f.periode = o.periode
    WHERE t.fagsystem_borgere IS NOT NULL AND t.oekonomi_borgere IS NOT NULL AND f.cpr IS NULL
) AS e
LEFT JOIN ottetal_betaler AS b
    ON b.kilde = 'fagsystem' AND b.cpr = e.cpr AND b.dst_kode = e.dst_kode AND b.periode = e.periode
LEFT JOIN kvartal_person AS j
    ON j.side = 'oe' AND j.cpr = e.cpr AND j.dst_kode = e.dst_kode AND j.periode = e.periode
LEFT JOIN (
    SELECT
        o.cpr, o.dst_kode, k.periode,
        max(CASE WHEN o.netto <> 0 THEN 1 ELSE 0 END) AS med_beloeb,
        max(CASE WHEN o.dage > 0 AND o.betalt_mdr = o.mdr THEN 1 ELSE 0 END) AS betalt
    FROM oe_maaned AS o
    INNER JOIN kalendermaaned AS k ON k.mdr = o.mdr
    WHERE k.periode IS NOT NULL
    GROUP BY o.cpr, o.dst_kode, k.periode
) AS m ON m.cpr = e.cpr AND m.dst_kode = e.dst_kode AND m.periode = e.periode
