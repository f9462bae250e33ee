-- One row is: the ledger: the first and last month it can speak of, as year × 12 + month. A ledger extract covers whole
-- accounting years from its first booking's; it ends in the month of its last booking. NULL: no postings.
SELECT
    CAST(year(min(bogfoert_dato)) * 12 + 1 AS BIGINT) AS foerste_mdr,
    CAST(year(max(bogfoert_dato)) * 12 + month(max(bogfoert_dato)) AS BIGINT) AS sidste_mdr
FROM oekonomi
