-- One row is: the ledger: the first and last month it can speak of, as year × 12 + month. An extract covers whole
-- accounting years from its first booking's (NULL: bookings in one month only do not show where it begins) and ends in
-- the month of its last booking (NULL: no postings).
SELECT
    CASE
        WHEN date_trunc('month', min(bogfoert_dato)) < date_trunc('month', max(bogfoert_dato))
            THEN CAST(year(min(bogfoert_dato)) * 12 + 1 AS BIGINT)
    END AS foerste_mdr,
    CAST(year(max(bogfoert_dato)) * 12 + month(max(bogfoert_dato)) AS BIGINT) AS sidste_mdr
FROM postering
