-- One row is: a person whom only one side of an edge counts on a dst_kode in a quarter. kant: oekonomi (fagsystem ↔ økonomi,
-- over the courses the own kommune pays for), krydset (handlekommune ↔ betalingskommune, both of the fagsystem) or flis
-- (fagsystem ↔ FLIS); side: who counts the person; kun_ramme: all the postings lie on rammestyrede accounts (1). dage and
-- netto: what that side counts of the person; noegle: the first of the rows behind it.
-- stored
SELECT
    'oekonomi' AS kant, b.dst_kode, b.periode, p.fra, p.til, b.cpr, coalesce(b.kun_ramme, 0) AS kun_ramme,
    CASE WHEN b.netto IS NULL THEN 'fagsystem' ELSE 'oekonomi' END AS side,
    b.betaler_dage AS dage,
    b.netto,
    coalesce(b.postering_noegle, b.betaler_noegle) AS noegle
FROM borger_kvartal AS b
INNER JOIN periode AS p ON p.periode = b.periode
INNER JOIN oe_talt AS t ON t.dst_kode = b.dst_kode AND t.periode = b.periode
INNER JOIN masterkode AS k ON k.dst_kode = b.dst_kode AND k.helt = 0
WHERE $har_fagsystem AND $har_ledger_cpr AND b.cpr IS NOT NULL AND (b.betaler_dage IS NULL) <> (b.netto IS NULL)
UNION ALL
SELECT
    'krydset' AS kant, b.dst_kode, b.periode, p.fra, p.til, b.cpr, 0 AS kun_ramme,
    CASE WHEN b.betaler_dage IS NULL THEN 'handlekommune' ELSE 'betalingskommune' END AS side,
    coalesce(b.fagsystem_dage, b.betaler_dage) AS dage,
    NULL AS netto,
    coalesce(b.fagsystem_noegle, b.betaler_noegle) AS noegle
FROM borger_kvartal AS b
INNER JOIN periode AS p ON p.periode = b.periode
INNER JOIN masterkode AS k ON k.dst_kode = b.dst_kode AND k.kendt = 1
WHERE $har_fagsystem AND (b.fagsystem_dage IS NULL) <> (b.betaler_dage IS NULL)
UNION ALL
SELECT
    'flis' AS kant, b.dst_kode, b.periode, p.fra, p.til, b.cpr, 0 AS kun_ramme,
    CASE WHEN b.flis_dage IS NULL THEN 'fagsystem' ELSE 'flis' END AS side,
    coalesce(b.fagsystem_dage, b.flis_dage) AS dage,
    NULL AS netto,
    coalesce(b.fagsystem_noegle, b.flis_noegle) AS noegle
FROM borger_kvartal AS b
INNER JOIN periode AS p ON p.periode = b.periode
INNER JOIN masterkode AS k ON k.dst_kode = b.dst_kode AND k.kendt = 1
WHERE $har_fagsystem AND $har_flis AND (b.fagsystem_dage IS NULL) <> (b.flis_dage IS NULL)
