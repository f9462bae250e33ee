-- One row is: a dst_kode × quarter somebody counts a person or has a posting on: the persons and active days of each
-- extract (betaler: of the courses the own kommune pays for), and the persons and net in kr. of the ledger.
-- stored
SELECT
    dst_kode, periode,
    count(fagsystem_dage) AS fagsystem_borgere,
    CAST(coalesce(sum(fagsystem_dage), 0) AS BIGINT) AS fagsystem_dage,
    count(betaler_dage) AS betaler_borgere,
    CAST(coalesce(sum(betaler_dage), 0) AS BIGINT) AS betaler_dage,
    count(flis_dage) AS flis_borgere,
    CAST(coalesce(sum(flis_dage), 0) AS BIGINT) AS flis_dage,
    count(CASE WHEN netto IS NOT NULL THEN cpr END) AS oekonomi_borgere,
    CAST(coalesce(sum(netto), 0) AS DECIMAL(18, 2)) AS oekonomi_beloeb
FROM borger_kvartal
GROUP BY dst_kode, periode
