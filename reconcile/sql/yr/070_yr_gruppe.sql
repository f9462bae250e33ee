-- One row is: a person × ISO week × ydelse, netted over all files and both halves of a split week, as numbers.
-- hoejeste and laveste carry the counter the week would get from this ydelse: koerselsperiode (without that column: the
-- file's number) × 10^12 + the row's counter moved to be positive, so that the largest value is the latest run's, and
-- within it the largest (laveste: the smallest) counter; 0 after the run is a row without counter. egen: the own kommune finances
-- any of it (1).
-- stored, person by person
SELECT
    person_nr,
    mandag,
    ydelse_nr,
    CAST(sum(bruttoudgift) AS DECIMAL(18, 2)) AS bruttoudgift,
    min(sted) AS sted,
    max(egen) AS egen,
    max(CASE WHEN bruttoudgift > 0 THEN koersel * 1000000000000 + coalesce(500000000000 + taeller, 0) END) AS hoejeste,
    max(CASE WHEN bruttoudgift > 0 THEN koersel * 1000000000000 + coalesce(500000000000 - taeller, 0) END) AS laveste
FROM (
    SELECT
        person_nr,
        mandag,
        ydelse_nr,
        bruttoudgift,
        CASE WHEN egen THEN 1 ELSE 0 END AS egen,
        sted,
        CASE
            WHEN $yr_har_koersel THEN coalesce((year(koerselsperiode) - 1900) * 12 + month(koerselsperiode) - 1, 0)
            ELSE sted // 1000000000000
        END AS koersel,
        CASE WHEN abs(ydelsestaeller) < 500000000000 THEN ydelsestaeller END AS taeller
    FROM yr_placering
)
GROUP BY person_nr, mandag, ydelse_nr
