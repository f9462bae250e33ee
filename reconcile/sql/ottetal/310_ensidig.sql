-- One row is: a person whom only one side of an edge counts on a dst_kode in a quarter. kant: oekonomi (fagsystem ↔ økonomi)
-- or flis (fagsystem ↔ FLIS); side: who counts the person; kun_ramme: all the postings lie on rammestyrede accounts (1).
-- stored
SELECT 'oekonomi' AS kant, t.dst_kode, t.periode, p.fra, p.til, 'fagsystem' AS side, f.cpr, 0 AS kun_ramme
FROM ottetal_tal AS t
INNER JOIN periode AS p ON p.periode = t.periode
INNER JOIN kvartal_person AS f ON f.side = 'fagsystem' AND f.dst_kode = t.dst_kode AND f.periode = t.periode
LEFT JOIN oekonomi_person AS o ON o.cpr = f.cpr AND o.dst_kode = f.dst_kode AND o.periode = f.periode
WHERE t.fagsystem_borgere IS NOT NULL AND t.oekonomi_borgere IS NOT NULL AND o.cpr IS NULL
UNION ALL
SELECT 'oekonomi' AS kant, t.dst_kode, t.periode, p.fra, p.til, 'oekonomi' AS side, o.cpr, o.kun_ramme
FROM ottetal_tal AS t
INNER JOIN periode AS p ON p.periode = t.periode
INNER JOIN oekonomi_person AS o ON o.dst_kode = t.dst_kode AND o.periode = t.periode AND o.cpr IS NOT NULL
LEFT JOIN kvartal_person AS f
    ON f.side = 'fagsystem' AND f.cpr = o.cpr AND f.dst_kode = o.dst_kode AND f.periode = o.periode
WHERE t.fagsystem_borgere IS NOT NULL AND t.oekonomi_borgere IS NOT NULL AND f.cpr IS NULL
UNION ALL
SELECT 'flis' AS kant, t.dst_kode, t.periode, p.fra, p.til, f.side, f.cpr, 0 AS kun_ramme
FROM ottetal_tal AS t
INNER JOIN periode AS p ON p.periode = t.periode
INNER JOIN kvartal_person AS f ON f.dst_kode = t.dst_kode AND f.periode = t.periode
LEFT JOIN kvartal_person AS o ON o.side <> f.side AND o.cpr = f.cpr AND o.dst_kode = f.dst_kode AND o.periode = f.periode
WHERE t.fagsystem_borgere IS NOT NULL AND t.flis_borgere IS NOT NULL AND o.cpr IS NULL
