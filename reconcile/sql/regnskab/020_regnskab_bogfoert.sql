-- One row is: an account of a year with postings, on a funktion that the published accounts of the year have: the net of the
-- postings booked in the year and their number. Where a funktion and dranst is published without gruppering (REGK31), its
-- postings are summed over them: gruppering 000.
SELECT
    b.periode, CASE WHEN u.konto IS NULL THEN b.konto ELSE u.konto || '000' END AS konto,
    CAST(sum(b.beloeb) AS DECIMAL(18, 2)) AS beloeb, count(*) AS posteringer
FROM (SELECT strftime(bogfoert_dato, '%Y') AS periode, konto, beloeb FROM postering) AS b
LEFT JOIN (
    SELECT periode, substr(konto, 1, 6) AS konto
    FROM regnskab_offentliggjort
    GROUP BY periode, substr(konto, 1, 6)
    HAVING max(substr(konto, 7, 3)) = '000'
) AS u ON u.periode = b.periode AND u.konto = substr(b.konto, 1, 6)
WHERE EXISTS (
    SELECT 1
    FROM regnskab_offentliggjort AS r
    WHERE r.periode = b.periode AND substr(r.konto, 1, 5) = substr(b.konto, 1, 5)
)
GROUP BY b.periode, CASE WHEN u.konto IS NULL THEN b.konto ELSE u.konto || '000' END
