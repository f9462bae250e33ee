-- One row is: a person in the YR source, with a number that stands for the CPR in the large tables (half the size, and
-- twice as fast to group), the Monday of the first ISO week, and the first row; egen: the own kommune
-- finances any of it (1).
-- stored
SELECT
    cpr,
    CAST(row_number() OVER (ORDER BY cpr) AS INTEGER) AS person_nr,
    CAST(date_trunc('week', foerste_dag) AS DATE) AS foerste_mandag,
    sted,
    egen
FROM (
    SELECT r.cpr, min(r.uge) AS foerste_dag, min(f.fil_nr * 1000000000000 + r.raekke) AS sted,
        max(
            CASE WHEN coalesce(r.finansieringskommune, $kommune) IN (SELECT kommune FROM egen_kommune) THEN 1 ELSE 0 END
        ) AS egen
    FROM yr AS r
    INNER JOIN yr_fil AS f ON f.fil = r.fil
    GROUP BY r.cpr
)
