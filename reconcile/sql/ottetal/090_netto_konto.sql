-- One row is: a person (NULL: postings without CPR) × account × month: the net of the postings and their number. The
-- month is the ydelsesperiode, else the month of booking.
-- stored
SELECT
    o.cpr,
    o.konto,
    CAST(year(coalesce(o.ydelsesperiode, o.bogfoert_dato)) * 12 + month(coalesce(o.ydelsesperiode, o.bogfoert_dato)) AS BIGINT)
        AS mdr,
    CAST(sum(o.beloeb) AS DECIMAL(18, 2)) AS netto,
    count(*) AS antal,
    min(n.nr * 10000000000 + o.raekke) AS noegle
FROM oekonomi AS o
INNER JOIN kildefil AS n ON n.fil = o.fil
GROUP BY 1, 2, 3
