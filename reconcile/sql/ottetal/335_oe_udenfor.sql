-- One row is: a person (NULL: postings without CPR) × account × judged month × dst_kode the money counts on, of what OE01–OE09
-- do not judge: postings without CPR, on rammestyrede accounts, and of other kommuners persons (trin).
SELECT
    n.cpr, n.dst_kode, m.periode, n.netto,
    CASE WHEN n.cpr IS NULL THEN 'uden_cpr' WHEN n.rammestyret = 1 THEN 'rammestyret' ELSE 'mellemkommunale' END AS trin
FROM netto_konto_kode AS n
INNER JOIN kalendermaaned AS m ON m.mdr = n.mdr AND m.periode IS NOT NULL
LEFT JOIN fremmed AS x ON x.cpr = n.cpr
WHERE n.valgt = 1 AND (n.cpr IS NULL OR n.rammestyret = 1 OR x.cpr IS NOT NULL)
