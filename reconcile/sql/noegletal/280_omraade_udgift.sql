-- One row is: a source of amounts (oekonomi, regnskab) × kommune × year × area with its net in kr.: dranst 1 on the area's
-- funktion and, where it has some, grupperinger. «I alt» is dranst 1 and 2 on the funktioner of noegletal_funktion. The ledger's
-- year is that of the ydelsesperiode, else of the booking, and only a year it has all months of.
SELECT u.kilde, u.kommune, u.aar, o.omraade, CAST(sum(u.beloeb) AS DECIMAL(18, 2)) AS beloeb
FROM (
    SELECT
        kilde, kommune, aar, substr(konto, 1, 5) AS funktion, substr(konto, 6, 1) AS dranst, substr(konto, 7, 3) AS gruppering,
        sum(beloeb) AS beloeb
    FROM (
        SELECT 'oekonomi' AS kilde, $kommune AS kommune, p.aar, p.konto, p.beloeb
        FROM (
            SELECT konto, beloeb, CAST(year(coalesce(ydelsesperiode, bogfoert_dato)) AS VARCHAR) AS aar FROM postering
        ) AS p
        INNER JOIN (
            SELECT CAST(year(coalesce(ydelsesperiode, bogfoert_dato)) AS VARCHAR) AS aar
            FROM postering
            GROUP BY 1
            HAVING count(DISTINCT month(coalesce(ydelsesperiode, bogfoert_dato))) = 12
        ) AS hele ON hele.aar = p.aar
        UNION ALL
        SELECT 'regnskab', kommune, periode, konto, beloeb FROM regnskab
    ) AS poster
    GROUP BY 1, 2, 3, 4, 5, 6
) AS u
INNER JOIN (
    SELECT omraade, funktion, '1' AS dranst, coalesce(grupperinger, '') AS grupperinger FROM ref_noegletal_omraade
    UNION ALL SELECT 'I alt', funktion, '1', '' FROM noegletal_funktion
    UNION ALL SELECT 'I alt', funktion, '2', '' FROM noegletal_funktion
) AS o ON o.funktion = u.funktion AND o.dranst = u.dranst
    AND (o.grupperinger = '' OR contains(o.grupperinger, '|' || u.gruppering || '|'))
GROUP BY u.kilde, u.kommune, u.aar, o.omraade
