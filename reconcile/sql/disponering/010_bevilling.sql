-- One row is: a row of disponering or afregning (kilde) of the own kommune: takst in øre for one enhed, its number (antal, in
-- ten-thousandths), and its first and last day (9999-12-31: open). nr is the row's number in the order of files and rows.
-- stored
SELECT
    row_number() OVER (ORDER BY b.kilde, b.fil, b.raekke) AS nr,
    b.kilde, b.cpr, b.konto, b.enhed,
    CAST(b.takst * 100 AS HUGEINT) AS oere,
    CAST(coalesce(b.antal, 1) * 10000 AS HUGEINT) AS antal,
    b.fra, coalesce(b.til, CASE WHEN b.enhed = 'styk' THEN b.fra ELSE DATE '9999-12-31' END) AS til,
    substr(b.konto, 1, 1) || '.' || substr(b.konto, 2, 2) || '.' || substr(b.konto, 4, 2)
    || '-' || substr(b.konto, 6, 1) || '-' || substr(b.konto, 7) AS kontotekst,
    b.fil, b.raekke
FROM (
    SELECT 'disponering' AS kilde, * FROM disponering
    UNION ALL
    SELECT 'afregning' AS kilde, * FROM afregning
) AS b
WHERE b.kommune IS NULL OR b.kommune IN (SELECT kommune FROM egen_kommune)
