-- One row is: a row that the own kommune finances, a payment or the state's fleksbidrag, with what it is by the factor $yr_fordel
-- (vaerdi; NULL: not known). Køn is in the last digit of a CPR; the age is that of the day in «uge».
SELECT
    r.person_nr, r.uge, r.betaling, r.ydelse_nr, r.bruttoudgift, r.refusion, r.medfinansiering, r.fleksbidrag,
    CASE $yr_fordel
        WHEN 'finansieringskommune' THEN coalesce(r.finansieringskommune, $kommune)
        WHEN 'bopaelskommune' THEN r.bopaelskommune
        WHEN 'tilhoerskommune' THEN r.tilhoerskommune
        WHEN 'koen' THEN
            CASE
                WHEN substr(r.cpr, 10, 1) IN ('1', '3', '5', '7', '9') THEN 'mand'
                WHEN substr(r.cpr, 10, 1) IN ('0', '2', '4', '6', '8') THEN 'kvinde'
            END
        WHEN 'alder_5' THEN
            lpad(CAST(r.alder - r.alder % 5 AS VARCHAR), 2, '0') || '–' || lpad(CAST(r.alder - r.alder % 5 + 4 AS VARCHAR), 2, '0')
        WHEN 'alder_10' THEN
            lpad(CAST(r.alder - r.alder % 10 AS VARCHAR), 2, '0') || '–' || lpad(CAST(r.alder - r.alder % 10 + 9 AS VARCHAR), 2, '0')
        WHEN 'funktion' THEN substr(k.konto, 1, 5)
        WHEN 'dranst' THEN substr(k.konto, 6, 1)
        WHEN 'gruppering' THEN substr(k.konto, 1, 5) || '-' || substr(k.konto, 6, 1) || '-' || substr(k.konto, 7, 3)
    END AS vaerdi
FROM (
    SELECT
        a.*,
        p.cpr,
        CASE
            WHEN p.foedt <= a.uge THEN
                year(a.uge) - year(p.foedt)
                - CASE WHEN month(a.uge) * 100 + day(a.uge) < month(p.foedt) * 100 + day(p.foedt) THEN 1 ELSE 0 END
        END AS alder
    FROM (
        SELECT
            person_nr, uge, true AS betaling, ydelse_nr, trin, finansieringskommune, bopaelskommune, tilhoerskommune,
            bruttoudgift, refusion, medfinansiering, fleksbidrag
        FROM yr_placering
        WHERE egen
        UNION ALL
        SELECT
            q.person_nr, f.uge, false, f.ydelse_nr, f.trin, f.finansieringskommune, f.bopaelskommune,
            f.tilhoerskommune, 0, NULL, NULL, f.fleksbidrag
        FROM yr_fleksbidrag AS f
        INNER JOIN yr_person AS q ON q.cpr = f.cpr
    ) AS a
    INNER JOIN (SELECT person_nr, cpr, cpr_foedt(cpr) AS foedt FROM yr_person) AS p ON p.person_nr = a.person_nr
) AS r
LEFT JOIN fordelt_konto AS k ON k.ydelse_nr = r.ydelse_nr AND k.trin = r.trin AND k.uge = r.uge
