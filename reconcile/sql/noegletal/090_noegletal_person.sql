-- One row is: a person × level (dst_kode or all) × period with its courses and days, its age in whole years on the
-- period's last day (NULL: no birth date, or one after that day) and its køn, which is in the last digit of a CPR.
-- Made for the dimensions that are a person's and not a course's: where none is asked for there is no period to join.
-- stored
WITH delt AS (
    SELECT *
    FROM noegletal_periode
    WHERE EXISTS (SELECT 1 FROM noegletal_opdeling AS o WHERE o.navn IN ('alder_5', 'alder_10', 'koen', 'godkendt'))
)
SELECT
    a.niveau, a.kategori, a.periodetype, a.periode, a.cpr, a.ydelser, a.aabne, a.lukkede, coalesce(d.dage, 0) AS dage,
    CASE
        WHEN b.foedselsdato <= a.til THEN
            year(a.til) - year(b.foedselsdato)
            - CASE
                WHEN month(a.til) * 100 + day(a.til) < month(b.foedselsdato) * 100 + day(b.foedselsdato) THEN 1
                ELSE 0
            END
    END AS alder,
    CASE
        WHEN substr(a.cpr, 10, 1) IN ('1', '3', '5', '7', '9') THEN 'mand'
        WHEN substr(a.cpr, 10, 1) IN ('0', '2', '4', '6', '8') THEN 'kvinde'
        ELSE ''
    END AS koen
FROM (
    SELECT
        t.niveau, t.kategori, p.periodetype, p.periode, p.til, t.cpr,
        count(CASE WHEN t.til >= p.fra THEN 1 END) AS ydelser,
        count(CASE WHEN t.til >= p.til AND (t.slut IS NULL OR t.slut <> p.til) THEN 1 END) AS aabne,
        count(CASE WHEN t.slut BETWEEN p.fra AND p.til THEN 1 END) AS lukkede
    FROM noegletal_talt AS t
    INNER JOIN delt AS p ON t.fra <= p.til AND greatest(t.til, coalesce(t.slut, t.til)) >= p.fra
    WHERE t.opgoerelse = 'raa' AND t.opdeling = 'ingen' AND t.niveau IN ('dst_kode', 'alle')
    GROUP BY t.niveau, t.kategori, p.periodetype, p.periode, p.til, t.cpr
) AS a
LEFT JOIN (
    SELECT
        s.niveau, s.kategori, p.periode, s.cpr,
        CAST(sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS BIGINT) AS dage
    FROM noegletal_spaend AS s
    INNER JOIN delt AS p ON s.fra <= p.til AND s.til >= p.fra
    WHERE s.opgoerelse = 'raa' AND s.opdeling = 'ingen' AND s.niveau IN ('dst_kode', 'alle')
    GROUP BY s.niveau, s.kategori, p.periode, s.cpr
) AS d ON d.niveau = a.niveau AND d.kategori = a.kategori AND d.periode = a.periode AND d.cpr = a.cpr
LEFT JOIN person AS b ON b.cpr = a.cpr
