-- One row is: a dst_kode × period × person (NULL: postings without a CPR) with, for the period and the same one a year before
-- (foer): the days the own kommune pays for, its own amount in øre, and the mellemkommunale amount (andres): all of the person's
-- amount where only another kommune pays for the person's courses in the period.
SELECT
    a.dst_kode, a.periodetype, a.periode, a.cpr, a.dage_nu, a.dage_foer,
    CASE WHEN a.dage_nu = 0 AND a.andre_nu > 0 THEN 0 ELSE a.oere_nu END AS egne_nu,
    CASE WHEN a.dage_foer = 0 AND a.andre_foer > 0 THEN 0 ELSE a.oere_foer END AS egne_foer,
    CASE WHEN a.dage_nu = 0 AND a.andre_nu > 0 THEN a.oere_nu ELSE 0 END AS andres_nu,
    CASE WHEN a.dage_foer = 0 AND a.andre_foer > 0 THEN a.oere_foer ELSE 0 END AS andres_foer
FROM (
    SELECT
        dst_kode, periodetype, periode, cpr,
        CAST(sum(CASE WHEN nu = 1 THEN dage ELSE 0 END) AS HUGEINT) AS dage_nu,
        CAST(sum(CASE WHEN nu = 0 THEN dage ELSE 0 END) AS HUGEINT) AS dage_foer,
        sum(CASE WHEN nu = 1 THEN andre ELSE 0 END) AS andre_nu,
        sum(CASE WHEN nu = 0 THEN andre ELSE 0 END) AS andre_foer,
        CAST(sum(CASE WHEN nu = 1 THEN oere ELSE 0 END) AS HUGEINT) AS oere_nu,
        CAST(sum(CASE WHEN nu = 0 THEN oere ELSE 0 END) AS HUGEINT) AS oere_foer
    FROM (
        SELECT
            s.dst_kode, p.periodetype, p.periode, p.nu, s.cpr,
            CASE WHEN s.egen THEN date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1 ELSE 0 END AS dage,
            CASE WHEN s.egen THEN 0 ELSE 1 END AS andre,
            CAST(0 AS HUGEINT) AS oere
        FROM pris_spaend AS s
        INNER JOIN pris_periode AS p ON s.fra <= p.til AND s.til >= p.fra
        UNION ALL
        SELECT m.dst_kode, p.periodetype, p.periode, p.nu, o.cpr, 0, 0, CAST(o.beloeb * 100 AS HUGEINT)
        FROM (SELECT DISTINCT k.dst_kode, k.konto FROM kobling AS k WHERE k.konto IS NOT NULL) AS m
        INNER JOIN ref_ydelseskode AS y ON y.dst_kode = m.dst_kode
        INNER JOIN postering AS o ON o.konto = m.konto
        INNER JOIN pris_periode AS p ON coalesce(o.ydelsesperiode, o.bogfoert_dato) BETWEEN p.fra AND p.til
    ) AS hvert
    GROUP BY dst_kode, periodetype, periode, cpr
) AS a
