-- One row is: an account of a year with postings, on a funktion that the published accounts of the year have: the net of the
-- postings booked in the year and their number.
SELECT
    b.periode, b.konto, CAST(sum(b.beloeb) AS DECIMAL(18, 2)) AS beloeb, count(*) AS posteringer
FROM (SELECT strftime(bogfoert_dato, '%Y') AS periode, konto, beloeb FROM postering) AS b
WHERE EXISTS (
    SELECT 1
    FROM regnskab_offentliggjort AS r
    WHERE r.periode = b.periode AND substr(r.konto, 1, 5) = substr(b.konto, 1, 5)
)
GROUP BY b.periode, b.konto
