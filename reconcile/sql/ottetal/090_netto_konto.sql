-- One row is: a person (NULL: postings without CPR) × account × month: the net of the postings and their number. The
-- month is the ydelsesperiode, else the month of booking; a posting for several months counts in each with its part.
-- stored
SELECT
    cpr, konto, mdr,
    CAST(sum(beloeb) AS DECIMAL(18, 2)) AS netto,
    count(*) AS antal,
    min(noegle) AS noegle
FROM (
    SELECT
        o.cpr, o.konto, o.beloeb,
        CAST(
            year(coalesce(o.ydelsesperiode, o.bogfoert_dato)) * 12 + month(coalesce(o.ydelsesperiode, o.bogfoert_dato))
            AS BIGINT
        ) AS mdr,
        n.nr * 10000000000 + o.raekke AS noegle
    FROM postering AS o
    INNER JOIN kildefil AS n ON n.fil = o.fil
    WHERE o.ydelsesperiode_til IS NULL OR o.ydelsesperiode_til <= o.ydelsesperiode
    UNION ALL
    SELECT cpr, konto, beloeb, mdr, noegle FROM delt_periode
) AS p
GROUP BY cpr, konto, mdr
