-- One row is: a person (NULL: postings without CPR) × account of the masteroversigt × month: the net of the postings. The
-- month is the ydelsesperiode, else the month of booking.
-- stored
SELECT
    o.cpr,
    o.konto,
    CAST(year(coalesce(o.ydelsesperiode, o.bogfoert_dato)) * 12 + month(coalesce(o.ydelsesperiode, o.bogfoert_dato)) AS BIGINT)
        AS mdr,
    sum(o.beloeb) AS netto,
    min(n.nr * 10000000000 + o.raekke) AS noegle
FROM oekonomi AS o
INNER JOIN kildefil AS n ON n.fil = o.fil
WHERE o.konto IN (SELECT konto FROM masterkonto)
GROUP BY 1, 2, 3
