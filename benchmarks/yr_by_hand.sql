-- The rules of Ydelsesrefusion as one would write them by hand in DuckDB, as a yardstick: the same data, the same hits, counts
-- only. One statement per rule or group of rules that share a pass; temporary tables where two rules need the same.
CREATE TEMP TABLE ens AS
    SELECT fil, raa, cpr, uge, ydelse, bruttoudgift, count(*) AS antal, min(raekke) AS raekke
    FROM yr GROUP BY ALL HAVING count(*) > 1;
CREATE TEMP VIEW linje AS
    SELECT y.*, CAST(date_trunc('week', y.uge) AS DATE) AS mandag
    FROM yr AS y LEFT JOIN ens AS e ON e.fil = y.fil AND e.raa = y.raa AND e.cpr = y.cpr AND e.uge = y.uge
        AND e.ydelse = y.ydelse AND e.bruttoudgift = y.bruttoudgift
    WHERE e.raa IS NULL OR e.raekke = y.raekke;
CREATE TEMP TABLE netto AS
    SELECT cpr, mandag, ydelse, sum(bruttoudgift) AS bruttoudgift, sum(refusion) AS refusion,
        sum(medfinansiering) AS medfinansiering
    FROM linje WHERE ydelse <> 'Fleksbidrag fra staten' GROUP BY ALL;
CREATE TEMP TABLE taeller AS
    WITH seneste AS (
        SELECT l.cpr, l.mandag, l.koerselsperiode, max(l.ydelsestaeller) AS hoejeste, min(l.ydelsestaeller) AS laveste
        FROM linje AS l
        ANTI JOIN (SELECT cpr, mandag, ydelse FROM netto WHERE bruttoudgift = 0) AS n
            ON n.cpr = l.cpr AND n.mandag = l.mandag AND n.ydelse = l.ydelse
        WHERE l.bruttoudgift > 0 AND l.ydelse <> 'Fleksbidrag fra staten'
        GROUP BY ALL
    ),
    uge AS (
        SELECT cpr, mandag, arg_max_null(hoejeste, koerselsperiode) AS taeller, arg_max_null(laveste, koerselsperiode) AS laveste
        FROM seneste GROUP BY ALL
    )
    SELECT *, lag(mandag) OVER person AS forrige_mandag, lag(taeller) OVER person AS forrige,
        min(mandag) OVER (PARTITION BY cpr) AS foerste,
        count(*) OVER (person RANGE BETWEEN INTERVAL 1092 DAY PRECEDING AND INTERVAL 7 DAY PRECEDING) AS taellere
    FROM uge WHERE taeller IS NOT NULL
    WINDOW person AS (PARTITION BY cpr ORDER BY mandag);
SELECT 'YR01' AS regel, count(*) FROM netto WHERE bruttoudgift >= 10000
UNION ALL SELECT 'YR13', count(*) FROM netto WHERE bruttoudgift < 0
UNION ALL SELECT 'YR02', count(*) FROM taeller WHERE mandag - forrige_mandag = 7 AND taeller = forrige
UNION ALL SELECT 'YR03', count(*) FROM taeller WHERE mandag - forrige_mandag = 7 AND taeller > forrige + 1
UNION ALL SELECT 'YR04', count(*) FROM taeller WHERE mandag - forrige_mandag = 7 AND taeller < forrige
UNION ALL SELECT 'YR05', count(*) FROM taeller WHERE mandag - forrige_mandag > 7 AND taeller NOT IN (1, forrige + 1)
UNION ALL SELECT 'YR06', count(*) FROM taeller
    WHERE mandag - forrige_mandag > 7 AND taeller = 1
        AND least(156, (mandag - foerste) // 7 - 1) - taellere + CASE WHEN mandag - foerste <= 1092 THEN 1 ELSE 0 END < 52
UNION ALL SELECT 'YR07', count(*) FROM taeller WHERE mandag - forrige_mandag >= 53 * 7 AND taeller = forrige + 1
UNION ALL SELECT 'YR08', count(*) FROM taeller WHERE laveste <> taeller
UNION ALL SELECT 'YR12', count(*) FROM ens
UNION ALL SELECT 'YR09', count(*) FROM linje
    WHERE ydelse NOT IN ('Løntilskud', 'Fleksbidrag fra staten')
        AND ((refusionssats <> 0 OR refusion <> 0) AND refusionssats <> CASE WHEN ydelsestaeller <= 4 THEN 80
                WHEN ydelsestaeller <= 26 THEN 40 WHEN ydelsestaeller <= 52 THEN 30 WHEN ydelsestaeller > 52 THEN 20 END
            OR (medfinansieringssats <> 0 OR medfinansiering <> 0) AND medfinansieringssats <> CASE
                WHEN ydelsestaeller <= 4 THEN 20 WHEN ydelsestaeller <= 26 THEN 60
                WHEN ydelsestaeller <= 52 THEN 70 WHEN ydelsestaeller > 52 THEN 80 END)
UNION ALL SELECT 'YR10', count(*) FROM linje
    WHERE abs(refusion * 100 - bruttoudgift * refusionssats) > 1
        OR abs(medfinansiering * 100 - bruttoudgift * medfinansieringssats) > 1
UNION ALL SELECT 'YR11', count(*) FROM linje WHERE refusion <> 0 AND medfinansiering <> 0
UNION ALL SELECT 'YR14', count(*) FROM linje WHERE uge <> mandag AND day(uge) <> 1
UNION ALL SELECT 'YR15', count(*) FROM linje WHERE finansieringskommune <> bopaelskommune
UNION ALL SELECT 'YR16', count(DISTINCT cpr) FROM yr WHERE cpr_klasse(cpr) <> 'gyldigt'
UNION ALL SELECT 'YR17', count(*) FROM linje AS l LEFT JOIN ref_yr_ydelse AS r ON lower(r.ydelse) = lower(trim(l.ydelse))
    WHERE r.ydelse IS NULL OR l.uge < r.gyldig_fra OR l.uge > r.gyldig_til
UNION ALL SELECT 'YR18', count(*) FROM linje AS l
    ANTI JOIN (SELECT cpr, mandag, ydelse FROM netto WHERE bruttoudgift = 0) AS n
        ON n.cpr = l.cpr AND n.mandag = l.mandag AND n.ydelse = l.ydelse
    WHERE l.bruttoudgift > 0 AND l.ydelsestaeller IS NULL AND l.ydelse <> 'Fleksbidrag fra staten'
