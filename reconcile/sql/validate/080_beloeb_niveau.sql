-- One row is: a year of the ledger: what is on the accounts of the masteroversigt (rammestyrede tilbud apart), the days the
-- own kommune pays for on their codes from the year's first month with a posting to its last, and so the price of a
-- fuldtidsydelse of 365 days; and the whole of the year beside the year before.
-- stored
SELECT
    'oekonomi' AS kilde, p.aar, p.beloeb, p.posteringer, f.beloeb AS foer_beloeb, f.posteringer AS foer_posteringer,
    p.netto, d.dage,
    CASE WHEN d.dage >= 365 THEN CAST(p.netto * 365 / d.dage AS DECIMAL(18, 2)) END AS pris,
    CAST(p.aar AS VARCHAR) AS noegle
FROM (
    SELECT
        year(dag) AS aar,
        CAST(date_trunc('month', min(dag)) AS DATE) AS fra,
        CAST(last_day(max(dag)) AS DATE) AS til,
        count(*) AS posteringer,
        CAST(sum(beloeb) AS DECIMAL(18, 2)) AS beloeb,
        CAST(coalesce(sum(CASE WHEN koblet THEN beloeb END), 0) AS DECIMAL(18, 2)) AS netto
    FROM (
        SELECT
            coalesce(o.ydelsesperiode, o.bogfoert_dato) AS dag, o.beloeb,
            EXISTS (
                SELECT 1 FROM kobling AS k WHERE k.konto = o.konto AND NOT coalesce(k.rammestyret, false)
            ) AS koblet
        FROM postering AS o
    ) AS postering_dag
    GROUP BY year(dag)
) AS p
LEFT JOIN (
    SELECT year(coalesce(ydelsesperiode, bogfoert_dato)) AS aar, sum(beloeb) AS beloeb, count(*) AS posteringer
    FROM postering
    GROUP BY year(coalesce(ydelsesperiode, bogfoert_dato))
) AS f ON f.aar = p.aar - 1
LEFT JOIN (
    SELECT y.aar, sum(date_diff('day', greatest(l.foerste_dag, y.fra), least(l.sidste_dag, y.til)) + 1) AS dage
    FROM (
        SELECT
            year(coalesce(ydelsesperiode, bogfoert_dato)) AS aar,
            CAST(date_trunc('month', min(coalesce(ydelsesperiode, bogfoert_dato))) AS DATE) AS fra,
            CAST(last_day(max(coalesce(ydelsesperiode, bogfoert_dato))) AS DATE) AS til
        FROM postering
        GROUP BY year(coalesce(ydelsesperiode, bogfoert_dato))
    ) AS y
    INNER JOIN forloeb AS l
        ON l.kilde = 'fagsystem' AND l.egen_betaler AND l.foerste_dag <= y.til AND l.sidste_dag >= y.fra
    WHERE l.dst_kode IN (
        SELECT dst_kode FROM kobling
        GROUP BY dst_kode
        HAVING count(konto) > 0 AND count(CASE WHEN rammestyret THEN 1 END) = 0
    )
    GROUP BY y.aar
) AS d ON d.aar = p.aar
